package shell_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"palletgen/gen/shell"
)

// targetShells are the shells that scripts are run in, by the command that runs
// a script file.
var targetShells = [][]string{
	{"dash"},
	{"bash", "--posix"},
	{"busybox", "sh"},
	{"mksh"},
	{"ksh"},
}

// installed returns the target shells that are there. With
// PALLETGEN_REQUIRE_ALL=1 a missing one of the first three ends the test.
func installed(t testing.TB) [][]string {
	var found [][]string
	for i, sh := range targetShells {
		if _, err := exec.LookPath(sh[0]); err == nil {
			found = append(found, sh)
		} else if i < 3 && os.Getenv("PALLETGEN_REQUIRE_ALL") == "1" {
			t.Fatalf("%s is not installed", sh[0])
		}
	}
	if len(found) == 0 {
		t.Skip("no target shell is installed")
	}
	return found
}

// A shape is a template whose script prints its values again.
type shape struct {
	name     string
	template string // @ is the first value, then the second, in turn as values says
	values   string // a and b: which value; c: both as a command
	prints   func(a, b string) []string
}

// header defines d, which prints its arguments, each with a NUL behind. mksh has
// no printf of its own, and print is quicker than a program.
const header = `d() {
    for d_arg in "$@"; do
        printf '%s\000' "$d_arg"
    done
}
case ${KSH_VERSION-} in
*MIRBSD*)
    d() {
        for d_arg in "$@"; do
            print -rn -- "$d_arg"
            print -n '\0'
        done
    }
    ;;
esac
`

func same(a, b string) []string { return []string{"--", a, b} }

// matches is what a case or test prints that compares a with b.
func matches(a, b string) []string {
	if a == b {
		return []string{"same", "same"}
	}
	return []string{"same", "other"}
}

var shapes = []shape{
	{"word", "d -- @ @\n", "ab", same},
	{"part of word", "d -- x@y/@.z\n", "ab", func(a, b string) []string { return []string{"--", "x" + a + "y/" + b + ".z"} }},
	{"adjacent", "d -- @@\n", "ab", func(a, b string) []string { return []string{"--", a + b} }},
	{"double quotes", "e=E\nd -- \"@\" \"$e @${e}\"\n", "ab", func(a, b string) []string { return []string{"--", a, "E " + b + "E"} }},
	{"single quotes", "d -- '@' 'x@'y\n", "ab", func(a, b string) []string { return []string{"--", a, "x" + b + "y"} }},
	{"heredoc", "cat <<EOF\n@|@\nEOF\ncat <<EOF\n \"'@\n \\$x\nEOF\n", "aba", func(a, b string) []string { return []string{a + "|" + b + "\n \"'" + a + "\n $x\n"} }},
	{"raw heredoc", "cat <<'EOF'\n@|@\nEOF\ncat <<\\EOF\n \"'@\\\nEOF\n", "aba", func(a, b string) []string { return []string{a + "|" + b + "\n \"'" + a + "\\\n"} }},
	{"assignment", "x=@ y=\"@\"\nz='@'\nd -- \"$x\" \"$y\" \"$z\"\n", "aba", func(a, b string) []string { return []string{"--", a, b, a} }},
	{"export", "export x=@\nexport y=\"@\"\nsh -c 'printf \"%s\\000\" \"$x\" \"$y\"'\n", "ab", func(a, b string) []string { return []string{a, b} }},
	{"env", "env x=@ y=\"@\" sh -c 'printf \"%s\\000\" \"$x\" \"$y\"'\n", "ab", func(a, b string) []string { return []string{a, b} }},
	{"case", "x=@\ncase $x in\n@) d same ;;\n*) d other ;;\nesac\ncase $x in\n@) d same ;;\n*) d other ;;\nesac\n", "aab", matches},
	{"case in double quotes", "x=@\ncase $x in\n\"@\") d same ;;\n*) d other ;;\nesac\ncase x$x in\nx\"@\") d same ;;\n*) d other ;;\nesac\n", "aab", matches},
	{"case in single quotes", "x=@\ncase $x in\n'@') d same ;;\n*) d other ;;\nesac\ncase x$x in\nx'@') d same ;;\n*) d other ;;\nesac\n", "aab", matches},
	{"case part", "x=@\ncase x${x}y in\n*@*) d same ;;\n*) d other ;;\nesac\ncase @ in\n\"$x\") d same ;;\n*) d other ;;\nesac\n", "aab", matches},
	{"test", "x=@\nif [ \"$x\" = @ ]; then d same; else d other; fi\nif [ @ != \"$x\" ]; then d other; else d same; fi\n", "aab", matches},
	{"for", "for i in @ \"@\" x'@'; do\n    d \"$i\"\ndone\n", "aba", func(a, b string) []string { return []string{a, b, "x" + a} }},
	{"substitution", "d -- \"$(printf '%s.' @ \"@\")\" $(d @ >/dev/null)\n", "aba", func(a, b string) []string { return []string{"--", a + "." + b + "."} }},
	{"function", "f() {\n    d -- \"$1\" @\n}\nif true; then f @; fi\n", "ab", func(a, b string) []string { return []string{"--", b, a} }},
	{"subshell and pipe", "(d -- @) | cat && { d -- \"@\"; }\n", "ab", func(a, b string) []string { return []string{"--", a, "--", b} }},
	{"command", "@\n", "c", same},
	{"command behind exec", "exec env A=@ @\n", "ax", func(a, b string) []string { return []string{a, b} }},
	{"positional", "set -- @ @\nd \"$@\"\nset -- \"@\"\nd \"$1\"\n", "aba", func(a, b string) []string { return []string{a, b, a} }},
	{"default by case", "x=${e-}@\nd -- \"$x\" ${e-}\"@\"\n", "ab", same},
}

// script splices a and b into the shape. ok is false when the engine refuses
// them: then there is nothing that could go wrong.
func (s shape) script(t testing.TB, engine *shell.Engine, a, b string) (text string, ok bool) {
	var values []any
	for _, which := range s.values {
		switch which {
		case 'a':
			values = append(values, a)
		case 'b':
			values = append(values, b)
		case 'c':
			values = append(values, exact(t, "d", "--", a, b))
		case 'x':
			values = append(values, exact(t, "sh", "-c", `printf '%s\000' "$A" "$1"`, "sh", b))
		}
	}
	script, err := engine.Splice(marked(s.template, values...))
	if err != nil {
		if strings.Contains(err.Error(), "with the values on this line") && !strings.Contains(s.name, "heredoc") {
			t.Errorf("%s: %q, %q: quoting failed, though nothing wrong came of it: %v", s.name, a, b, err)
		}
		return "", false
	}
	return script.Text, true
}

// run runs a script in a shell and returns what it prints.
func run(t testing.TB, sh []string, text string) string {
	t.Helper()
	return runIn(t, "C", sh, text)
}

func runIn(t testing.TB, locale string, sh []string, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(sh[0], append(sh[1:len(sh):len(sh)], file)...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=" + locale}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return fmt.Sprintf("%s: %v: %s", sh[0], err, errs.String())
	}
	return out.String()
}

// output returns what the shape's script has to print.
func (s shape) output(a, b string) string {
	if strings.HasSuffix(s.name, "heredoc") { // printed by cat, without NULs
		return strings.Join(s.prints(a, b), "")
	}
	return strings.Join(s.prints(a, b), "\x00") + "\x00"
}

// checkShapes runs the scripts of all shapes and pairs of values in all shells,
// those of one shell together. Only where that prints something else, they are
// run one by one.
func checkShapes(t testing.TB, engine *shell.Engine, locale string, among []shape, pairs ...[2]string) {
	type single struct{ name, text, want string }
	var all, want strings.Builder
	var singles []single
	all.WriteString(header)
	for _, pair := range pairs {
		for _, s := range among {
			text, ok := s.script(t, engine, pair[0], pair[1])
			if !ok {
				continue
			}
			one := single{fmt.Sprintf("%s, %q", s.name, pair), text, s.output(pair[0], pair[1])}
			singles = append(singles, one)
			all.WriteString("(\n" + text + ")\n")
			want.WriteString(one.want)
		}
	}
	for _, sh := range installed(t) {
		if runIn(t, locale, sh, all.String()) == want.String() {
			continue
		}
		t.Errorf("%s prints something else in %s for %q", sh[0], locale, pairs)
		for _, one := range singles {
			if got := runIn(t, locale, sh, header+one.text); got != one.want {
				t.Errorf("%s in %s:\ngot  %q\nwant %q\nscript:\n%s", one.name, sh[0], got, one.want, one.text)
			}
		}
	}
}

// everyByte holds every byte but NUL, each behind a letter.
func everyByte() string {
	var b strings.Builder
	for c := 1; c < 256; c++ {
		b.WriteByte('a')
		b.WriteByte(byte(c))
	}
	return b.String()
}

func TestShapes(t *testing.T) {
	t.Parallel()
	engine := shell.NewEngine()
	pairs := [][2]string{
		{everyByte(), "b" + everyByte()},
		{"", ""},
		{"'", "''"},
		{"\\", "\\\\"},
		{"\\\n", "\n\\"},
		{"\n\n", "a\n"},
		{"x\r\n", "\r"},
		{"!", "!a"},
		{"\x80", "\xff"},
		{"\x81\x82\x83\x84\x85\x86\x87\x88", "\x01\x7f"},
		{"$(id)", "`id`"},
		{"${x", "}"},
		{"\"", "\"'"},
		{"#", "a #b"},
		{"~", "~root:~"},
		{"*", "[a-z]?"},
		{"esac", "done"},
		{"EOF", "EOF\nx"},
		{"\xc3\xa9\xc3", "\xa9\xf0\x9f\x98\x80\xc2\xa0"},
	}
	for _, locale := range []string{"C", "C.UTF-8"} {
		checkShapes(t, engine, locale, shapes, pairs...)
	}
}

// TestShapesAccept makes sure that the shapes are tested at all.
func TestShapesAccept(t *testing.T) {
	engine := shell.NewEngine()
	for _, s := range shapes {
		if _, ok := s.script(t, engine, everyByte(), "b"); !ok {
			t.Errorf("%s: every byte has to be accepted", s.name)
		}
	}
}

// TestOperands compares words that test could take for operators.
func TestOperands(t *testing.T) {
	t.Parallel()
	engine := shell.NewEngine()
	words := []string{"(", ")", "!", "-f", "-a", "=", "]", "", "-eq", "--", "a"}
	test := shapes[slices.IndexFunc(shapes, func(s shape) bool { return s.name == "test" })]
	var pairs [][2]string
	for _, a := range words {
		for _, b := range words {
			pairs = append(pairs, [2]string{a, b})
		}
	}
	checkShapes(t, engine, "C", []shape{test, operand}, pairs...)
}

var operand = shape{
	name: "operand",
	template: "if [ ! @ = @ ]; then d other; else d same; fi\n" +
		"if [ -z @ ]; then d empty; else d full; fi\n" +
		"if [ ! -n @ ]; then d empty; else d full; fi\n" +
		"if [ @ ]; then d full; else d empty; fi\n" +
		"if [ -f /nowhere/@ ] || [ ! -e / ]; then d wrong; fi\n",
	values: "ababab",
	prints: func(a, b string) []string {
		full := func(s string) string {
			if s == "" {
				return "empty"
			}
			return "full"
		}
		return []string{matches(a, b)[1], full(a), full(b), full(a)}
	},
}

// FuzzTemplate splices a value into any text: whatever that is, the engine ends
// with a script or with an error, and the script has a position for each line.
func FuzzTemplate(f *testing.F) {
	for _, s := range shapes {
		f.Add(s.template, "a b'\n")
	}
	f.Fuzz(func(t *testing.T, template, value string) {
		if strings.Contains(template, "_pg") || strings.ContainsAny(template, "\x00\r") || strings.Contains(value, "\x00") {
			t.Skip("the recorder refuses this")
		}
		n := strings.Count(template, "@")
		values := make([]any, n)
		for i := range values {
			switch i % 4 {
			case 2:
				values[i] = exact(t, "x", value[:len(value)/2]+"y")
			case 3:
				values[i] = i
			default:
				values[i] = value
			}
		}
		m := marked(template, values...)
		script, err := shell.NewEngine().Splice(m)
		script.Uses()
		if err == nil && len(script.Lines) != strings.Count(script.Text, "\n")+1 {
			t.Errorf("%d lines have %d positions", strings.Count(script.Text, "\n")+1, len(script.Lines))
		}
	})
}
