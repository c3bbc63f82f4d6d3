package upstart

import (
	"fmt"
	"strings"

	"palletgen/gen/command"
	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/shell"
	"palletgen/gen/splice"
)

// Splice puts the values of m into its text, each escaped for its place:
//
//   - a word of a stanza, or a part of one, quoted or not: any text without a
//     line end; numbers and booleans;
//   - a word after exec, likewise; a command stands for all of its words;
//   - the whole of an operand of "start on" or "stop on": an expression of
//     events, parsed by itself;
//   - a comment.
//
// A value anywhere else is an error, in a script block above all: those get
// their values through env. The result is parsed again; its tree must be the
// template's with nothing but the values put in. Errors have the positions of
// the template and come as a diag.List.
func Splice(m *record.Marked) ([]byte, error) {
	s := &splicer{m: m, texts: make([]string, len(m.Values)), events: make([]*Event, len(m.Values))}
	p := &parser{scanner: scanner{text: m.Text}, pos: splice.Lines(s.m), marked: true}
	s.conf = p.file()
	p.checkAll(s.conf)
	s.errs.Take(p.errs.Err())
	s.arguments()
	s.findPlaces()
	if len(s.errs) > 0 {
		return nil, s.errs.Err()
	}
	text, err := splice.Put(m, func(at, i int) (string, *diag.Error) {
		out, problem, hint := s.replace(at, i)
		if problem != "" {
			return "", &diag.Error{Msg: problem, Hint: hint}
		}
		return out, nil
	})
	if err != nil {
		return nil, err
	}
	want := s.expected()
	for _, st := range want.Stanzas {
		s.errs.Take((&parser{}).checkStanza(st).Err())
	}
	if len(s.errs) > 0 {
		return nil, s.errs.Err()
	}
	return []byte(text), s.verify(text, want)
}

// arguments reports the values that a command would not take for the arguments that
// they are.
func (s *splicer) arguments() {
	for _, st := range s.conf.Stanzas {
		if st.Exec == nil {
			continue
		}
		line := make([]shell.Arg, len(st.Exec.Words))
		for i, w := range st.Exec.Words {
			line[i] = shell.Arg{{Text: w.Text, Dynamic: w.Expand}}
		}
		splice.Arguments(s.m, line, &s.errs)
	}
}

// A splicer puts the values of one text into their places.
type splicer struct {
	m      *record.Marked
	conf   *Conf
	places []*place // where values may stand, in the order of the text
	quotes quotes
	texts  []string // the values that stand as one word
	events []*Event // the values that stand as an expression of events
	errs   diag.List
}

// replace returns what stands for the marker at an offset; problem is "" or why
// no value, or not this one, can stand there.
func (s *splicer) replace(at, i int) (out, problem, hint string) {
	p := s.placeAt(at)
	switch {
	case p == nil:
		return "", "a value cannot stand here", ""
	case p.word != nil:
		return s.word(at, i, p.span)
	case p.exec != nil:
		return s.exec(at, i, p.exec)
	case p.script:
		return "", "a value cannot stand in a script block", "give it to the script as a variable: env NAME={{ … }}"
	case p.event != nil:
		out, problem = s.inEvents(at, i, p)
		return out, problem, ""
	}
	return s.textOf(i)
}

// textOf keeps the value as a text; problem is "" or why it cannot be one.
func (s *splicer) textOf(i int) (text, problem, hint string) {
	v := s.m.Values[i].V
	if _, ok := v.(command.Command); ok {
		return "", "a command can stand only as a word of its own after exec", ""
	}
	text, err := splice.Scalar(v, "a job file")
	if err != nil {
		return "", err.Msg, err.Hint
	}
	if problem := unsayable(text); problem != "" {
		return "", problem, "test it with fits \"upstart\", and let a launcher script hold it"
	}
	s.texts[i] = text
	return text, "", ""
}

func (s *splicer) word(at, i int, in splice.Span) (out, problem, hint string) {
	text, problem, hint := s.textOf(i)
	if problem != "" {
		return "", problem, hint
	}
	quote, slash := s.quoting(in.From, at)
	if slash {
		return "", "a value cannot follow a backslash", ""
	}
	return argument(text, quote), "", ""
}

func (s *splicer) exec(at, i int, x *Exec) (out, problem, hint string) {
	if why := s.placeAt(at).expanded[i]; why.msg != "" {
		return "", why.msg, why.hint
	}
	quote, slash := s.quoting(x.span.From, at)
	if c, ok := s.m.Values[i].V.(command.Command); ok {
		if quote != 0 || slash || !s.alone(at, i, blanks+"\n") {
			return "", "a command can stand only as a word of its own after exec", ""
		}
		if c.IsZero() {
			return "", "this command has no words", ""
		}
		out, problem = commandLine(c)
		return out, problem, "test it with fits \"upstart\", and let a launcher script hold it"
	}
	text, problem, hint := s.textOf(i)
	if problem == "" && slash {
		problem = "a value cannot follow a backslash"
	}
	if problem != "" {
		return "", problem, hint
	}
	return shellWord(text, quote), "", ""
}

// alone tells that the marker at an offset has one of around, or an end of the
// text, on either side.
func (s *splicer) alone(at, i int, around string) bool {
	end := at + len(record.Marker(i))
	return (at == 0 || strings.IndexByte(around, s.m.Text[at-1]) >= 0) &&
		(end == len(s.m.Text) || strings.IndexByte(around, s.m.Text[end]) >= 0)
}

func (s *splicer) inEvents(at, i int, p *place) (out, problem string) {
	w := p.event.Words[p.index]
	if text, ok := s.m.Values[i].V.(string); ok && len(p.event.Words) == 1 && w.Text == record.Marker(i) && s.alone(at, i, eventEnd) {
		s.events[i], problem = expression(text)
		if out = text; p.root.Op != "" {
			out = "(" + text + ")"
		}
		return out, problem
	}
	out, problem, _ = s.word(at, i, w.span)
	if (out == "and" || out == "or") && w.Text == record.Marker(i) {
		out = `"` + out + `"` // no operator
	}
	return out, problem
}

// expression parses a value that stands for a whole operand.
func expression(text string) (*Event, string) {
	if problem := unsayable(text); problem != "" {
		return nil, problem
	}
	p := &parser{scanner: scanner{text: text}, pos: func(int) diag.Pos { return diag.Pos{} }}
	on := p.events()
	switch {
	case len(p.errs) > 0:
		return nil, fmt.Sprintf("%q is no expression of events: %s", text, p.errs[0].Msg)
	case len(p.conf.Comments) > 0:
		return nil, fmt.Sprintf("%q is no expression of events: it holds a comment", text)
	}
	return on, ""
}

// verify parses the finished text and compares its tree with what is wanted.
func (s *splicer) verify(text string, want *Conf) error {
	p := &parser{scanner: scanner{text: text}, pos: splice.Lines(s.m)}
	got := p.file()
	p.checkAll(got)
	if err := p.errs.Err(); err != nil {
		return err
	}
	if !splice.Same(want, got) {
		return splice.Changed(s.m)
	}
	return nil
}
