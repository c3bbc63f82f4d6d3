package ini

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"palletgen/gen/diag"
	"palletgen/gen/lazyregexp"
	"palletgen/gen/record"
	"palletgen/gen/splice"
)

// Splice puts the values of m into its text: texts of one line, numbers and
// booleans, as values of keys or parts of them, and names after the colon in the
// name of a section. A value anywhere else is an error, and so is one that Python
// or supervisord would change. The result is parsed again; its tree must be the
// template's with nothing but the values put in. Errors have the positions of the
// template and come as a diag.List.
func Splice(m *record.Marked) ([]byte, error) {
	p := &parser{text: m.Text, pos: splice.Lines(m), marked: true}
	file := p.read()
	p.errs.Take(checkKeys(file).Err())
	arguments(m, file, &p.errs)
	if err := p.errs.Err(); err != nil {
		return nil, err
	}
	texts := make([]string, len(m.Values))
	text, err := splice.Put(m, func(_, i int) (string, *diag.Error) {
		at, ok := p.places[i]
		if !ok {
			return "", splice.Problem("a value cannot stand here")
		}
		text, err := splice.Scalar(m.Values[i].V, "this file")
		if err != nil {
			return "", err
		}
		texts[i] = text
		return strings.ReplaceAll(text, "%", "%%"), check(text, at)
	})
	if err != nil {
		return nil, err
	}
	want := expected(m, file, texts)
	if err := checkKeys(want).Err(); err != nil {
		return nil, err
	}
	again := &parser{text: text, pos: splice.Lines(m)}
	got := again.read()
	if err := again.errs.Err(); err != nil {
		return nil, err
	}
	if !splice.Same(want, got) {
		return nil, splice.Changed(m)
	}
	return []byte(text), nil
}

// expected returns the tree that the finished file must have: the template's,
// with the values in place of their markers.
func expected(m *record.Marked, file *File, texts []string) *File {
	want := &File{}
	for _, section := range file.Sections {
		filled := &Section{}
		filled.Name, _ = splice.Fill(m, section.Name, texts)
		for _, entry := range section.Entries {
			value := &Entry{Pos: entry.Pos, Key: entry.Key}
			for _, part := range entry.Value {
				if !part.Special {
					var pos diag.Pos
					if part.Text, pos = splice.Fill(m, part.Text, texts); pos != (diag.Pos{}) {
						value.Pos = pos
					}
				}
				if part.Text != "" {
					value.Value = append(value.Value, part)
				}
			}
			filled.Entries = append(filled.Entries, value)
		}
		want.Sections = append(want.Sections, filled)
	}
	return want
}

const hint = "let a launcher script hold it"

// sayable returns nil, or why no value can be s: Python drops blanks at the ends,
// and takes what follows a blank and ; or # for a comment.
func sayable(s string) *diag.Error {
	switch {
	case !utf8.ValidString(s):
		return splice.Problem("this file cannot hold a value that is no UTF-8").WithHint(hint)
	case strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
		return splice.Problem("this file cannot hold a value with a line end or another control character").WithHint(hint)
	case commentAt(" "+s) >= 0:
		return splice.Problem("supervisord takes a part of %q for a comment", s).WithHint(hint)
	case strings.Contains(s, "%(here)s"):
		return splice.Problem("supervisord replaces the %%(here)s in %q", s).WithHint(hint)
	case s == `""`:
		return splice.Problem("supervisord takes %s for no value", s).WithHint(hint)
	}
	return nil
}

var (
	sectionName = lazyregexp.New(`^[A-Za-z0-9_.@+-]+$`)
	commandWord = lazyregexp.New(`^[A-Za-z0-9_./@:+,=%-]+$`)
	listWord    = lazyregexp.New(`^[A-Za-z0-9_./:+-]+$`)
)

// words are keys whose values are split into words: what can stand in one.
var words = map[string]*lazyregexp.Regexp{
	"command": commandWord, "environment": listWord, "files": listWord, "programs": listWord, "events": listWord, "exitcodes": listWord,
}

// ownWords are words that are no text for a key.
var ownWords = map[string][]string{
	"stdout_logfile": {"none", "off", "auto", "syslog"}, "stderr_logfile": {"none", "off", "auto", "syslog"}, "serverurl": {"auto"},
}

// paths are keys that know ~ as the home of a user.
var paths = map[string]bool{
	"directory": true, "logfile": true, "pidfile": true, "childlogdir": true, "stdout_logfile": true, "stderr_logfile": true,
	"file": true, "history_file": true,
}

// check returns nil, or why a value cannot stand in a place.
func check(text string, at place) *diag.Error {
	alone := at.head == "" && at.last
	if at.key == "" {
		if !sectionName.MatchString(text) {
			return splice.Problem("the name of a section cannot hold the value %q", text).WithHint("letters, digits and _ . @ + - can stand there")
		}
		return nil
	}
	if err := sayable(text); err != nil {
		return err
	}
	ends := at.head == "" && strings.TrimLeftFunc(text, unicode.IsSpace) != text || at.last && strings.TrimRightFunc(text, unicode.IsSpace) != text
	allowed := words[at.key]
	switch {
	case ends:
		return splice.Problem("%s= cannot hold a value that begins or ends with a blank", at.key).WithHint(hint)
	case text == "" && alone:
		return splice.Problem("%s= takes no empty value", at.key).WithHint("leave the line out where the value is empty: {{ if … }}")
	case text != "" && allowed != nil && !allowed.MatchString(text):
		return splice.Problem("%s= cannot hold the value %q as it is", at.key, text).WithHint(hint)
	case at.head == "" && paths[at.key] && strings.HasPrefix(text, "~"):
		return splice.Problem("%s= takes the ~ of %q for the home of a user", at.key, text).WithHint("write the path in full")
	case alone && slices.Contains(ownWords[at.key], strings.ToLower(strings.TrimSpace(text))):
		return splice.Problem("%s= takes the value %q for a word of its own", at.key, text).WithHint("write the word in the template, or a path in full")
	case strings.Contains(text, "%") && twice[at.key]:
		return splice.Problem("%s= cannot hold a value with %%: supervisord expands it twice", at.key)
	}
	return nil
}

// Fits tells whether a value can stand alone under a key that takes any text. A
// command never does.
func Fits(v any) bool {
	return splice.Fits(v, func(v any) bool {
		text, ok := v.(string)
		return ok && check(text, place{key: "password", last: true}) == nil
	})
}
