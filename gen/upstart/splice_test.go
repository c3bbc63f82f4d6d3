package upstart_test

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/command"
	"palletgen/gen/record"
	"palletgen/gen/splice/splicetest"
	"palletgen/gen/upstart"
)

// marked stands in for a template: each % of text is the place of a value.
func marked(text string, values ...any) *record.Marked {
	return splicetest.Marked("%", text, values...)
}

var exact = splicetest.Exact

func TestSplice(t *testing.T) {
	for _, tc := range []struct {
		text   string
		values []any
		want   string
	}{
		{"exec %\nsetuid %\n", []any{exact("/opt/riemann/bin/riemann", "/etc/riemann/riemann.config"), "riemann"},
			"exec /opt/riemann/bin/riemann /etc/riemann/riemann.config\nsetuid riemann\n"},
		{"exec %", []any{exact("/bin/x", "", "a b", "it's", `\`, "#", `"`, "ü")}, `exec /bin/x '' 'a b' 'it'"'"'s' "\\" '#' '"' 'ü'`},
		{"exec %", []any{command.Command{Args: []command.Arg{{Src: `"$JAVA_HOME"/bin/java`}, {Lit: "$x"}}}}, `exec "$JAVA_HOME"/bin/java '$x'`},
		{"exec /bin/x -p % --d=% \"in % q\" 'in % q' %", []any{5555, "a b", "$y", "it's", true}, `exec /bin/x -p 5555 --d='a b' "in "'$y'" q" 'in it'"'"'s q' true`},
		{"env %=%", []any{"A", `a "b" \ #c $d`}, `env A="a "'"b" \\ #c $d'`},
		{"env A=\"<%>\" # %", []any{`"x"`, "any # thing"}, `env A="<"'"x"'">" # any # thing`},
		{"env A='<%>'", []any{`'"x`}, `env A='<'"'"'"x>'`},
		{"env A=%", []any{""}, "env A="},
		{"chdir %", []any{"/a b"}, `chdir "/a b"`},
		{"limit % % %", []any{"nofile", int64(5), "unlimited"}, "limit nofile 5 unlimited"},
		{"start on %", []any{"runlevel [2345]"}, "start on runlevel [2345]"},
		{"start on % and started %", []any{"a or b X=\"1 2\"", "and"}, `start on (a or b X="1 2") and started "and"`},
		{"start on (% and started x Y=%)", []any{"a", "b (c)"}, `start on ((a) and started x Y="b (c)")`},
	} {
		got, err := upstart.Splice(marked(tc.text, tc.values...))
		if err != nil {
			t.Errorf("%q: %v", tc.text, err)
		} else if diff := cmp.Diff(tc.want, string(got)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tc.text, diff)
		}
	}
}

func TestSpliceErrors(t *testing.T) {
	for _, tc := range []struct {
		text   string
		values []any
		want   string
	}{
		{"env A=%", []any{"a\nb"}, "t:1:1: a job file cannot hold a value with a line end | test it with fits"},
		{"env A=%", []any{"a\x00b"}, "t:1:1: no value can hold a NUL byte"},
		{"# %", []any{"a\nexec b"}, "t:1:1: a job file cannot hold a value with a line end"},
		{"exec x %", []any{"a\nb"}, "t:1:1: a job file cannot hold a value with a line end"},
		{"exec %", []any{exact("x", "a\nb")}, "t:1:1: a job file cannot hold a value with a line end | test it with fits"},
		{"exec %", []any{exact("-x")}, `t:1:1: exec takes "-x" for an option`},
		{"exec %", []any{command.Command{Args: []command.Arg{{Lit: "x"}, {Src: `"\$ $x"`}}}}, "t:1:1: the word"},
		{"exec %", []any{command.Command{}}, "t:1:1: this command has no words"},
		{"exec \"%\"", []any{exact("a")}, "t:1:1: a command can stand only as a word of its own"},
		{"exec x%", []any{exact("a")}, "t:1:1: a command can stand only as a word of its own"},
		{"env A=%", []any{exact("a")}, "t:1:1: a command can stand only as a word of its own"},
		{"exec x \"$A%\"", []any{"a"}, "t:1:1: a value cannot stand in a word that the shell expands"},
		{"exec x >%", []any{"a"}, "t:1:1: a value cannot stand in a redirection"},
		{"exec x a\\%", []any{"a"}, "t:1:1: a value cannot follow a backslash"},
		{"exec % x", []any{"-a"}, `t:1: exec takes "-a" for an option`},
		{"script\n\n%\nend script", []any{"a"}, "t:1:1: a value cannot stand in a script block | give it to the script as a variable"},
		{"\n% x", []any{"exec"}, "t:2: a value cannot stand in place of a stanza"},
		{"kill % x", []any{"timeout"}, "t:1: a value cannot stand in place of the word after kill"},
		{"start on %", []any{"a\" b"}, `t:1:1: "a\" b" is no expression of events: this quote is never closed`},
		{"start on %", []any{"a # b"}, `t:1:1: "a # b" is no expression of events: it holds a comment`},
		{"start on (%)", []any{"a) or (b"}, `t:1:1: "a) or (b" is no expression of events: this parenthesis was never opened`},
		{"chdir %", []any{""}, "t:1:1: upstart takes no empty argument"},
		{"env %=%", []any{"A=B", "c"}, `t:1:1: "A=B" is not the name of a variable`},
		{"nice %", []any{99}, `t:1:1: nice: "99" is not a number from -20 to 19`},
		{"limit nofile % %", []any{"2", 1}, "t:1:1: limit: the soft limit is above the hard limit"},
		{"\nnice x %", []any{99}, `t:1:1: nice: "99" is one argument too many`},
		{"emits %", []any{[]any{"a"}}, "t:1:1: a list or a map cannot stand in a job file"},
		{"emits %", []any{1.5}, "t:1:1: a value of type float64 cannot stand"},
		{"exec a\nbad", nil, `t:2: unknown stanza "bad"`},
	} {
		_, err := upstart.Splice(marked(tc.text, tc.values...))
		if got := first(err); !strings.HasPrefix(got, tc.want) {
			t.Errorf("%q:\n got %s\nwant %s", tc.text, got, tc.want)
		}
	}
}

func TestFits(t *testing.T) {
	for _, tc := range []struct {
		v    any
		want bool
	}{
		{"", true}, {"a \"'\\ #$", true}, {"a\nb", false}, {"\x00", false}, {strings.Repeat("a", 200_000), false},
		{strings.Repeat(`"'`, 40_000), false},
		{exact("a", "", "\xff"), true}, {exact("a", "\n"), false}, {exact("-a"), false},
		{command.Command{Args: []command.Arg{{Src: `"$a"b`}}}, true}, {command.Command{Args: []command.Arg{{Src: `${a:-"\\"}`}}}, false},
		{[]any{"a", "b\n"}, false}, {[]any{exact("a")}, true}, {map[string]any{"a": "b"}, true}, {map[string]any{"a": "\n"}, false},
		{7, true}, {true, true}, {nil, true}, {1.5, false},
	} {
		if got := upstart.Fits(tc.v); got != tc.want {
			t.Errorf("Fits(%.40q) = %t", tc.v, got)
		}
	}
}

var awkward = splicetest.Awkward

// TestShellReadsTheSameWords runs command lines as upstart does.
func TestShellReadsTheSameWords(t *testing.T) {
	argv := append([]string{"/usr/bin/printf", "%s\\0"}, awkward...)
	conf, err := upstart.Splice(marked("exec %", exact(argv...)))
	if err != nil {
		t.Fatal(err)
	}
	line, wrong := readToken(strings.TrimPrefix(string(conf), "exec "), "#\n", false)
	if wrong {
		t.Fatal("the model of upstart's reader does not read the line")
	}
	got, err := exec.Command("/bin/sh", "-e", "-c", "exec "+line, "/bin/sh").Output()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Join(awkward, "\x00")+"\x00", string(bytes.TrimPrefix(got, nil))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
