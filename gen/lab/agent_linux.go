package lab

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"syscall"
)

// How a system is booted: process 1 of the machine starts this program in new namespaces (boot). There it mounts what the
// system has for itself, starts this program again as the agent, which answers the test, and executes the init
// (bootMain). So the agent sees the system as everybody there does; the init is its parent, and that of all orphans.

const (
	// bootVariable marks a program that is to become process 1 of a booted system; its value is the command as JSON.
	bootVariable = "PALLETGEN_LAB_BOOT"
	// agentVariable marks a program that is to answer in a booted system.
	agentVariable = "PALLETGEN_LAB_AGENT"
	// upperFD is where both find the folder with what differs from the host.
	upperFD = controlFD + 1
	// gateFD is where the agent reads the end of a file when the init has been executed.
	gateFD = controlFD + 2
)

// bootEnv is the environment of an init.
var bootEnv = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=dumb", "container=lab"}

// boot starts this program once more, to become process 1 of a booted system. There is one such system at a time, and
// it has ended when its cgroup is gone.
func (i *machineInit) boot(r request, files [fdCount]*os.File) (pid int, wait func() (syscall.WaitStatus, error), err error) {
	if !i.booted.TryLock() {
		return 0, nil, errors.New("the machine is booted already")
	}
	group, err := i.makeCgroup()
	if err != nil {
		i.booted.Unlock()
		return 0, nil, err
	}
	pid, ended, err := i.forkBoot(r, files, group)
	if err != nil {
		err = errors.Join(err, group.remove())
		i.booted.Unlock()
		return 0, nil, err
	}
	return pid, func() (syscall.WaitStatus, error) {
		defer i.booted.Unlock()
		status := <-ended
		return status, group.remove()
	}, nil
}

func (i *machineInit) forkBoot(r request, files [fdCount]*os.File, group cgroup) (pid int, ended <-chan syscall.WaitStatus, err error) {
	argv, err := json.Marshal(r.Argv)
	if err != nil {
		return 0, nil, err
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		return 0, nil, err
	}
	defer null.Close()
	upper, err := i.upper.Open(".")
	if err != nil {
		return 0, nil, err
	}
	defer upper.Close()
	folder, err := group.root.Open(group.name)
	if err != nil {
		return 0, nil, err
	}
	defer folder.Close()
	return i.fork(helperFile, []string{"lab-boot"}, &syscall.ProcAttr{
		Dir:   "/",
		Env:   []string{bootVariable + "=" + string(argv)},
		Files: []uintptr{null.Fd(), files[fdStdout].Fd(), files[fdStderr].Fd(), files[fdStdin].Fd(), upper.Fd()},
		Sys: &syscall.SysProcAttr{
			Setsid:     true,
			Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS | syscall.CLONE_NEWUTS | syscall.CLONE_NEWIPC,
			// First it is put into the cgroup, then that is made the root of all that it sees.
			UseCgroupFD: true, CgroupFD: int(folder.Fd()),
			Unshareflags: syscall.CLONE_NEWCGROUP,
		},
	})
}

// bootMain is process 1 of a booted system until it executes the init.
func bootMain(text string) int {
	err := becomeInit(text)
	// Who waits for an answer gets this one; where nobody does, nothing can be told.
	_, _ = os.NewFile(controlFD, "control").WriteString(err.Error())
	return 1
}

// becomeInit returns only when it fails.
func becomeInit(text string) error {
	var argv []string
	if err := json.Unmarshal([]byte(text), &argv); err != nil {
		return err
	}
	if err := keepDescriptors(); err != nil {
		return err
	}
	if err := mountSystem(); err != nil {
		return err
	}
	path, err := lookPath(argv[0], bootEnv)
	if err != nil {
		return err
	}
	runtime.LockOSThread()
	if err := dropCapabilities(); err != nil {
		return err
	}
	gate, hold, err := os.Pipe() // hold is closed by the execution of the init
	if err != nil {
		return err
	}
	// By its name's first character systemd knows that it is not to be ended at a shutdown, and does not wait for that.
	_, err = syscall.ForkExec(helperFile, []string{"@lab-agent"}, &syscall.ProcAttr{
		Dir:   "/",
		Env:   []string{agentVariable + "="},
		Files: []uintptr{0, 1, 2, controlFD, upperFD, gate.Fd()},
		Sys:   &syscall.SysProcAttr{Setsid: true},
	})
	if err != nil {
		return err
	}
	err = syscall.Exec(path, argv, bootEnv)
	runtime.KeepAlive(hold)
	return fmt.Errorf("%s: %w", path, err)
}

// mountSystem gives a booted system what is its own. /sys, which a machine does not have, is where that is prepared.
func mountSystem() error {
	const stage = "/sys"
	if err := (mount{"tmpfs", stage, "tmpfs", 0, "mode=0755"}).do(); err != nil {
		return err
	}
	own := []string{"/proc", "/run", "/dev"}
	for _, name := range own {
		if err := os.Mkdir(stage+name, 0o755); err != nil {
			return err
		}
	}
	if err := mountOwn(stage); err != nil {
		return err
	}
	for _, name := range own {
		if err := syscall.Unmount(name, syscall.MNT_DETACH); err != nil {
			return fmt.Errorf("cannot unmount %s: %w", name, err)
		}
		if err := (mount{stage + name, name, "", syscall.MS_MOVE, ""}).do(); err != nil {
			return err
		}
	}
	if err := syscall.Unmount(stage, 0); err != nil {
		return fmt.Errorf("cannot unmount %s: %w", stage, err)
	}
	const flags = syscall.MS_NOSUID | syscall.MS_NODEV | syscall.MS_NOEXEC
	return mountAll([]mount{
		{"sysfs", "/sys", "sysfs", flags | syscall.MS_RDONLY, ""},
		{"cgroup2", "/sys/fs/cgroup", "cgroup2", flags, ""},
		// The kernel's settings are the host's.
		{"/proc/sys", "/proc/sys", "", syscall.MS_BIND, ""},
		{"none", "/proc/sys", "", syscall.MS_BIND | syscall.MS_REMOUNT | syscall.MS_RDONLY | flags, ""},
	})
}

// dropCapabilities takes from this thread, and from what it executes, what an init would do to the host's kernel: load
// modules, set the clock, switch auditing on.
func dropCapabilities() error {
	const (
		prCapBoundingSetDrop = 24

		sysModule    = 16
		sysRawIO     = 17
		sysTime      = 25
		auditControl = 30
		syslog       = 34
		auditRead    = 37
	)
	for _, capability := range []uintptr{sysModule, sysRawIO, sysTime, auditControl, syslog, auditRead} {
		if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, prCapBoundingSetDrop, capability, 0); errno != 0 {
			return fmt.Errorf("cannot drop capability %d: %w", capability, errno)
		}
	}
	return nil
}

// agentMain is the main function of the agent, which answers in a booted system. It is ready when the init is.
func agentMain(string) int {
	control, err := inherit()
	if err == nil {
		_, err = io.Copy(io.Discard, os.NewFile(gateFD, "gate"))
	}
	agent := &machineInit{}
	if err == nil {
		agent.upper, err = os.OpenRoot(fmt.Sprintf("/proc/self/fd/%d", upperFD))
	}
	if err == nil {
		_, err = control.Write([]byte(readyMessage))
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "lab: cannot answer: %v\n", err)
		return 1
	}
	agent.listen(control)
	return 0
}
