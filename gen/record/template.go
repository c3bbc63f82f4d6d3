// Package record runs a text/template once and notes each value that it prints,
// leaving a marker in the value's place. What the values may become there is
// decided by the package of the format (shell, upstart, clojure), which reads
// the marker's place off a syntax tree. It imports gen/diag, gen/lazyregexp and
// gen/secret.
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

// Functions that are put into every template. Templates are not let call them.
const (
	recorder = "recordValue" // appended to every action that prints
	stepper  = "recordSteps" // counts what is run again; see meter.step
	reader   = "recordRead"  // counts what a comparison in a loop reads
)

var errSecret = fmt.Errorf("a secret cannot go through this function: only the target knows it (backslashed and doubled can take one)")

// A Template is a parsed template whose every printing action is recorded.
// It is safe for concurrent use.
type Template struct {
	source  *diag.Source
	trees   map[string]*parse.Tree // the template's own and its partials', by source name
	files   []*diag.Source         // the template's own and its partials'
	places  []diag.Pos             // of each action, by its number
	starts  []diag.Pos             // of each piece of text, by its number
	calls   map[string]bool        // the functions that it calls
	funcs   template.FuncMap       // of these, those that are not text/template's own
	observe func(*Marked)          // see Loader
	runners sync.Pool              // of *runner

	traced sync.Once // see ReadsAt and ReadsFor
	reads  map[diag.Pos][][][]string
	around map[diag.Pos][][]string
}

// Actions returns where the actions stand that print a value, those of partials
// included.
func (t *Template) Actions() []diag.Pos { return slices.Clone(t.places) }

// A Loader parses templates that share functions and partials.
type Loader struct {
	Partials map[string]*diag.Source // by file name, for {{ template "NAME" . }}
	Funcs    template.FuncMap        // beside those of Funcs
	Observe  func(*Marked)           // if set, is shown what each execution of a template printed: for tests
}

// Parse reads the template src.
func (l *Loader) Parse(src *diag.Source) (*Template, error) {
	t := &Template{source: src, trees: map[string]*parse.Tree{}, calls: map[string]bool{}, observe: l.Observe}
	if err := l.add(t, src); err != nil {
		return nil, err
	}
	t.funcs = l.used(t)
	return t, nil
}

// add parses and instruments src and the partials that it takes in.
func (l *Loader) add(t *Template, src *diag.Source) error {
	if err := checkText(src); err != nil {
		return err
	}
	if err := checkActions(src); err != nil {
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
	in := &instrument{t: t, src: src, known: l.known, lines: lineStarts(src.Text)}
	in.repeated(tree.Root, src != t.source)
	if err := in.errs.Err(); err != nil {
		return err
	}
	tree.Name, tree.ParseName = src.Name, src.Name
	t.trees[src.Name] = tree
	t.files = append(t.files, src)
	return l.addPartials(t, in.calls)
}

// used returns the functions that t calls. Each runner wraps them, so the map
// is kept small.
func (l *Loader) used(t *Template) template.FuncMap {
	funcs := template.FuncMap{}
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
	return builtins[name] || Funcs()[name] != nil || l.Funcs[name] != nil
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
	return explainParse(pos, strings.TrimSpace(msg))
}

var _ io.Writer = (*output)(nil)
