package shell_test

import (
	"testing"

	"palletgen/gen/shell"
)

// The holes of other engines, each named after where it was found. A hole is
// closed when the value stays data: the script is the one wanted, or none.
func TestHolesOfOthers(t *testing.T) {
	for _, tc := range []struct {
		name, template string
		values         []any
		want           string // "": has to be refused
	}{
		// google/safetext shtemplate puts values in as they are and compares the tree with one that has harmless
		// values. It counts the statements of the file alone: of if, loops, functions and $( ) it compares as many as
		// there were. Nor does it count redirections.
		{"shtemplate newline in if", "if true; then\n    echo @\nfi\n", []any{"a\nrm -rf /"}, "if true; then\n    echo 'a\nrm -rf /'\nfi\n"},
		{"shtemplate newline in condition", "if x @; then\n    y\nfi\n", []any{"a\nz"}, "if x 'a\nz'; then\n    y\nfi\n"},
		{"shtemplate newline in function", "f() {\n    x @\n}\n", []any{"a\nrm -rf /"}, "f() {\n    x 'a\nrm -rf /'\n}\n"},
		{"shtemplate newline in loop", "while x; do\n    y @\ndone\n", []any{"a\nz"}, "while x; do\n    y 'a\nz'\ndone\n"},
		{"shtemplate newline in for", "for i in a; do y @; done\n", []any{"a\nz"}, "for i in a; do y 'a\nz'; done\n"},
		{"shtemplate newline in substitution", "x=$(y @)\n", []any{"a\nz"}, "x=$(y 'a\nz')\n"},
		{"shtemplate newline in subshell", "(y @)\n", []any{"a\nz"}, "(y 'a\nz')\n"},
		{"shtemplate newline in case", "case a in b) y @ ;; esac\n", []any{"a\nz"}, "case a in b) y 'a\nz' ;; esac\n"},
		{"shtemplate newline in else", "if x; then y; else z @; fi\n", []any{"a\nw"}, "if x; then y; else z 'a\nw'; fi\n"},
		{"shtemplate newline in until", "until x @; do y; done\n", []any{"a\nw"}, "until x 'a\nw'; do y; done\n"},
		{"shtemplate newline in list of for", "for i in @; do y; done\n", []any{"a\nw"}, "for i in 'a\nw'; do y; done\n"},
		{"shtemplate newline in block", "{ x @; }\n", []any{"a\nw"}, "{ x 'a\nw'; }\n"},
		{"shtemplate newline in substitution in quotes", "x \"$(y @)\"\n", []any{"a\nw"}, "x \"$(y 'a\nw')\"\n"},
		{"shtemplate newline in substitution of function", "f() {\n    x=$(y @)\n}\n", []any{"a\nw"}, "f() {\n    x=$(y 'a\nw')\n}\n"},
		{"shtemplate newline in pipe", "x @ | y @\n", []any{"a\nw", "b\nw"}, "x 'a\nw' | y 'b\nw'\n"},
		{"shtemplate added redirect in if", "if x @; then y @; fi\n", []any{">z", "<w"}, "if x '>z'; then y '<w'; fi\n"},
		{"shtemplate added redirect in substitution", "x=$(y @)\n", []any{"2>z"}, "x=$(y '2>z')\n"},
		{"shtemplate added redirect", "x @\n", []any{"a >/etc/passwd"}, "x 'a >/etc/passwd'\n"},
		{"shtemplate added redirect beside another", "x @ 2>y\n", []any{"a >z"}, "x 'a >z' 2>y\n"},
		{"shtemplate added redirect in a loop", "while x; do y @; done\n", []any{"a >z"}, "while x; do y 'a >z'; done\n"},
		{"shtemplate added redirect in a function", "f() { y @; }\n", []any{"a >z"}, "f() { y 'a >z'; }\n"},
		{"shtemplate added redirect behind a digit", "x @\n", []any{"2>&1"}, "x '2>&1'\n"},
		{"shtemplate redirect from a number", "x @>y\n", []any{"2"}, ""},
		{"shtemplate leading dash", "rm @\n", []any{"-rf"}, ""},
		// It looks for a dash at the beginning of a word's source, not of what the shell makes of it.
		{"shtemplate leading \\-", "rm @\n", []any{"\\-rf"}, "rm '\\-rf'\n"},
		{"shtemplate leading \\- in a loop", "for i in @; do rm \"$i\"; done\n", []any{"\\-rf"}, "for i in '\\-rf'; do rm \"$i\"; done\n"},
		{"shtemplate leading dash behind a backslash of the text", "rm \\@\n", []any{"-rf"}, ""},
		{"shtemplate leading dash of the text, escaped", "rm \\-@\n", []any{"rf"}, ""},
		{"shtemplate leading dash behind --", "rm -- @\n", []any{"-rf"}, "rm -- -rf\n"},
		{"shtemplate leading dash in double quotes", "rm \"@\"\n", []any{"--no-preserve-root"}, ""},
		// It counts ? * + @ ! in words, but no braces, tildes and brackets.
		{"shtemplate brace that makes an option", "rm @\n", []any{"{-rf,/}"}, "rm '{-rf,/}'\n"},
		{"shtemplate tilde in an assignment", "x=@\n", []any{"~root"}, "x='~root'\n"},
		{"shtemplate bracket behind --", "rm -- @\n", []any{"[a-z]"}, "rm -- '[a-z]'\n"},
		{"shtemplate brace", "x @\n", []any{"{a,b}"}, "x '{a,b}'\n"},
		{"shtemplate brace of the text", "x a{@}\n", []any{"1..9"}, ""},
		{"shtemplate tilde", "x @\n", []any{"~root"}, "x '~root'\n"},
		{"shtemplate tilde after a colon", "PATH=/bin:@\n", []any{"~/bin"}, "PATH=/bin:'~/bin'\n"},
		{"shtemplate tilde of the text", "x ~@\n", []any{"root"}, ""},
		{"shtemplate bracket", "x @\n", []any{"[a-z]*"}, "x '[a-z]*'\n"},
		{"shtemplate bracket of the text", "rm -- [@]\n", []any{"!x"}, ""},
		{"shtemplate bracket in case", "case $x in [@]) y ;; esac\n", []any{"a-z"}, ""},
		{"shtemplate assignment", "x=@\n", []any{"a b"}, "x='a b'\n"},
		{"shtemplate assignment turned command", "@=b\n", []any{"a b"}, ""},
		{"shtemplate background", "x @\n", []any{"&"}, "x '&'\n"},
		{"shtemplate comment", "x @ y\n", []any{"#"}, "x '#' y\n"},
		{"shtemplate carriage return", "x @\n", []any{"a\rb\r\n"}, "x 'a\rb\r\n'\n"},
		{"shtemplate extended glob", "x @\n", []any{"!(a)"}, "x '!(a)'\n"},

		// sh-template-tag escapes $ " and \ in double quotes, and forgets the backquote; nothing in a here-document; and
		// writes single quotes into ${ }, where they are none when double quotes are around.
		{"sh-template-tag backquote in double quotes", "x \"@\"\n", []any{"`z`"}, "x \"\\`z\\`\"\n"},
		{"sh-template-tag backquote in double quotes in a substitution", "x \"$(y \"@\")\"\n", []any{"`z`"}, "x \"$(y \"\\`z\\`\")\"\n"},
		{"sh-template-tag backquote in backquotes", "x `y @`\n", []any{"a`z`"}, ""},
		{"sh-template-tag backquote in backquotes in double quotes", "x \"`y @`\"\n", []any{"a`z`"}, ""},
		{"sh-template-tag default in double quotes", "x \"${y:-@}\"\n", []any{"$(z)"}, ""},
		{"sh-template-tag nested substitution", "x \"$(y \"@\")\"\n", []any{"\"; z #$(w)"}, "x \"$(y \"\\\"; z #\\$(w)\")\"\n"},
		{"sh-template-tag heredoc", "x <<EOF\n@\nEOF\n", []any{"`z`$(w)"}, "x <<EOF\n\\`z\\`\\$(w)\nEOF\n"},
		{"sh-template-tag heredoc end", "x <<EOF\n@\nEOF\n", []any{"a\nEOF\nz"}, ""},
		{"sh-template-tag arithmetic", "x $((@))\n", []any{"a[$(z)]"}, ""},

		// melange GHSA-vqqr-rmpc-hhg2: the folder to work in was pasted between single quotes, and the path of a file
		// into the code of sh -c.
		{"melange GHSA-vqqr-rmpc-hhg2 working directory", "[ -d '@' ] || mkdir -p '@'\ncd '@'\n", []any{"/x'$(id)'x", "/x'$(id)'x", "/x'$(id)'x"},
			"[ -d '/x'\\''$(id)'\\''x' ] || mkdir -p '/x'\\''$(id)'\\''x'\ncd '/x'\\''$(id)'\\''x'\n"},
		{"melange GHSA-vqqr-rmpc-hhg2 more commands", "cd '@'\n", []any{"/home'; curl x | sh; '"}, "cd '/home'\\''; curl x | sh; '\\'''\n"},
		{"melange GHSA-vqqr-rmpc-hhg2 setfattr", "/bin/sh -c \"setfattr -n a -v b @\"\n", []any{"/x; id"}, ""},
		// melange GHSA-rf4g-89h5-crcr: the inputs of the patch pipeline, likewise.
		{"melange GHSA-rf4g-89h5-crcr series", "series='@'\n", []any{"a'; id; '"}, "series='a'\\''; id; '\\'''\n"},
		{"melange GHSA-rf4g-89h5-crcr patches", "echo '@' | x\n", []any{"a'; id; '"}, "echo 'a'\\''; id; '\\''' | x\n"},
		{"melange GHSA-rf4g-89h5-crcr strip-components", "patch '-p@' <\"$p\"\n", []any{"1'; id; '"}, ""},
		{"melange GHSA-rf4g-89h5-crcr fuzz", "patch --fuzz=@ --verbose <\"$p\"\n", []any{"1; id"}, "patch --fuzz='1; id' --verbose <\"$p\"\n"},

		// foreman exports units with paths and variables unquoted or half quoted.
		{"foreman root", "cd @ && exec x\n", []any{"/srv/my app; id"}, "cd '/srv/my app; id' && exec x\n"},
		{"foreman environment", "export @=@\n", []any{"A", "a b;$(id)"}, "export A='a b;$(id)'\n"},
		{"foreman environment name", "export @=@\n", []any{"A;id", "b"}, ""},
		{"foreman su", "su - @ -c 'cd @; exec x'\n", []any{"app", "/srv"}, ""},
		{"foreman log", "x >>@ 2>&1\n", []any{"/var/log/a b/$(id).log"}, "x >>'/var/log/a b/$(id).log' 2>&1\n"},

		// foreman#231: QUEUE="*" arrived as \*: it was escaped for no quotes, and put into double quotes, in the code of su.
		{"foreman#231", "export QUEUE=\"@\"\nexport QUEUE=@\n", []any{"*", "*"}, "export QUEUE=\"*\"\nexport QUEUE='*'\n"},
		{"foreman#231 in the code of su", "exec su - a -c 'cd /srv; export QUEUE=\"@\"; x'\n", []any{"*"}, ""},
		// foreman#519, #664 and #668 are about supervisord and systemd: see the tests of gen/ini and gen/systemd.

		// void-runit used its arguments as a format.
		{"void-runit format", "printf \"=> @\\n\"\n", []any{"%n%s"}, ""},
		// kardianos/service writes export {{$k}}={{$v}} into OpenRC's script: names and values without quotes.
		{"kardianos export of a command", "export @=@\n", []any{"A", "b; reboot"}, "export A='b; reboot'\n"},
		{"kardianos export of two lines", "export @=@\n", []any{"A", "b\nreboot"}, "export A='b\nreboot'\n"},
		{"kardianos export with a name of a command", "export @=@\n", []any{"A=1; reboot; B", "c"}, ""},
		{"kardianos export of the loader's library", "export @=@\n", []any{"LD_PRELOAD", "/tmp/x.so"}, ""},
		{"kardianos export", "export @=@\n", []any{"A", "$(id)"}, "export A='$(id)'\n"},
		// Arithmetic evaluation of what looks like data, in ksh and mksh.
		{"ksh arithmetic in test", "[ @ -gt 0 ]\n", []any{"a[$(id)]"}, ""},
		{"ksh arithmetic in $(( ))", "x=$((@))\n", []any{"a[$(id)]"}, ""},
		{"ksh arithmetic in exit", "exit @\n", []any{"a[$(id)]"}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			script, err := shell.NewEngine().Splice(marked(tc.template, tc.values...))
			switch {
			case tc.want == "" && err == nil:
				t.Errorf("got %q, want an error", script.Text)
			case tc.want == "":
			case err != nil:
				t.Errorf("error: %v", err)
			case script.Text != tc.want:
				t.Errorf("got  %q\nwant %q", script.Text, tc.want)
			}
		})
	}
}
