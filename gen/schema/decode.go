package schema

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"palletgen/gen/command"
	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/secret"
	"palletgen/gen/strictyaml"
)

// A decoder turns YAML into typed values; texts that are templates are run
// with data first.
type decoder struct {
	templates map[*yaml.Node]*record.Template
	data      any
	left      *int // bytes that templates may still make
	errs      *diag.List
}

// maxMade is how much the templates in the settings of a crate, or in one other
// value, may make, in bytes: each may hold the one before it twice.
const maxMade = 16 << 20

// make counts what a template has made.
func (d *decoder) make(v any) *Problem {
	if d.left == nil {
		d.left = new(maxMade)
	}
	if *d.left -= record.Size(v, maxMade); *d.left < 0 {
		return problem("make shorter texts and lists", "templates make more than %d bytes", maxMade)
	}
	return nil
}

func (d *decoder) fail(v strictyaml.Value, name string, p *Problem) {
	d.errs.Add(&diag.Error{Pos: v.Pos(), Msg: name + ": " + p.Msg, Hint: p.Hint})
}

// value decodes v as a t; name is how messages call it. After an error it
// returns the zero value.
func (d *decoder) value(t *Type, v strictyaml.Value, name string) any {
	result, p := d.decode(t, v, name)
	if p != nil {
		d.fail(v, name, p)
		return t.Zero()
	}
	return result
}

func (d *decoder) decode(t *Type, v strictyaml.Value, name string) (any, *Problem) {
	if tmpl := d.templates[v.Node]; tmpl != nil {
		return d.template(t, tmpl)
	}
	if t.broken {
		return t.Zero(), nil
	}
	if v.IsNull() {
		return nil, problem("leave the setting out, or give it a value", "nothing where %s belongs", article(t))
	}
	switch t.Kind {
	case "list":
		return d.list(t, v, name)
	case "map":
		return d.mapping(t, v, name)
	case "struct":
		if !v.IsMap() {
			return nil, wrongKind(t, v)
		}
		return t.Fields.Resolve(Input{Layers: []Layer{{Value: v, Templates: d.templates, Data: d.data}}, At: v.Pos(), Name: name, left: d.left}, d.errs), nil
	case "command":
		if v.IsList() {
			return d.argv(v, name)
		}
	}
	if !v.IsScalar() || unquotedKinds[t.Kind] && !v.Plain() {
		return nil, wrongKind(t, v)
	}
	return t.read(v.Text())
}

// unquotedKinds are those whose values YAML writes without quotes.
var unquotedKinds = map[string]bool{"integer": true, "port": true, "boolean": true}

func wrongKind(t *Type, v strictyaml.Value) *Problem {
	hint := ""
	switch {
	case t.Kind == "list" && v.IsScalar():
		hint = "write it as a list: [" + v.Text() + "]"
	case unquotedKinds[t.Kind] && v.IsScalar():
		hint = "write it without quotes"
	case t.Kind == "map" || t.Kind == "struct":
		hint = "write it as a map: {name: value}"
	case t.Kind == "command":
		hint = "write it as a list, [program, word], or as a text"
	case !v.IsScalar():
		hint = "write a single value"
	}
	return problem(hint, "%s where %s belongs", v.Describe(), article(t))
}

func article(t *Type) string {
	name := t.String()
	if t.Kind == "enum" {
		return "one of " + name
	}
	if strings.ContainsAny(name[:1], "aeio") {
		return "an " + name
	}
	return "a " + name
}

func (d *decoder) list(t *Type, v strictyaml.Value, name string) (any, *Problem) {
	if !v.IsList() {
		return nil, wrongKind(t, v)
	}
	list := make([]any, 0, len(v.Node.Content))
	for i, item := range v.Items() {
		list = append(list, d.value(t.Of, item, fmt.Sprintf("%s[%d]", name, i)))
	}
	return list, nil
}

func (d *decoder) mapping(t *Type, v strictyaml.Value, name string) (any, *Problem) {
	if !v.IsMap() {
		return nil, wrongKind(t, v)
	}
	m := make(map[string]any, len(v.Node.Content)/2)
	for _, e := range v.Entries() {
		if t.Key != nil && !t.Key.MatchString(e.Key) {
			d.errs.Add(diag.At(e.KeyAt, "%s: %q is not allowed as a key", name, e.Key).
				WithHint("keys match %s", source(t.Key)))
			continue
		}
		m[e.Key] = d.value(t.Of, e.Value, name+"."+e.Key)
	}
	return m, nil
}

// argv reads a command that is written as a list: its exact words.
func (d *decoder) argv(v strictyaml.Value, name string) (any, *Problem) {
	words, before := make([]string, 0, len(v.Node.Content)), len(*d.errs)
	for i, item := range v.Items() {
		word := d.value(&Type{Kind: "text"}, item, fmt.Sprintf("%s[%d]", name, i))
		words = append(words, word.(string))
	}
	if len(*d.errs) > before { // of words that are not known nothing can be told
		return command.Command{}, nil
	}
	cmd, err := command.Exact(words)
	if err != nil {
		return nil, problem(noCommandHint, "%v", err)
	}
	return checkProgram(cmd)
}

const noCommandHint = "name a program, or leave it out"

// template runs tmpl and reads what it printed as a t.
func (d *decoder) template(t *Type, tmpl *record.Template) (any, *Problem) {
	marked, err := tmpl.Execute(d.data)
	if err != nil {
		msg, hint := err.Error(), ""
		if e, ok := err.(*diag.Error); ok {
			msg, hint = e.Msg, e.Hint
		}
		return nil, &Problem{Msg: msg, Hint: hint}
	}
	for _, value := range marked.Values {
		if ref, ok := value.V.(secret.Ref); ok {
			return nil, problem(secretPlaces, "the secret %s cannot stand here", ref.What())
		}
	}
	for _, v := range marked.Values {
		if p := d.make(v.V); p != nil {
			return nil, p
		}
	}
	if p := d.make(marked.Text); p != nil {
		return nil, p
	}
	if len(marked.Values) == 1 && marked.Text == record.Marker(0) {
		return t.convert(marked.Values[0].V)
	}
	if t.Kind == "command" {
		return commandOf(marked)
	}
	text, err := fill(marked.Text, marked.Values)
	if err != nil {
		return nil, problem("", "%v", err)
	}
	return t.convert(text)
}

const secretPlaces = "a secret can stand in a file of the format text or shell; the service takes it from there, or by environment_file"
