package procfile

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"palletgen/gen/diag"
	"palletgen/gen/lazyregexp"
)

// A Variable is one line of a .env file.
type Variable struct {
	Name, Value string
	Pos         diag.Pos
}

// A Dialect is whose way to read files is meant.
type Dialect int

// Foreman is the default; what Honcho does differently is named.
const (
	Foreman Dialect = iota
	Honcho
)

func (d Dialect) String() string { return []string{"foreman", "honcho"}[d] }

// A reading is what a program makes of a line: nothing where name is "".
type reading struct {
	name, value string
	fails       string // why the program ends with an error
}

var (
	foremanRE = lazyregexp.New(`(?s)\A([A-Za-z_0-9]+)=(.*)\z`)
	nameRE    = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*$`)
	exportRE  = lazyregexp.New(`^\s*export\s+([A-Za-z_][A-Za-z0-9_]*)=`)
	spacedRE  = lazyregexp.New(`^\s*([A-Za-z_][A-Za-z0-9_]*)\s*=`)
	escapeRE  = lazyregexp.New(`(?s)\\(.)`)
)

// foreman reads a line as foreman 0.87 does.
func foreman(line string) reading {
	match := foremanRE.FindStringSubmatch(line)
	if match == nil {
		return reading{}
	}
	value := match[2]
	switch {
	case len(value) >= 2 && value[0] == '\'' && strings.HasSuffix(value, "'"):
		value = value[1 : len(value)-1]
	case len(value) >= 2 && value[0] == '"' && strings.HasSuffix(value, `"`):
		value = strings.ReplaceAll(value[1:len(value)-1], `\n`, "\n")
		value = escapeRE.ReplaceAllStringFunc(value, func(s string) string {
			if s == "\\\n" { // the . of Ruby is no line end
				return s
			}
			return s[1:]
		})
	}
	return reading{name: match[1], value: value}
}

// honcho reads a line as honcho 2 does.
func honcho(line string) reading {
	tokens, err := shlex(line)
	if err != nil {
		return reading{fails: err.Error()}
	}
	if len(tokens) < 3 || tokens[1] != "=" || !nameRE.MatchString(tokens[0]) {
		return reading{}
	}
	value := strings.Join(tokens[2:], "")
	value = strings.ReplaceAll(value, `\n`, "\n")
	return reading{name: tokens[0], value: strings.ReplaceAll(value, `\t`, "\t")}
}

// ParseEnv reads a .env file in a dialect. The list names the lines that are left
// out, and those that the other dialect reads otherwise.
func ParseEnv(src *diag.Source, dialect Dialect) ([]Variable, diag.List) {
	var all []Variable
	var named diag.List
	eachLine(src, func(at diag.Pos, line string) {
		trimmed := strings.TrimSpace(line)
		if trimmed == "" || trimmed[0] == '#' {
			return
		}
		at = indented(at, line)
		if !utf8.ValidString(line) || strings.ContainsRune(line, 0) {
			named.Add(diag.At(at, "this line is no UTF-8 text"))
			return
		}
		mine, other := foreman(line), honcho(line)
		if dialect == Honcho {
			mine, other = other, mine
		}
		switch {
		case mine.name == "":
			named.Add(noVariable(at, line, mine, dialect))
			return
		case !nameRE.MatchString(mine.name):
			named.Add(diag.At(at, "%q cannot be the name of a variable here: it begins with a digit", mine.name))
			return
		}
		all = append(all, Variable{mine.name, mine.value, at})
		if e := differ(at, mine, other, dialect); e != nil {
			named.Add(e)
		}
	})
	return all, named
}

// noVariable says why a line sets no variable.
func noVariable(at diag.Pos, line string, r reading, dialect Dialect) *diag.Error {
	if r.fails != "" {
		return diag.At(at, "%s ends at this line: %s", dialect, r.fails).WithHint("put single quotes around the value")
	}
	e := diag.At(at, "this is no line NAME=value, and %s leaves it out in silence", dialect)
	if match := exportRE.FindStringSubmatch(line); match != nil {
		return e.WithHint("leave out export: %s=…", match[1])
	}
	if match := spacedRE.FindStringSubmatch(line); match != nil && dialect == Foreman {
		return e.WithHint("write it without blanks: %s=…", match[1])
	}
	return e.WithHint("a value has one line; a line end in it is written \"…\\n…\"")
}

// differ names what the other dialect makes of a line, where that differs.
func differ(at diag.Pos, mine, other reading, dialect Dialect) *diag.Error {
	theirs := Honcho - dialect
	switch {
	case other.fails != "":
		return diag.At(at, "%s ends at this line, %s does not: %s", theirs, dialect, other.fails)
	case other.name == "":
		return diag.At(at, "%s leaves this line out, %s does not", theirs, dialect)
	case other != mine:
		return diag.At(at, "%s reads %s here, %s reads %s; the former is taken", dialect, strconv.Quote(mine.value), theirs, strconv.Quote(other.value)).
			WithHint("with single quotes around the value both read the same; or --dialect %s", theirs)
	}
	return nil
}
