// Package spec reads what users write: palletgen.yaml, with its specs and
// groups, and --set. It imports gen/diag, gen/schema and gen/strictyaml.
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
}

// A Spec is a named list of crates and other specs. A group is a spec that
// becomes a bundle.
type Spec struct {
	Name    string
	Pos     diag.Pos
	Extends []Entry
}

// An Entry is one element of `extends`.
type Entry struct {
	Name     string // of a crate or a spec
	Pos      diag.Pos
	Settings strictyaml.Value // a map; no node when there are none
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

// Load reads the files. The error is a diag.List of everything that is wrong
// in any of them.
func Load(sources []*diag.Source) (*Document, error) {
	l := &loader{doc: &Document{Specs: map[string]*Spec{}}, groups: map[string]*Spec{}, folded: map[string]*Spec{}}
	for _, src := range sources {
		root, err := strictyaml.Parse(src)
		if err != nil {
			l.errs.Take(err)
			continue
		}
		l.file(root)
	}
	if len(l.doc.Groups) == 0 && len(l.errs) == 0 && len(sources) > 0 {
		l.errs.Add(diag.At(diag.Pos{Source: sources[0]}, "there is no group, so there is nothing to build").
			WithHint("groups: {NAME: {extends: [CRATE, …]}}"))
	}
	if err := l.errs.Err(); err != nil {
		return nil, err
	}
	return l.doc, nil
}

type loader struct {
	doc    *Document
	groups map[string]*Spec
	folded map[string]*Spec // by name in small letters
	errs   diag.List
}

func (l *loader) file(root strictyaml.Value) {
	if !root.IsMap() {
		l.errs.Add(diag.At(root.Pos(), "%s where specs and groups belong", root.Describe()).
			WithHint("groups: {NAME: {extends: [CRATE, …]}}"))
		return
	}
	for _, e := range root.Entries() {
		switch e.Key {
		case "specs":
			l.each(e.Value, func(spec *Spec) {
				if before := l.doc.Specs[spec.Name]; before != nil {
					l.twice("spec", spec, before)
				}
				l.doc.Specs[spec.Name] = spec
			})
		case "groups":
			l.each(e.Value, l.group)
		default:
			l.errs.Add(diag.At(e.KeyAt, "unknown key %q", e.Key).
				WithHint("%s", diag.DidYouMean(e.Key, []string{"groups", "specs"})))
		}
	}
}

func (l *loader) group(group *Spec) {
	// Bundles land in one folder, which may tell no capital from a small letter.
	fold := strings.ToLower(group.Name)
	if before := l.folded[fold]; before != nil {
		l.twice("group", group, before)
		return
	}
	l.folded[fold] = group
	l.doc.Groups = append(l.doc.Groups, group)
}

func (l *loader) twice(what string, spec, before *Spec) {
	hint := "rename one of them"
	if spec.Name != before.Name {
		hint = "file names that differ in capitals only are one on some systems; rename one of them"
	}
	l.errs.Add(diag.At(spec.Pos, "%s %q is here a second time, first at %s", what, spec.Name, before.Pos).WithHint("%s", hint))
}

func (l *loader) each(v strictyaml.Value, add func(*Spec)) {
	if !v.IsMap() {
		l.errs.Add(diag.At(v.Pos(), "%s where a map of names belongs", v.Describe()).
			WithHint("NAME: {extends: [CRATE, …]}"))
		return
	}
	for _, e := range v.Entries() {
		if p := schema.CheckName(e.Key); p != nil {
			l.errs.Add(diag.At(e.KeyAt, "%s as a name: it becomes the name of a file", p.Msg).WithHint("%s", p.Hint))
			continue
		}
		add(l.spec(e))
	}
}

func (l *loader) spec(e strictyaml.Entry) *Spec {
	spec := &Spec{Name: e.Key, Pos: e.KeyAt}
	if !e.Value.IsMap() {
		l.errs.Add(diag.At(e.Value.Pos(), "%s where a map with extends belongs", e.Value.Describe()).
			WithHint("%s: {extends: [CRATE, …]}", e.Key))
		return spec
	}
	found := false
	for _, part := range e.Value.Entries() {
		if part.Key != "extends" {
			l.errs.Add(diag.At(part.KeyAt, "unknown key %q", part.Key).
				WithHint("%s", diag.DidYouMean(part.Key, []string{"extends"})))
			continue
		}
		found = true
		spec.Extends = l.extends(part.Value)
	}
	if !found {
		l.errs.Add(diag.At(e.KeyAt, "%s has no extends", e.Key).WithHint("extends: [CRATE, …]"))
	}
	return spec
}

func (l *loader) extends(v strictyaml.Value) []Entry {
	if !v.IsList() || len(v.Items()) == 0 {
		l.errs.Add(diag.At(v.Pos(), "%s where a list of crates and specs belongs", describeEmpty(v)).
			WithHint("extends: [CRATE, …]"))
		return nil
	}
	var entries []Entry
	first := map[[2]string]diag.Pos{}
	for _, item := range v.Items() {
		entry, ok := l.entry(item)
		if !ok {
			continue
		}
		key := [2]string{entry.Name, entry.Instance()}
		if before, ok := first[key]; ok {
			l.errs.Add(diag.At(entry.Pos, "%s is here a second time, first in line %d", entry.Name, before.Line).
				WithHint("put the settings together; for a second copy of the service give one of them an instance_id"))
			continue
		}
		first[key] = entry.Pos
		entries = append(entries, entry)
	}
	return entries
}

func describeEmpty(v strictyaml.Value) string {
	if v.IsList() {
		return "an empty list"
	}
	return v.Describe()
}

// entry reads NAME or {NAME: {setting: value}}.
func (l *loader) entry(v strictyaml.Value) (Entry, bool) {
	if v.IsScalar() {
		return Entry{Name: v.Text(), Pos: v.Pos()}, true
	}
	keys := v.Entries()
	if len(keys) != 1 {
		l.errs.Add(diag.At(v.Pos(), "%s where one name belongs", v.Describe()).
			WithHint("write  - NAME  or  - NAME: {setting: value}"))
		return Entry{}, false
	}
	entry := Entry{Name: keys[0].Key, Pos: keys[0].KeyAt}
	switch settings := keys[0].Value; {
	case settings.IsNull():
	case settings.IsMap():
		entry.Settings = settings
	default:
		l.errs.Add(diag.At(settings.Pos(), "%s where the settings of %s belong", settings.Describe(), entry.Name).
			WithHint("write  - %s: {setting: value}", entry.Name))
		return Entry{}, false
	}
	return entry, true
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
