package procfile

import (
	"errors"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// An expander expands words as a shell does, with variables that are known. The
// first thing that it cannot do stays in err.
type expander struct {
	env  map[string]string
	size int // of the values so far
	err  error
}

func (x *expander) fail(err error) {
	if x.err == nil || x.err == errUnknown {
		x.err = err
	}
}

// A field is a word as it grows.
type field struct {
	done []string
	b    strings.Builder
	open bool // there is a word, though it may be empty
}

func (f *field) add(s string) {
	f.b.WriteString(s)
	f.open = true
}

func (f *field) end() {
	if f.open {
		f.done = append(f.done, f.b.String())
	}
	f.b.Reset()
	f.open = false
}

// split adds the value of a variable that stands without quotes.
func (f *field) split(value string) {
	for i, part := range strings.FieldsFunc(value, isIFS) {
		if i > 0 || isIFS(rune(value[0])) {
			f.end()
		}
		f.add(part)
	}
	if value != "" && isIFS(rune(value[len(value)-1])) {
		f.end()
	}
}

func isIFS(r rune) bool { return r == ' ' || r == '\t' || r == '\n' }

// fields returns the words that a word of a command becomes.
func (x *expander) fields(w *syntax.Word) []string {
	f := &field{}
	for i, part := range w.Parts {
		switch part := part.(type) {
		case *syntax.Lit:
			x.bare(f, part.Value, i == 0, true)
		case *syntax.ParamExp:
			value := x.param(part)
			if strings.ContainsAny(value, `*?[\`) {
				x.fail(errors.New("it has a variable that may be a pattern for file names"))
			}
			f.split(value)
		default:
			x.quoted(f, part)
		}
	}
	f.end()
	return f.done
}

// joined returns the value of an assignment, which is not split.
func (x *expander) joined(a *syntax.Assign) string {
	if a.Append || a.Array != nil || a.Index != nil {
		x.fail(errors.New("its assignment is no plain one"))
	}
	if a.Value == nil {
		return ""
	}
	f := &field{}
	for i, part := range a.Value.Parts {
		switch part := part.(type) {
		case *syntax.Lit:
			x.bare(f, part.Value, i == 0, false)
			if strings.Contains(part.Value, ":~") {
				x.fail(errors.New("it has a ~"))
			}
		case *syntax.ParamExp:
			f.add(x.param(part))
		default:
			x.quoted(f, part)
		}
	}
	return f.b.String()
}

// bare adds text without quotes.
func (x *expander) bare(f *field, text string, first, patterns bool) {
	if first && strings.HasPrefix(text, "~") {
		x.fail(errors.New("it has a ~"))
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text):
			if i++; text[i] != '\n' {
				f.add(text[i : i+1])
			}
		case patterns && strings.IndexByte("*?[", c) >= 0:
			x.fail(errors.New("it has a pattern for file names"))
		case patterns && (c == '{' || c == '}') && text != "{}":
			x.fail(errors.New("it has braces, which some shells expand"))
		default:
			f.add(text[i : i+1])
		}
	}
}

// quoted adds a part of a word that stands in quotes.
func (x *expander) quoted(f *field, part syntax.WordPart) {
	switch part := part.(type) {
	case *syntax.SglQuoted:
		f.add(part.Value)
		if part.Dollar {
			x.fail(errors.New(`it has $'…'`))
		}
	case *syntax.DblQuoted:
		f.add("")
		if part.Dollar {
			x.fail(errors.New(`it has $"…"`))
		}
		for _, inner := range part.Parts {
			switch inner := inner.(type) {
			case *syntax.Lit:
				f.add(unescape(inner.Value))
			case *syntax.ParamExp:
				f.add(x.param(inner))
			default:
				x.fail(errors.New("it has a substitution"))
			}
		}
	default:
		x.fail(errors.New("it has a substitution"))
	}
}

// unescape reads the backslashes of double quotes.
func unescape(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) && strings.IndexByte("$`\"\\\n", text[i+1]) >= 0 {
			if i++; text[i] == '\n' {
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// param returns the value of a variable, up to a length of all of them.
func (x *expander) param(p *syntax.ParamExp) string {
	value := x.value(p)
	if x.size += len(value); x.size > maxLine {
		x.fail(errors.New("the values of its variables are long"))
		return ""
	}
	return value
}

func (x *expander) value(p *syntax.ParamExp) string {
	name := p.Param.Value
	plain := p.Exp == nil && p.Slice == nil && p.Repl == nil && p.Index == nil && !p.Length && !p.Excl && !p.Width
	value, known := x.env[name]
	switch {
	case !nameRE.MatchString(name):
		x.fail(errors.New("it has $" + name))
	case plain && known:
		return value
	case plain:
		x.later(errUnknown)
	case p.Exp != nil && p.Exp.Op == syntax.DefaultUnsetOrNull && known && value != "":
		return value
	case p.Exp != nil && p.Exp.Op == syntax.DefaultUnset && known:
		return value
	case p.Exp != nil && (p.Exp.Op == syntax.DefaultUnsetOrNull || p.Exp.Op == syntax.DefaultUnset):
		x.later(errUnknown)
	default:
		x.fail(errors.New("it has ${" + name + "…}"))
	}
	return ""
}

// later notes what is no obstacle to a command that is expanded later.
func (x *expander) later(err error) {
	if x.err == nil {
		x.err = err
	}
}
