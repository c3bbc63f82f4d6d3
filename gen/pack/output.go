package pack

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"palletgen/gen/diag"
)

// An output is a folder that bundles are written into. They are made in a
// temporary folder inside it, so that a rename brings each into place.
type output struct {
	dir  string
	made []string // folders that openOutput created, the outermost first
	work string   // the temporary folder
}

// openOutput prepares dir, which is created when it is missing.
func openOutput(dir string) (*output, error) {
	dir = filepath.Clean(dir)
	out := &output{dir: dir, made: missing(dir)}
	err := os.MkdirAll(dir, 0o777)
	if err == nil {
		// In dir and not beside it: the parent may be another file system, or
		// not writable.
		out.work, err = os.MkdirTemp(dir, ".palletgen-*")
	}
	if err != nil {
		out.removeMade()
		return nil, out.cannot(err)
	}
	return out, nil
}

// missing returns dir and its parents as far as they do not exist, the
// outermost first.
func missing(dir string) []string {
	if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	parent := filepath.Dir(dir)
	if parent == dir {
		return nil
	}
	return append(missing(parent), dir)
}

// temp is where output i is made.
func (o *output) temp(i int) string { return filepath.Join(o.work, strconv.Itoa(i)) }

// saved is where what output i replaces waits for a rollback.
func (o *output) saved(i int) string { return filepath.Join(o.work, strconv.Itoa(i)+".old") }

// target is where the output of that name belongs.
func (o *output) target(name string) string { return filepath.Join(o.dir, name) }

// commit moves all outputs into place. On an error those that are there
// already are taken back, and what they replaced returns.
func (o *output) commit(ctx context.Context, results []Result) (err error) {
	for _, r := range results {
		if err := replaceable(r); err != nil {
			return err
		}
	}
	done := 0
	defer func() {
		if err != nil {
			o.rollback(results[:done])
		}
	}()
	for i, r := range results {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		done = i + 1
		if err := o.save(i, r); err != nil {
			return o.cannot(err)
		}
		if err := os.Rename(o.temp(i), r.File); err != nil {
			return o.cannot(err)
		}
	}
	return nil
}

// replaceable reports what stands where r belongs and is not to be replaced: a
// folder where a file belongs, or one that holds other things than a bundle.
func replaceable(r Result) error {
	info, err := os.Lstat(r.File)
	if err != nil {
		return nil // nothing is there; else the rename will tell
	}
	switch {
	case !r.format.folder && !info.IsDir(), r.format.folder && info.IsDir() && isBundle(r.File):
		return nil
	case !r.format.folder:
		return diag.At(diag.Pos{}, "cannot write %s: it is a folder", r.File).
			WithHint("remove it, or name another folder for the output")
	case info.IsDir():
		return diag.At(diag.Pos{}, "cannot write %s: it is a folder that holds no bundle", r.File).
			WithHint("remove it, or name another folder for the output")
	}
	return diag.At(diag.Pos{}, "cannot write the folder %s: it is a file", r.File).
		WithHint("remove it, or name another folder for the output")
}

// isBundle tells whether a folder holds a bundle, or nothing.
func isBundle(dir string) bool {
	list, err := os.ReadDir(dir)
	if err != nil || len(list) == 0 {
		return err == nil
	}
	for _, name := range []string{"manifest.json", "SHA256SUMS", "run"} {
		if info, err := os.Lstat(filepath.Join(dir, name)); err != nil || !info.Mode().IsRegular() {
			return false
		}
	}
	return true
}

// save keeps what stands where output i belongs for a rollback. A second name for
// a file leaves no moment without it; a folder, and a file where links cannot be
// made, is moved.
func (o *output) save(i int, r Result) error {
	if !r.format.folder {
		err := os.Link(r.File, o.saved(i))
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			return nil
		}
	}
	err := os.Rename(r.File, o.saved(i))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// rollback undoes as much of commit as was done for results. It is best
// effort: an error is being reported already.
func (o *output) rollback(results []Result) {
	for i, r := range results {
		if _, err := os.Lstat(o.saved(i)); err == nil {
			if r.format.folder {
				os.Rename(r.File, o.temp(i)) // a rename replaces no folder
			}
			os.Rename(o.saved(i), r.File)
		} else if _, err := os.Lstat(o.temp(i)); errors.Is(err, fs.ErrNotExist) {
			os.RemoveAll(r.File) // ours, and nothing was there before
		}
	}
}

// close removes the temporary folder, and unless the output is wanted also the
// folders that were created for it.
func (o *output) close(wanted bool) error {
	err := os.RemoveAll(o.work)
	if !wanted {
		o.removeMade()
	}
	if err != nil {
		return o.cannot(err)
	}
	return nil
}

// removeMade removes the folders that openOutput created, if they are empty.
func (o *output) removeMade() {
	for i := len(o.made) - 1; i >= 0; i-- {
		os.Remove(o.made[i])
	}
}

// cannot turns an error of the file system into a message that names the
// output folder and not the temporary folder inside it.
func (o *output) cannot(err error) *diag.Error {
	reason := err
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		reason = path.Err
	} else if link, ok := errors.AsType[*os.LinkError](err); ok {
		reason = link.Err
	}
	if errors.Is(err, syscall.ENOTDIR) {
		return o.isFile()
	}
	e := diag.At(diag.Pos{}, "cannot write to %s: %v", o.dir, reason)
	switch {
	case errors.Is(err, syscall.EROFS):
		return e.WithHint("name a folder on a file system that is mounted for writing")
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return e.WithHint("make room there, or name a folder on another file system; nothing was written")
	case errors.Is(err, fs.ErrPermission):
		return e.WithHint("name a folder that you may write to")
	}
	return e.WithHint("name another folder for the output")
}

// isFile is the error for a file that stands where the output or one of its
// parents should be a folder.
func (o *output) isFile() *diag.Error {
	file := o.dir
	for ; file != filepath.Dir(file); file = filepath.Dir(file) {
		if _, err := os.Stat(file); err == nil {
			break
		}
	}
	what := file
	if file == o.dir {
		what = "it"
	}
	return diag.At(diag.Pos{}, "cannot write to %s: %s is a file", o.dir, what).
		WithHint("name a folder for the output")
}
