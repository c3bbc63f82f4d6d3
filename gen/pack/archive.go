package pack

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
)

// level is the compression level. The archives are small and there may be
// thousands of them: see BenchmarkLevels for what each level costs and gains.
const level = 6

// An archiver writes archives one after the other. It keeps the compressor,
// about a megabyte, from one archive to the next; what an archive holds does
// not depend on those before it.
type archiver struct {
	time   time.Time
	gzip   *gzip.Writer
	digest hash.Hash // of the last tar
}

func newArchiver(mtime time.Time) *archiver {
	// The compressor is pinned to a version in go.mod; the standard library's
	// changes its output from one release of Go to another.
	gz, err := gzip.NewWriterLevel(io.Discard, level)
	if err != nil {
		panic(err) // level is a constant
	}
	return &archiver{time: mtime.UTC().Truncate(time.Second), gzip: gz, digest: sha256.New()}
}

// compress writes the compressed archive of members to w.
func (a *archiver) compress(w io.Writer, members []entry) error {
	// Reset gives a header without a file name, with 255 ("unknown") as the
	// operating system. The zero Time would be written as a date, Unix 0 says
	// that there is none.
	a.gzip.Reset(w)
	a.gzip.ModTime = time.Unix(0, 0)
	if err := a.tar(a.gzip, members); err != nil {
		return err
	}
	return a.gzip.Close()
}

// digestOf returns the SHA-256 of the archive of members, in hex digits.
func (a *archiver) digestOf(members []entry) (string, error) {
	err := a.tar(io.Discard, members)
	return hex.EncodeToString(a.digest.Sum(nil)), err
}

// tar writes the archive of members to w, and leaves its sum in digest.
func (a *archiver) tar(w io.Writer, members []entry) error {
	a.digest.Reset()
	tw := tar.NewWriter(io.MultiWriter(a.digest, w))
	for _, e := range members {
		header := &tar.Header{
			Format: tar.FormatUSTAR, // the one that every tar reads
			Name:   e.name,
			Mode:   e.mode,
			Size:   int64(len(e.data)),
			// Uid and Gid 0 and no names: 0 is root everywhere, while the
			// group called root is wheel on the BSDs.
			ModTime: a.time,
		}
		if e.folder() {
			header.Typeflag = tar.TypeDir
		} else {
			header.Typeflag = tar.TypeReg
		}
		if err := tw.WriteHeader(header); err != nil {
			return err
		}
		if _, err := tw.Write(e.data); err != nil {
			return err
		}
	}
	return tw.Close()
}

// An entry is one member of an archive.
type entry struct {
	name string // with the bundle's folder; a folder's ends in a slash
	mode int64
	data []byte
}

func (e entry) folder() bool { return strings.HasSuffix(e.name, "/") }

// entries returns the members of b's archive: the files and every folder that
// they need, sorted by name. A folder's name ends in a slash, so that it comes
// before what is in it.
func entries(b Bundle) []entry {
	list := make([]entry, 0, len(b.Files)+8)
	folders := make(map[string]bool)
	for _, f := range b.Files {
		name := b.Name + "/" + f.Path
		list = append(list, entry{name, fixedMode(f.Mode), f.Data})
		for at := strings.LastIndexByte(name, '/'); at > 0; at = strings.LastIndexByte(name[:at], '/') {
			folder := name[:at+1]
			if folders[folder] {
				break
			}
			folders[folder] = true
			list = append(list, entry{name: folder, mode: 0o755})
		}
	}
	slices.SortFunc(list, func(x, y entry) int { return strings.Compare(x.name, y.name) })
	return list
}

// fixedMode reduces a mode to one of four, so that no bundle depends on a
// umask: 0755 where somebody may execute the file, else 0644; and without the
// bits for group and others where others may not read it, since an unpacked
// bundle must not show what the installed file hides.
func fixedMode(mode uint32) int64 {
	fixed := int64(0o644)
	if mode&0o111 != 0 {
		fixed = 0o755
	}
	if mode&0o004 == 0 {
		fixed &= 0o700
	}
	return fixed
}

// Tree returns the folders below b's own, each before those in it, and the
// files with the modes that every format gives them; both sorted by name.
func Tree(b Bundle) (folders []string, files []File) {
	for _, e := range entries(b) {
		path := strings.TrimPrefix(e.name, b.Name+"/")
		switch {
		case path == "":
		case e.folder():
			folders = append(folders, strings.TrimSuffix(path, "/"))
		default:
			files = append(files, File{Path: path, Mode: uint32(e.mode), Data: e.data})
		}
	}
	return folders, files
}
