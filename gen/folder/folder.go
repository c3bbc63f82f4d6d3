// Package folder reads the folders that crates and supervisors are made of:
// their description, templates and shell functions, ours and the users' alike.
package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	"palletgen/gen/diag"
)

// A Folder is one crate's or supervisor's folder.
type Folder struct {
	Name string
	fsys fs.FS
	dir  string // of the folder in fsys
	show string // of the folder as users are told of it

	label    string // of the folder as bundles tell of it: wherever it lies, the bytes are the same
	embedded bool   // it comes with palletgen
}

// Read returns the file name of the folder.
func (f *Folder) Read(name string) (*diag.Source, error) {
	data, err := fs.ReadFile(f.fsys, path.Join(f.dir, name))
	if err != nil {
		return nil, err
	}
	return &diag.Source{Name: path.Join(f.show, name), Text: string(data)}, nil
}

// Files lists the files of the folder and of its folders, as paths below it,
// sorted. Names that begin with a dot are left out.
func (f *Folder) Files() ([]string, error) {
	var files []string
	err := fs.WalkDir(f.fsys, f.dir, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case p != f.dir && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
		case !d.IsDir():
			files = append(files, strings.TrimPrefix(p, f.dir+"/"))
		}
		return nil
	})
	slices.Sort(files)
	return files, err
}

// Label returns what bundles call the file name of the folder, wherever the
// folder lies on this host: "crates/riemann/install.sh.tmpl".
func (f *Folder) Label(name string) string { return path.Join(f.label, name) }

// String returns the path of the folder as users are told of it.
func (f *Folder) String() string { return f.show }

// Pos returns a position that is the folder as a whole.
func (f *Folder) Pos() diag.Pos { return diag.Pos{Source: &diag.Source{Name: f.show}} }

// A Shelf is a set of folders by name: the embedded ones, and over them those
// of the users' folders, the last one first.
type Shelf struct {
	roots []root
	file  string // the description that makes a folder one of the shelf: crate.yaml
	label string // of the shelf in bundles: "crates"

	scan    sync.Once
	folders map[string]*Folder
	err     error
}

type root struct {
	fsys fs.FS
	dir  string
	show string
	user bool
}

// NewShelf makes a shelf of the folders in dir of the embedded file system and
// of those in the users' folders.
func NewShelf(embedded fs.FS, dir, file string, users []string) *Shelf {
	s := &Shelf{file: file, label: dir, roots: []root{{embedded, dir, dir, false}}}
	for _, user := range users {
		s.roots = append(s.roots, root{os.DirFS(user), ".", path.Clean(user), true})
	}
	return s
}

// Names lists the folders, sorted.
func (s *Shelf) Names() ([]string, error) {
	if s.scan.Do(s.readRoots); s.err != nil {
		return nil, s.err
	}
	names := make([]string, 0, len(s.folders))
	for name := range s.folders {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, nil
}

// Get returns the folder name, nil when there is none.
func (s *Shelf) Get(name string) (*Folder, error) {
	if s.scan.Do(s.readRoots); s.err != nil {
		return nil, s.err
	}
	return s.folders[name], nil
}

func (s *Shelf) readRoots() {
	s.folders = map[string]*Folder{}
	var errs diag.List
	for _, r := range s.roots {
		s.readRoot(r, &errs)
	}
	s.err = errs.Err()
}

func (s *Shelf) readRoot(r root, errs *diag.List) {
	entries, err := fs.ReadDir(r.fsys, r.dir)
	at := diag.Pos{Source: &diag.Source{Name: r.show}}
	if err != nil {
		errs.Add(diag.At(at, "cannot read the folder: %s", reason(err)))
		return
	}
	found := false
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		if entry.Name() == s.file {
			errs.Add(diag.At(at, "a folder of its own where a folder of folders belongs: %s stands right in it", s.file).
				WithHint("name the folder above it"))
			return
		}
		dir := path.Join(r.dir, entry.Name())
		if info, err := fs.Stat(r.fsys, dir); err != nil || !info.IsDir() {
			continue
		}
		found = true
		f := &Folder{Name: entry.Name(), fsys: r.fsys, dir: dir, show: path.Join(r.show, entry.Name()), label: path.Join(s.label, entry.Name()), embedded: !r.user}
		if _, err := fs.Stat(r.fsys, path.Join(dir, s.file)); err != nil {
			errs.Add(diag.At(f.Pos(), "no %s in this folder", s.file).
				WithHint("each folder in %s is one; add the file, or move the folder away", r.show))
			continue
		}
		s.folders[f.Name] = f
	}
	if r.user && !found && len(*errs) == 0 {
		errs.Add(diag.At(at, "no folder with a %s in it", s.file).WithHint("name the folder that holds them"))
	}
}

// reason tells an error of the file system without its path, which the
// position says already.
func reason(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err.Error()
	}
	return fmt.Sprint(err)
}
