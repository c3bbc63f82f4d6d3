package command_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/command"
)

func TestExact(t *testing.T) {
	cmd, err := command.Exact([]string{"/bin/x", "", "a b", "-n"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := cmd.Shell(), "/bin/x '' 'a b' -n"; got != want {
		t.Errorf("Shell() = %s, want %s", got, want)
	}
	argv, ok := cmd.Argv()
	if diff := cmp.Diff([]string{"/bin/x", "", "a b", "-n"}, argv); !ok || diff != "" {
		t.Errorf("Argv() = %v, %t", argv, ok)
	}
	if cmd.IsZero() || !(command.Command{}).IsZero() {
		t.Error("IsZero is wrong")
	}
}

func TestExactRefuses(t *testing.T) {
	for _, tc := range []struct {
		argv []string
		want string
	}{
		{nil, "a command needs at least one word"},
		{[]string{"", "x"}, "the first word of a command cannot be empty"},
		{[]string{"x", "a\x00b"}, "word 2 of the command holds a NUL byte"},
	} {
		if _, err := command.Exact(tc.argv); err == nil || err.Error() != tc.want {
			t.Errorf("Exact(%q): %v, want %s", tc.argv, err, tc.want)
		}
	}
}

func TestParse(t *testing.T) {
	for _, tc := range []struct {
		src  string
		want []command.Arg
	}{
		{"/opt/riemann/bin/riemann /etc/riemann.config", []command.Arg{{Lit: "/opt/riemann/bin/riemann"}, {Lit: "/etc/riemann.config"}}},
		{`java -jar 'a b.jar' "c \"d\"" e\ f ''`, []command.Arg{{Lit: "java"}, {Lit: "-jar"}, {Lit: "a b.jar"}, {Lit: `c "d"`}, {Lit: "e f"}, {Lit: ""}}},
		{`"$JAVA_HOME"/bin/java`, []command.Arg{{Src: `"${JAVA_HOME}"/bin/java`}}},
		{`$JAVA_HOME/bin/java $OPTS`, []command.Arg{{Src: "${JAVA_HOME}/bin/java"}, {Src: "${OPTS}"}}},
		{`x ${HOME}/a ${TMP:-/var/tmp} ${A:-}`, []command.Arg{{Lit: "x"}, {Src: "${HOME}/a"}, {Src: "${TMP:-/var/tmp}"}, {Src: "${A:-}"}}},
		{`x $a'b' "a $b \$c"`, []command.Arg{{Lit: "x"}, {Src: "${a}b"}, {Src: `"a ${b} \$c"`}}},
		{`x {a,b} {$c,d} 'y'=$z`, []command.Arg{{Lit: "x"}, {Lit: "{a,b}"}, {Src: "'{'${c}',d}'"}, {Src: "'y='${z}"}}},
		{"x a\\\nb 'c\nd'", []command.Arg{{Lit: "x"}, {Lit: "ab"}, {Lit: "c\nd"}}},
		{"x a$ a#b \\# \\~ é", []command.Arg{{Lit: "x"}, {Lit: "a$"}, {Lit: "a#b"}, {Lit: "#"}, {Lit: "~"}, {Lit: "é"}}},
		{"'if' x", []command.Arg{{Lit: "if"}, {Lit: "x"}}},
		{"x", []command.Arg{{Lit: "x"}}},
		{" x \n", []command.Arg{{Lit: "x"}}},
		{`x "" ""$a`, []command.Arg{{Lit: "x"}, {Lit: ""}, {Src: "''${a}"}}},
	} {
		cmd, err := command.Parse(tc.src)
		if err != nil {
			t.Errorf("Parse(%s): %d: %v", tc.src, err.Col, err)
			continue
		}
		if diff := cmp.Diff(tc.want, cmd.Args); diff != "" {
			t.Errorf("Parse(%s): %s", tc.src, diff)
		}
		again, err := command.Parse(cmd.Shell())
		if err != nil {
			t.Errorf("Parse(%s) of Shell(): %v", cmd.Shell(), err)
		} else if diff := cmp.Diff(cmd, again); diff != "" {
			t.Errorf("Parse(Shell()) of %s differs: %s", tc.src, diff)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, tc := range []struct {
		src  string
		col  int
		msg  string
		hint string
	}{
		{"", 0, "a command needs at least one word", ""},
		{"  ", 0, "a command needs at least one word", ""},
		{"'' x", 1, "the first word of a command cannot be empty", ""},
		{"a | b", 1, "only one command can stand here, without |", `["sh", "-c", "…"]`},
		{"a && b", 1, "only one command can stand here, without &&", "sh"},
		{"a; b", 4, "only one command can stand here", "sh"},
		{"a\nb", 3, "only one command can stand here", "sh"},
		{"a ;", 3, "; cannot end the command", "leave it out"},
		{"a &", 3, "the command cannot be sent to the background with &", "leave out the &"},
		{"! a", 1, "! cannot stand before the command", "sh"},
		{"a >b", 3, "the command cannot redirect its input or output", "sh"},
		{"a 2>&1", 3, "the command cannot redirect its input or output", "sh"},
		{"A=b c", 1, "an assignment cannot stand before the command", "environment"},
		{"a $(b)", 3, "a command substitution cannot stand in a command", "sh"},
		{"a `b`", 3, "a command substitution cannot stand in a command", "sh"},
		{`a "$(b)"`, 4, "a command substitution cannot stand in a command", "sh"},
		{"a $((1))", 3, "a command substitution cannot stand in a command", "sh"},
		{"a *.jar", 3, "* is a pattern for file names", "single quotes"},
		{"a b?", 4, "? is a pattern for file names", "single quotes"},
		{"a [b]", 3, "[ is a pattern for file names", "single quotes"},
		{"~/bin/a", 1, "~ is not expanded in a command", "in full"},
		{"a # b", 3, "# begins a comment", "single quotes"},
		{"a $1", 3, "only $NAME, ${NAME} and ${NAME:-word} are expanded in a command", "single quotes"},
		{`a "$@"`, 4, "only $NAME, ${NAME} and ${NAME:-word} are expanded in a command", ""},
		{"a ${b%c}", 3, "only $NAME, ${NAME} and ${NAME:-word} are expanded in a command", "sh"},
		{"a ${b:=c}", 3, "only $NAME, ${NAME} and ${NAME:-word} are expanded in a command", "sh"},
		{"a ${#b}", 3, "only $NAME, ${NAME} and ${NAME:-word} are expanded in a command", "sh"},
		{"a ${b:-$c}", 8, "a default in ${NAME:-word} can only hold letters, digits and _./:@%+,=-", "environment"},
		{"a $'b'", 4, "$ before a quote is no POSIX shell", "single quotes"},
		{"if a; then b; fi", 1, "only a simple command can stand here", "sh"},
		{"(a)", 1, "only a simple command can stand here", "sh"},
		{"a() { b; }", 1, "only a simple command can stand here", "sh"},
		{"a 'b", 3, "the command is no POSIX shell: reached EOF without closing quote `'`", "sh"},
		{"a <(b)", 3, "the command is no POSIX shell", "sh"},
		{"a b\r\nc", 4, "a command written as a string cannot hold a carriage return", "list"},
		{"a \x00", 3, "a command cannot hold a NUL byte", ""},
		{"a <<b\nc\nb", 3, "the command cannot redirect its input or output", "sh"},
	} {
		cmd, err := command.Parse(tc.src)
		if err == nil {
			t.Errorf("Parse(%q) = %v, want an error", tc.src, cmd)
			continue
		}
		if !strings.HasPrefix(err.Msg, tc.msg) || err.Col != tc.col || !strings.Contains(err.Hint, tc.hint) {
			t.Errorf("Parse(%q): %d: %s (hint %s)\nwant %d: %s (hint %s)", tc.src, err.Col, err.Msg, err.Hint, tc.col, tc.msg, tc.hint)
		}
	}
}

func TestQuote(t *testing.T) {
	for _, tc := range []struct{ s, want string }{
		{"", "''"},
		{"abc", "abc"},
		{"/etc/a.b:c@d%e+f,g-h_1", "/etc/a.b:c@d%e+f,g-h_1"},
		{"-n", "-n"},
		{"--a=b", "--a=b"},
		{"a=b", "'a=b'"},
		{"=b", "'=b'"},
		{"if", "'if'"},
		{"}", "'}'"},
		{"it's", `'it'\''s'`},
		{"'", `''\'''`},
		{"a b\n", "'a b\n'"},
		{"~", "'~'"},
		{"\xff", "'\xff'"},
	} {
		if got := command.Quote(tc.s); got != tc.want {
			t.Errorf("Quote(%q) = %s, want %s", tc.s, got, tc.want)
		}
	}
}
