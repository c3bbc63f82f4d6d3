package spec

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"palletgen/gen/diag"
	"palletgen/gen/pack"
	"palletgen/gen/schema"
	"palletgen/gen/strictyaml"
)

const listHint = "extends: [CRATE, …]"

// Load reads the files. The error is a diag.List of everything that is wrong
// in any of them; the document then holds what could be read, so that it can be
// told what else is wrong. A source is nil that could not be read.
func Load(sources []*diag.Source) (*Document, error) {
	l := &loader{doc: &Document{Specs: map[string]*Spec{}, broken: strictyaml.Broken{}}, folded: map[string]*Spec{}}
	for _, src := range sources {
		if src == nil {
			l.doc.unread = true
			continue
		}
		root, broken, err := strictyaml.ParseBroken(src)
		l.errs.Take(err)
		if root.Node == nil {
			l.doc.unread = true
			continue
		}
		since := len(l.errs)
		l.file(root)
		broken.Drop(&l.errs, since)
		for pos := range broken {
			l.doc.broken[pos] = true
		}
	}
	if len(l.doc.Groups) == 0 && len(l.errs) == 0 && len(sources) > 0 && !l.doc.unread {
		l.errs.Add(diag.At(diag.Pos{Source: sources[0]}, "there is no group, so there is nothing to build").
			WithHint("groups: {NAME: {extends: [CRATE, …]}}"))
	}
	return l.doc, l.errs.Err()
}

type loader struct {
	doc    *Document
	folded map[string]*Spec // groups by name in small letters
	errs   diag.List
}

func (l *loader) file(root strictyaml.Value) {
	if !root.IsMap() {
		l.doc.unread = true
		l.errs.Add(diag.At(root.Pos(), "%s where specs and groups belong", root.Describe()).
			WithHint("groups: {NAME: {extends: [CRATE, …]}}"))
		return
	}
	known := []string{"groups", "specs"}
	for _, e := range root.Entries() {
		if e.Key != "specs" && e.Key != "groups" {
			l.errs.Add(diag.At(e.KeyAt, "unknown key %q", e.Key).WithHint("%s", diag.DidYouMean(e.Key, known)))
		}
		switch diag.Suggest(e.Key, known) {
		case "specs":
			l.each(e.Value, l.addSpec)
		case "groups":
			l.each(e.Value, l.addGroup)
		default:
			l.doc.unread = true
		}
	}
}

func (l *loader) addSpec(spec *Spec) {
	if before := l.doc.Specs[spec.Name]; before != nil {
		l.twice("spec", spec, before)
		l.doc.second = append(l.doc.second, spec)
		return
	}
	l.doc.Specs[spec.Name] = spec
}

func (l *loader) addGroup(group *Spec) {
	// Bundles land in one folder, which may tell no capital from a small letter.
	fold := strings.ToLower(group.Name)
	if before := l.folded[fold]; before != nil {
		l.twice("group", group, before)
	} else {
		l.folded[fold] = group
	}
	if msg := pack.BadName(group.Name); msg != "" && schema.CheckName(group.Name) == nil { // else it is told already
		l.errs.Add(diag.At(group.Pos, "no bundle can be called %s: %s", group.Name, msg).WithHint("bundles are unpacked on other systems, too; give the group another name"))
	}
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
		l.doc.unread = true
		l.errs.Add(diag.At(v.Pos(), "%s where a map of names belongs", v.Describe()).
			WithHint("NAME: {extends: [CRATE, …]}"))
		return
	}
	for _, e := range v.Entries() {
		if p := schema.CheckName(e.Key); p != nil {
			l.errs.Add(diag.At(e.KeyAt, "%s as a name: it becomes the name of a file", p.Msg).WithHint("%s", p.Hint))
		}
		add(l.spec(e))
	}
}

func (l *loader) spec(e strictyaml.Entry) *Spec {
	spec := &Spec{Name: e.Key, Pos: e.KeyAt}
	if !e.Value.IsMap() {
		l.errs.Add(diag.At(e.Value.Pos(), "%s where a map with extends belongs", e.Value.Describe()).
			WithHint("NAME: {extends: [CRATE, …]}"))
		spec.broken = true
		return spec
	}
	const extends = "extends"
	has := (schema.Layer{Value: e.Value}).Has(extends)
	said := has
	for _, part := range e.Value.Entries() {
		if part.Key == extends {
			l.extends(spec, part.Value)
			continue
		}
		l.errs.Add(diag.At(part.KeyAt, "unknown key %q", part.Key).
			WithHint("%s", diag.DidYouMean(part.Key, []string{extends})))
		said = true
		if !has && diag.Suggest(part.Key, []string{extends}) != "" {
			l.extends(spec, part.Value)
		} else {
			spec.broken = true
		}
	}
	if !said {
		spec.broken = true
		l.errs.Add(diag.At(e.KeyAt, "%s has no extends", e.Key).WithHint(listHint))
	}
	return spec
}

func (l *loader) extends(spec *Spec, v strictyaml.Value) {
	items := v.Items()
	if len(items) == 0 {
		l.errs.Add(diag.At(v.Pos(), "%s where a list of crates and specs belongs", describeEmpty(v)).
			WithHint(listHint))
	}
	switch {
	case v.IsScalar() && v.Describe() == "a text":
		items = []strictyaml.Value{v}
	case v.IsMap():
		items = single(v)
	case len(items) == 0:
		spec.broken = true
	}
	for _, item := range items {
		l.entries(spec, item)
	}
	l.checkTwice(spec)
}

// checkTwice reports each crate that is named a second time. Both mentions stay:
// what they set is to be put together.
func (l *loader) checkTwice(spec *Spec) {
	first := map[[2]string]diag.Pos{}
	for _, entry := range spec.Extends {
		key := [2]string{entry.Name, entry.Instance()}
		before, ok := first[key]
		if !ok {
			first[key] = entry.Pos
			continue
		}
		l.errs.Add(diag.At(entry.Pos, "%s is here a second time, first in line %d", entry.Name, before.Line).
			WithHint("put the settings together; for a second copy of the service give one of them an instance_id"))
	}
}

func describeEmpty(v strictyaml.Value) string {
	if v.IsList() {
		return "an empty list"
	}
	return v.Describe()
}

// entries adds to the spec NAME or {NAME: {setting: value}}.
func (l *loader) entries(spec *Spec, v strictyaml.Value) {
	if v.IsScalar() {
		spec.Extends = append(spec.Extends, Entry{Name: v.Text(), Pos: v.Pos()})
		return
	}
	keys := v.Entries()
	if len(keys) == 1 {
		spec.Extends = append(spec.Extends, l.entry(keys[0]))
		return
	}
	e := diag.At(v.Pos(), "%s where one name belongs", v.Describe())
	switch {
	case len(keys) == 0:
		l.errs.Add(e.WithHint("write  - NAME  or  - NAME: {setting: value}"))
		spec.broken = true
	case keys[0].Value.IsNull():
		const hint = "settings stand further in than the name: write  - %s: {%s: …}"
		if slices.ContainsFunc(keys, func(e strictyaml.Entry) bool { return e.Value.IsMap() }) { // it may be another crate
			l.errs.Add(e.WithHint(hint+"; or begin each name with a - of its own", keys[0].Key, keys[1].Key))
			spec.broken = true
			return
		}
		l.errs.Add(e.WithHint(hint, keys[0].Key, keys[1].Key))
		spec.Extends = append(spec.Extends, l.entry(strictyaml.Entry{Key: keys[0].Key, KeyAt: keys[0].KeyAt, Value: v.From(1)}))
	default:
		l.errs.Add(e.WithHint("begin each name with a - of its own: write  - NAME  or  - NAME: {setting: value}"))
		for _, one := range single(v) {
			l.entries(spec, one)
		}
	}
}

// single makes of a map one of each of its keys.
func single(v strictyaml.Value) []strictyaml.Value {
	var list []strictyaml.Value
	for i := 0; i+1 < len(v.Node.Content); i += 2 {
		key := v.Node.Content[i]
		list = append(list, strictyaml.Value{Source: v.Source, Node: &yaml.Node{
			Kind: yaml.MappingNode, Line: key.Line, Column: key.Column, Content: v.Node.Content[i : i+2],
		}})
	}
	return list
}

func (l *loader) entry(e strictyaml.Entry) Entry {
	entry := Entry{Name: e.Key, Pos: e.KeyAt}
	switch settings := e.Value; {
	case settings.IsNull():
	case settings.IsMap():
		entry.Settings = settings
	default:
		entry.broken = true
		l.errs.Add(diag.At(settings.Pos(), "%s where the settings of %s belong", settings.Describe(), entry.Name).
			WithHint("write  - %s: {setting: value}", entry.Name))
	}
	return entry
}
