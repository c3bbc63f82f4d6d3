package shell_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/command"
	"palletgen/gen/diag"
	"palletgen/gen/shell"
)

// A refusal is a template and values that Splice has to refuse, at pos.
type refusalCase struct {
	name, template string
	values         []any
	pos, msg       string
}

func (tc refusalCase) run(t *testing.T) {
	t.Helper()
	script, err := shell.NewEngine().Splice(marked(tc.template, tc.values...))
	if err == nil {
		t.Fatalf("got %q, want an error", script.Text)
	}
	var list diag.List
	if !errors.As(err, &list) {
		t.Fatalf("%T is no diag.List", err)
	}
	want := "t.sh.tmpl:" + tc.pos + ": " + tc.msg
	if !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got  %s\nwant %s", err, want)
	}
	if strings.Contains(err.Error(), "_pg00") {
		t.Errorf("the message shows a marker: %s", err)
	}
}

const (
	asCommand  = "a value cannot be part of a command's name"
	asName     = "a value cannot stand as the name of a command"
	asShell    = "the value would be read as shell code by "
	asOption   = "the value would be read as an option: it begins with -"
	asNumber   = "only a whole number can stand there: some shells calculate what they find"
	descriptor = "a value cannot be the descriptor of a redirection"
	inBraces   = "a value cannot stand inside ${ }"
	asOperator = "the value could be taken for an operator of test"
	onStdin    = "the value would be read as code by another program"
	nearTilde  = "a value beside ~ would change which home directory is meant"
	braces     = "a value cannot stand in a word with unquoted braces"
	bracket    = "a value cannot stand in a word with an unquoted ["
)

func TestSpliceRefusesPlaces(t *testing.T) {
	s := []any{"x"}
	for _, tc := range []refusalCase{
		{"command name", "@ a\n", s, "1:1", asName},
		{"part of a command name", "/opt/@/bin/x a\n", s, "1:6", asCommand},
		{"quoted command name", "\"@\" a\n", s, "1:2", asCommand},
		{"command name after an assignment", "A=b @\n", s, "1:5", asName},
		{"command of systemd-run", "systemd-run -u a --uid b @\n", s, "1:26", asName},
		{"command of systemd-cat", "systemd-cat -t a @ b\n", s, "1:18", asName},
		{"command of systemd-inhibit", "systemd-inhibit --why a @\n", s, "1:25", asName},
		{"command of fakeroot", "fakeroot -- @\n", s, "1:13", asName},
		{"command of faketime", "faketime a @\n", s, "1:12", asName},
		{"command of cgexec", "cgexec -g cpu:a @\n", s, "1:17", asName},
		{"command of dbus-run-session", "dbus-run-session -- @\n", s, "1:21", asName},
		{"command of xvfb-run", "xvfb-run -a -n 9 @\n", s, "1:18", asName},
		{"command name after exec", "exec @\n", s, "1:6", asName},
		{"command name after command", "command @\n", s, "1:9", asName},
		{"command name after env", "env -i A=b @\n", s, "1:12", asName},
		{"command name after env without assignment", "env @ x\n", s, "1:5", asName},
		{"command name after nohup", "nohup @ x\n", s, "1:7", asName},
		{"command name after setsid and nice", "setsid nice -n 5 @ x\n", s, "1:18", asName},
		{"command name after timeout", "timeout -k 5 10 @ x\n", s, "1:17", asName},
		{"command name after chpst", "exec chpst -u a:b -P @ x\n", s, "1:22", asName},
		{"command name after xargs", "x | xargs -n 1 @\n", s, "1:16", asName},
		{"command name after find", "find . -exec @ {} +\n", s, "1:14", asName},
		{"command name after sudo", "sudo -u root A=b @\n", s, "1:18", asName},
		{"function without a name", "() { a @; }\n", s, "1:1", "the template makes no valid shell script: no POSIX shell: anonymous functions"},
		{"function name", "@() { a; }\n", s, "1:1", "a value cannot be part of a function's name"},
		{"part of a function name", "start_@() { a; }\n", s, "1:7", "a value cannot be part of a function's name"},
		{"backquotes", "a `b @`\n", s, "1:6", "a value cannot stand inside backquotes"},
		{"backquotes in double quotes", "a \"`b @`\"\n", s, "1:7", "a value cannot stand inside backquotes"},
		{"default", "a ${b:-@}\n", s, "1:8", inBraces},
		{"default in double quotes", "a \"${b:-@}\"\n", s, "1:9", inBraces},
		{"prefix", "a \"${b#@}\"\n", s, "1:8", inBraces},
		{"substitution in a default", "a ${b:-$(c @)}\n", s, "1:12", inBraces},
		{"variable", "a $@\n", nil, "", ""},
		{"name of a variable", "a ${@}\n", s, "1:5", "a value cannot be part of the name in ${ }"},
		{"after a variable", "a $b@\n", s, "1:5", "the value would become part of the variable's name before it"},
		{"tabs heredoc", "a <<-EOF\n\tb @\n\tEOF\n", s, "2:4", "a value cannot stand in a here-document begun by <<-"},
		{"heredoc delimiter", "a <<@\nb\n@\n", []any{"E", "E"}, "1:3", "the here-document is not ended (heredoc-end)"},
		{"substitution in a heredoc", "a <<E\n$(b @)\nE\n", s, "2:5", "a value cannot stand inside an expansion in a here-document"},
		{"heredoc in a substitution", "x=$(\n    a <<'E'\n@\nE\n)\n", s, "3:1", "a value cannot stand in a here-document inside of $( )"},
		{"descriptor", "a @>b\n", s, "1:3", descriptor},
		{"part of a descriptor", "a 1@>b\n", s, "1:4", descriptor},
		{"descriptor before input", "exec @<b\n", s, "1:6", descriptor},
		{"copied descriptor", "a 2>&@\n", s, "1:6", descriptor},
		{"tilde before", "a ~@\n", s, "1:4", nearTilde},
		{"tilde name", "a ~b@/c\n", s, "1:5", nearTilde},
		{"tilde after", "a=@~/b\n", s, "1:3", nearTilde},
		{"tilde in an assignment", "a=b:~@\n", s, "1:6", nearTilde},
		{"backslash before", "a \\@\n", s, "1:4", `a value cannot stand right after a \`},
		{"backslash in double quotes", "a \"\\@\"\n", s, "1:5", `a value cannot stand right after a \`},
		{"backslash in a heredoc", "a <<E\n\\@\nE\n", s, "2:2", `a value cannot stand right after a \`},
		{"braces", "a {@}\n", s, "1:4", braces},
		{"brace before", "a \"@\"}\n", s, "1:4", braces},
		{"brackets", "a [@]*\n", s, "1:4", bracket},
		{"quoted in brackets", "case x in [\"@\"]) a ;; esac\n", s, "1:13", bracket},
		{"eval", "eval @\n", s, "1:6", asShell + "eval"},
		{"eval, second word", "eval a \"b $c @\"\n", s, "1:14", asShell + "eval"},
		{"sh -c", "sh -c @\n", s, "1:7", asShell + "sh"},
		{"sh -ec", "sh -e -c \"a @\"\n", s, "1:13", asShell + "sh"},
		{"bash by path", "/bin/bash -c 'a @'\n", s, "1:17", asShell + "bash"},
		{"busybox sh -c", "busybox sh -c @\n", s, "1:15", asShell + "sh"},
		{"exec env sh -c", "exec env A=b sh -c @\n", s, "1:20", asShell + "sh"},
		{"xargs sh -c", "a | xargs sh -c @\n", s, "1:17", asShell + "sh"},
		{"find -exec sh -c", "find . -exec sh -c @ \\;\n", s, "1:20", asShell + "sh"},
		{"su -c", "su - a -c @\n", s, "1:11", asShell + "su"},
		{"su -c, user behind", "su -s /bin/sh -c \"b @\" a\n", s, "1:21", asShell + "su"},
		{"runuser", "runuser -u a --command=@\n", s, "1:24", "the value would be read as shell code"},
		{"trap", "trap @ EXIT\n", s, "1:6", asShell + "trap"},
		{"trap in double quotes", "trap \"rm @\" EXIT\n", s, "1:10", asShell + "trap"},
		{"alias", "alias a=@ # palletgen: allow alias\n", s, "1:9", asShell + "alias"},
		{"ssh", "ssh host rm @\n", s, "1:13", "the value would be read as shell code on the other host"},
		{"env -S", "env -S @ x # palletgen: allow env-option\n", s, "1:8", "the value would be read as shell code"},
		{"flock -c", "flock /l -c @\n", s, "1:13", asShell + "sh"},
		{"awk", "awk @ b\n", s, "1:5", "the value would be read as awk code"},
		{"awk -F", "awk -F : '{ print @ }' b\n", s, "1:19", "the value would be read as awk code"},
		{"awk -v", "awk -v a=@ '{ print a }'\n", s, "1:10", "awk would read backslashes in the value"},
		{"sed", "sed -n \"s/a/@/\" b\n", s, "1:13", "the value would be read as sed code"},
		{"sed -e", "sed -e a -e @ b\n", s, "1:13", "the value would be read as sed code"},
		{"perl -e", "perl -e @\n", s, "1:9", "the value would be read as perl code"},
		{"python -c", "python3 -c \"print(@)\"\n", s, "1:19", "the value would be read as python3 code"},
		{"printf format", "printf @\n", s, "1:8", "the value would be read as a format by printf"},
		{"printf format in quotes", "printf \"a @\\n\"\n", s, "1:11", "the value would be read as a format by printf"},
		{"printf %b", "printf '%s %b' a @\n", s, "1:18", "printf would change backslashes in the value"},
		{"printf %d", "printf '%d' @\n", s, "1:13", asNumber},
		{"heredoc for sh", "sh <<E\na @\nE\n", s, "2:3", onStdin},
		{"heredoc for sh -s", "sh -s a <<'E'\na @\nE\n", s, "2:3", onStdin},
		{"heredoc for ssh", "ssh a <<'E'\na @\nE\n", s, "2:3", onStdin},
		{"pipe into sh", "printf '%s' @ | sh\n", s, "1:13", onStdin},
		{"pipe into exec env bash", "printf '%s' @ | exec env A=b bash -e\n", s, "1:13", onStdin},
		{"pipe into a block with sh", "printf '%s' @ | { a; sh; }\n", s, "1:13", onStdin},
		{"test with unknown operator", "[ a @ b ]\n", s, "1:5", asOperator},
		{"test operator of one", "[ @ a ]\n", s, "1:3", asOperator},
		{"test of many", "[ a = @ -a b = c ]\n", s, "1", "-a and -o in [ are read differently by shells"},
		{"test number", "[ $a -gt @ ]\n", s, "1:10", asNumber},
		{"expr", "expr @ + 1\n", s, "1:6", asNumber},
		{"arithmetic", "a=$((@ + 1))\n", s, "1:6", "only a whole number can stand in an arithmetic expansion"},
		{"part of a number", "a=$((1@ + 1))\n", s, "1:7", "a value has to be a whole number in $(( )), not a part of one"},
		{"shebang", "#!@\na\n", s, "1:3", "no value can stand in the #! line"},
		{"option name", "a -@\n", s, "1:4", "the value would be the name of an option"},
		{"long option name", "a --@=b\n", s, "1:5", "the value would be the name of an option"},
		{"comment in a substitution", "a $(b # @\n)\n", s, "1:9", "a value cannot stand in a comment inside of $( )"},
		{"getopts", "getopts @ a\n", s, "1:9", "a value cannot be the list of options"},
		{"export without name", "export \"@=b\"\n", s, "1:9", "a value cannot stand here: the variable's name ends nowhere"},
		{"dynamic command", "\"$a\" @\n", s, "1:1", "the name of the command is only known at run time"},
	} {
		if tc.pos == "" {
			continue
		}
		t.Run(tc.name, tc.run)
	}
}

func TestSpliceRefusesValues(t *testing.T) {
	s := func(v ...any) []any { return v }
	cmd := exact(t, "a", "b")
	for _, tc := range []refusalCase{
		{"nil", "a @\n", s(nil), "1:3", "there is no value to print"},
		{"list", "a @\n", s([]any{"b"}), "1:3", "a list cannot be printed as one value"},
		{"map", "a @\n", s(map[string]any{}), "1:3", "a map cannot be printed as one value"},
		{"float", "a @\n", s(1.5), "1:3", "a value of type float64 cannot be printed"},
		{"NUL", "a @\n", s("b\x00"), "1:3", "the value holds a NUL byte"},
		{"NUL in a command", "@\n", s(command.Command{Args: []command.Arg{{Lit: "a\x00"}}}), "1:1", "the command holds a NUL byte"},
		{"zero command", "exec @\n", s(command.Command{}), "1:6", "there is no command to print"},
		{"command in quotes", "a \"@\"\n", s(cmd), "1:4", "a command can only stand where a command stands"},
		{"command as a part", "a b@\n", s(cmd), "1:4", "a command can only stand where a command stands"},
		{"command as a file", "a >@\n", s(cmd), "1:4", "a command can only stand where a command stands"},
		{"command in for", "for i in @; do a; done\n", s(cmd), "1:10", "a command can only stand where a command stands"},
		{"command in an assignment", "a=@\n", s(cmd), "1:3", "a command can only stand where a command stands"},
		{"command in code", "sh -c @\n", s(cmd), "1:7", "a command can only stand where a command stands"},
		{"command as an option", "a @\n", s(exact(t, "-x", "b")), "1:3", asOption},
		{"code as a word", "a @\n", s(shell.Code("b")), "1:3", "shell code can only stand as a statement on a line of its own"},
		{"code beside others", "a; @\n", s(shell.Code("b")), "1:4", "shell code can only stand as a statement on a line of its own"},
		{"code with a redirection", "@ >b\n", s(shell.Code("b")), "1:1", "shell code can only stand as a statement on a line of its own"},
		{"code after exec", "exec @\n", s(shell.Code("b")), "1:6", "shell code can only stand as a statement on a line of its own"},
		{"broken code", "@\n", s(shell.Code("a\nif b; then")), "1:1", "line 2 of the shell code: "},
		{"code that closes more than it opens", "f() {\n@\n}\n", s(shell.Code("}\nrm -rf /\nf() {")), "2:1", "line 1 of the shell code: "},
		{"code with an open here-document", "@\na\n", s(shell.Code("cat <<E\nb")), "1:1", "line 1 of the shell code: "},
		{"code with a backslash at its end", "@\na\n", s(shell.Code("b \\")), "1:1", `the shell code ends in a lone \`},
		{"code with a carriage return", "@\na\n", s(shell.Code("b\r\n")), "1:1", "the shell code holds a control character"},
		{"leading dash", "rm -f @\n", s("-rf"), "1:7", asOption},
		{"leading dash in quotes", "rm -f \"@\"\n", s("-rf"), "1:8", asOption},
		{"leading dash, empty value before", "rm -f @@\n", s("", "-rf"), "1:7", asOption},
		{"leading dash from the text behind", "rm -f @-rf\n", s(""), "1:7", asOption},
		{"leading dash for a function", "put @ b\n", s("-x"), "1:5", asOption},
		{"negative number", "head @\n", s(-3), "1:6", asOption},
		{"negative number in arithmetic", "a=$((@))\n", s(-3), "1:6", "a negative number cannot stand in an arithmetic expansion"},
		{"large number in arithmetic", "a=$((@))\n", s(1 << 31), "1:6", "the number is too large for the arithmetic of some shells"},
		{"octal number in arithmetic", "a=$((@))\n", s("010"), "1:6", "only a whole number can stand in an arithmetic expansion"},
		{"bool in arithmetic", "a=$((@))\n", s(true), "1:6", "only a whole number can stand in an arithmetic expansion"},
		{"number in a test", "[ 1 -eq @ ]\n", s("a[$(b)]"), "1:9", asNumber},
		{"number to exit", "exit @\n", s("a[$(b)]"), "1:6", "only a whole number can stand there, not below 0"},
		{"limit", "ulimit -n @\n", s("1+1"), "1:11", "a limit is a whole number, or unlimited"},
		{"umask", "umask @\n", s("u=rwx"), "1:7", "an umask is an octal number"},
		{"signal", "kill -@ 5\n", s("9 1"), "1:7", "the value is no signal"},
		{"variable name", "export @=b\n", s("a b"), "1:8", "the value cannot be part of a variable's name"},
		{"variable name with a digit", "@=b\n", s("1a"), "1:1", "the value makes no name of a variable"},
		{"variable name with =", "export @\n", s("A=b"), "1:8", "the value cannot be part of a variable's name"},
		{"empty variable name", "export @=b\n", s(""), "1:8", "the value makes no name of a variable"},
		{"number as a name", "a@=b\n", s(1), "1:2", "a number cannot be part of a variable's name"},
		{"IFS", "export @=b\n", s("IFS"), "1:8", "the value makes no name of a variable that a script may set"},
		{"UID", "@=b\n", s("UID"), "1:1", "the shell keeps the variable of that name for itself"},
		{"IFS in for", "for @ in a; do b; done\n", s("IFS"), "1:5", "the shell keeps the variable of that name for itself"},
		{"set", "set @\n", s("+x"), "1:5", "the value would be read as an option: it begins with - or +"},
		{"script", "sh @ a\n", s("+c"), "1:4", "the value would be read as an option: it begins with - or +"},
		{"read", "read -r @\n", s("a[$(b)]"), "1:9", "the value makes no name of a variable"},
		{"for name", "for @ in a; do b; done\n", s("-"), "1:5", "the value cannot be part of a variable's name"},
		{"env name", "env @=b c\n", s("A=x"), "1:5", "the name of an environment variable cannot hold ="},
		{"env option", "env @=b c\n", s("-i"), "1:5", "the name of an environment variable cannot be empty, or begin with -"},
		{"awk file", "awk '{ print }' @\n", s("a=b"), "1:17", "awk would read the value as an assignment or an option"},
		{"echo backslash", "echo @\n", s(`a\nb`), "1:6", "echo would change the value"},
		{"echo option", "echo \"@\"\n", s("-n"), "1:7", "echo would change the value"},
		{"sourced file", ". @\n", s("a"), "1:3", "a file without / in its name is looked up in PATH"},
		{"empty file", "a >@\n", s(""), "1:4", "the name of the file is empty"},
		{"comment newline", "# @\n", s("a\nb"), "1:3", "a comment cannot hold a value with control characters"},
		{"comment backslash", "# @\na\n", s(`b\`), "1:3", `a comment cannot hold a value that ends in \`},
		{"heredoc end", "a <<E\n@\nE\n", s("b\nE\nrm -rf /"), "2:1", "a line of the value would end the here-document"},
		{"heredoc byte that dash loses", "a <<'EOF'\n@\nEOF\n", s("E\xc3\xb6tv\xc3\xb6s"), "2:1", "dash loses a byte that is no ASCII"},
		{"heredoc byte that dash loses behind text", "a <<EOF\nEO@\nEOF\n", s("\xc3\xb6"), "2:3", "dash loses a byte that is no ASCII"},
		{"heredoc end, raw", "a <<'E'\n@\nE\n", s("E"), "2:1", "a line of the value would end the here-document"},
		{"heredoc end, last line", "a <<'E'\nx @\nE\n", s("b\nE"), "2:3", "a line of the value would end the here-document"},
		{"heredoc end, made of two", "a <<'EOF'\n@F\nEOF\n", s("EO"), "2:1", "with the values on this line the script would"},
		{"heredoc end, made of two values", "a <<EOF\n@@\nEOF\n", s("EO", "F\nb"), "2:1", "with the values on this line the script would"},
	} {
		t.Run(tc.name, tc.run)
	}
}

func TestSpliceRefusesTexts(t *testing.T) {
	for _, tc := range []refusalCase{
		{"open quote", "a\nb 'c\n", nil, "2:3", "the template makes no valid shell script: reached EOF without closing quote"},
		{"no column after a value", "a @ 'b\n", []any{"c"}, "1", "the template makes no valid shell script: reached EOF"},
		{"not ASCII", "a\n# \xc3\xa9\n", nil, "2:3", "a byte that is no ASCII stands in the script's text"},
		{"lint", "a\n[[ b ]]\n", nil, "2:1", "[[ is no POSIX shell (double-bracket)"},
		{"code of trap", "trap 'if' EXIT\n", nil, "1:6", "the code in this word is no valid shell"},
	} {
		t.Run(tc.name, tc.run)
	}
}

// TestAllAtOnce: what is wrong with the text hides nothing that is wrong with the
// values, and one value nothing of another.
func TestAllAtOnce(t *testing.T) {
	text := "alias x=y\nsh -c @\na=b @\n: # @\ngrep @ f\ngrep @ f\n"
	_, err := shell.NewEngine().Splice(marked(text, "v", "v", "a\nb", "a\tb.", "a"))
	var list diag.List
	if !errors.As(err, &list) {
		t.Fatalf("got %v, want errors", err)
	}
	var got []string
	for _, e := range list {
		got = append(got, e.Pos.String()+" "+e.Msg)
	}
	want := []string{
		"t.sh.tmpl:1:1 scripts know no aliases in bash and posh (alias)",
		"t.sh.tmpl:2:7 the value would be read as shell code by sh",
		"t.sh.tmpl:3:5 " + asName,
		"t.sh.tmpl:4:5 a comment cannot hold a value with control characters",
		"t.sh.tmpl:5:6 grep would read the value as a pattern",
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
