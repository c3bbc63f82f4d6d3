// Package folder reads the folders that crates and supervisors are made of:
// their description, templates and shell functions, ours and the users' alike.
// It imports gen/bounded, gen/diag, gen/record, gen/schema, gen/shell and
// gen/strictyaml.
package folder

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"palletgen/gen/diag"
	"palletgen/gen/schema"
)

// A Folder is one crate's or supervisor's folder.
type Folder struct {
	Name string
	show string // of the folder as users are told of it

	open sync.Once // see filesystem
	fsys fs.FS     // before that of an embedded folder the one that it is in
	dir  string    // the folder in fsys, or on this host
	err  error
	read atomic.Int64 // bytes of texts

	label    string // of the folder as bundles tell of it: wherever it lies, the bytes are the same
	embedded bool   // it comes with palletgen
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
	dir  string // in fsys
	path string // of the folder on this host; "" for the embedded one
	show string
}

// NewShelf makes a shelf of the folders in dir of the embedded file system and
// of those in the users' folders.
func NewShelf(embedded fs.FS, dir, file string, users []string) *Shelf {
	s := &Shelf{file: file, label: dir, roots: []root{{embedded, dir, "", dir}}}
	for _, user := range users {
		s.roots = append(s.roots, root{os.DirFS(user), ".", user, path.Clean(user)})
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
		errs.Add(diag.At(at, "cannot read the folder: %s", reason(err)).
			WithHint("name a folder that holds folders, each with a %s", s.file))
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
		f := s.folder(r, entry.Name())
		if p := schema.CheckName(f.Name); p != nil {
			errs.Add(diag.At(f.Pos(), "%s as the name of a folder: it becomes a part of names in scripts", p.Msg).WithHint("%s", p.Hint))
			continue
		}
		if _, err := fs.Stat(r.fsys, path.Join(dir, s.file)); err != nil {
			errs.Add(diag.At(f.Pos(), "no %s in this folder", s.file).
				WithHint("each folder in %s is one; add the file, or move the folder away", r.show))
			continue
		}
		s.folders[f.Name] = f
	}
	if r.path != "" && !found && len(*errs) == 0 {
		errs.Add(diag.At(at, "no folder with a %s in it", s.file).WithHint("name the folder that holds them"))
	}
}

func (s *Shelf) folder(r root, name string) *Folder {
	f := &Folder{
		Name: name, show: path.Join(r.show, name), label: path.Join(s.label, name),
		fsys: r.fsys, dir: path.Join(r.dir, name), embedded: r.path == "",
	}
	if !f.embedded {
		f.dir = filepath.Join(r.path, name)
	}
	return f
}
