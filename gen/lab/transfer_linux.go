package lab

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// WriteFile puts a file of root into the machine, whole and with exactly this mode; missing folders are made 0755.
func (m *Machine) WriteFile(name, data string, mode fs.FileMode) {
	m.t.Helper()
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	err := addFile(w, name, []byte(data), mode)
	if err == nil {
		err = m.put(w, &archive)
	}
	if err != nil {
		m.t.Fatalf("lab: cannot write %s: %v", name, err)
	}
}

// CopyDir copies a folder of the host (files, folders, symbolic links, with their modes, all owned by root) into the
// machine as dest.
func (m *Machine) CopyDir(hostDir, dest string) {
	m.t.Helper()
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	err := addDir(w, hostDir, dest)
	if err == nil {
		err = m.put(w, &archive)
	}
	if err != nil {
		m.t.Fatalf("lab: cannot copy %s to %s: %v", hostDir, dest, err)
	}
}

// put closes an archive and has it unpacked in the machine.
func (m *Machine) put(w *tar.Writer, archive *bytes.Buffer) error {
	if err := w.Close(); err != nil {
		return err
	}
	_, _, err := m.builtin(request{Op: opPut}, archive)
	return err
}

func addFile(w *tar.Writer, name string, data []byte, mode fs.FileMode) error {
	header := &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(data)), Mode: tarMode(mode)}
	if err := w.WriteHeader(header); err != nil {
		return err
	}
	_, err := w.Write(data)
	return err
}

func addDir(w *tar.Writer, hostDir, dest string) error {
	return filepath.WalkDir(hostDir, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(hostDir, file)
		if err != nil {
			return err
		}
		name := path.Join(dest, filepath.ToSlash(rel))
		switch {
		case d.IsDir():
			return w.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: name, Mode: tarMode(info.Mode())})
		case d.Type() == fs.ModeSymlink:
			target, err := os.Readlink(file)
			if err != nil {
				return err
			}
			return w.WriteHeader(&tar.Header{Typeflag: tar.TypeSymlink, Name: name, Linkname: target})
		case d.Type().IsRegular():
			data, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			return addFile(w, name, data, info.Mode())
		}
		return fmt.Errorf("%s is no file, folder or link", file)
	})
}

// tarMode keeps the permissions and the set-id and sticky bits, which fs.FileMode holds elsewhere than chmod does.
func tarMode(mode fs.FileMode) int64 {
	bits := int64(mode.Perm())
	for flag, bit := range map[fs.FileMode]int64{fs.ModeSetuid: 0o4000, fs.ModeSetgid: 0o2000, fs.ModeSticky: 0o1000} {
		if mode&flag != 0 {
			bits |= bit
		}
	}
	return bits
}

// ReadFile returns the contents of a file of the machine.
func (m *Machine) ReadFile(name string) string {
	m.t.Helper()
	_, data, err := m.builtin(request{Op: opGet, Argv: []string{name}}, strings.NewReader(""))
	if err != nil {
		m.t.Fatalf("lab: cannot read %s: %v", name, err)
	}
	return data
}

// Exists says whether there is a file of this name in the machine; symbolic links are followed.
func (m *Machine) Exists(name string) bool {
	m.t.Helper()
	return m.Run("test", "-e", name).Code == 0
}
