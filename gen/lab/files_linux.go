package lab

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"
)

// FileInfo is one file of a machine that is not as it is on the host.
type FileInfo struct {
	Path     string
	Kind     string // "file", "folder", "link", "gone" for one that was taken away, or "other"
	Mode     uint32 // permissions with the set-id and sticky bits
	UID, GID int
	Target   string // of a link
	SHA256   string // of a file
}

// String is one line for failure messages.
func (f FileInfo) String() string {
	text := fmt.Sprintf("%s %s %04o %d:%d", f.Path, f.Kind, f.Mode, f.UID, f.GID)
	switch {
	case f.Target != "":
		text += " -> " + f.Target
	case f.SHA256 != "":
		text += " " + f.SHA256[:12]
	}
	return text
}

// Changed lists everything in which the machine's files differ from the host's, by path, and everything in its /tmp.
// The folders above a change are among it. What lies in /run, /dev and in further mounts is not, unless they are named.
func (m *Machine) Changed(mounts ...string) []FileInfo {
	m.t.Helper()
	answer, _, err := m.builtin(request{Op: opChanged, Argv: mounts}, strings.NewReader(""))
	if err != nil {
		m.t.Fatalf("lab: cannot list the changed files: %v", err)
	}
	return answer.Files
}

// listFiles lists what is in a folder, seen as if the folder were prefix.
func listFiles(folder *os.Root, prefix string) ([]FileInfo, error) {
	var list []FileInfo
	err := fs.WalkDir(folder.FS(), ".", func(name string, _ fs.DirEntry, err error) error {
		if os.IsNotExist(err) {
			return nil // it went away meanwhile
		}
		if err != nil {
			return err
		}
		info, err := fileInfo(folder, name)
		if os.IsNotExist(err) {
			return nil
		}
		info.Path = path.Join("/", prefix, name)
		if info.Path != "/" {
			list = append(list, info)
		}
		return err
	})
	return list, err
}

func fileInfo(folder *os.Root, name string) (FileInfo, error) {
	info, err := folder.Lstat(name)
	if err != nil {
		return FileInfo{}, err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return FileInfo{}, fmt.Errorf("cannot look at %s: %T", name, info.Sys())
	}
	f := FileInfo{Kind: "other", Mode: stat.Mode & 0o7777, UID: int(stat.Uid), GID: int(stat.Gid)}
	switch stat.Mode & syscall.S_IFMT {
	case syscall.S_IFDIR:
		f.Kind = "folder"
	case syscall.S_IFLNK:
		f.Kind = "link"
		f.Target, err = folder.Readlink(name)
	case syscall.S_IFREG:
		f.Kind = "file"
		f.SHA256, err = sum(folder, name)
	case syscall.S_IFCHR:
		if stat.Rdev == 0 { // how an overlay says it
			f.Kind = "gone"
		}
	}
	return f, err
}

func sum(folder *os.Root, name string) (string, error) {
	file, err := folder.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
