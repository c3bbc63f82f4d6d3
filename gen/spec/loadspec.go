package spec

import (
	"slices"
	"strings"
	"unicode"

	"palletgen/gen/diag"
	"palletgen/gen/schema"
	"palletgen/gen/strictyaml"
)

const extendsKey = "extends"

const listHint = "extends: [CRATE, …]"

func (l *loader) spec(e strictyaml.Entry) *Spec {
	spec := &Spec{Name: e.Key, Pos: e.KeyAt}
	if !e.Value.IsMap() {
		l.errs.Add(diag.At(e.Value.Pos(), "%s where a map with extends belongs", e.Value.Describe()).
			WithHint("NAME: {extends: [CRATE, …]}"))
		if spec.broken = !e.Value.IsList(); !spec.broken {
			l.extends(spec, e.Value)
		}
		return spec
	}
	has := (schema.Layer{Value: e.Value}).Has(extendsKey)
	said := has
	for _, part := range e.Value.Entries() {
		if part.Key == extendsKey {
			l.extends(spec, part.Value)
			continue
		}
		near := diag.Suggest(part.Key, []string{extendsKey}) != ""
		hint := "did you mean \"extends\"?"
		if !near {
			hint = "crates and their settings are items of extends:  - NAME: {setting: value}"
		}
		l.errs.Add(diag.At(part.KeyAt, "unknown key %q", part.Key).WithHint("%s", hint))
		said = true
		if !has && near {
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
		hint := listHint
		if v.IsScalar() {
			names := strings.FieldsFunc(v.Text(), func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
			hint = "write it as a list: [" + strings.Join(names, ", ") + "]"
		}
		l.errs.Add(diag.At(v.Pos(), "%s where a list of crates and specs belongs", describeEmpty(v)).WithHint("%s", hint))
	}
	switch {
	case v.IsScalar() && v.Describe() == "a text" && schema.CheckName(v.Text()) == nil:
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
	for i := range v.Entries() {
		list = append(list, strictyaml.Only(v, i))
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
