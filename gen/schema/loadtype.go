package schema

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/strictyaml"
)

// loadType reads a type: a name, or a map {type: NAME, of: …, values: …}.
func loadType(v strictyaml.Value, errs *diag.List) *Type {
	if v.IsScalar() {
		return namedType(v, errs)
	}
	if !v.IsMap() {
		errs.Add(diag.At(v.Pos(), "%s where a type belongs", v.Describe()).WithHint("%s", kindHint()))
		return &Type{Kind: "string", broken: true}
	}
	t, attributes := &Type{}, typeAttributes{}
	for _, e := range v.Entries() {
		if !attributes.take(e) {
			errs.Add(diag.At(e.KeyAt, "unknown key %q of a type", e.Key).WithHint("%s", diag.DidYouMean(e.Key, typeKeys)))
		}
	}
	attributes.apply(t, v, errs)
	return t
}

func namedType(v strictyaml.Value, errs *diag.List) *Type {
	if !v.IsScalar() {
		errs.Add(diag.At(v.Pos(), "%s where the name of a type belongs", v.Describe()).WithHint("%s", kindHint()))
		return &Type{Kind: "string", broken: true}
	}
	name := v.Text()
	if name == "packages" {
		return packageLists()
	}
	if _, ok := kinds[name]; !ok && name != "list" && name != "map" && name != "struct" {
		errs.Add(diag.At(v.Pos(), "unknown type %q", name).
			WithHint("%s", diag.DidYouMean(name, kindNames())))
		return &Type{Kind: "string", broken: true}
	}
	return &Type{Kind: name}
}

// packageLists is the type of what the function packages of the library is told:
// names of packages by package manager.
func packageLists() *Type {
	return &Type{Kind: "map", Key: managersRE.Regexp(), Of: &Type{Kind: "list", Of: &Type{Kind: "package"}}}
}

// typeAttributes are the keys that make up a type, wherever they stand: beside
// doc and default of a setting, or in an own map under `of`.
type typeAttributes struct {
	kind, of, fields, values, pattern, min, max, key *strictyaml.Value
}

var typeKeys = []string{"fields", "keys", "max", "min", "of", "pattern", "type", "values"}

// take keeps e when it is one of the keys of a type.
func (a *typeAttributes) take(e strictyaml.Entry) bool {
	slot, ok := map[string]**strictyaml.Value{
		"type": &a.kind, "of": &a.of, "fields": &a.fields, "values": &a.values,
		"pattern": &a.pattern, "min": &a.min, "max": &a.max, "keys": &a.key,
	}[e.Key]
	if ok {
		*slot = &e.Value
	}
	return ok
}

func (a *typeAttributes) apply(t *Type, at strictyaml.Value, errs *diag.List) {
	if a.kind == nil {
		errs.Add(diag.At(at.Pos(), "the type is missing").WithHint("%s", kindHint()))
		t.Kind, t.broken = "string", true
		return
	}
	since := len(*errs)
	*t = *namedType(*a.kind, errs)
	a.misplaced(t, errs)
	a.applyParts(t, at, errs)
	if a.values != nil {
		t.Values = Names(*a.values, errs)
	}
	if t.Kind == "enum" && len(t.Values) == 0 && (a.values == nil || a.values.IsList()) {
		errs.Add(diag.At(at.Pos(), "an enum needs its values").WithHint("add  values: [a, b]"))
	}
	t.Pattern = loadPattern(a.pattern, errs)
	if a.key != nil {
		t.Key = loadPattern(a.key, errs)
	}
	t.Min = loadBound(a.min, errs)
	t.Max = loadBound(a.max, errs)
	t.broken = t.broken || len(*errs) > since
}

// misplaced reports keys that say nothing of a type of this kind.
func (a *typeAttributes) misplaced(t *Type, errs *diag.List) {
	number := slices.Contains([]string{"integer", "port", "seconds", "bytes"}, t.Kind)
	text := !number && !slices.Contains([]string{"boolean", "command", "list", "map", "struct", "clojure", "shell"}, t.Kind)
	for _, key := range []struct {
		name string
		at   *strictyaml.Value
		fits bool
		what string
	}{
		{"of", a.of, t.Kind == "list" || t.Kind == "map", "lists and maps"},
		{"keys", a.key, t.Kind == "map", "maps"},
		{"fields", a.fields, t.Kind == "struct", "structs"},
		{"values", a.values, t.Kind == "enum", "enums"},
		{"pattern", a.pattern, text, "texts"},
		{"min", a.min, number, "numbers"},
		{"max", a.max, number, "numbers"},
	} {
		if key.at != nil && !key.fits && !t.broken {
			errs.Add(diag.At(key.at.Pos(), "%s is for %s: it says nothing of the type %s", key.name, key.what, a.kind.Text()).WithHint("remove it, or choose another type"))
		}
	}
}

// applyParts reads what lists, maps and structs are made of.
func (a *typeAttributes) applyParts(t *Type, at strictyaml.Value, errs *diag.List) {
	switch t.Kind {
	case "list", "map":
		if t.Of == nil {
			t.Of = &Type{Kind: "string"}
		}
		if a.of != nil {
			t.Of = loadType(*a.of, errs)
		}
	case "struct":
		t.Fields = &Schema{}
		if a.fields == nil {
			errs.Add(diag.At(at.Pos(), "a struct needs its fields").WithHint("add  fields: {NAME: {type: …, doc: …}}"))
			return
		}
		t.Fields = Load(*a.fields, errs)
		t.Fields.RefuseSecrets(errs)
	}
}

func loadPattern(v *strictyaml.Value, errs *diag.List) *regexp.Regexp {
	if v == nil {
		return nil
	}
	if !v.IsScalar() {
		errs.Add(diag.At(v.Pos(), "%s where a pattern belongs", v.Describe()).WithHint("write a regular expression: '[a-z]+'"))
		return nil
	}
	if err := record.CheckExpression(v.Text()); err != nil {
		errs.Add(diag.At(v.Pos(), "cannot read the pattern: %v", err).WithHint("use * instead of large numbers in {}"))
		return nil
	}
	_, err := regexp.Compile(v.Text())
	re, whole := regexp.Compile(`^(?:` + v.Text() + `)$`)
	if err = cmp.Or(err, whole); err != nil {
		errs.Add(diag.At(v.Pos(), "cannot read the pattern: %v", strings.TrimPrefix(err.Error(), "error parsing regexp: ")).
			WithHint("write a regular expression in single quotes: '[a-z]+'"))
		return nil
	}
	return re
}

func loadBound(v *strictyaml.Value, errs *diag.List) *int {
	if v == nil {
		return nil
	}
	n, err := scalarInt(*v)
	if err != nil {
		errs.Add(diag.At(v.Pos(), "%s", err.Msg).WithHint("%s", err.Hint))
		return nil
	}
	return &n
}

func kindNames() []string {
	return slices.Sorted(slices.Values(append(slices.Collect(maps.Keys(kinds)), "list", "map", "packages", "struct")))
}

func kindHint() string {
	return "types are " + strings.Join(kindNames(), ", ")
}
