package upstart

import "strings"

// The sets of characters that upstart's reader of configuration files knows.
const (
	blanks   = " \t\r"
	lineEnd  = "#\n"
	wordEnd  = blanks + lineEnd
	eventEnd = "()" + wordEnd
)

// A scanner reads tokens of a job file. Its rules:
//   - "…" and '…' keep white space and #; both end at the next such quote that
//     has no backslash before it, in either kind;
//   - a backslash before a backslash or a blank stands for that character,
//     before a line end it takes it away, before anything else it is itself and
//     takes the meaning from the next character;
//   - a line end within a token becomes one space and swallows the blanks
//     around it.
type scanner struct {
	text string
	at   int
}

// hasWord tells that the line goes on with something other than a comment.
func (s *scanner) hasWord() bool {
	return s.at < len(s.text) && strings.IndexByte(lineEnd, s.text[s.at]) < 0
}

// skipBlanks goes to the next word or to the end of the line. A line end after
// a backslash counts as a blank.
func (s *scanner) skipBlanks() {
	for s.at < len(s.text) {
		switch {
		case strings.IndexByte(blanks, s.text[s.at]) >= 0:
			s.at++
		case strings.HasPrefix(s.text[s.at:], "\\\n"):
			s.at += 2
		default:
			return
		}
	}
}

// token reads up to a character of ends that is neither quoted nor escaped.
// With dequote the quotes and backslashes that quote are left out. wrong is ""
// or what is the matter with the token.
func (s *scanner) token(ends string, dequote bool) (text, wrong string) {
	var t token
	for ; s.at < len(s.text); s.at++ {
		c := s.text[s.at]
		if !t.slash && t.quote == 0 && c != '\\' && c != '"' && c != '\'' && strings.IndexByte(ends, c) >= 0 {
			break
		}
		t.add(c, dequote)
	}
	switch {
	case t.slash:
		return "", "a backslash ends the file"
	case t.quote != 0:
		return "", "this quote is never closed"
	case t.lost:
		return "", "upstart loses the blank before this backslash"
	}
	return t.out.String(), ""
}

// A token is the state while one is read.
type token struct {
	out   strings.Builder
	gap   []byte // blanks that are only written if something follows
	line  bool   // a line end was among them
	quote byte   // the quote that is open, 0 when none is
	slash bool   // a backslash was the last character
	lost  bool   // met the combination that upstart's reader garbles
}

// add takes the next character, which is known to belong to the token.
func (t *token) add(c byte, dequote bool) {
	slash := t.slash
	t.slash = false
	blank := strings.IndexByte(blanks, c) >= 0
	switch {
	case slash && c == '\n':
		t.line = true
	case slash && (c == '\\' || blank):
		if dequote {
			t.put(string(c))
		} else {
			t.put("\\" + string(c))
		}
	case slash:
		t.lost = t.lost || len(t.gap) > 0 && !t.line
		t.put("\\" + string([]byte{c}))
	case c == '\\':
		t.slash = true
	case t.quote == c && c != 0, t.quote == 0 && (c == '"' || c == '\''):
		t.quote ^= c
		if dequote {
			t.put("")
		} else {
			t.put(string(c))
		}
	case c == '\n':
		t.line = true
	case blank:
		t.gap = append(t.gap, c)
	default:
		t.put(string([]byte{c}))
	}
}

// put writes the blanks that were held back, and s.
func (t *token) put(s string) {
	if t.line {
		t.out.WriteByte(' ')
	} else {
		t.out.Write(t.gap)
	}
	t.gap, t.line = t.gap[:0], false
	t.out.WriteString(s)
}

// blockEnd tells that line, without its line end, ends the block "script".
func blockEnd(line string) bool {
	rest, ok := strings.CutPrefix(strings.TrimLeft(line, blanks), "end")
	if !ok || strings.TrimLeft(rest, blanks) == rest {
		return false
	}
	rest, ok = strings.CutPrefix(strings.TrimLeft(rest, blanks), "script")
	rest = strings.TrimLeft(rest, blanks)
	return ok && (rest == "" || rest[0] == '#')
}

// quoting returns what is in effect after text, when quote and slash were before
// it: the open quote or 0, and whether a backslash waits for its character.
func quoting(text string, quote byte, slash bool) (byte, bool) {
	for _, c := range []byte(text) {
		switch {
		case slash:
			slash = false
		case c == '\\':
			slash = true
		case quote == c:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		}
	}
	return quote, slash
}
