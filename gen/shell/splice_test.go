package shell_test

import (
	"strings"
	"testing"

	"palletgen/gen/command"
	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/shell"
)

// marked makes the marked text of a template in which @ stands for each value,
// in turn, but for "$@". A value's position is the line and column of its @.
func marked(template string, values ...any) *record.Marked {
	src := &diag.Source{Name: "t.sh.tmpl", Text: template}
	m := &record.Marked{}
	var text strings.Builder
	line, col := 1, 1
	for _, c := range []byte(template) {
		if c == '@' && !strings.HasSuffix(text.String(), "$") && len(m.Values) < len(values) {
			text.WriteString(record.Marker(len(m.Values)))
			m.Values = append(m.Values, record.Value{V: values[len(m.Values)], Pos: diag.Pos{Source: src, Line: line, Col: col}})
		} else {
			text.WriteByte(c)
		}
		col++
		if c == '\n' {
			line, col = line+1, 1
		}
	}
	m.Text = text.String()
	for i := range strings.Count(m.Text, "\n") + 1 {
		m.Lines = append(m.Lines, diag.Pos{Source: src, Line: i + 1})
	}
	return m
}

func exact(t testing.TB, argv ...string) command.Command {
	t.Helper()
	cmd, err := command.Exact(argv)
	if err != nil {
		t.Fatal(err)
	}
	return cmd
}

func parsed(t testing.TB, src string) command.Command {
	t.Helper()
	cmd, err := command.Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	return cmd
}

func TestSplicePlaces(t *testing.T) {
	for _, tc := range []struct {
		name, template string
		values         []any
		want           string
	}{
		{"plain word", "user @\n", []any{"riemann"}, "user riemann\n"},
		{"word", "user @\n", []any{"a b"}, "user 'a b'\n"},
		{"empty word", "user @ x\n", []any{""}, "user '' x\n"},
		{"single quote", "user @\n", []any{"it's"}, "user 'it'\\''s'\n"},
		{"newline", "user @\nx\n", []any{"a\nb; rm -rf /"}, "user 'a\nb; rm -rf /'\nx\n"},
		{"part of word", "put etc/@/run /etc/@\n", []any{"a b", "c"}, "put etc/'a b'/run /etc/c\n"},
		{"adjacent", "x @@@\n", []any{"a", "", "$b"}, "x a'''$b'\n"},
		{"reserved word", "x @\n", []any{"if"}, "x 'if'\n"},
		{"int", "x @ @\n", []any{7, int64(-3)}, "error"},
		{"int after option", "nice -n @ x\n", []any{-5}, "nice -n -5 x\n"},
		{"argument of a long option", "x --y=@ --z=a@\n", []any{7, "-b c"}, "x --y=7 --z=a'-b c'\n"},
		{"bool", "x @\n", []any{true}, "x true\n"},
		{"double quotes", `x "a @ b"` + "\n", []any{"\"$x`\\\n"}, "x \"a \\\"\\$x\\`\\\\\n b\"\n"},
		{"single quotes", "x 'a @ b'\n", []any{"'$x"}, "x 'a '\\''$x b'\n"},
		{"assignment", "a=@ b='@'\n", []any{"~/x:~", "y"}, "a='~/x:~' b='y'\n"},
		{"export", "export @=@\n", []any{"A", "b c"}, "export A='b c'\n"},
		{"name", "a_@=1\n", []any{"x1"}, "a_x1=1\n"},
		{"for", "for i in @ '@'; do\n    x \"$i\"\ndone\n", []any{"-a b", "c"}, "for i in '-a b' 'c'; do\n    x \"$i\"\ndone\n"},
		{"case", "case $x in\n@) y ;;\n\"@\"*|a@) z ;;\nesac\n", []any{"esac", "*", "b"}, "case $x in\n'esac') y ;;\n\"*\"*|ab) z ;;\nesac\n"},
		{"case word", "case @ in\na) ;;\nesac\n", []any{"esac"}, "case 'esac' in\na) ;;\nesac\n"},
		{"heredoc", "cat <<EOF\na @ b\nEOF\nx\n", []any{"$(x)`y`\\\n'\""}, "cat <<EOF\na \\$(x)\\`y\\`\\\\\n'\" b\nEOF\nx\n"},
		{"quoted heredoc", "cat <<'EOF'\na @ b\nEOF\nx\n", []any{"$(x)`y`\\\n'\""}, "cat <<'EOF'\na $(x)`y`\\\n'\" b\nEOF\nx\n"},
		{"comment", "# for @\nx # @\n", []any{"a b'", "é"}, "# for a b'\nx # é\n"},
		{"arithmetic", "x=$((@ + $y * (@)))\n", []any{3, "40"}, "x=$((3 + $y * (40)))\n"},
		{"redirect", "x >@ 2>>\"@\"\n", []any{"a b", "$c"}, "x >'a b' 2>>\"\\$c\"\n"},
		{"substitution", "x=$(y @) z \"a $(b @) c\"\n", []any{"a'b", "\"$"}, "x=$(y 'a'\\''b') z \"a $(b '\"$') c\"\n"},
		{"function", "f() {\n    x @\n}\n", []any{"}"}, "f() {\n    x '}'\n}\n"},
		{"if", "if x @; then\n    y @\nelif z; then w @; else v @; fi\n", []any{"a", "b;", "fi", ""}, "if x a; then\n    y 'b;'\nelif z; then w 'fi'; else v ''; fi\n"},
		{"while", "while x @; do y @; done <@\n", []any{"a", "done", "f"}, "while x a; do y 'done'; done <f\n"},
		{"bytes", "x @\n", []any{"\xff\r\n\x01é"}, "x '\xff\r\n\x01é'\n"},
		{"braced variable", "x ${HOME}@\n", []any{"a"}, "x ${HOME}a\n"},
		{"numbers behind options", "head -n@ x | java -Xmx@m -Xss-@ Main\n", []any{3, 512, 7}, "head -n3 x | java -Xmx512m -Xss-7 Main\n"},
		{"command", "exec @\n", []any{exact(t, "java", "-jar", "a b")}, "exec java -jar 'a b'\n"},
		{"command statement", "@ &\n", []any{exact(t, "a=b", "c=d")}, "'a=b' 'c=d' &\n"},
		{"command after wrappers", "exec chpst -u @ env A=@ @\n", []any{"x:y", "1 2", exact(t, "if")}, "exec chpst -u x:y env A='1 2' 'if'\n"},
		{"command as arguments", "run_as @ @ @\n", []any{"u", exact(t, "a", ""), "z"}, "run_as u a '' z\n"},
		{"command with expansions", "exec @ @\n", []any{parsed(t, `"$JAVA_HOME"/bin/java ${A:-b} 'c d'`), "e"}, "exec \"${JAVA_HOME}\"/bin/java ${A:-b} 'c d' e\n"},
		{"code", "x\n@\ny\n", []any{shell.Code("if a; then\n    b\nfi # c\n# d\n\n")}, "x\nif a; then\n    b\nfi # c\n# d\ny\n"},
		{"code alone", "@\n", []any{shell.Code("#!/bin/sh\ncat <<E\nx\nE\n")}, "#!/bin/sh\ncat <<E\nx\nE\n"},
		{"code in a function", "f() {\n    @\n}\n", []any{shell.Code("a\nb")}, "f() {\n    a\nb\n}\n"},
		{"test", "[ \"$x\" = @ ] && [ -f @ ] && [ $n -gt @ ] && [ ! -d @ ]\n", []any{"(", "a b", "3", "!"}, "[ \"$x\" = '(' ] && [ -f 'a b' ] && [ $n -gt 3 ] && [ ! -d '!' ]\n"},
		{"after --", "rm -f -- @\n", []any{"-rf"}, "rm -f -- -rf\n"},
		{"sh -c arguments", "sh -c 'exec \"$@\"' sh @\n", []any{"-rf"}, "sh -c 'exec \"$@\"' sh -rf\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			script, err := shell.NewEngine().Splice(marked(tc.template, tc.values...))
			switch {
			case tc.want == "error" && err == nil:
				t.Errorf("got %q, want an error", script.Text)
			case tc.want == "error":
			case err != nil:
				t.Errorf("error: %v", err)
			case script.Text != tc.want:
				t.Errorf("got  %q\nwant %q", script.Text, tc.want)
			}
		})
	}
}
