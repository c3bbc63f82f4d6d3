// Package spec reads what users write: palletgen.yaml, with its specs and
// groups, and --set. It imports gen/diag, gen/pack,
// gen/schema and gen/strictyaml.
package spec

import (
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/schema"
	"palletgen/gen/strictyaml"
)

// A Document is the specs and groups of all input files together.
type Document struct {
	Specs  map[string]*Spec
	Groups []*Spec // in the order of their files

	second []*Spec           // specs whose name another one has already
	unread bool              // it may hold more specs than could be read
	broken strictyaml.Broken // of all files
}

// Known drops from errs what is no error of its own: what is told of a place of
// the document that could not be read.
func (d *Document) Known(errs diag.List) diag.List {
	d.broken.Drop(&errs, 0)
	return errs
}

// A Spec is a named list of crates and other specs. A group is a spec that
// becomes a bundle.
type Spec struct {
	Name    string
	Pos     diag.Pos
	Extends []Entry

	broken bool // it may extend more than could be read
}

// An Entry is one element of `extends`.
type Entry struct {
	Name     string // of a crate or a spec
	Pos      diag.Pos
	Settings strictyaml.Value // a map; no node when there are none

	broken bool // the settings could not be read
}

// Instance returns the instance_id among the settings, "" when there is none.
func (e Entry) Instance() string { return instance(e.Settings) }

func instance(settings strictyaml.Value) string {
	for _, e := range settings.Entries() {
		if e.Key == schema.InstanceSetting && e.Value.IsScalar() {
			return e.Value.Text()
		}
	}
	return ""
}

// An Override is one --set.
type Override struct {
	Crate    string
	Pos      diag.Pos
	Settings strictyaml.Value // a map: {setting: value}
}

// ParseSet reads CRATE.SETTING=VALUE; further dots go into maps. A VALUE that
// begins with [ { " or ' is YAML, every other is the text that it is.
func ParseSet(text string) (Override, error) {
	src := &diag.Source{Name: "--set", Text: text}
	path, value, ok := strings.Cut(text, "=")
	keys := strings.Split(path, ".")
	pos := diag.Pos{Source: src, Line: 1, Col: 1}
	if !ok || len(keys) < 2 || strings.Contains(path, "..") || keys[0] == "" || keys[len(keys)-1] == "" {
		return Override{}, diag.At(pos, "cannot read --set %s", text).WithHint("--set CRATE.SETTING=VALUE")
	}
	offset := len(path) + 1
	if value == "" || !strings.ContainsRune("[{\"'", rune(value[0])) {
		return Override{Crate: keys[0], Pos: pos, Settings: strictyaml.Nest(keys[1:], len(keys[0])+2, strictyaml.Literal(src, value, offset+1))}, nil
	}
	root, err := strictyaml.Parse(&diag.Source{Name: "--set", Text: strings.Repeat(" ", offset) + value})
	if err != nil {
		var list diag.List
		list.Take(err)
		for i, e := range list {
			list[i] = &diag.Error{Pos: diag.Pos{Source: src, Line: 1, Col: max(e.Pos.Col, offset+1)}, Msg: e.Msg, Hint: "a VALUE that begins with [ { \" or ' is YAML, all others are taken as they are"}
		}
		return Override{}, list.Err()
	}
	root.Source = src
	return Override{Crate: keys[0], Pos: pos, Settings: strictyaml.Nest(keys[1:], len(keys[0])+2, root)}, nil
}
