package schema

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/strictyaml"
)

// Reads lists the paths that the templates in v, a part of the layer, read off
// their data, sorted, each as its fields.
func (l Layer) Reads(v strictyaml.Value) [][]string { return reads(v, l.Templates) }

// ReadsIn is Reads for a part v of the expression.
func (e *Expr) ReadsIn(v strictyaml.Value) [][]string { return reads(v, e.templates) }

func reads(v strictyaml.Value, templates map[*yaml.Node]*record.Template) [][]string {
	seen := map[string]bool{}
	eachScalar(v, func(v strictyaml.Value) {
		if tmpl := templates[v.Node]; tmpl != nil {
			for _, path := range tmpl.Reads() {
				seen[path] = true
			}
		}
	})
	var paths [][]string
	for _, path := range slices.Sorted(maps.Keys(seen)) {
		paths = append(paths, strings.Split(path, "."))
	}
	return paths
}

// ReadsAt is Reads for the parts of the expression that begin at pos; nil where
// there are none that read anything.
func (e *Expr) ReadsAt(pos diag.Pos) [][]string { return readsAt(e.value, pos, e.templates) }

// ReadsAt is Expr.ReadsAt for a layer.
func (l Layer) ReadsAt(pos diag.Pos) [][]string { return readsAt(l.Value, pos, l.Templates) }

func readsAt(v strictyaml.Value, pos diag.Pos, templates map[*yaml.Node]*record.Template) [][]string {
	if v.Node == nil || len(templates) == 0 {
		return nil
	}
	if v.Pos() == pos {
		if found := reads(v, templates); found != nil {
			return found
		}
	}
	for _, e := range v.Entries() {
		if found := readsAt(e.Value, pos, templates); found != nil {
			return found
		}
	}
	for _, item := range v.Items() {
		if found := readsAt(item, pos, templates); found != nil {
			return found
		}
	}
	return nil
}

// Places lists where a list or map says text, as a value or a key.
func Places(v strictyaml.Value, text string) []diag.Pos {
	var places []diag.Pos
	for _, e := range v.Entries() {
		if e.Key == text {
			places = append(places, e.KeyAt)
		}
		places = append(places, Places(e.Value, text)...)
	}
	for _, item := range v.Items() {
		places = append(places, Places(item, text)...)
	}
	if v.IsScalar() && v.Text() == text {
		places = append(places, v.Pos())
	}
	return places
}

// Below follows a path into a value, as far as that is written out: ok is false
// where a map on the way does not hold the next key. record.Each ends the path.
func Below(v strictyaml.Value, path []string) (at strictyaml.Value, ok bool) {
	for _, key := range path {
		if key == record.Each || !v.IsMap() {
			return v, true
		}
		i := slices.IndexFunc(v.Entries(), func(e strictyaml.Entry) bool { return e.Key == key })
		if i < 0 {
			return v, false
		}
		v = v.Entries()[i].Value
	}
	return v, true
}
