// Package record runs a text/template once and notes each value that it
// prints, leaving a marker in the value's place. What the values may become
// there is decided by the package of the format (shell, upstart, clojure),
// which reads the marker's place off a syntax tree.
package record

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/template"
	"text/template/parse"

	"palletgen/gen/diag"
)

// recorder is the name of the function that is appended to every action that
// prints. Templates are not let call it.
const recorder = "recordValue"

// maxOutput bounds what one execution may print, in bytes.
const maxOutput = 8 << 20

var errTooMuch = fmt.Errorf("the template prints more than %d bytes", maxOutput)

// A Template is a parsed template whose every printing action is recorded.
// It is safe for concurrent use.
type Template struct {
	source  *diag.Source
	root    *template.Template
	trees   map[string]*parse.Tree // the template's own and its partials', by source name
	places  []diag.Pos             // of each action, by its number
	starts  []diag.Pos             // of each piece of text, by its number
	calls   map[string]bool        // the functions that it calls
	runners sync.Pool              // of *runner

	traced sync.Once // see ReadsAt
	reads  map[diag.Pos][][][]string
}

// A Loader parses templates that share functions and partials.
type Loader struct {
	Partials map[string]*diag.Source // by file name, for {{ template "NAME" . }}
	Funcs    template.FuncMap        // beside those of Funcs
}

// Parse reads the template src.
func (l *Loader) Parse(src *diag.Source) (*Template, error) {
	t := &Template{source: src, trees: map[string]*parse.Tree{}, calls: map[string]bool{}}
	if err := l.add(t, src); err != nil {
		return nil, err
	}
	t.root = template.New(src.Name).Option("missingkey=error").Funcs(l.used(t))
	for _, name := range slices.Sorted(maps.Keys(t.trees)) {
		if _, err := t.root.AddParseTree(name, t.trees[name]); err != nil {
			return nil, fmt.Errorf("cannot add template %s: %w", name, err)
		}
	}
	return t, nil
}

// add parses and instruments src and the partials that it takes in.
func (l *Loader) add(t *Template, src *diag.Source) error {
	if err := checkText(src); err != nil {
		return err
	}
	tree := parse.New(fixedName)
	tree.Mode = parse.SkipFuncCheck
	set := map[string]*parse.Tree{}
	if _, err := tree.Parse(src.Text, "", "", set); err != nil {
		return parseError(src, err)
	}
	if len(set) > 1 {
		return diag.At(diag.Pos{Source: src}, "a template cannot define others").
			WithHint("put the text into templates/partials and take it in with {{ template \"NAME\" . }}")
	}
	in := &instrument{t: t, src: src, known: l.known}
	in.list(tree.Root)
	if err := in.errs.Err(); err != nil {
		return err
	}
	tree.Name, tree.ParseName = src.Name, src.Name
	t.trees[src.Name] = tree
	return l.addPartials(t, in.calls)
}

// used returns the functions that t calls. Each runner copies the map, so it is
// kept small.
func (l *Loader) used(t *Template) template.FuncMap {
	funcs := template.FuncMap{recorder: func(int, any) string { return "" }}
	for name := range t.calls {
		if f := l.Funcs[name]; f != nil {
			funcs[name] = f
		} else if f := Funcs()[name]; f != nil {
			funcs[name] = f
		}
	}
	return funcs
}

// known reports whether a template may call the function name.
func (l *Loader) known(name string) bool {
	return name != recorder && (builtins[name] || Funcs()[name] != nil || l.Funcs[name] != nil)
}

func (l *Loader) addPartials(t *Template, calls []*partialCall) error {
	for _, call := range calls {
		partial, ok := l.Partials[call.node.Name]
		if !ok {
			names := slices.Sorted(maps.Keys(l.Partials))
			return diag.At(call.pos, "unknown partial %q", call.node.Name).
				WithHint("%s", diag.DidYouMean(call.node.Name, names))
		}
		call.node.Name = partial.Name
		if _, seen := t.trees[partial.Name]; seen {
			continue
		}
		t.trees[partial.Name] = nil // ends a cycle here; text/template bounds its execution
		if err := l.add(t, partial); err != nil {
			return err
		}
	}
	return nil
}

// checkText refuses bytes that would be mistaken for the recorder's own.
func checkText(src *diag.Source) error {
	for i := range len(src.Text) {
		c := src.Text[i]
		if c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			return diag.At(offset(src, i), "control character %#02x in a template", c).
				WithHint("remove it; lines end in a newline alone")
		}
	}
	if at, _ := FindMarker(src.Text); at >= 0 {
		return diag.At(offset(src, at), "%q is reserved", src.Text[at:at+markerLen])
	}
	return nil
}

// offset returns the position of byte i of src.
func offset(src *diag.Source, i int) diag.Pos {
	i = min(max(i, 0), len(src.Text))
	before := src.Text[:i]
	return diag.Pos{Source: src, Line: strings.Count(before, "\n") + 1, Col: i - strings.LastIndexByte(before, '\n')}
}

// fixedName is what the parser is told as the template's name. Its messages
// carry it, and a fixed one makes their prefix known, whatever the file is
// called.
const fixedName = "this template"

// parseError turns an error of text/template's parser, which begins with
// "template: NAME:LINE:", into one with a position.
func parseError(src *diag.Source, err error) error {
	pos := diag.Pos{Source: src}
	msg := err.Error()
	if rest, ok := strings.CutPrefix(msg, "template: "+fixedName+":"); ok {
		msg = strings.ReplaceAll(rest, fixedName+":", "line ")
		var number string
		if number, rest, ok = strings.Cut(msg, ":"); ok {
			if n, bad := strconv.Atoi(number); bad == nil {
				pos.Line, msg = n, rest
			}
		}
	}
	return diag.At(pos, "%s", strings.TrimSpace(msg))
}

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

// A runner executes its own copy of the template, whose recorder notes the
// values here.
type runner struct {
	t      *Template
	copy   *template.Template
	text   []byte
	lines  []diag.Pos
	values []Value
	size   int      // of the values, in bytes
	at     diag.Pos // the action that is being printed
	begun  bool     // the current line has its entry in lines
}

func (t *Template) newRunner() (*runner, error) {
	r := &runner{t: t}
	clone, err := t.root.Clone()
	if err != nil {
		return nil, err
	}
	r.copy = clone.Funcs(template.FuncMap{recorder: r.record})
	return r, nil
}

// record notes the value v of action number and prints its marker.
func (r *runner) record(number int, v any) (string, error) {
	if len(r.values) > 0xffff {
		return "", fmt.Errorf("more than %d values in one file", 0xffff)
	}
	if s, ok := v.(string); ok {
		if r.size += len(s); r.size > maxOutput {
			return "", errTooMuch
		}
	}
	r.at = r.t.places[number]
	r.values = append(r.values, Value{V: v, Pos: r.at})
	return Marker(len(r.values) - 1), nil
}

func (r *runner) run(data any) (*Marked, error) {
	r.text, r.lines, r.values, r.begun = r.text[:0], nil, nil, false
	r.at, r.size = diag.Pos{}, 0
	if err := r.copy.Execute((*output)(r), data); err != nil {
		return nil, r.execError(err)
	}
	return &Marked{Text: string(r.text), Lines: r.lines, Values: r.values}, nil
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
		return diag.At(pos, "%s", rest)
	}
	return diag.At(diag.Pos{Source: r.t.source}, "%s", msg)
}

// sources returns one position for each file of the template, longest name
// first, so that no name is taken for a prefix of another.
func (t *Template) sources() []diag.Pos {
	seen := map[*diag.Source]bool{}
	var list []diag.Pos
	for _, pos := range slices.Concat(t.starts, t.places) {
		if !seen[pos.Source] {
			seen[pos.Source] = true
			list = append(list, diag.Pos{Source: pos.Source})
		}
	}
	slices.SortFunc(list, func(a, b diag.Pos) int { return len(b.Source.Name) - len(a.Source.Name) })
	return list
}

// output is what the template writes to: pieces of text, each with its number
// in front, and markers.
type output runner

var _ io.Writer = (*output)(nil)

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
		return 0, errTooMuch
	}
	for _, c := range p {
		if !o.begun {
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
