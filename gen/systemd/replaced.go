package systemd

import (
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/splice"
)

// What systemd replaces in words: specifiers, such as %n, and variables.

// parts splits a word at what systemd replaces in it. What it would take as it
// stands although it looks alike, such as a single %, is an error.
func parts(text string, env bool) ([]Part, *diag.Error) {
	var all []Part
	var literal []byte
	for rest := text; rest != ""; {
		i := strings.IndexAny(rest, "%$")
		if i < 0 {
			literal = append(literal, rest...)
			break
		}
		literal = append(literal, rest[:i]...)
		atStart := len(rest) == len(text) && i == 0
		rest = rest[i:]
		special, length, err := replaced(rest, env, atStart)
		switch {
		case err != nil:
			return nil, err
		case !special:
			literal = append(literal, rest[0])
		default:
			if len(literal) > 0 {
				all = append(all, Part{Text: string(literal)})
			}
			all, literal = append(all, Part{Text: rest[:length], Special: true}), nil
		}
		rest = rest[length:]
	}
	if len(literal) > 0 {
		all = append(all, Part{Text: string(literal)})
	}
	return all, nil
}

// replaced reads what begins with % or $: its length, and whether systemd
// replaces it. Otherwise it stands for its first byte.
func replaced(s string, env, atStart bool) (special bool, length int, err *diag.Error) {
	if s[0] == '%' {
		switch {
		case len(s) > 1 && s[1] == '%':
			return false, 2, nil
		case len(s) > 1 && isName(s[1:2]) && s[1] != '_':
			return true, 2, nil
		}
		return false, 0, splice.Problem("%% begins a specifier").WithHint("a percent sign is written %%%%")
	}
	switch {
	case !env:
		return false, 1, nil
	case strings.HasPrefix(s, "$$"):
		return false, 2, nil
	case strings.HasPrefix(s, "${"):
		name, _, found := strings.Cut(s[2:], "}")
		if !found || !isName(name) {
			return false, 0, splice.Problem("${ begins the name of a variable, and } ends it").WithHint("a dollar sign is written $$")
		}
		return true, len(name) + 3, forbid(name)
	case atStart:
		if !isName(s[1:]) {
			return false, 0, splice.Problem("$ at the beginning of a word begins the name of a variable").WithHint("a dollar sign is written $$")
		}
		return true, len(s), forbid(s)
	}
	if at, _ := record.FindMarker(s[1:]); at == 0 || strings.HasPrefix(s, "$%") {
		return false, 0, splice.Problem("$ begins the name of a variable").WithHint("a dollar sign is written $$")
	}
	return false, 1, nil
}

// forbid refuses a value in the name of a variable.
func forbid(name string) *diag.Error {
	if splice.Marked(name) {
		return splice.Problem("a value cannot stand in the name of a variable")
	}
	return nil
}

// isName reports whether s is the name of a variable.
func isName(s string) bool {
	for i, c := range []byte(s) {
		if c != '_' && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}
