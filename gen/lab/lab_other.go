//go:build !linux

package lab

import "errors"

// Enter does nothing here: only Linux has machines.
func Enter(Programs) {}

// Available says why this host cannot make machines.
func Available() error { return errors.New("machines need Linux") }
