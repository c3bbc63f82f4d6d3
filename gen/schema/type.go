// Package schema describes settings: their types, defaults and documentation,
// and turns what users write in YAML into typed values. It imports gen/clojure,
// gen/command, gen/diag, gen/record, gen/secret, gen/shell and gen/strictyaml.
package schema

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/strictyaml"
)

// A Type says what a setting holds.
//
// The Go types of the values: string for every kind of text, int for numbers,
// bool, []any, map[string]any, command.Command, clojure.Code, shell.Code. What
// is not set is "", 0, false, an empty list or map, and nil for a command.
type Type struct {
	Kind    string         // a key of kinds, "list", "map" or "struct"
	Of      *Type          // of the elements of a list or a map
	Fields  *Schema        // of a struct: a map with these keys
	Values  []string       // of an enum
	Pattern *regexp.Regexp // what a text must match as a whole
	Min     *int           // of a number
	Max     *int
	Key     *regexp.Regexp // what the keys of a map must match
}

// String names the type as it is shown to users.
func (t *Type) String() string {
	switch t.Kind {
	case "list":
		return "list of " + t.Of.String()
	case "map":
		return "map of " + t.Of.String()
	case "enum":
		name := ""
		for i, value := range t.Values {
			if i > 0 {
				name += "|"
			}
			name += value
		}
		return name
	}
	return t.Kind
}

// Bounds tells what restricts the values of the type beside its kind, for
// users: ", at least 1".
func (t *Type) Bounds() string {
	bounds := ""
	if t.Min != nil {
		bounds += fmt.Sprintf(", at least %d", *t.Min)
	}
	if t.Max != nil {
		bounds += fmt.Sprintf(", at most %d", *t.Max)
	}
	if t.Pattern != nil {
		bounds += ", matching " + source(t.Pattern)
	}
	if t.Key != nil {
		bounds += ", keys matching " + source(t.Key)
	}
	return bounds
}

// source is a pattern as it was written.
func source(re *regexp.Regexp) string {
	return strings.TrimSuffix(strings.TrimPrefix(re.String(), "^(?:"), ")$")
}

// loadType reads a type: a name, or a map {type: NAME, of: …, values: …}.
func loadType(v strictyaml.Value, errs *diag.List) *Type {
	if v.IsScalar() {
		return namedType(v, errs)
	}
	if !v.IsMap() {
		errs.Add(diag.At(v.Pos(), "%s where a type belongs", v.Describe()).WithHint("%s", kindHint()))
		return &Type{Kind: "string"}
	}
	t, attributes := &Type{}, typeAttributes{}
	for _, e := range v.Entries() {
		if !attributes.take(e) {
			errs.Add(diag.At(e.KeyAt, "unknown key %q of a type", e.Key))
		}
	}
	attributes.apply(t, v, errs)
	return t
}

func namedType(v strictyaml.Value, errs *diag.List) *Type {
	name := v.Text()
	if name == "packages" {
		return packageLists()
	}
	if _, ok := kinds[name]; !ok && name != "list" && name != "map" && name != "struct" {
		errs.Add(diag.At(v.Pos(), "unknown type %q", name).
			WithHint("%s", diag.DidYouMean(name, kindNames())))
		name = "string"
	}
	return &Type{Kind: name}
}

// packageLists is the type of what the function packages of the library is told:
// names of packages by package manager.
func packageLists() *Type {
	return &Type{Kind: "map", Key: managersRE, Of: &Type{Kind: "list", Of: &Type{Kind: "package"}}}
}

// typeAttributes are the keys that make up a type, wherever they stand: beside
// doc and default of a setting, or in an own map under `of`.
type typeAttributes struct {
	kind, of, fields, values, pattern, min, max, key *strictyaml.Value
}

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
		t.Kind = "string"
		return
	}
	*t = *namedType(*a.kind, errs)
	a.applyParts(t, at, errs)
	if a.values != nil {
		for _, item := range a.values.Items() {
			if item.IsScalar() {
				t.Values = append(t.Values, item.Text())
			}
		}
	}
	if t.Kind == "enum" && len(t.Values) == 0 {
		errs.Add(diag.At(at.Pos(), "an enum needs its values").WithHint("add  values: [a, b]"))
	}
	t.Pattern = loadPattern(a.pattern, errs)
	if a.key != nil {
		t.Key = loadPattern(a.key, errs)
	}
	t.Min = loadBound(a.min, errs)
	t.Max = loadBound(a.max, errs)
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
	if v == nil || !v.IsScalar() {
		return nil
	}
	if err := record.CheckExpression(v.Text()); err != nil {
		errs.Add(diag.At(v.Pos(), "cannot read the pattern: %v", err).WithHint("use * instead of large numbers in {}"))
		return nil
	}
	re, err := regexp.Compile(`^(?:` + v.Text() + `)$`)
	if err != nil {
		errs.Add(diag.At(v.Pos(), "cannot read the pattern: %v", err))
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
