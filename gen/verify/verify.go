// Package verify reads bundles of any format and tells whether they are whole
// and as palletgen writes them. It takes them for anybody's: it unpacks nothing
// to the disk, bounds what it reads, and believes nothing that it can compute.
// It may import all but gen/plan, gen/render, gen/conform and gen/cli.
package verify

import (
	"context"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"palletgen/gen/diag"
	"palletgen/gen/manifest"
	"palletgen/gen/pack"
	"palletgen/gen/shell"
	"palletgen/gen/sign"
)

// Files of every bundle.
const (
	Sums      = "SHA256SUMS"
	Signature = "SHA256SUMS.sig"
)

// A Verifier checks bundles. It is safe for concurrent use.
type Verifier struct {
	// Time is that of the files in an archive; it is asked for where a bundle is
	// none, since its digest is that of the archive.
	Time time.Time
	// Head returns what stands before the files in a bundle that is one script and
	// runs the phases by itself.
	Head func(bundle string, phases []string) (string, error)
	// Trusted are the keys of which one must have signed; nil where a signature is
	// not looked at.
	Trusted *sign.Trusted
	// Shell reads scripts.
	Shell *shell.Engine
}

// Check checks the bundle at path, an archive, a script or a folder; in, if not
// nil, is read in its place. The error, a diag.List, says all that is wrong.
func (v *Verifier) Check(ctx context.Context, path string, in io.Reader) (*Report, error) {
	c := &checker{Verifier: v, source: path}
	if err := c.open(path, in); err != nil {
		return nil, err
	}
	if !c.stop {
		c.content(ctx)
	}
	if c.repacked && len(c.errs) == 0 {
		c.bad("the archive is not the one that palletgen makes of these files").
			WithHint("it was changed, or packed again by another program; unpacked, the folder can be verified")
	}
	return &c.Report, c.errs.Err()
}

// Read reads the bundle at path, or in, as Check does, but checks no more of it
// than it takes to know its files and its name.
func (v *Verifier) Read(path string, in io.Reader) (pack.Bundle, error) {
	c := &checker{Verifier: v, source: path}
	if err := c.open(path, in); err != nil {
		return pack.Bundle{}, err
	}
	for _, f := range c.bundle.Files {
		if f.Path == manifest.Name && c.bundle.Name == "" {
			m, err := readManifest(f.Data)
			if err != nil {
				c.bad("cannot read its %s: %v", manifest.Name, err)
				break
			}
			c.bundle.Name = m.Bundle
		}
	}
	if c.bundle.Name == "" && len(c.errs) == 0 {
		c.bad("there is no file %s in it", manifest.Name).WithHint("it is no bundle, or not all of one")
	}
	return c.bundle, c.errs.Err()
}

// open reads the bundle, wherever it is.
func (c *checker) open(path string, in io.Reader) error {
	if in != nil {
		c.read(in)
		return nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return c.unreadable(err)
	}
	if info.IsDir() {
		c.readFolder(path)
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		return c.unreadable(err)
	}
	defer file.Close()
	c.read(file)
	return nil
}

// A checker checks one bundle.
type checker struct {
	*Verifier
	Report
	source   string // what messages begin with
	bundle   pack.Bundle
	isFolder bool                  // it is a folder, whose modes are those of this host
	data     map[string][]byte     // of the files
	files    map[string]*pack.File // by their paths
	sums     map[string]string     // of SHA256SUMS
	manifest *manifest.Manifest    // once it was read
	head     string                // of a script: what stands before the files
	repacked bool                  // the archive is another than palletgen makes of the files
	errs     diag.List
	stop     bool // it was not read to its end: there is no more to be said
}

// bad adds a problem of the bundle.
func (c *checker) bad(format string, args ...any) *diag.Error {
	e := diag.At(diag.Pos{Source: &diag.Source{Name: c.source}}, format, args...)
	c.errs.Add(e)
	return e
}

// fatal is bad where nothing more can be found out.
func (c *checker) fatal(format string, args ...any) *diag.Error {
	c.stop = true
	return c.bad(format, args...)
}

func (c *checker) unreadable(err error) error {
	c.fatal("cannot read the bundle: %s", reason(err)).WithHint("name what palletgen build has written, and what you may read")
	return c.errs.Err()
}

// in is a file of the bundle as a source that messages point into. Its name was
// found to be harmless.
func (c *checker) in(path string) *diag.Source {
	return &diag.Source{Name: c.source + "/" + path, Text: string(c.data[path])}
}

// content checks the files, wherever they come from.
func (c *checker) content(ctx context.Context) {
	var list diag.List
	named := c.bundle
	if named.Name == "" {
		named.Name = "bundle" // it is told by the manifest, which is not read yet
	}
	list.Take(pack.Check(named))
	for _, e := range list {
		c.bad("%s", strings.TrimPrefix(e.Msg, "cannot pack "))
	}
	if len(list) > 0 {
		return // the others would be about names that are not there, or twice
	}
	c.data = make(map[string][]byte, len(c.bundle.Files))
	c.files = make(map[string]*pack.File, len(c.bundle.Files))
	for i := range c.bundle.Files {
		f := &c.bundle.Files[i]
		c.data[f.Path], c.files[f.Path] = f.Data, f
	}
	c.Files = len(c.bundle.Files)
	needed := []string{"README", Sums, "lib.sh", manifest.Name, "run"}
	if !slices.ContainsFunc(needed, func(path string) bool { return c.files[path] != nil }) {
		c.bad("it is no bundle: there is no %s in it, nor the rest", manifest.Name).WithHint("of a folder with bundles name these: palletgen verify dist/*")
		return
	}
	missing := false
	for _, path := range needed {
		if _, ok := c.data[path]; !ok {
			missing = true
			c.bad("there is no file %s in it", path).WithHint("it is not all of a bundle")
		}
	}
	if missing {
		return
	}
	c.checkSums()
	if c.checkManifest() {
		c.checkHead()
		c.checkGrammars()
	}
	c.checkSignature(ctx)
	if c.Digest == "" && len(c.errs) == 0 {
		c.Digest = c.digest()
	}
}

// digest computes the digest of the archive that the files would make.
func (c *checker) digest() string {
	digest, err := pack.Digest(c.bundle, c.Time)
	c.errs.Take(err)
	return digest
}

func (c *checker) checkSignature(ctx context.Context) {
	signature, signed := c.data[Signature]
	c.Signed = signed
	switch {
	case !signed && c.Trusted != nil:
		c.bad("it is not signed").WithHint("palletgen build --sign KEY signs it")
	case !signed:
	case len(signature) > sign.MaxSignature || sign.KeyType(signature) == "":
		c.bad("%s is no signature", Signature)
	case c.Trusted != nil:
		who, err := c.Trusted.Verify(ctx, c.data[Sums], signature)
		if err != nil {
			c.bad("not to be trusted: %v", err)
		}
		c.Signer = who
	}
}

// sorted tells whether names stand in their order, each once; else it returns
// the first that does not.
func sorted(names []string) (string, bool) {
	for i := 1; i < len(names); i++ {
		if names[i-1] >= names[i] {
			return names[i], false
		}
	}
	return "", true
}
