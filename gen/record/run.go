package record

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"palletgen/gen/diag"
	"palletgen/gen/secret"
)

// Execute runs the template with data and returns what it printed.
func (t *Template) Execute(data any) (*Marked, error) {
	r, _ := t.runners.Get().(*runner)
	if r == nil {
		var err error
		if r, err = t.newRunner(); err != nil {
			return nil, err
		}
	}
	defer t.runners.Put(r)
	return r.run(data)
}

// A runner executes the template with functions of its own, whose recorder notes
// the values here.
type runner struct {
	t      *Template
	tmpl   *template.Template
	text   []byte
	lines  []diag.Pos
	values []Value
	size   int // of the values, in bytes
	meter  meter
	at     diag.Pos // the action that is being printed
	begun  bool     // the current line has its entry in lines
}

func (t *Template) newRunner() (*runner, error) {
	r := &runner{t: t}
	r.tmpl = template.New(t.source.Name).Option("missingkey=error").Funcs(r.functions())
	for _, name := range slices.Sorted(maps.Keys(t.trees)) { // which executing does not change
		if _, err := r.tmpl.AddParseTree(name, t.trees[name]); err != nil {
			return nil, fmt.Errorf("cannot add template %s: %w", name, err)
		}
	}
	return r, nil
}

// functions returns what the template calls, counted by the runner's meter.
func (r *runner) functions() template.FuncMap {
	funcs := template.FuncMap{recorder: r.record, stepper: r.meter.step, reader: r.meter.read}
	for name, f := range r.t.funcs {
		funcs[name] = r.meter.wrap(name, f)
	}
	return funcs
}

// record notes the value v of action number and prints its marker.
func (r *runner) record(number int, v any) (string, error) {
	if len(r.values) >= maxValues {
		return "", errValues
	}
	if s, ok := v.(string); ok && secret.Misused(s) {
		return "", errSecret
	}
	if r.size += sizeOf(v, maxOutput); r.size > maxOutput {
		return "", errOutput
	}
	r.at = r.t.places[number]
	r.values = append(r.values, Value{V: v, Pos: r.at})
	return Marker(len(r.values) - 1), nil
}

func (r *runner) run(data any) (*Marked, error) {
	r.text, r.lines, r.values, r.begun = r.text[:0], nil, nil, false
	r.at, r.size, r.meter = diag.Pos{}, 0, meter{}
	if err := r.tmpl.Execute((*output)(r), data); err != nil {
		return nil, r.execError(err)
	}
	m := &Marked{Text: string(r.text), Lines: r.lines, Values: r.values, Cost: r.meter.work + r.meter.steps*stepCost + len(r.text)}
	if r.t.observe != nil {
		r.t.observe(m)
	}
	return m, nil
}

// execError gives an execution error its position. text/template tells it only
// within its message: "template: NAME:LINE:COL: executing …: cause".
func (r *runner) execError(err error) error {
	msg := err.Error()
	for _, pos := range r.t.sources() {
		rest, ok := strings.CutPrefix(msg, "template: "+pos.Source.Name+":")
		if !ok {
			continue
		}
		line, rest, _ := strings.Cut(rest, ":")
		col, rest, _ := strings.Cut(rest, ":")
		pos.Line, _ = strconv.Atoi(line)
		pos.Col, _ = strconv.Atoi(col)
		pos.Col++
		if _, cause, ok := strings.Cut(rest, ">: "); ok {
			rest = cause
		}
		// What a template says by fail is the whole message.
		rest = strings.TrimPrefix(strings.TrimSpace(rest), "error calling fail: ")
		rest = strings.TrimPrefix(rest, "error calling "+recorder+": ")
		rest = strings.TrimPrefix(rest, "error calling "+stepper+": ")
		if strings.Contains(rest, "secret.Ref") { // it is of the wrong type, or cannot be compared
			rest = errSecret.Error()
		}
		return withHint(diag.At(pos, "%s", shown(plain(rest))), err)
	}
	return withHint(diag.At(diag.Pos{Source: r.t.source}, "%s", shown(msg)), err)
}

// shown is what users see of a message, which may have any value in it.
func shown(msg string) string {
	if len(msg) <= maxMessage {
		return msg
	}
	return strings.ToValidUTF8(msg[:maxMessage], "") + " …"
}

// withHint adds the remedy where a limit is the cause.
func withHint(e *diag.Error, cause error) *diag.Error {
	var limit *limitError
	if errors.As(cause, &limit) {
		e.Hint = limit.hint
	}
	return e
}

// sources returns one position for each file of the template, longest name
// first, so that no name is taken for a prefix of another.
func (t *Template) sources() []diag.Pos {
	list := make([]diag.Pos, len(t.files))
	for i, src := range t.files {
		list[i].Source = src
	}
	slices.SortFunc(list, func(a, b diag.Pos) int { return len(b.Source.Name) - len(a.Source.Name) })
	return list
}

// output is what the template writes to: pieces of text, each with its number
// in front, and markers.
type output runner

func (o *output) Write(p []byte) (int, error) {
	n := len(p)
	pos := o.at
	if n >= textHeader && p[0] == textStart {
		number := 0
		for _, c := range p[1:textHeader] {
			number = number<<6 | int(c&0x3f)
		}
		pos, p = o.t.starts[number], p[textHeader:]
	}
	if len(o.text)+len(p) > maxOutput {
		return 0, errOutput
	}
	for _, c := range p {
		if !o.begun {
			if len(o.lines) >= maxLines {
				return 0, errLines
			}
			o.lines = append(o.lines, diag.Pos{Source: pos.Source, Line: pos.Line})
			o.begun = true
		}
		if c == '\n' {
			o.begun = false
			pos.Line++
		}
	}
	o.text = append(o.text, p...)
	return n, nil
}
