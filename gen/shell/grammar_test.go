package shell_test

import (
	"strings"
	"testing"

	"palletgen/gen/record"
)

// A grammar makes templates of any form from bytes, with what their scripts have
// to print.
type grammar struct {
	t      testing.TB
	in     []byte // decides, byte by byte
	pool   []string
	text   strings.Builder
	values []any
	want   strings.Builder
	depth  int
	size   int
}

// pick returns a number below n.
func (g *grammar) pick(n int) int {
	if len(g.in) == 0 {
		return 0
	}
	c := g.in[0]
	g.in = g.in[1:]
	return int(c) % n
}

func (g *grammar) put(s string) { g.text.WriteString(s) }

// value puts the marker of one of the values.
func (g *grammar) value() string {
	v := g.pool[g.pick(len(g.pool))]
	g.put(record.Marker(len(g.values)))
	g.values = append(g.values, v)
	return v
}

// prints notes that d prints words.
func (g *grammar) prints(words ...string) {
	for _, w := range words {
		g.want.WriteString(w + "\x00")
	}
}

// literals are parts of a word and what they mean, for each kind of quotes.
var (
	bareLiterals   = [][2]string{{"a", "a"}, {"-", "-"}, {"\\$", "$"}, {"\\\\", "\\"}, {"\\\"", "\""}, {"\\'", "'"}, {":", ":"}, {"/", "/"}, {"%", "%"}, {"a\\\nb", "ab"}, {"=", "="}, {",", ","}, {"\\ ", " "}, {"\\*", "*"}, {"a#", "a#"}, {"b=", "b="}, {"''", ""}, {"\"\"", ""}, {"\\#", "#"}, {"\\~", "~"}, {"!", "!"}}
	doubleLiterals = [][2]string{{"a", "a"}, {" ", " "}, {"'", "'"}, {"\\\"", "\""}, {"\\$", "$"}, {"\\\\", "\\"}, {"\\`", "`"}, {"\\x", "\\x"}, {"$e ", "E "}, {"${e}", "E"}, {"${n-}", ""}, {"*", "*"}, {"{", "{"}, {"~", "~"}, {"#", "#"}, {"\n", "\n"}, {"[", "["}, {"}", "}"}, {"\\\n", ""}}
	singleLiterals = [][2]string{{"a", "a"}, {" ", " "}, {"\"", "\""}, {"$e", "$e"}, {"`", "`"}, {"\\", "\\"}, {"\n", "\n"}, {"*", "*"}, {"#", "#"}}
	bodyLiterals   = [][2]string{{"a", "a"}, {" ", " "}, {"'", "'"}, {"\"", "\""}, {"\\$", "$"}, {"\\\\", "\\"}, {"\\`", "`"}, {"\\x", "\\x"}, {"$e ", "E "}, {"${e}", "E"}, {"\n", "\n"}, {"\t", "\t"}}
	rawLiterals    = [][2]string{{"a", "a"}, {" ", " "}, {"'", "'"}, {"\"", "\""}, {"$e", "$e"}, {"\\\\", "\\\\"}, {"`", "`"}, {"\n", "\n"}, {"\\ ", "\\ "}}
)

// mixed puts up to three literals and values.
func (g *grammar) mixed(literals [][2]string) string {
	out := ""
	for range 1 + g.pick(3) {
		if g.pick(2) == 0 {
			out += g.value()
		} else {
			l := literals[g.pick(len(literals))]
			g.put(l[0])
			out += l[1]
		}
	}
	return out
}

// word puts a word and returns what it stands for.
func (g *grammar) word() string {
	out := ""
	for range 1 + g.pick(3) {
		out += g.part()
	}
	return out
}

func (g *grammar) part() string {
	switch g.pick(9) {
	case 0, 1:
		return g.value()
	case 2:
		g.put(`"`)
		defer g.put(`"`)
		return g.mixed(doubleLiterals)
	case 3:
		g.put("'")
		defer g.put("'")
		return g.mixed(singleLiterals)
	case 4:
		g.put(`${e}`)
		return "E"
	case 5:
		g.put(`"$(printf '%s.' `)
		defer g.put(`)"`)
		if g.depth++; g.depth > 2 {
			return g.value() + "."
		}
		return g.word() + "."
	case 6:
		g.put("$((" + record.Marker(len(g.values)) + " * 2))")
		g.values = append(g.values, 21)
		return "42"
	}
	l := bareLiterals[g.pick(len(bareLiterals))]
	g.put(l[0])
	return l[1]
}

// words puts up to three words, each with a blank before.
func (g *grammar) words() []string {
	var out []string
	for range g.pick(4) {
		g.put(" ")
		out = append(out, g.word())
	}
	return out
}

// statements puts a list.
func (g *grammar) statements() {
	for range 1 + g.pick(2) {
		g.depth = 0
		if g.size++; g.size > 8 {
			g.put("d -- a\n")
			g.prints("a")
			return
		}
		g.statement()
	}
}

// inside puts a list between two texts.
func (g *grammar) inside(before, after string) {
	g.put(before)
	g.statements()
	g.put(after)
}

func (g *grammar) statement() {
	switch g.pick(16) {
	default:
		g.put("d --")
		g.prints(g.words()...)
		g.put("\n")
	case 1:
		g.put([]string{"x=", "export x=", "readonly_=y x="}[g.pick(3)])
		x := g.word()
		g.put("\nd -- \"$x\"\n")
		g.prints(x)
	case 2:
		g.caseOf()
	case 3:
		g.put("for i in")
		words := g.words()
		g.put("; do\n    d -- \"$i\"\ndone\n")
		g.prints(words...)
	case 4:
		g.heredoc("_EOF", bodyLiterals)
	case 5:
		g.heredoc([]string{"'_EOF'", "\\_EOF", "\"_EOF\""}[g.pick(3)], rawLiterals)
	case 6:
		g.put("if [ ")
		a := g.word()
		op := g.pick(2)
		g.put([]string{" = ", " != "}[op])
		b := g.word()
		g.put(" ]; then d -- y; else d -- n; fi\n")
		g.prints(map[bool]string{true: "y", false: "n"}[(a == b) == (op == 0)])
	case 7:
		g.put("f() {\n    d -- \"$1\" ")
		a := g.word()
		g.put("\n}\nf ")
		g.put("-- ")
		g.word()
		g.put("\n")
		g.prints("--", a)
	case 8:
		g.inside("{\n", "}\n")
	case 9:
		g.inside("if true; then\n", "fi\n")
	case 10:
		g.inside("(\n", ")\n")
	case 11:
		g.put("set --")
		words := g.words()
		g.put("\nd -- \"$@\"\n")
		g.prints(words...)
	case 12:
		g.put("# ")
		g.value()
		g.put("\n")
	case 13:
		a, b := g.pool[g.pick(len(g.pool))], g.pool[g.pick(len(g.pool))]
		g.put(record.Marker(len(g.values)) + "\n")
		g.values = append(g.values, exact(g.t, "d", "--", a, b))
		g.prints(a, b)
	case 14:
		g.put("printf '%s\\000%s\\000' ")
		a := g.word()
		g.put(" ")
		g.prints(a, g.word())
		g.put("\n")
	case 15:
		g.inside("while :; do\n", "    break\ndone\n")
	}
}

// caseOf puts a case whose patterns hold values.
func (g *grammar) caseOf() {
	g.put("case ")
	a := g.word()
	g.put(" in\n")
	result := "other"
	for i := range 1 + g.pick(2) {
		g.put("(")
		b := g.word()
		name := string(rune('a' + i))
		g.put(") d -- " + name + " ;;\n")
		if result == "other" && a == b {
			result = name
		}
	}
	g.put("*) d -- other ;;\nesac\n")
	g.prints(result)
}

func (g *grammar) heredoc(delimiter string, literals [][2]string) {
	g.put("lines <<" + delimiter + "\n")
	g.want.WriteString(g.mixed(literals) + "\n")
	g.put("\n_EOF\n")
}

// makeTemplate makes a marked text and what its script prints.
func makeTemplate(t testing.TB, shape []byte, values ...string) (*record.Marked, string) {
	g := &grammar{t: t, in: shape, pool: values}
	g.statements()
	m := &record.Marked{Text: g.text.String()}
	src := marked("", g.values...)
	m.Lines = src.Lines
	for _, v := range g.values {
		m.Values = append(m.Values, record.Value{V: v})
	}
	return m, g.want.String()
}
