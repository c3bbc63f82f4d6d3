// Package schema describes settings: their types, defaults and documentation,
// and turns what users write in YAML into typed values. It imports gen/clojure,
// gen/command, gen/diag, gen/lazyregexp, gen/record, gen/secret, gen/shell and
// gen/strictyaml.
package schema

import (
	"fmt"
	"regexp"
	"strings"
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

	broken bool // its description has an error: no value can be wrong
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
