//go:build unix

package sign

import "syscall"

// alone starts a process without a terminal that it could ask for a passphrase.
func alone() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
