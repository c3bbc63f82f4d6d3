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
