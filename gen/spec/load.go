package spec

import (
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/pack"
	"palletgen/gen/schema"
	"palletgen/gen/strictyaml"
)

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
	group := func(e strictyaml.Entry) bool {
		return diag.Suggest(e.Key, known) == "" && e.Value.IsMap() && (schema.Layer{Value: e.Value}).Has(extendsKey)
	}
	beside := slices.ContainsFunc(root.Entries(), group) // and not below `groups:`
	for _, e := range root.Entries() {
		err := diag.At(e.KeyAt, "unknown key %q", e.Key).WithHint("%s", diag.DidYouMean(e.Key, known))
		switch meant := diag.Suggest(e.Key, known); {
		case meant == "specs":
			l.each(e.Value, l.addSpec)
		case meant == "groups" && e.Value.IsNull() && beside:
		case meant == "groups":
			l.each(e.Value, l.addGroup)
		case group(e):
			err.Hint = "it stands below  groups:  or  specs:  , further in"
			l.addGroup(l.spec(e))
		default:
			l.doc.unread = true
		}
		if !slices.Contains(known, e.Key) {
			l.errs.Add(err)
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
		hint := "NAME: {extends: [CRATE, …]}"
		if v.IsList() {
			hint = "names are no items of a list: write them without -,  " + hint
		}
		l.errs.Add(diag.At(v.Pos(), "%s where a map of names belongs", v.Describe()).WithHint("%s", hint))
		return
	}
	entries := v.Entries()
	for i, e := range entries {
		if i > 0 && e.Key == extendsKey && entries[i-1].Value.IsNull() {
			continue // of the one before
		}
		if next := i + 1; e.Value.IsNull() && next < len(entries) && entries[next].Key == extendsKey {
			l.errs.Add(diag.At(entries[next].KeyAt, "%s stands beside %s, and belongs into it", extendsKey, e.Key).WithHint("indent it further than %s", e.Key))
			e.Value = strictyaml.Only(v, next)
		}
		if p := schema.CheckName(e.Key); p != nil {
			l.errs.Add(diag.At(e.KeyAt, "%s as a name: it becomes the name of a file", p.Msg).WithHint("%s", p.Hint))
		}
		add(l.spec(e))
	}
}
