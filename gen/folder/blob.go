package folder

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"sync"

	"palletgen/gen/diag"
	"palletgen/gen/schema"
	"palletgen/gen/strictyaml"
)

// A Blob is a file of a folder that bundles carry byte for byte. It is read
// when it is first needed, and once. It is safe for concurrent use.
type Blob struct {
	Name string // path below the folder
	Pos  diag.Pos

	once   sync.Once
	folder *Folder
	data   []byte
	sum    string
	err    error
}

// Read returns the content, which is not to be changed, and its SHA-256 in
// hexadecimal digits.
func (b *Blob) Read() (data []byte, sum string, err error) {
	b.once.Do(func() {
		if b.data, b.err = b.folder.bytes(b.Name, maxBlob); b.err != nil {
			b.err = diag.At(b.Pos, "cannot read %s: %s", b.Name, reason(b.err))
			return
		}
		digest := sha256.Sum256(b.data)
		b.sum = hex.EncodeToString(digest[:])
	})
	return b.data, b.sum, b.err
}

// blob finds the file name of the folder; nil when bundles cannot carry it.
func (f *Folder) blob(name string, at diag.Pos, errs *diag.List) *Blob {
	if !fs.ValidPath(name) {
		errs.Add(diag.At(at, "%q is no file of this folder", name).WithHint("files lie in %s", f))
		return nil
	}
	var info fs.FileInfo
	fsys, err := f.filesystem()
	if err == nil {
		info, err = fs.Stat(fsys, name)
	}
	switch {
	case err != nil:
		errs.Add(diag.At(at, "cannot read %s: %s", name, reason(err)).WithHint("it is looked for in %s", f))
	case !info.Mode().IsRegular():
		errs.Add(diag.At(at, "%s is no plain file", name).WithHint("name the files in it one by one, or pack it into an archive"))
	case info.Size() > maxBlob:
		errs.Add(diag.At(at, "%s has %d bytes: a bundle carries files of up to %d MiB", name, info.Size(), maxBlob>>20).
			WithHint("have the host fetch it: remote_file URL SHA256 …"))
	default:
		return &Blob{Name: name, Pos: at, folder: f}
	}
	return nil
}

// LoadPayload reads `payload:`, the files that bundles carry beside those that
// phases put on the host.
func (f *Folder) LoadPayload(v strictyaml.Value, errs *diag.List) []*Blob {
	if !v.IsList() {
		errs.Add(diag.At(v.Pos(), "%s where a list of files belongs", v.Describe()).WithHint("write [a.tar.gz, b.deb]"))
		return nil
	}
	var payload []*Blob
	seen := map[string]bool{}
	for _, item := range v.Items() {
		name := schema.Text(item, errs)
		switch {
		case !item.IsScalar():
		case name == "":
			errs.Add(diag.At(item.Pos(), "the name of a file is missing").WithHint("write [a.tar.gz, b.deb]"))
		case !schema.IsPayload(f.Name + "/" + name):
			errs.Add(diag.At(item.Pos(), "%q is no name of a payload", name).WithHint("%s", schema.PayloadRule))
		case seen[name]:
			errs.Add(diag.At(item.Pos(), "%s is in the payload twice", name).WithHint("remove one of them"))
		default:
			seen[name] = true
			if b := f.blob(name, item.Pos(), errs); b != nil {
				payload = append(payload, b)
			}
		}
	}
	return payload
}
