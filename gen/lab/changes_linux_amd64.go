package lab

import (
	"fmt"
	"os"
	"strings"
	"syscall"
)

// SeesChanges says whether a Trace can be told AtChange.
const SeesChanges = true

// changers are the system calls that change files always, and which of their arguments are paths.
var changers = map[uint64]struct {
	name  string
	paths []int
}{
	syscall.SYS_RENAME:    {"rename", []int{0, 1}},
	syscall.SYS_RENAMEAT:  {"rename", []int{1, 3}},
	316:                   {"rename", []int{1, 3}}, // renameat2
	syscall.SYS_MKDIR:     {"mkdir", []int{0}},
	syscall.SYS_MKDIRAT:   {"mkdir", []int{1}},
	syscall.SYS_RMDIR:     {"rmdir", []int{0}},
	syscall.SYS_UNLINK:    {"unlink", []int{0}},
	syscall.SYS_UNLINKAT:  {"unlink", []int{1}},
	syscall.SYS_LINK:      {"link", []int{0, 1}},
	syscall.SYS_LINKAT:    {"link", []int{1, 3}},
	syscall.SYS_SYMLINK:   {"symlink", []int{0, 1}},
	syscall.SYS_SYMLINKAT: {"symlink", []int{0, 2}},
	syscall.SYS_MKNOD:     {"mknod", []int{0}},
	syscall.SYS_MKNODAT:   {"mknod", []int{1}},
	syscall.SYS_CHMOD:     {"chmod", []int{0}},
	syscall.SYS_FCHMODAT:  {"chmod", []int{1}},
	452:                   {"chmod", []int{1}}, // fchmodat2
	syscall.SYS_FCHMOD:    {"fchmod", nil},
	syscall.SYS_CHOWN:     {"chown", []int{0}},
	syscall.SYS_LCHOWN:    {"chown", []int{0}},
	syscall.SYS_FCHOWNAT:  {"chown", []int{1}},
	syscall.SYS_FCHOWN:    {"fchown", nil},
	syscall.SYS_TRUNCATE:  {"truncate", []int{0}},
	syscall.SYS_FTRUNCATE: {"ftruncate", nil},
	syscall.SYS_KILL:      {"kill", nil},
}

// changing looks at a task that is stopped before or behind a system call. Is it before one, and does it change files, or send a signal?
func changing(pid int) (what string, ok bool) {
	var r syscall.PtraceRegs
	if syscall.PtraceGetRegs(pid, &r) != nil || int64(r.Rax) != -int64(syscall.ENOSYS) { // it is that before the call alone
		return "", false
	}
	args := [...]uint64{r.Rdi, r.Rsi, r.Rdx, r.R10}
	switch r.Orig_rax {
	case syscall.SYS_OPEN:
		return opening(pid, r.Rdi, r.Rsi)
	case syscall.SYS_OPENAT:
		return opening(pid, r.Rsi, r.Rdx)
	case syscall.SYS_CREAT:
		return opening(pid, r.Rdi, syscall.O_CREAT)
	case syscall.SYS_WRITE:
		return writing(pid, r.Rdi)
	case syscall.SYS_SENDFILE:
		return writing(pid, r.Rdi)
	case 326: // copy_file_range
		return writing(pid, r.Rdx)
	}
	call, ok := changers[r.Orig_rax]
	if !ok || call.name == "kill" && r.Rsi == 0 {
		return "", false
	}
	what = call.name
	for _, i := range call.paths {
		what += " " + readString(pid, args[i])
	}
	if call.paths == nil {
		what += fmt.Sprint(" ", int(r.Rdi))
	}
	return what, true
}

// opening is a call that opens a file: to make or to empty it.
func opening(pid int, path, flags uint64) (string, bool) {
	if flags&(syscall.O_CREAT|syscall.O_TRUNC) == 0 {
		return "", false
	}
	name := readString(pid, path)
	return "open " + name, !strings.HasPrefix(name, "/dev/")
}

// writing is a call that writes to a descriptor: of a file with a name, a pipe's among them.
func writing(pid int, fd uint64) (string, bool) {
	name, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", pid, fd))
	return "write " + name, err == nil && strings.HasPrefix(name, "/") && !strings.HasPrefix(name, "/dev/")
}

// readString reads a string of a stopped task.
func readString(pid int, at uint64) string {
	var s []byte
	word := make([]byte, 8)
	for len(s) < 4096 {
		if _, err := syscall.PtracePeekData(pid, uintptr(at)+uintptr(len(s)), word); err != nil {
			break
		}
		for _, c := range word {
			if c == 0 {
				return string(s)
			}
			s = append(s, c)
		}
	}
	return string(s)
}
