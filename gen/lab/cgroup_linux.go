package lab

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"syscall"
	"time"
)

// cgroup is that of a booted system.
type cgroup struct {
	root *os.Root
	name string
}

// openCgroups returns the root of the cgroup v2 tree, wherever the host has mounted it, if it has at all.
func openCgroups(at string) (*os.Root, error) {
	if err := os.Mkdir(at, 0o755); err != nil {
		return nil, err
	}
	if err := (mount{"cgroup2", at, "cgroup2", 0, ""}).do(); err != nil {
		return nil, err
	}
	return os.OpenRoot(at)
}

// makeCgroup makes a cgroup beside those of the host.
func (i *machineInit) makeCgroup() (cgroup, error) {
	if i.cgroupsErr != nil {
		return cgroup{}, fmt.Errorf("needs cgroup v2: %w", i.cgroupsErr)
	}
	c := cgroup{root: i.cgroups, name: fmt.Sprintf("lab-%016x", rand.Uint64())}
	if err := c.root.Mkdir(c.name, 0o755); err != nil {
		return cgroup{}, fmt.Errorf("needs cgroup v2: %w", err)
	}
	return c, nil
}

// remove removes a cgroup and all that were made below it. Its processes are dead; the kernel may need a moment more.
func (c cgroup) remove() error {
	for deadline := time.Now().Add(bootTimeout / 2); ; time.Sleep(5 * time.Millisecond) {
		err := c.removeAll()
		if err == nil || time.Now().After(deadline) {
			return err
		}
	}
}

func (c cgroup) removeAll() error {
	var folders []string
	err := fs.WalkDir(c.root.FS(), c.name, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			folders = append(folders, name)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("cannot look at a cgroup: %w", err)
	}
	slices.Reverse(folders) // the inner ones first
	for _, name := range folders {
		if err := c.root.Remove(name); err != nil {
			return fmt.Errorf("cannot remove a cgroup: %w", err)
		}
	}
	return nil
}

// end ends every process of the machine when a system is booted, and with them that: it would leave its cgroup behind.
// None is booted any more.
func (i *machineInit) end() {
	for !i.booted.TryLock() {
		// It fails when everything is dead already.
		_ = syscall.Kill(-1, syscall.SIGKILL)
		time.Sleep(5 * time.Millisecond)
	}
}
