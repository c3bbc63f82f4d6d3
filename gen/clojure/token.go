package clojure

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"palletgen/gen/lazyregexp"
)

// ends are the characters, beside blanks, that no word goes over.
const ends = "\";@^`~()[]{}\\"

// word reads up to a blank or a character of ends.
func (r *reader) word() string {
	from := r.at
	for r.at < len(r.text) {
		c, size := utf8.DecodeRuneInString(r.text[r.at:])
		if isBlank(c) || strings.ContainsRune(ends, c) {
			break
		}
		r.at += size
	}
	return r.text[from:r.at]
}

var (
	numberStart = lazyregexp.New(`^[-+]?[0-9]`)
	number      = lazyregexp.New(`^[-+]?(?:(?:0|[1-9][0-9]*|0[xX][0-9A-Fa-f]+|0[0-7]+)N?|[0-9]+/[0-9]+|[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?M?)$`)
	radix       = lazyregexp.New(`^[-+]?([1-9][0-9]?)[rR]([0-9A-Za-z]+)N?$`)
)

func (r *reader) token(n *Node) {
	n.Text = r.word()
	switch {
	case numberStart.MatchString(n.Text):
		n.Kind = Number
		if !isNumber(n.Text) {
			r.fail(n.from, "%s is no number", n.Text)
		}
	case n.Text[0] == ':':
		n.Kind = Keyword
		if !isKeyword(n.Text) {
			r.fail(n.from, "%s is no keyword", n.Text)
		}
	default:
		n.Kind = Symbol
		if !isName(n.Text) {
			r.fail(n.from, "%s is no symbol", n.Text)
		}
	}
}

func isNumber(s string) bool {
	if m := radix.FindStringSubmatch(s); m != nil {
		base, _ := strconv.Atoi(m[1])
		if base < 2 || base > 36 {
			return false
		}
		for _, c := range []byte(strings.ToLower(m[2])) {
			digit := int(c - '0')
			if c >= 'a' {
				digit = int(c-'a') + 10
			}
			if digit >= base {
				return false
			}
		}
		return true
	}
	// 08 and 018 look like decimals with an exponent left out: they are octals gone wrong.
	digits := strings.TrimLeft(s, "+-")
	if len(digits) > 1 && digits[0] == '0' && strings.Trim(digits, "0123456789") == "" && strings.ContainsAny(digits, "89") {
		return false
	}
	return number.MatchString(s) && !strings.HasSuffix(s, "/0")
}

// isName tells that s can follow a colon or stand as a symbol: name or ns/name.
func isName(s string) bool {
	if s == "/" {
		return true
	}
	ns, name, found := strings.Cut(s, "/")
	if found && (ns == "" || ns[0] >= '0' && ns[0] <= '9' || strings.HasSuffix(ns, ":")) {
		return false
	}
	if found && name != "" && name[0] >= '0' && name[0] <= '9' {
		return false
	}
	if !found {
		name = ns
	}
	return name != "" && (name == "/" || !strings.Contains(name, "/")) && !strings.HasSuffix(name, ":") && !strings.Contains(s, "::")
}

func isKeyword(s string) bool {
	return isName(strings.TrimPrefix(strings.TrimPrefix(s, ":"), ":")) && s != ":/" && s != "::/"
}

// chars are the characters that have names.
var chars = map[string]bool{"newline": true, "space": true, "tab": true, "backspace": true, "formfeed": true, "return": true}

var charCode = lazyregexp.New(`^(?:u[0-9a-fA-F]{4}|o[0-3]?[0-7]{1,2})$`)

func (r *reader) char(n *Node) {
	n.Kind = Char
	r.at++
	if r.at == len(r.text) {
		r.fail(n.from, "a character is missing after this backslash")
		return
	}
	_, size := utf8.DecodeRuneInString(r.text[r.at:])
	start := r.at
	r.at += size
	r.word()
	n.Text = r.text[start:r.at]
	switch {
	case utf8.RuneCountInString(n.Text) == 1, chars[n.Text], charCode.MatchString(n.Text) && !isSurrogate(n.Text):
	default:
		r.fail(n.from, "\\%s is no character", n.Text)
	}
}

func isSurrogate(code string) bool {
	c, err := strconv.ParseUint(code[1:], 16, 16)
	return code[0] == 'u' && err == nil && utf16.IsSurrogate(rune(c))
}

// closingQuote returns the offset of the quote that ends the string which
// begins at from, or -1.
func (r *reader) closingQuote(from int) int {
	for i := from + 1; i < len(r.text); i++ {
		switch r.text[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

func (r *reader) string(n *Node) {
	n.Kind = String
	end := r.closingQuote(r.at)
	if end < 0 {
		r.fail(r.at, "this string is never closed")
		return
	}
	text, at, wrong := unescape(r.text[r.at+1 : end])
	if wrong != "" {
		r.fail(r.at+1+at, "%s", wrong)
	}
	n.Text = text
	r.at = end + 1
}

// regex reads #"…", in which a backslash only keeps a quote from ending it.
func (r *reader) regex(n *Node) {
	n.Kind = Regex
	end := r.closingQuote(r.at + 1)
	if end < 0 {
		r.fail(r.at, "this regular expression is never closed")
		return
	}
	n.Text = r.text[r.at+2 : end]
	r.at = end + 1
}

var simpleEscapes = map[byte]byte{'t': '\t', 'b': '\b', 'n': '\n', 'r': '\r', 'f': '\f', '"': '"', '\\': '\\'}

var octal = lazyregexp.New(`^[0-7]{1,3}`)

// unescape returns what the inside of a string stands for; wrong is "" or what
// is the matter at an offset.
func unescape(s string) (text string, at int, wrong string) {
	var units []uint16 // of escapes by number, which may be halves of a character
	var b strings.Builder
	halves := false
	flush := func() {
		meant := slices.Contains(units, utf8.RuneError)
		for _, c := range utf16.Decode(units) {
			halves = halves || c == utf8.RuneError && !meant
			b.WriteRune(c)
		}
		units = nil
	}
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			flush()
			b.WriteByte(s[i])
			continue
		}
		start := i
		i++
		if c, ok := simpleEscapes[s[i]]; ok {
			flush()
			b.WriteByte(c)
			continue
		}
		if m := octal.FindString(s[i:]); m != "" {
			code, _ := strconv.ParseUint(m, 8, 16)
			if code > 0o377 {
				return "", start, "an octal escape goes up to \\377"
			}
			units = append(units, uint16(code))
			i += len(m) - 1
			continue
		}
		if s[i] != 'u' || len(s) < i+5 {
			return "", start, "strings have no such escape"
		}
		code, err := strconv.ParseUint(s[i+1:i+5], 16, 16)
		if err != nil || s[i+1] == '+' {
			return "", start, "\\u wants four hexadecimal digits"
		}
		units = append(units, uint16(code))
		i += 4
	}
	flush()
	if halves {
		return "", 0, "half of a character in \\u escapes"
	}
	return b.String(), 0, ""
}
