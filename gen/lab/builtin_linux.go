package lab

import (
	"archive/tar"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// ProcessInfo is one process of a machine, as /proc/PID/stat and /proc/PID/cmdline show it.
type ProcessInfo struct {
	PID, Parent, Group, Session int
	UID                         int
	Name                        string // at most 15 bytes
	State                       string // "R", "S", "Z" …
	Args                        []string
}

// String is one line for failure messages.
func (p ProcessInfo) String() string {
	return fmt.Sprintf("pid %d parent %d group %d uid %d %s %s %.200q", p.PID, p.Parent, p.Group, p.UID, p.State, p.Name, p.Args)
}

// builtin does what needs no program.
func (i *machineInit) builtin(r request, stdin io.Reader, stdout io.Writer) (reply, error) {
	switch r.Op {
	case opPut:
		return reply{}, unpack(stdin)
	case opGet:
		f, err := os.Open(r.Argv[0])
		if err != nil {
			return reply{}, err
		}
		defer f.Close()
		_, err = io.Copy(stdout, f)
		return reply{}, err
	case opList:
		processes, err := listProcesses()
		return reply{Processes: processes}, err
	case opContinue:
		return reply{}, syscall.Kill(-1, syscall.SIGCONT)
	case opChanged:
		files, err := i.changedFiles(r.Argv)
		return reply{Files: files}, err
	}
	return reply{}, fmt.Errorf("unknown operation %q", r.Op)
}

// changedFiles lists the files of a machine that its host does not have, those of further mounts among them.
func (i *machineInit) changedFiles(mounts []string) ([]FileInfo, error) {
	files, err := listFiles(i.upper, "")
	if err != nil {
		return nil, err
	}
	for _, name := range append([]string{"/tmp"}, mounts...) {
		folder, err := os.OpenRoot(name)
		if err != nil {
			return nil, err
		}
		more, err := listFiles(folder, name)
		folder.Close()
		if err != nil {
			return nil, err
		}
		files = append(files, more...)
	}
	slices.SortFunc(files, func(a, b FileInfo) int { return cmp.Compare(a.Path, b.Path) })
	return files, nil
}

// unpack unpacks an archive of absolute names.
func unpack(archive io.Reader) error {
	for r := tar.NewReader(archive); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := unpackEntry(header, r); err != nil {
			return err
		}
	}
}

func unpackEntry(header *tar.Header, data io.Reader) error {
	name := filepath.Join("/", header.Name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	switch header.Typeflag {
	case tar.TypeDir:
		if err := os.MkdirAll(name, 0o755); err != nil {
			return err
		}
		return syscall.Chmod(name, uint32(header.Mode))
	case tar.TypeSymlink:
		return os.Symlink(header.Linkname, name)
	}
	// A new file, so that a running program or a hard link of the old one keeps its contents.
	if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, data)
	return errors.Join(err, syscall.Fchmod(int(f.Fd()), uint32(header.Mode)), f.Close())
}

// listProcesses reads /proc. A process that ends meanwhile is left out.
func listProcesses() ([]ProcessInfo, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	var list []ProcessInfo
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil || pid == 1 || pid == os.Getpid() {
			continue
		}
		if p, err := readProcess(pid); err == nil {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b ProcessInfo) int { return cmp.Compare(a.PID, b.PID) })
	return list, nil
}

// readProcess reads "PID (NAME) STATE PARENT GROUP SESSION …", where NAME may hold any byte, ")" and blanks too.
func readProcess(pid int) (ProcessInfo, error) {
	p := ProcessInfo{PID: pid}
	dir := fmt.Sprintf("/proc/%d/", pid)
	stat, err := os.ReadFile(dir + "stat")
	if err != nil {
		return p, err
	}
	opening, closing := strings.IndexByte(string(stat), '('), strings.LastIndexByte(string(stat), ')')
	if opening < 0 || closing < opening {
		return p, fmt.Errorf("cannot read %sstat: %q", dir, stat)
	}
	p.Name = string(stat[opening+1 : closing])
	if _, err := fmt.Sscan(string(stat[closing+1:]), &p.State, &p.Parent, &p.Group, &p.Session); err != nil {
		return p, err
	}
	if p.UID, err = owner(dir); err != nil {
		return p, err
	}
	cmdline, err := os.ReadFile(dir + "cmdline")
	if len(cmdline) > 0 {
		p.Args = strings.Split(strings.TrimSuffix(string(cmdline), "\x00"), "\x00")
	}
	return p, err
}

// owner is the user id of a file.
func owner(name string) (int, error) {
	var stat syscall.Stat_t
	err := syscall.Stat(name, &stat)
	return int(stat.Uid), err
}
