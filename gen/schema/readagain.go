package schema

import (
	"strings"

	"palletgen/gen/command"
	"palletgen/gen/diag"
	"palletgen/gen/lazyregexp"
	"palletgen/gen/record"
	"palletgen/gen/shell"
	"palletgen/gen/strictyaml"
)

// readAgain reports the templates in commands whose values the command would read
// as code, as in [sh, -c, "x {{ .value }}"]: there no quoting can help.
func readAgain(v strictyaml.Value, typ *Type, name string, errs *diag.List) {
	switch {
	case typ == nil:
	case typ.Kind == "command":
		readCommandAgain(v, name, errs)
	case v.IsList() && typ.Kind == "list":
		for _, item := range v.Items() {
			readAgain(item, typ.Of, name, errs)
		}
	case v.IsMap() && typ.Kind == "map":
		for _, e := range v.Entries() {
			readAgain(e.Value, typ.Of, name, errs)
		}
	case v.IsMap() && typ.Kind == "struct":
		for _, e := range v.Entries() {
			if s := typ.Fields.byName[e.Key]; s != nil {
				readAgain(e.Value, s.Type, name+"."+e.Key, errs)
			}
		}
	}
}

func readCommandAgain(v strictyaml.Value, name string, errs *diag.List) {
	var msg, hint string
	switch {
	case v.IsList():
		var words []string
		for _, item := range v.Items() {
			if item.IsScalar() {
				words = append(words, withMarkers(item.Text()))
			}
		}
		_, msg, hint = shell.ReadAgain(words)
	case v.IsScalar():
		line := withMarkers(v.Text())
		if _, wrong := command.Parse(line); wrong == nil { // else it is said of the command that comes of it
			_, msg, hint = shell.ReadAgainLine(line)
		}
	}
	if msg != "" {
		errs.Add(diag.At(v.Pos(), "%s: %s", name, msg).WithHint("%s", hint))
	}
}

var actionRE = lazyregexp.New(`(?s)\{\{-?\s*(.*?)\s*-?\}\}`)

// withMarkers returns a template's text with a marker in the place of each action
// that prints, and without the others.
func withMarkers(text string) string {
	return actionRE.ReplaceAllStringFunc(text, func(action string) string {
		inner := actionRE.FindStringSubmatch(action)[1]
		first, _, _ := strings.Cut(inner, " ")
		switch {
		case first == "if", first == "else", first == "end", first == "range", first == "with", first == "break", first == "continue",
			strings.HasPrefix(inner, "/*"), strings.HasPrefix(inner, "$") && strings.Contains(strings.SplitN(inner, "(", 2)[0], "="):
			return ""
		}
		return record.Marker(0)
	})
}
