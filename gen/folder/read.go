package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"palletgen/gen/bounded"
	"palletgen/gen/diag"
)

// What the folder of a crate or a supervisor may have at most. It may be
// anybody's.
const (
	maxText   = 1 << 20  // bytes of a description, a template, a library
	maxTexts  = 16 << 20 // bytes of all of these
	maxBlob   = 64 << 20 // bytes of a file that bundles carry byte for byte
	maxFiles  = 2_000    // files and folders in it, at any depth
	maxLevels = 16       // folders within folders
)

// filesystem is the folder as a file system that no path and no link leaves.
func (f *Folder) filesystem() (fs.FS, error) {
	f.open.Do(func() {
		if f.embedded {
			f.fsys, f.err = fs.Sub(f.fsys, f.dir)
			return
		}
		root, err := os.OpenRoot(f.dir)
		if f.err = err; err == nil {
			f.fsys = root.FS()
		}
	})
	return f.fsys, f.err
}

// bytes reads the file name of the folder.
func (f *Folder) bytes(name string, most int64) ([]byte, error) {
	fsys, err := f.filesystem()
	if err != nil {
		return nil, err
	}
	if !fs.ValidPath(name) {
		return nil, fmt.Errorf("%q is no file of this folder", name)
	}
	return bounded.In(fsys, name, most)
}

// Read returns the file name of the folder, which is a text.
func (f *Folder) Read(name string) (*diag.Source, error) {
	data, err := f.bytes(name, maxText)
	if err != nil {
		return nil, err
	}
	if f.read.Add(int64(len(data))) > maxTexts {
		return nil, fmt.Errorf("the folder's templates and libraries have more than %d bytes, each counted as often as it is named", maxTexts)
	}
	return &diag.Source{Name: path.Join(f.show, name), Text: string(data)}, nil
}

// Files lists the files of the folder and of its folders, as paths below it,
// sorted. Names that begin with a dot are left out.
func (f *Folder) Files() ([]string, error) {
	fsys, err := f.filesystem()
	if err != nil {
		return nil, diag.At(f.Pos(), "cannot read the folder: %s", reason(err))
	}
	w := walk{folder: f, fsys: fsys}
	if err := w.dir(".", 0); err != nil {
		return nil, err
	}
	slices.Sort(w.files)
	return w.files, nil
}

// A walk goes through a folder.
type walk struct {
	folder *Folder
	fsys   fs.FS
	files  []string
	seen   int
}

func (w *walk) dir(dir string, level int) error {
	at := diag.Pos{Source: &diag.Source{Name: path.Join(w.folder.show, dir)}}
	entries, err := readDir(w.fsys, dir, maxFiles+1-w.seen)
	if err != nil {
		return diag.At(at, "cannot read the folder: %s", reason(err))
	}
	switch w.seen += len(entries); {
	case w.seen > maxFiles:
		return diag.At(w.folder.Pos(), "the folder has more than %d files and folders", maxFiles).
			WithHint("carry them in an archive: payload: [NAME.tar.gz]")
	case level > maxLevels:
		return diag.At(at, "more than %d folders are within each other", maxLevels).
			WithHint("carry them in an archive: payload: [NAME.tar.gz]")
	}
	for _, entry := range entries {
		name := path.Join(dir, entry.Name())
		switch {
		case strings.ContainsFunc(entry.Name(), unicode.IsControl) || !utf8.ValidString(entry.Name()):
			return diag.At(diag.Pos{Source: &diag.Source{Name: path.Join(w.folder.show, name)}}, "the name of the file holds a control character, or is no UTF-8").
				WithHint("rename it")
		case strings.HasPrefix(entry.Name(), "."):
		case entry.IsDir() && strings.HasSuffix(name, ".tmpl"):
			return diag.At(diag.Pos{Source: &diag.Source{Name: path.Join(w.folder.show, name)}}, "a folder where a template belongs").
				WithHint("rename it")
		case !entry.IsDir():
			w.files = append(w.files, name)
		default:
			if err := w.dir(name, level+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// readDir lists a folder, but no more entries than most.
func readDir(fsys fs.FS, name string, most int) ([]fs.DirEntry, error) {
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	folder, ok := file.(fs.ReadDirFile)
	if !ok {
		return nil, errors.ErrUnsupported
	}
	var entries []fs.DirEntry
	for len(entries) < most {
		more, err := folder.ReadDir(most - len(entries))
		entries = append(entries, more...)
		if err != nil || len(more) == 0 {
			break
		}
	}
	return entries, nil
}

// reason tells an error of the file system without its path, which the
// position says already.
func reason(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	if strings.Contains(err.Error(), "path escapes from parent") {
		return "a link leads out of the folder"
	}
	return fmt.Sprint(err)
}
