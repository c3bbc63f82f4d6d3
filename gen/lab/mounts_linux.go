package lab

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

const (
	// stage is where a machine is put together. It exists on every host and is hidden by a mount of the machine's own
	// mount namespace, so that the host sees nothing of it.
	stage = "/tmp"
	// root is the future root below it.
	root = stage + "/root"
	// helperFile is where the program is found in a machine that offers helper programs.
	helperFile = "/run/lab"
)

// mount is one call of mount(2).
type mount struct {
	source, target, kind string
	flags                uintptr
	data                 string
}

func (m mount) do() error {
	if err := syscall.Mount(m.source, m.target, m.kind, m.flags, m.data); err != nil {
		return fmt.Errorf("cannot mount %s on %s: %w", m.source, m.target, err)
	}
	return nil
}

// makeMachine turns the new namespaces, which still show the host, into a machine.
func (i *machineInit) makeMachine(cfg setup) (err error) {
	// The host's umask and name are no part of a machine.
	syscall.Umask(0o022)
	if err := syscall.Sethostname([]byte("lab")); err != nil {
		return fmt.Errorf("cannot set the host name: %w", err)
	}
	steps := []func() error{
		makeRoot,
		func() error { i.upper, err = os.OpenRoot(stage + "/upper"); return err },
		func() error { i.cgroups, i.cgroupsErr = openCgroups(stage + "/cgroups"); return nil },
		func() error { return mountOwn(root) },
		enterRoot,
		func() error { return linkHelpers(cfg.Programs) },
		func() error { return chooseShell(cfg.Shell) },
	}
	if !cfg.Network {
		steps = append(steps, loopbackUp)
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// makeRoot lays the throw-away overlay over the host's root.
func makeRoot() error {
	prepare := []mount{
		{"none", "/", "", syscall.MS_REC | syscall.MS_PRIVATE, ""}, // else the mounts below would reach the host
		{"tmpfs", stage, "tmpfs", 0, "mode=0755"},
	}
	if err := mountAll(prepare); err != nil {
		return err
	}
	upper, work := stage+"/upper", stage+"/work"
	for _, dir := range []string{upper, work, root} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			return err
		}
	}
	return mountAll([]mount{
		{"overlay", root, "overlay", 0, "lowerdir=/,upperdir=" + upper + ",workdir=" + work},
		{"tmpfs", root + "/tmp", "tmpfs", syscall.MS_NOSUID | syscall.MS_NODEV, "mode=1777"},
	})
}

// mountOwn mounts below a folder what every machine has for itself, and has anew with every boot.
func mountOwn(root string) error {
	err := mountAll([]mount{
		{"proc", root + "/proc", "proc", syscall.MS_NOSUID | syscall.MS_NODEV | syscall.MS_NOEXEC, ""},
		{"tmpfs", root + "/run", "tmpfs", syscall.MS_NOSUID | syscall.MS_NODEV, "mode=0755"},
		{"tmpfs", root + "/dev", "tmpfs", syscall.MS_NOSUID, "mode=0755"},
	})
	if err != nil {
		return err
	}
	if err := makeDevices(root + "/dev/"); err != nil {
		return err
	}
	// Where the helpers' links lead. Its own link in /proc is the only way to the program, since the stage may hide its
	// folder.
	return bindFile("/proc/self/exe", root+helperFile)
}

func mountAll(mounts []mount) error {
	for _, m := range mounts {
		if err := m.do(); err != nil {
			return err
		}
	}
	return nil
}

// makeDevices fills /dev. The devices are bound, since making nodes is forbidden in most containers.
func makeDevices(dev string) error {
	for _, name := range []string{"null", "zero", "full", "random", "urandom", "tty"} {
		if err := bindFile("/dev/"+name, dev+name); err != nil {
			return err
		}
	}
	for _, dir := range []string{"pts", "shm"} {
		if err := os.Mkdir(dev+dir, 0o755); err != nil {
			return err
		}
	}
	err := mountAll([]mount{
		{"devpts", dev + "pts", "devpts", syscall.MS_NOSUID | syscall.MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620"},
		{"tmpfs", dev + "shm", "tmpfs", syscall.MS_NOSUID | syscall.MS_NODEV, "mode=1777"},
	})
	if err != nil {
		return err
	}
	links := map[string]string{
		"ptmx": "pts/ptmx", "fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2",
	}
	for name, target := range links {
		if err := os.Symlink(target, dev+name); err != nil {
			return err
		}
	}
	return nil
}

// bindFile makes a file appear under a second name, which is created.
func bindFile(source, target string) error {
	if err := os.WriteFile(target, nil, 0o644); err != nil {
		return err
	}
	return mount{source, target, "", syscall.MS_BIND, ""}.do()
}

// linkHelpers offers the program under the names of its helper programs.
func linkHelpers(names []string) error {
	const dir = "/usr/local/bin"
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, name := range names {
		if err := replaceBySymlink(helperFile, filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// chooseShell makes /bin/sh a link to a shell, which tells from that name that it is to be a POSIX one.
func chooseShell(shell string) error {
	if shell == "" {
		return nil
	}
	return replaceBySymlink(shell, "/bin/sh")
}

func replaceBySymlink(target, name string) error {
	aside := name + ".lab"
	if err := os.Symlink(target, aside); err != nil {
		return err
	}
	return os.Rename(aside, name)
}

// enterRoot makes root the root and lets the host's own disappear.
func enterRoot() error {
	if err := os.Chdir(root); err != nil {
		return err
	}
	// The old root lands over the new one, from where it is detached: no folder is needed to keep it in.
	if err := syscall.PivotRoot(".", "."); err != nil {
		return fmt.Errorf("cannot change the root: %w", err)
	}
	if err := syscall.Unmount(".", syscall.MNT_DETACH); err != nil {
		return fmt.Errorf("cannot detach the host's root: %w", err)
	}
	return os.Chdir("/")
}

// loopbackUp switches on lo, by netlink: it needs no program, and no unsafe memory as ioctl does.
func loopbackUp() error {
	const loopbackIndex = 1 // always, in a new network namespace
	socket, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC, syscall.NETLINK_ROUTE)
	if err != nil {
		return fmt.Errorf("cannot reach the kernel's network: %w", err)
	}
	defer syscall.Close(socket)
	message := struct {
		syscall.NlMsghdr
		syscall.IfInfomsg
	}{
		syscall.NlMsghdr{
			Len:   syscall.SizeofNlMsghdr + syscall.SizeofIfInfomsg,
			Type:  syscall.RTM_NEWLINK,
			Flags: syscall.NLM_F_REQUEST | syscall.NLM_F_ACK,
		},
		syscall.IfInfomsg{Index: loopbackIndex, Flags: syscall.IFF_UP, Change: syscall.IFF_UP},
	}
	packet, err := binary.Append(nil, binary.NativeEndian, message)
	if err != nil {
		return err
	}
	if err := syscall.Sendto(socket, packet, 0, &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK}); err != nil {
		return fmt.Errorf("cannot switch on the loopback: %w", err)
	}
	return readAcknowledgement(socket)
}

// readAcknowledgement reads the kernel's answer: after the header, 0 or a negated error number.
func readAcknowledgement(socket int) error {
	answer := make([]byte, 512)
	n, _, err := syscall.Recvfrom(socket, answer, 0)
	if err != nil {
		return fmt.Errorf("cannot switch on the loopback: %w", err)
	}
	if n < syscall.SizeofNlMsghdr+4 {
		return fmt.Errorf("cannot switch on the loopback: an answer of %d bytes", n)
	}
	if code := int32(binary.NativeEndian.Uint32(answer[syscall.SizeofNlMsghdr:])); code != 0 {
		return fmt.Errorf("cannot switch on the loopback: %w", syscall.Errno(-code))
	}
	return nil
}
