package systemd

import (
	"fmt"
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/splice"
)

const blanks = " \t"

// maxLine is the longest line that systemd reads, together with those that
// continue it: LONG_LINE_MAX, of which it needs one for itself.
const maxLine = 1<<20 - 1

// A parser builds the tree of one file. After a mistake it goes on with the
// next line, so that all are reported.
type parser struct {
	text   string
	pos    func(at int) diag.Pos
	marked bool          // the text holds markers
	places map[int]place // where they are, by their values
	errs   diag.List
	unit   Unit
}

// A place is where a marker stands.
type place struct {
	key   string
	form  form
	quote byte   // the quote that is open there, 0 for none
	alone bool   // the word is nothing but the marker
	start bool   // nothing stands before it in its word, or text
	last  bool   // nothing stands after it
	first bool   // it is in the program of a command
	env   bool   // systemd replaces variables there
	head  string // what stands before it in its word, or text
}

func (p *parser) file() *Unit {
	p.places = map[int]place{}
	for at := 0; at < len(p.text); {
		line, next := p.logicalLine(at)
		p.line(at, line)
		at = next
	}
	return &p.unit
}

// logicalLine returns the line at an offset, together with those that continue
// it, and where the next one begins. An odd number of backslashes at its end
// becomes one less and a blank; comments in between are left out.
func (p *parser) logicalLine(at int) (line string, next int) {
	var before strings.Builder
	for first := true; ; first = false {
		raw, _, _ := strings.Cut(p.text[at:], "\n")
		next = min(at+len(raw)+1, len(p.text))
		switch trimmed := strings.TrimLeft(raw, blanks); {
		case trimmed != "" && isComment(trimmed):
			if first {
				return raw, next
			}
			p.comment(at, raw)
		case !endsInBackslash(raw) && first:
			return raw, next
		case !endsInBackslash(raw):
			return before.String() + raw, next
		default:
			before.WriteString(raw[:len(raw)-1] + " ")
		}
		if at = next; at == len(p.text) {
			return before.String(), next
		}
	}
}

func isComment(line string) bool { return line[0] == '#' || line[0] == ';' }

// fail reports a mistake in the line at an offset.
func (p *parser) fail(at int, format string, args ...any) *diag.Error {
	err := diag.At(p.pos(at), format, args...)
	p.errs.Add(err)
	return err
}

// comment refuses values in comments.
func (p *parser) comment(at int, line string) {
	if p.marked && splice.Marked(line) {
		p.fail(at, "a value cannot stand in a comment").WithHint("Description= can hold it")
	}
}

func (p *parser) line(at int, line string) {
	trimmed := strings.Trim(line, blanks)
	switch {
	case trimmed == "":
	case isComment(trimmed):
		p.comment(at, trimmed)
	case len(line) > maxLine:
		p.fail(at, "this line has %d bytes, and systemd reads no more than %d", len(line), maxLine).
			WithHint(hintFits)
	case trimmed[0] == '[':
		p.section(at, trimmed)
	default:
		p.entry(at, trimmed)
	}
}

func (p *parser) section(at int, line string) {
	name, ok := strings.CutSuffix(line[1:], "]")
	switch {
	case p.marked && splice.Marked(line):
		p.fail(at, "a value cannot stand in the name of a section")
	case !ok:
		p.fail(at, "this section has no ]")
	case !slices.Contains(sectionNames(), name) && !strings.HasPrefix(name, "X-"):
		p.fail(at, "unknown section %q", name).WithHint("%s", diag.DidYouMean(name, sectionNames()))
	}
	p.unit.Sections = append(p.unit.Sections, &Section{Pos: p.pos(at), Name: name})
}

func (p *parser) entry(at int, line string) {
	key, value, found := strings.Cut(line, "=")
	key, value = strings.Trim(key, blanks), strings.Trim(value, blanks)
	switch {
	case p.marked && splice.Marked(key):
		p.fail(at, "a value cannot stand in place of a key").WithHint("write the key, and leave the line out where it is not wanted: {{ if … }}")
		return
	case !found || key == "":
		p.fail(at, "Key=value is wanted here")
		return
	case len(p.unit.Sections) == 0:
		p.fail(at, "a section is missing before this line").WithHint("[Unit], [Service], [Install] …")
		return
	}
	section := p.unit.Sections[len(p.unit.Sections)-1]
	if !p.knownKey(at, section.Name, key) {
		return
	}
	entry := &Entry{Pos: p.pos(at), Key: key}
	if wrong := p.value(entry, value); wrong != nil {
		wrong.Pos = entry.Pos
		p.errs.Add(wrong)
		return
	}
	section.Entries = append(section.Entries, entry)
}

// knownKey reports a key that the section does not have. Those of sections that
// nobody knows, of a name that begins with X-, are anybody's.
func (p *parser) knownKey(at int, section, key string) bool {
	keys, known := keysOf()[section]
	if !known || strings.HasPrefix(key, "X-") || slices.Contains(keys, key) {
		return true
	}
	err := p.fail(at, "unknown key %q in [%s]", key, section)
	for _, other := range sectionNames() {
		if slices.Contains(keysOf()[other], key) {
			err.Hint = fmt.Sprintf("it belongs to [%s]", other)
			return false
		}
	}
	if err.Hint = renamed[key]; err.Hint == "" {
		err.Hint = diag.DidYouMean(key, keys)
	}
	return false
}

// value reads what stands after Key=.
func (p *parser) value(entry *Entry, value string) *diag.Error {
	at := place{key: entry.Key, form: formOf()[entry.Key]}
	if value == "" {
		return nil
	}
	var err *diag.Error
	switch at.form {
	case formExec:
		entry.Commands, err = p.commands(at, value)
	case formEnviron:
		s := &scanner{text: value}
		for err == nil && s.more() {
			var word *Word
			word, err = p.word(s, at)
			entry.Words = append(entry.Words, word)
		}
	case formText, formPath, formPattern, formOutput:
		p.note(at, value, 0)
		entry.Text = &Word{Pos: entry.Pos}
		entry.Text.Parts, err = parts(value, false)
	default:
		for _, field := range strings.Fields(value) {
			p.note(at, field, 0)
			entry.Words = append(entry.Words, &Word{Pos: entry.Pos, Parts: []Part{{Text: field}}})
		}
	}
	if err == nil {
		entry.each(func(w *Word) { w.Pos = entry.Pos })
	}
	return err
}
