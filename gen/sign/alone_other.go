//go:build !unix

package sign

import "syscall"

func alone() *syscall.SysProcAttr { return nil }
