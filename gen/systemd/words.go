package systemd

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/splice"
)

// A scanner reads words as systemd does: between blanks, with "…" and '…' around
// any part of them, and with escapes within and without quotes.
type scanner struct {
	text string
	at   int

	marker, value int // where the next marker is, and of which value; looked for up to at
	looked        bool
}

// nextMarker returns where the next marker is, and of which value; the end of the
// text where there is none. It looks at each byte of the text once.
func (s *scanner) nextMarker() (at, value int) {
	if !s.looked || s.marker < s.at {
		s.looked = true
		if s.marker, s.value = record.FindMarker(s.text[s.at:]); s.marker < 0 {
			s.marker = len(s.text)
		} else {
			s.marker += s.at
		}
	}
	return s.marker, s.value
}

// more goes to the next word.
func (s *scanner) more() bool {
	for s.at < len(s.text) && strings.IndexByte(blanks, s.text[s.at]) >= 0 {
		s.at++
	}
	return s.at < len(s.text)
}

// lone tells that the next word is s as it stands, without quotes, and passes it.
func (s *scanner) lone(word string) bool {
	rest, ok := strings.CutPrefix(s.text[s.at:], word)
	if ok && (rest == "" || strings.IndexByte(blanks, rest[0]) >= 0) {
		s.at += len(word)
		return true
	}
	return false
}

// word reads a word without its quotes and escapes. mark is told of each marker
// in it and of the quote that is open there.
func (s *scanner) word(mark func(i int, quote byte)) (string, *diag.Error) {
	var word []byte
	quote := byte(0)
	for ; s.at < len(s.text); s.at++ {
		c := s.text[s.at]
		next, i := len(s.text), 0
		if mark != nil {
			next, i = s.nextMarker()
		}
		switch {
		case s.at == next:
			mark(i, quote)
			marker := record.Marker(i)
			word = append(word, marker...)
			s.at += len(marker) - 1
		case c == '\\':
			text, length := unescape(s.text[s.at+1:])
			if length == 0 {
				return "", splice.Problem("unknown escape").WithHint(`a backslash is written \\`)
			}
			word = append(word, text...)
			s.at += length
		case quote == c:
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

// unescape reads what follows a backslash, and how many bytes of it there are; 0
// where that is no escape.
func unescape(s string) (text string, length int) {
	if s == "" {
		return "", 0
	}
	const names, bytes = `abfnrtv\"'s`, "\a\b\f\n\r\t\v\\\"' "
	if i := strings.IndexByte(names, s[0]); i >= 0 {
		return bytes[i : i+1], 1
	}
	switch {
	case s[0] == 'x':
		return number(s, 1, 3, 16, false)
	case s[0] == 'u':
		return number(s, 1, 5, 16, true)
	case s[0] == 'U':
		return number(s, 1, 9, 16, true)
	case s[0] >= '0' && s[0] <= '7':
		return number(s, 0, 3, 8, false)
	}
	return "", 0
}

// number reads the digits of s from an index up to another, for a byte or for a
// rune.
func number(s string, from, to, base int, isRune bool) (string, int) {
	if len(s) < to || strings.ContainsAny(s[from:to], "+-_") {
		return "", 0
	}
	n, err := strconv.ParseUint(s[from:to], base, 32)
	switch {
	case err != nil, n == 0:
		return "", 0
	case isRune && n <= utf8.MaxRune && utf8.ValidRune(rune(n)):
		return string(rune(n)), to
	case !isRune && n <= 0xff:
		return string([]byte{byte(n)}), to
	}
	return "", 0
}

// word reads one word, with the specifiers and, where systemd replaces them, the
// variables in it.
func (p *parser) word(s *scanner, at place) (*Word, *diag.Error) {
	var mark func(i int, quote byte)
	from, quotes := s.at, map[int]byte{}
	if p.marked {
		mark = func(i int, quote byte) { quotes[i] = quote }
	}
	text, err := s.word(mark)
	if err != nil {
		return nil, err
	}
	p.note(at, text, 0)
	for i, quote := range quotes {
		noted := p.places[i]
		noted.quote = quote
		noted.alone = s.text[from:s.at] == record.Marker(i)
		p.places[i] = noted
	}
	word := &Word{}
	word.Parts, err = parts(text, at.env)
	return word, err
}

// note keeps the places of the markers in a word or text.
func (p *parser) note(at place, text string, from int) {
	if !p.marked {
		return
	}
	for {
		marker, i := record.FindMarker(text[from:])
		if marker < 0 {
			return
		}
		marker += from
		from = marker + len(record.Marker(i))
		at.head, at.start, at.last = text[:marker], marker == 0, from == len(text)
		at.alone = at.start && at.last
		p.places[i] = at
	}
}
