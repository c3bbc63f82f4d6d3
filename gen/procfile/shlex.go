package procfile

import (
	"errors"
	"strings"
)

// wordChars are what Python's shlex takes for parts of a word, beside letters
// and digits of ASCII.
const wordChars = "_ßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ"

func isWordChar(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(wordChars, r)
}

// shlex splits a line as Python's shlex.shlex(line, posix=True) does: words, and
// each other character by itself.
func shlex(line string) ([]string, error) {
	var tokens []string
	l := &lexer{in: []rune(line)}
	for {
		token, ok, err := l.token()
		if err != nil || !ok {
			return tokens, err
		}
		tokens = append(tokens, token)
	}
}

type lexer struct {
	in []rune
	at int
}

// token returns the next token; false where there is none.
func (l *lexer) token() (string, bool, error) {
	var b strings.Builder
	quoted, inWord := false, false
	for l.at < len(l.in) {
		r := l.in[l.at]
		l.at++
		switch {
		case strings.ContainsRune(" \t\r\n", r):
			if b.Len() > 0 || quoted {
				return b.String(), true, nil
			}
			inWord = false
		case r == '#':
			l.at = len(l.in)
		case r == '\\':
			if l.at == len(l.in) {
				return "", false, errors.New("no character follows the backslash")
			}
			b.WriteRune(l.in[l.at])
			l.at++
			inWord = true
		case r == '"' || r == '\'':
			if err := l.quoted(&b, r); err != nil {
				return "", false, err
			}
			quoted, inWord = true, true
		case isWordChar(r):
			b.WriteRune(r)
			inWord = true
		case inWord && (b.Len() > 0 || quoted):
			l.at--
			return b.String(), true, nil
		default:
			b.WriteRune(r)
			return b.String(), true, nil
		}
	}
	return b.String(), b.Len() > 0 || quoted, nil
}

// quoted reads up to the closing quote.
func (l *lexer) quoted(b *strings.Builder, quote rune) error {
	for l.at < len(l.in) {
		r := l.in[l.at]
		l.at++
		switch {
		case r == quote:
			return nil
		case r == '\\' && quote == '"':
			if l.at == len(l.in) {
				return errors.New("no character follows the backslash")
			}
			if next := l.in[l.at]; next != '\\' && next != '"' {
				b.WriteRune('\\')
			}
			b.WriteRune(l.in[l.at])
			l.at++
		default:
			b.WriteRune(r)
		}
	}
	return errors.New("a quote is never closed")
}
