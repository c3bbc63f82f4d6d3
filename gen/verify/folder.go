package verify

import (
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"palletgen/gen/pack"
)

// readFolder reads a bundle that is unpacked. Its name is the manifest's: a
// folder may be called otherwise once it is on a host.
func (c *checker) readFolder(dir string) {
	root, err := os.OpenRoot(filepath.Clean(dir))
	if err != nil {
		c.fatal("cannot read the folder: %s", reason(err))
		return
	}
	defer root.Close()
	c.isFolder = true
	f := &folderReader{checker: c, root: root, left: maxUnpacked}
	f.walk(".")
}

// A folderReader reads the files of a folder.
type folderReader struct {
	*checker
	root    *os.Root
	members int
	left    int64 // bytes that may still come
}

// walk reads a folder below the bundle's own.
func (f *folderReader) walk(dir string) {
	folder, err := f.root.Open(dir)
	if err != nil {
		f.fatal("cannot read %q: %s", dir, reason(err))
		return
	}
	list, err := folder.ReadDir(maxFiles + 1 - f.members)
	folder.Close()
	if err != nil && err != io.EOF {
		f.fatal("cannot read %q: %s", dir, reason(err))
		return
	}
	if f.members += len(list); f.members > maxFiles {
		f.fatal("it has more files than a bundle can: %d at most", maxFiles)
		return
	}
	if len(list) == 0 && dir != "." {
		f.bad("the folder %q is empty: it was added, or a file is missing", dir)
	}
	for _, entry := range list {
		name := path.Join(dir, entry.Name())
		switch {
		case f.stop:
			return
		case entry.IsDir():
			f.walk(name)
		case entry.Type() == fs.ModeSymlink:
			f.bad("%q is a link: a bundle has files and folders only", name)
		case !entry.Type().IsRegular():
			f.bad("%q is a device or the like: a bundle has files and folders only", name)
		default:
			f.file(name, entry)
		}
	}
}

func (f *folderReader) file(name string, entry fs.DirEntry) {
	info, err := entry.Info()
	var file *os.File
	if err == nil {
		file, err = f.root.Open(name)
	}
	if err != nil {
		f.fatal("cannot read %q: %s", name, reason(err))
		return
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, min(f.left, maxFile)+1))
	if err != nil {
		f.fatal("cannot read %q: %s", name, reason(err))
		return
	}
	if len(data) > maxFile {
		f.fatal("%q has more bytes than a file of a bundle can: %d at most", name, maxFile)
		return
	}
	if f.left -= int64(len(data)); f.left < 0 {
		f.fatal("%v", &fullError{"the folder"})
		return
	}
	mode := uint32(info.Mode().Perm())
	for bit, special := range map[fs.FileMode]uint32{fs.ModeSetuid: 0o4000, fs.ModeSetgid: 0o2000, fs.ModeSticky: 0o1000} {
		if info.Mode()&bit != 0 {
			mode |= special
		}
	}
	f.bundle.Files = append(f.bundle.Files, pack.File{Path: name, Mode: mode, Data: data})
}
