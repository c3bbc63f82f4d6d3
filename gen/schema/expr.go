package schema

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"palletgen/gen/command"
	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/strictyaml"
)

// An Expr is a value in YAML whose texts may be templates: the default of a
// setting, a field of a crate's service. A text that is one action and nothing
// else keeps the type of the action's value.
type Expr struct {
	value     strictyaml.Value
	typ       *Type
	name      string
	templates map[*yaml.Node]*record.Template
	constant  any // the value, when there is no template in it
}

// NewExpr parses the templates in v; name is how messages call it. A value
// without templates is decoded here and now.
func NewExpr(v strictyaml.Value, typ *Type, name string, loader *record.Loader, errs *diag.List) *Expr {
	e := &Expr{value: v, typ: typ, name: name, templates: ParseTemplates(v, loader, errs)}
	if len(e.templates) == 0 {
		d := &decoder{errs: errs}
		e.constant = d.value(typ, v, name)
	} else {
		readAgain(v, typ, name, errs)
	}
	return e
}

// ParseTemplates parses every text in v that holds a template.
func ParseTemplates(v strictyaml.Value, loader *record.Loader, errs *diag.List) map[*yaml.Node]*record.Template {
	found := map[*yaml.Node]*record.Template{}
	eachScalar(v, func(v strictyaml.Value) {
		if !strings.Contains(v.Text(), "{{") {
			return
		}
		// The template's own positions are of use only where it stands in the
		// file as it is: in one line. Its name is the place.
		tmpl, err := loader.Parse(&diag.Source{Name: v.Pos().String(), Text: v.Text()})
		if err != nil {
			errs.Add(moved(err, v.Pos())...)
			return
		}
		found[v.Node] = tmpl
	})
	return found
}

func eachScalar(v strictyaml.Value, visit func(strictyaml.Value)) {
	switch {
	case v.IsMap():
		for _, e := range v.Entries() {
			eachScalar(e.Value, visit)
		}
	case v.IsList():
		for _, item := range v.Items() {
			eachScalar(item, visit)
		}
	case v.IsScalar():
		visit(v)
	}
}

// moved puts errors within a template that stands in YAML at the place of the
// YAML value.
func moved(err error, pos diag.Pos) diag.List {
	var list diag.List
	list.Take(err)
	for i, e := range list {
		list[i] = &diag.Error{Pos: pos, Msg: e.Msg, Hint: e.Hint}
	}
	return list
}

// Check compares what the templates read with the shape of their data.
func (e *Expr) Check(shape record.Shape, errs *diag.List) {
	CheckTemplates(e.value, e.templates, shape, errs)
}

// CheckTemplates is Check for templates that were parsed by ParseTemplates.
func CheckTemplates(v strictyaml.Value, templates map[*yaml.Node]*record.Template, shape record.Shape, errs *diag.List) {
	eachScalar(v, func(v strictyaml.Value) {
		if tmpl := templates[v.Node]; tmpl != nil {
			errs.Add(moved(tmpl.Check(shape), v.Pos())...)
		}
	})
}

// Reads lists the paths that the templates read off their data, sorted.
func (e *Expr) Reads() []string {
	seen := map[string]bool{}
	for _, tmpl := range e.templates {
		for _, path := range tmpl.Reads() {
			seen[path] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// Source returns the value as it is written in its file, for documentation.
func (e *Expr) Source() strictyaml.Value { return e.value }

// Eval computes the value. Errors go to errs, at the place of the expression.
func (e *Expr) Eval(data any, errs *diag.List) any { return e.eval(data, nil, errs) }

func (e *Expr) eval(data any, left *int, errs *diag.List) any {
	if len(e.templates) == 0 {
		return e.constant
	}
	d := &decoder{templates: e.templates, data: data, left: left, errs: errs}
	return d.value(e.typ, e.value, e.name)
}

// fill puts the values into text, in the places of their markers.
func fill(text string, values []record.Value) (filled string, err error) {
	filled = record.Fill(text, func(b *strings.Builder, index int) {
		s, ok := plainText(values[index].V)
		if !ok {
			err = fmt.Errorf("a %T cannot stand within a text", values[index].V)
		}
		b.WriteString(s)
	})
	return filled, err
}

// plainText writes a scalar value as text.
func plainText(v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case int, int64, bool:
		return fmt.Sprint(v), true
	case command.Command:
		return v.Shell(), true
	}
	return "", false
}

// commandOf parses what a template printed as a command. Each value becomes
// part of one word, whatever it holds; a command stands for its words.
func commandOf(m *record.Marked) (any, *Problem) {
	cmd, perr := command.Parse(m.Text)
	if perr != nil {
		return nil, &Problem{Msg: perr.Msg, Hint: perr.Hint}
	}
	words := make([]command.Arg, 0, len(cmd.Args))
	for _, arg := range cmd.Args {
		if at, _ := record.FindMarker(arg.Src); at >= 0 {
			return nil, problem("write the command as a list, one word an item", "a value in a word with an expansion")
		}
		inner, alone := commandIn(arg.Lit, m.Values)
		switch {
		case alone:
			words = append(words, inner.Args...)
			continue
		case !inner.IsZero():
			return nil, problem("put blanks around it", "a command cannot be a part of a word")
		}
		if arg.Src == "" {
			lit, err := fill(arg.Lit, m.Values)
			if err != nil {
				return nil, problem("write the command as a list, one word an item", "%v", err)
			}
			arg.Lit = lit
		}
		words = append(words, arg)
	}
	return checkProgram(command.Command{Args: words})
}

// commandIn returns the command whose marker is in a word; alone says that the word
// is nothing else.
func commandIn(word string, values []record.Value) (found command.Command, alone bool) {
	record.Fill(word, func(_ *strings.Builder, index int) {
		if c, ok := values[index].V.(command.Command); ok && !c.IsZero() {
			found, alone = c, word == record.Marker(index)
		}
	})
	return found, alone
}
