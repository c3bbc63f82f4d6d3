// Package bounded reads files that may be anybody's: no more of them than
// palletgen can do with, and nothing that is no file. It imports no other
// package of palletgen.
package bounded

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// MaxText is how large a file may be that users write and palletgen parses, in
// bytes: some ten thousand groups.
const MaxText = 16 << 20

// ErrNoFile is the error for a folder, a device or a pipe where a file belongs.
var ErrNoFile = errors.New("it is no plain file")

// A LargeError is the error for what is larger than it may be.
type LargeError struct{ Most int64 }

func (e *LargeError) Error() string { return fmt.Sprintf("it has more than %d bytes", e.Most) }

// All reads r to its end, which comes before the byte after most.
func All(r io.Reader, most int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(data)) > most {
		return nil, &LargeError{most}
	}
	return data, err
}

// Named reads what a user has named: a file, or a pipe, which is waited for.
func Named(name string, most int64) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return All(file, most)
}

// File reads a plain file that nobody has named. It opens nothing else: a pipe
// would be waited for, and some devices do something.
func File(name string, most int64) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, ErrNoFile
	}
	return Named(name, most)
}

// In is File for a file of a file system.
func In(fsys fs.FS, name string, most int64) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, ErrNoFile
	case info.Size() > most:
		return nil, &LargeError{most}
	}
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return All(file, most)
}
