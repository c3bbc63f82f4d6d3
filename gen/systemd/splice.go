package systemd

import (
	"maps"
	"slices"
	"strings"

	"palletgen/gen/command"
	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/splice"
)

// Splice puts the values of m into its text, each escaped for its key:
//
//   - Exec…=: any text without NUL in UTF-8, as a word or a part of one, quoted or
//     not; a command stands for all of its words;
//   - Environment=: likewise; a map stands for all of its assignments;
//   - keys that take the rest of the line, such as Description= and paths: one
//     line, which neither begins nor ends with a blank;
//   - other keys: plain words; a list stands for all of its words.
//
// A value anywhere else is an error. The result is parsed again; its tree must be
// the template's with nothing but the values put in. Errors have the positions of
// the template and come as a diag.List.
func Splice(m *record.Marked) ([]byte, error) {
	p := &parser{text: m.Text, pos: splice.Lines(m), marked: true}
	unit := p.file()
	p.errs.Take(check(unit))
	arguments(m, unit, &p.errs)
	if err := p.errs.Err(); err != nil {
		return nil, err
	}
	s := &splicer{m: m, places: p.places, texts: make([]string, len(m.Values)), words: make([][]string, len(m.Values))}
	text, err := splice.Put(m, func(_, i int) (string, *diag.Error) { return s.replace(i) })
	if err != nil {
		return nil, err
	}
	want := s.expected(unit)
	s.errs.Take(check(want))
	if err := s.errs.Err(); err != nil {
		return nil, err
	}
	again := &parser{text: text, pos: splice.Lines(m)}
	got := again.file()
	again.errs.Take(check(got))
	if err := again.errs.Err(); err != nil {
		return nil, err
	}
	if !splice.Same(want, got) {
		return nil, splice.Changed(m)
	}
	return []byte(text), nil
}

// A splicer puts the values of one text into their places.
type splicer struct {
	m      *record.Marked
	places map[int]place
	texts  []string   // the values that are a part of a word
	words  [][]string // the values that are words of their own
	errs   diag.List
}

// replace returns what stands for value i, or why it cannot stand there.
func (s *splicer) replace(i int) (string, *diag.Error) {
	at, ok := s.places[i]
	if !ok {
		return "", splice.Problem("a value cannot stand here")
	}
	switch v := s.m.Values[i].V.(type) {
	case command.Command:
		return s.command(i, at, v)
	case []any, []string:
		if at.form == formWords || at.form == formUnits {
			return s.list(i, at, v)
		}
	case map[string]any:
		if at.form == formEnviron {
			return s.assignments(i, at, v)
		}
	}
	text, err := splice.Scalar(s.m.Values[i].V, "a unit")
	if err != nil {
		return "", err
	}
	s.texts[i] = text
	switch at.form {
	case formExec, formEnviron:
		if err := unsayable(text); err != nil {
			return "", err
		}
		if at.alone {
			return word(text, at.env), nil
		}
		return inWord(text, at.quote, at.env), nil
	case formWords, formUnits:
		return text, plainWord(s.m.Values[i].V, text, at)
	}
	return line(text, at)
}

func (s *splicer) command(i int, at place, c command.Command) (string, *diag.Error) {
	glued := at.first && strings.Trim(at.head, flags) == ""
	switch {
	case at.form != formExec, at.quote != 0, !at.last, !at.start && !glued:
		return "", splice.Problem("a command can stand only as a word of its own in a command line")
	case c.IsZero():
		return "", splice.Problem("this command has no words").WithHint("leave the line out where there is none: {{ if … }}")
	}
	argv, _ := c.Argv()
	s.words[i] = argv
	return commandLine(c, at.first, at.head != "", at.env || at.first && !strings.Contains(at.head, ":"))
}

func (s *splicer) list(i int, at place, v any) (string, *diag.Error) {
	list, ok := v.([]any)
	if !ok {
		for _, text := range v.([]string) {
			list = append(list, text)
		}
	}
	if !at.alone || len(list) == 0 {
		return "", splice.Problem("a list stands for words of their own, one or more").
			WithHint("leave the line out where the list is empty: {{ if … }}")
	}
	for _, v := range list {
		text, err := splice.Scalar(v, "a list of words")
		if err == nil {
			err = plainWord(v, text, at)
		}
		if err != nil {
			return "", err
		}
		s.words[i] = append(s.words[i], text)
	}
	return strings.Join(s.words[i], " "), nil
}

func (s *splicer) assignments(i int, at place, m map[string]any) (string, *diag.Error) {
	if !at.alone || len(m) == 0 {
		return "", splice.Problem("a map stands for words of their own, one or more").
			WithHint("leave the line out where the map is empty: {{ if … }}")
	}
	var words []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		text, err := splice.Scalar(m[name], "an assignment")
		if err == nil {
			err = unsayable(text)
		}
		if err != nil {
			return "", err
		}
		s.words[i] = append(s.words[i], name+"="+text)
		words = append(words, word(name+"="+text, at.env))
	}
	return strings.Join(words, " "), nil
}

// expected returns the tree that the finished file must have: the template's,
// with the values in place of their markers.
func (s *splicer) expected(unit *Unit) *Unit {
	want := &Unit{}
	for _, section := range unit.Sections {
		filled := &Section{Pos: section.Pos, Name: section.Name}
		for _, entry := range section.Entries {
			filled.Entries = append(filled.Entries, s.entry(entry))
		}
		want.Sections = append(want.Sections, filled)
	}
	return want
}

func (s *splicer) entry(entry *Entry) *Entry {
	filled := &Entry{Pos: entry.Pos, Key: entry.Key}
	for _, c := range entry.Commands {
		filled.Commands = append(filled.Commands, &Command{Flags: c.Flags, Words: s.fillAll(c.Words)})
	}
	if formOf()[entry.Key] == formEnviron {
		for _, w := range entry.Words {
			s.variableName(w)
		}
	}
	filled.Words = s.fillAll(entry.Words)
	if entry.Text != nil {
		filled.Text = s.fill(entry.Text)
	}
	return filled
}

// variableName checks that the values before the first = of NAME=value hold none
// themselves.
func (s *splicer) variableName(w *Word) {
	if len(w.Parts) == 0 {
		return
	}
	name, _, found := strings.Cut(w.Parts[0].Text, "=")
	if name, pos := splice.Fill(s.m, name, s.texts); found && pos != (diag.Pos{}) && !isName(name) {
		s.errs.Add(diag.At(pos, "%q is not the name of a variable", name))
	}
}

func (s *splicer) fillAll(words []*Word) []*Word {
	var filled []*Word
	for _, w := range words {
		if text, ok := w.literal(); ok {
			if i, ok := splice.Alone(text, s.m.Values); ok && s.words[i] != nil {
				for _, text := range s.words[i] {
					filled = append(filled, literalWord(s.m.Values[i].Pos, text))
				}
				continue
			}
		}
		filled = append(filled, s.fill(w))
	}
	return filled
}

func literalWord(pos diag.Pos, text string) *Word {
	if text == "" {
		return &Word{Pos: pos}
	}
	return &Word{Pos: pos, Parts: []Part{{Text: text}}}
}

func (s *splicer) fill(w *Word) *Word {
	filled := &Word{Pos: w.Pos}
	for _, part := range w.Parts {
		if !part.Special {
			text, pos := splice.Fill(s.m, part.Text, s.texts)
			if pos != (diag.Pos{}) {
				filled.Pos = pos
			}
			if part.Text = text; text == "" {
				continue
			}
		}
		filled.Parts = append(filled.Parts, part)
	}
	return filled
}
