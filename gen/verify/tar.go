package verify

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"palletgen/gen/manifest"
	"palletgen/gen/pack"
)

// readTar reads a plain tar. Whatever is odd about it is told; and in the end
// the files are packed again, and the bytes have to be the same: so no reader of
// the archive can find in it what this one has not seen.
func (c *checker) readTar(in io.Reader) {
	digest := sha256.New()
	end := &zeros{}
	stream := io.TeeReader(in, io.MultiWriter(digest, end))
	t := &tarReader{checker: c, tr: tar.NewReader(stream), left: maxUnpacked}
	for t.next() {
	}
	if c.stop {
		return
	}
	rest := &zeros{}
	n, err := io.Copy(rest, stream)
	switch {
	case err != nil:
		c.damaged(err)
		return
	case rest.atEnd < n:
		c.bad("something stands behind the end of the archive")
	case end.atEnd < 1024:
		c.fatal("it is cut off: the end of the archive is missing").WithHint(copyAgain)
		return
	case t.members == 0:
		c.fatal("the archive is empty")
		return
	}
	t.extraFolders()
	c.Digest = hex.EncodeToString(digest.Sum(nil))
	if again, err := pack.Digest(c.bundle, t.time); err == nil {
		c.repacked = again != c.Digest
	}
}

// A tarReader reads the members of an archive.
type tarReader struct {
	*checker
	tr      *tar.Reader
	time    time.Time // of all members
	folders []string
	members int
	left    int64 // bytes that may still come
}

// next reads one member; false after the last.
func (t *tarReader) next() bool {
	h, err := t.tr.Next()
	if err == io.EOF {
		return false
	}
	if err != nil {
		t.damaged(err)
		return false
	}
	if t.members++; t.members > maxFiles {
		t.fatal("it has more files than a bundle can: %d at most", maxFiles)
		return false
	}
	top, path, inside := strings.Cut(h.Name, "/")
	if t.members == 1 {
		t.time = h.ModTime
	}
	if t.bundle.Name == "" && inside {
		t.bundle.Name = top
	}
	switch {
	case strings.HasPrefix(h.Name, "/"):
		t.bad("the path %q is absolute", h.Name)
	case top != t.bundle.Name || !inside:
		t.bad("%q is not in the folder %q, as all else in the archive", h.Name, t.bundle.Name)
	case h.Typeflag == tar.TypeDir:
		t.folder(h, path)
	case h.Typeflag == tar.TypeReg && strings.HasSuffix(path, "/"):
		t.bad("%q is a file with the name of a folder", h.Name)
	case h.Typeflag == tar.TypeReg:
		t.header(h)
		return t.file(h, path)
	default:
		t.bad("%q is %s: a bundle has files and folders only", h.Name, kind(h))
	}
	return true
}

func (t *tarReader) folder(h *tar.Header, path string) {
	t.header(h)
	if h.Mode != 0o755 {
		t.bad("the mode of the folder %q is %04o, should be 0755", h.Name, h.Mode)
	}
	if slices.Contains(strings.Split(path, "/"), "..") {
		t.bad("the path %q leads out of the bundle", h.Name)
	}
	t.folders = append(t.folders, strings.TrimSuffix(path, "/"))
}

// header looks at what a header says beside name, type and mode.
func (t *tarReader) header(h *tar.Header) {
	switch {
	case h.Uid != 0 || h.Gid != 0 || h.Uname != "" || h.Gname != "":
		t.bad("%q belongs to %d:%d (%q:%q), should be 0:0", h.Name, h.Uid, h.Gid, h.Uname, h.Gname)
	case !h.ModTime.Equal(t.time):
		t.bad("%q has another time than all else in the archive", h.Name)
	}
}

func (t *tarReader) file(h *tar.Header, path string) bool {
	// The size is what the header says, which says much where a file is sparse.
	if t.left -= h.Size; t.left < 0 {
		t.damaged(&fullError{"the archive"})
		return false
	}
	if h.Size > maxFile {
		t.fatal("%q has %d bytes, and a file of a bundle %d at most", h.Name, h.Size, maxFile)
		return false
	}
	data := make([]byte, h.Size)
	if _, err := io.ReadFull(t.tr, data); err != nil {
		t.damaged(err)
		return false
	}
	if path == Sums || path == manifest.Name || path == Signature {
		t.parsedSize(path, h.Size)
	}
	t.bundle.Files = append(t.bundle.Files, pack.File{Path: path, Mode: uint32(h.Mode), Data: data})
	return true
}

// parsedSize tells of a file that is too large to be read.
func (t *tarReader) parsedSize(path string, size int64) {
	if size > maxText {
		t.fatal("%s has %d bytes, and %d are the most", path, size, maxText)
	}
}

// extraFolders tells of folders without a file. Those that files need but that
// are not named are found when all is packed again.
func (t *tarReader) extraFolders() {
	used := map[string]bool{"": true}
	for _, f := range t.bundle.Files {
		for at := strings.LastIndexByte(f.Path, '/'); at > 0; at = strings.LastIndexByte(f.Path[:at], '/') {
			if used[f.Path[:at]] {
				break
			}
			used[f.Path[:at]] = true
		}
	}
	for _, folder := range t.folders {
		if !used[folder] {
			t.bad("the folder %q is empty: it was added, or a file is missing", folder)
		}
	}
}

// kind says what a member is that is neither file nor folder.
func kind(h *tar.Header) string {
	switch h.Typeflag {
	case tar.TypeSymlink:
		return fmt.Sprintf("a link to %q", h.Linkname)
	case tar.TypeLink:
		return fmt.Sprintf("a hard link to %q", h.Linkname)
	case tar.TypeChar, tar.TypeBlock:
		return "a device"
	case tar.TypeFifo:
		return "a named pipe"
	}
	return fmt.Sprintf("a member of the type %q", h.Typeflag)
}

// zeros counts the zeros at the end of what is written to it, of which an archive
// has two blocks.
type zeros struct{ atEnd int64 }

func (z *zeros) Write(p []byte) (int, error) {
	n := len(p) - len(bytes.TrimRight(p, "\x00"))
	if n < len(p) {
		z.atEnd = 0
	}
	z.atEnd += int64(n)
	return len(p), nil
}
