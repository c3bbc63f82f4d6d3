package systemd

import (
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/lazyregexp"
	"palletgen/gen/splice"
)

var (
	unitName  = lazyregexp.New(`^[A-Za-z0-9:_.@\\-]+$`)
	plainName = lazyregexp.New(`^[A-Za-z0-9_./@+-]+$`)
	quantity  = lazyregexp.New(`^[+-]?[0-9.]+[A-Za-z]*%?$`)
)

// plainWord wants a value that means itself to every parser of words that systemd
// has: some know quotes, some specifiers, some : and = within a word.
func plainWord(v any, text string, at place) *diag.Error {
	const hint = "letters, digits and _ . / @ + - can stand there"
	switch {
	case text == "":
		return splice.Problem("%s= takes no empty word", at.key).WithHint("leave the line out where the value is empty: {{ if … }}")
	case strings.HasSuffix(at.head, `\`):
		return splice.Problem("a value cannot follow a backslash")
	case at.form == formUnits && (!unitName.MatchString(text) || at.last && strings.HasSuffix(text, `\`)):
		return splice.Problem("%q cannot be the name of a unit", text).WithHint(`letters, digits and : _ . @ \ - can stand there`)
	case at.form == formUnits, at.alone && quantity.MatchString(text):
		return nil
	case !plainName.MatchString(text):
		return splice.Problem("%s= cannot hold the value %q", at.key, text).WithHint(hint)
	case at.start && strings.Contains("-@+", text[:1]):
		return splice.Problem("%s= takes the %q of %q for a prefix", at.key, text[:1], text)
	}
	return nil
}

// line writes a value for a key that takes the rest of the line. There systemd
// knows no escapes but that of %.
func line(text string, at place) (string, *diag.Error) {
	if err := unsayable(text); err != nil {
		return "", err
	}
	ends := len(text) - len(strings.TrimRight(text, `\`))
	switch {
	case text == "" && at.alone:
		return "", splice.Problem("%s= takes no empty value", at.key).WithHint("leave the line out where the value is empty: {{ if … }}")
	case strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
		return "", splice.Problem("%s= cannot hold a value with a line end or another control character", at.key)
	case at.start && strings.TrimLeft(text, blanks) != text, at.last && strings.TrimRight(text, blanks) != text:
		return "", splice.Problem("%s= cannot hold a value that begins or ends with a blank", at.key)
	case at.last && ends%2 == 1:
		return "", splice.Problem("%s= cannot hold a value that ends with a backslash", at.key)
	}
	return strings.ReplaceAll(text, "%", "%%"), suits(text, at)
}

// suits judges a value by what it is for its key.
func suits(text string, at place) *diag.Error {
	begins := strings.Trim(at.head, prefixes[at.form]) == ""
	switch at.form {
	case formText:
		if at.start && isCondition(at.key) && text != "" && strings.Contains(prefixes[formText], text[:1]) {
			return splice.Problem("%s= takes the %q of %q for a prefix", at.key, text[:1], text)
		}
	case formOutput:
		kind, _, found := strings.Cut(at.head, ":")
		if !found || kind == "fd" {
			return plainWord(text, text, at)
		}
		begins = at.head == kind+":"
	case formPattern:
		if strings.ContainsAny(text, `*?[\`) {
			return splice.Problem("%s= takes %q for a pattern", at.key, text)
		}
	}
	if at.form != formText && begins && !strings.HasPrefix(text, "/") {
		return splice.Problem("%s= takes an absolute path, not %q", at.key, text)
	}
	return nil
}

func isCondition(key string) bool {
	return strings.HasPrefix(key, "Condition") || strings.HasPrefix(key, "Assert")
}
