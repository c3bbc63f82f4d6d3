package pack

import (
	"bufio"
	"encoding/hex"
	"io"
	"os"
)

// A Format is a way to write bundles down. All hold the same files.
type Format struct {
	Name   string // what users call it, such as "tar.gz"
	Suffix string // of the output's name, behind the bundle's

	folder bool        // the output is a folder
	checks bool        // encode may find something wrong with a bundle
	mode   os.FileMode // of the file, less what the umask takes
	encode func(a *archiver, w io.Writer, b Bundle, members []entry) error
}

// The formats of archives, and the plain folder.
var (
	TarGz = Format{Name: "tar.gz", Suffix: ".tar.gz", mode: 0o666,
		encode: func(a *archiver, w io.Writer, _ Bundle, members []entry) error { return a.compress(w, members) }}
	Tar = Format{Name: "tar", Suffix: ".tar", mode: 0o666,
		encode: func(a *archiver, w io.Writer, _ Bundle, members []entry) error { return a.tar(w, members) }}
	Folder = Format{Name: "dir", folder: true}
)

// Other returns a format whose file encode writes. It is given the SHA-256 of
// the bundle's plain tar, in hex digits, and may be called from several
// goroutines. An error of its own is one of the bundle.
func Other(name, suffix string, mode os.FileMode, encode func(w io.Writer, b Bundle, digest string) error) Format {
	return Format{Name: name, Suffix: suffix, mode: mode, checks: true, encode: func(a *archiver, w io.Writer, b Bundle, members []entry) error {
		digest, err := a.digestOf(members)
		if err != nil {
			return err
		}
		return encode(w, b, digest)
	}}
}

// write writes b as the new file or folder path, and fills in Size and Digest of
// r. refused is what the format finds wrong with the bundle; err is the file
// system's.
func (f Format) write(a *archiver, path string, b Bundle, members []entry, r *Result) (refused, err error) {
	if f.folder {
		if r.Digest, err = a.digestOf(members); err == nil {
			err = a.unpack(path, members)
		}
		for _, e := range members {
			r.Size += int64(len(e.data))
		}
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, f.mode)
	if err != nil {
		return nil, err
	}
	out := bufio.NewWriterSize(file, 1<<16)
	refused = f.encode(a, out, b, members)
	if err = out.Flush(); err != nil {
		refused = nil // only what the file system made of it
	} else if info, e := file.Stat(); e == nil {
		r.Size, r.Digest = info.Size(), hex.EncodeToString(a.digest.Sum(nil))
	} else {
		err = e
	}
	if e := file.Close(); err == nil {
		err = e
	}
	return refused, err
}
