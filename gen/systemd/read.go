package systemd

import (
	"sort"
	"strings"
	"unicode/utf8"

	"palletgen/gen/diag"
	"palletgen/gen/splice"
)

// A Setting is one Key=value of a unit file, with the value as it stands there,
// on one line.
type Setting struct {
	Section, Key, Value string
	Pos                 diag.Pos // of the key

	at func(offset int) diag.Pos
}

// At returns the place of the byte at an offset of the value, which may be in a
// later line than the key.
func (s Setting) At(offset int) diag.Pos { return s.at(offset) }

// Read reads the settings of a unit file in their order, as systemd does it: of
// what it does not understand it says so and goes on with the next line. In this
// it differs from Parse, which refuses such files. The list holds what systemd
// leaves out.
func Read(src *diag.Source) ([]Setting, diag.List) {
	r := &reader{position: splice.Positions(src), text: strings.TrimPrefix(src.Text, "\ufeff")}
	r.offset = len(src.Text) - len(r.text)
	for r.next < len(r.text) {
		r.line()
	}
	return r.settings, r.ignored
}

// A reader goes through the lines of a unit file.
type reader struct {
	position func(at int) diag.Pos
	text     string
	offset   int // of text in the source
	next     int // where the next line begins
	section  string
	skip     bool // the section is none that systemd knows
	settings []Setting
	ignored  diag.List
}

// A piece is where a part of a logical line comes from.
type piece struct{ at, from int }

// rawLine returns the line at r.next without its end, and passes it.
func (r *reader) rawLine() (line string, from int) {
	from = r.next
	line, _, _ = strings.Cut(r.text[from:], "\n")
	r.next = min(from+len(line)+1, len(r.text))
	return strings.TrimSuffix(line, "\r"), from
}

// logical returns the next line together with those that continue it.
func (r *reader) logical() (string, []piece) {
	line, from := r.rawLine()
	pieces := []piece{{0, from}}
	if blankOrComment(line) {
		return line, pieces
	}
	var before strings.Builder
	for endsInBackslash(line) && before.Len() <= maxLine {
		before.WriteString(line[:len(line)-1] + " ")
		line = ""
		if r.next == len(r.text) {
			break
		}
		more, from := r.rawLine()
		for isCommentLine(more) && r.next < len(r.text) {
			more, from = r.rawLine()
		}
		if isCommentLine(more) {
			break
		}
		pieces = append(pieces, piece{before.Len(), from})
		line = more
	}
	return before.String() + line, pieces
}

func endsInBackslash(line string) bool {
	return (len(line)-len(strings.TrimRight(line, `\`)))%2 == 1
}

func isCommentLine(line string) bool {
	trimmed := strings.TrimLeft(line, blanks)
	return trimmed != "" && isComment(trimmed)
}

func blankOrComment(line string) bool {
	return strings.Trim(line, blanks) == "" || isCommentLine(line)
}

func (r *reader) line() {
	line, pieces := r.logical()
	if blankOrComment(line) {
		return
	}
	pos := func(offset int) diag.Pos {
		next := sort.Search(len(pieces), func(i int) bool { return pieces[i].at > offset })
		from := pieces[max(next-1, 0)]
		return r.position(r.offset + from.from + offset - from.at)
	}
	begin := len(line) - len(strings.TrimLeft(line, blanks))
	switch trimmed := strings.Trim(line, blanks); {
	case len(line) > maxLine:
		r.ignore(pos(begin), "this line is longer than systemd reads: more than %d bytes with those that continue it", maxLine)
	case strings.ContainsAny(line, "\x00\r"):
		r.ignore(pos(begin), "a control character that ends a line for systemd").WithHint("remove it")
	case !utf8.ValidString(line):
		r.ignore(pos(begin), "this line is no UTF-8, and systemd leaves it out")
	case trimmed[0] == '[':
		r.head(trimmed, pos(begin))
	case r.skip:
	default:
		r.setting(line, begin, pos)
	}
}

func (r *reader) ignore(at diag.Pos, format string, args ...any) *diag.Error {
	err := diag.At(at, format, args...)
	r.ignored.Add(err)
	return err
}

// head reads a [Section].
func (r *reader) head(line string, at diag.Pos) {
	name, ok := strings.CutSuffix(line[1:], "]")
	r.section = name
	_, known := keysOf()[name]
	r.skip = !ok || !known
	switch {
	case !ok:
		r.ignore(at, "this section has no ], and systemd leaves it out")
	case !known && !strings.HasPrefix(name, "X-"):
		r.ignore(at, "systemd knows no section %q, and leaves it out", name).WithHint("%s", diag.DidYouMean(name, sectionNames()))
	}
}

// setting reads Key=value.
func (r *reader) setting(line string, begin int, pos func(int) diag.Pos) {
	key, value, found := strings.Cut(line[begin:], "=")
	key = strings.TrimRight(key, blanks)
	switch {
	case !found || key == "":
		r.ignore(pos(begin), "Key=value is wanted here, and systemd leaves this line out")
		return
	case r.section == "":
		r.ignore(pos(begin), "no section begins before this line, and systemd leaves it out").WithHint("[Unit], [Service], [Install] …")
		return
	}
	from := strings.IndexByte(line, '=') + 1
	from += len(value) - len(strings.TrimLeft(value, blanks))
	r.settings = append(r.settings, Setting{
		Section: r.section, Key: key, Value: strings.Trim(value, blanks), Pos: pos(begin),
		at: func(offset int) diag.Pos { return pos(from + offset) },
	})
}

// Known tells whether a section has a key, and if not, what may have been meant.
func Known(section, key string) (known bool, hint string) {
	keys := keysOf()[section]
	for _, k := range keys {
		if k == key {
			return true, ""
		}
	}
	for _, other := range sectionNames() {
		for _, k := range keysOf()[other] {
			if k == key {
				return false, "it belongs to [" + other + "]"
			}
		}
	}
	if near := diag.Suggest(key, keys); near != "" {
		return false, "did you mean " + near + "?"
	}
	return false, ""
}

// A Text is one word of a value: its bytes without quotes and escapes, and where
// it begins in the value.
type Text struct {
	Text string
	From int
	Lone bool // it stood without quotes and escapes
}

// Split splits a value into words, as systemd does it for command lines and
// lists: an escape that it does not know stays as it stands. Specifiers and
// variables are left as they are.
func Split(value string) ([]Text, *diag.Error) {
	var words []Text
	s := &scanner{text: value}
	for s.more() {
		from := s.at
		text, err := s.word(nil)
		if err != nil {
			s.at = from
			if text, err = s.relaxed(); err != nil {
				return words, err
			}
		}
		words = append(words, Text{text, from, text == s.text[from:s.at]})
	}
	return words, nil
}

// relaxed reads a word that has escapes that systemd does not know.
func (s *scanner) relaxed() (string, *diag.Error) {
	var word []byte
	quote := byte(0)
	for ; s.at < len(s.text); s.at++ {
		c := s.text[s.at]
		switch {
		case c == '\\':
			text, length := unescape(s.text[s.at+1:])
			if length == 0 {
				text = s.text[s.at:min(s.at+2, len(s.text))]
				length = len(text) - 1
			}
			word = append(word, text...)
			s.at += length
		case quote == c && quote != 0:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case quote == 0 && strings.IndexByte(blanks, c) >= 0:
			return string(word), nil
		default:
			word = append(word, c)
		}
	}
	if quote != 0 {
		return "", splice.Problem("this quote is never closed: %c", quote)
	}
	return string(word), nil
}
