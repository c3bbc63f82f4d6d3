package cli

import (
	"bytes"
	"io"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"

	"palletgen/gen/bounded"
	"palletgen/gen/diag"
	"palletgen/gen/lazyregexp"
	"palletgen/gen/onefile"
	"palletgen/gen/render"
	"palletgen/gen/verify"
)

// maxScript is how many bytes a script that is explained may have.
const maxScript = 128 << 20

// A script is a bundle in the format sh or cloud-init, whose own lines may be
// asked for; see package onefile.
type script struct {
	name     string // what its lines are asked for by
	text     string
	download []string // of user data that downloads the bundle: the bundle, URL, digest, phases; else nil
	packer   []string // of a file for Packer: the bundle, digest, phases, sources; else nil
}

// outside is the name of the bundle of a file that holds none itself, "" for one
// that does.
func (s *script) outside() string {
	switch {
	case s == nil:
		return ""
	case s.download != nil:
		return s.download[0]
	case s.packer != nil:
		return s.packer[0]
	}
	return ""
}

// downloadRE finds what palletgen put into templates/userdata.sh.tmpl.
var downloadRE = lazyregexp.New(`(?s)^#!.*?\n# User data: at the first boot this downloads the bundle (\S+) and .*\nuserdata_url=([^\n]*)\nuserdata_sum=([^\n ]*) .*\n[^\n]*exec /bin/sh "\$PALLETGEN_UNPACKED/run"([^\n]*)\n`)

// packerRE finds what palletgen put into a file for Packer: the templates in
// templates/packer, and what package packer writes around them.
var packerRE = lazyregexp.New(`(?s)^# Made by palletgen \S+: puts the bundle (\S+) into an image, .*\n  sources = \[([^\n]*)\]\n.*\npacker_sum=([0-9a-f]{64}) .*\nsh /[^\n ]*/run --root /([^\n]*)\nEOT\n    \]\n  \}\n\}\n$`)

// sourceRE finds the sources in such a file.
var sourceRE = lazyregexp.New(`"source\.([^"]*)"`)

// scriptOf reads the file of a bundle as a script, or as a file for Packer; nil
// where it is neither.
func scriptOf(name string) *script {
	data, err := bounded.Named(name, maxScript)
	if err != nil {
		return nil // it may be a folder; what reads the bundle says what is wrong
	}
	if z, err := gzip.NewReader(bytes.NewReader(data)); err == nil {
		if data, err = io.ReadAll(io.LimitReader(z, maxScript)); err != nil {
			return nil
		}
	}
	s := &script{name: name, text: string(data)}
	if found := packerRE.FindStringSubmatch(s.text); found != nil {
		s.packer = []string{found[1], found[3], found[4]}
		for _, source := range sourceRE.FindAllStringSubmatch(found[2], -1) {
			s.packer = append(s.packer, source[1])
		}
		return s
	}
	if !bytes.HasPrefix(data, []byte("#!")) {
		return nil
	}
	if found := downloadRE.FindStringSubmatch(s.text); found != nil {
		s.download = []string{found[1], unquoted(found[2]), found[3], found[4]}
	}
	return s
}

// unquoted is what a word of shell stands for that command.Quote wrote.
func unquoted(word string) string {
	var b strings.Builder
	within := false // single quotes
	for i := 0; i < len(word); i++ {
		switch {
		case word[i] == '\'':
			within = !within
		case word[i] == '\\' && !within && i+1 < len(word):
			i++
			b.WriteByte(word[i])
		default:
			b.WriteByte(word[i])
		}
	}
	return b.String()
}

// named tells whether a file that is asked for is the script itself.
func (s *script) named(file string) bool {
	return s != nil && (file == s.name || file == filepath.Base(s.name))
}

// tellScript tells of lines of the script that holds the bundle, or brings it to a
// host.
func (e *explanation) tellScript(line, col int) error {
	wrapper, err := e.renderer.NewWrapper(e.catalog)
	if err != nil {
		return err
	}
	var lines []render.Line
	if d := e.script.download; d != nil {
		lines, err = wrapper.ExplainDownload(e.made, e.script.text, d[1], d[2], strings.Fields(d[3]))
	} else if p := e.script.packer; p != nil {
		lines, err = wrapper.ExplainPacker(e.catalog, e.made, e.script.text, p[1], p[3:], strings.Fields(p[2]))
	} else {
		head, _, bad := onefile.Read([]byte(e.script.text), e.bundle.Name)
		if bad != nil {
			return diag.At(diag.Pos{Source: e.source}, "%v", bad)
		}
		for _, f := range e.bundle.Files {
			if err := e.same(f.Path, f.Data); err != nil {
				return err
			}
		}
		lines, err = wrapper.ExplainScript(e.made, e.script.text, verify.BakedIn(head))
	}
	if err != nil {
		return diag.At(diag.Pos{Source: e.source}, "%v", err).WithHint(otherInput)
	}
	return e.lines(filepath.Base(e.script.name), line, col, lines)
}
