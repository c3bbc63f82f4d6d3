package schema

import (
	"maps"
	"slices"

	"palletgen/gen/lazyregexp"
	"palletgen/gen/strictyaml"
)

// PayloadScheme begins the URL of a file that the bundle itself carries:
// bundle:CRATE/NAME.
const PayloadScheme = "bundle:"

// PayloadRule tells users what such a URL looks like.
const PayloadRule = "bundle:CRATE/NAME; each part of NAME is letters, digits and _.+~@%=,:- , beginning with a letter, digit or _"

var payloadRE = lazyregexp.New(`^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.+~@%=,:-]*)+$`)

// IsPayload reports whether text is the CRATE/NAME of such a URL.
func IsPayload(text string) bool { return payloadRE.MatchString(text) }

// URLs lists the values of type url in values, which Resolve returned, as
// SETTING and URL, in the order of the settings.
func (s *Schema) URLs(values map[string]any) [][2]string {
	var found [][2]string
	for _, setting := range s.Settings {
		setting.Type.urls(values[setting.Name], func(url string) { found = append(found, [2]string{setting.Name, url}) })
	}
	return found
}

func (t *Type) urls(v any, visit func(string)) {
	switch v := v.(type) {
	case string:
		if t.Kind == "url" && v != "" {
			visit(v)
		}
	case []any:
		for _, item := range v {
			t.Of.urls(item, visit)
		}
	case map[string]any:
		if t.Kind == "struct" {
			for _, found := range t.Fields.URLs(v) {
				visit(found[1])
			}
			return
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			t.Of.urls(v[key], visit)
		}
	}
}

// Find returns the first text within v that is written as text.
func Find(v strictyaml.Value, text string) (found strictyaml.Value, ok bool) {
	eachScalar(v, func(v strictyaml.Value) {
		if !ok && v.Text() == text {
			found, ok = v, true
		}
	})
	return found, ok
}
