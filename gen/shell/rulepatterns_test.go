package shell_test

import (
	"testing"

	"palletgen/gen/shell"
)

const (
	inGrep    = "grep would read the value as a pattern"
	inGrepF   = "grep takes each line of the value for a text of its own"
	inRegexp  = "the value would be read as a regular expression"
	inGlob    = "the value would be read as a pattern for file names"
	inTr      = "tr would read ranges, classes or backslashes in the value"
	inDate    = "date would read % in the value"
	inFormat  = "the value would be read as a part of a format"
	inColumns = "ps would read the value as a list of columns and their titles"
	inFields  = "the value would be read as a list of fields"
	inList    = "the value would be read as a list of separators, with backslashes"
	inMount   = "mount takes a comma in the value for the end of an option"
	inURL     = "curl would read brackets and braces in the value as many addresses"
	inProcess = "the value would be read as a pattern for names of processes"
)

// TestSpliceRefusesPatterns has values that would not mean themselves to the
// program that is given them.
func TestSpliceRefusesPatterns(t *testing.T) {
	s := func(v ...any) []any { return v }
	for _, tc := range []refusalCase{
		{"grep", "grep -q @ f\n", s("a.b"), "1:9", inGrep},
		{"grep, a part", "grep \"^@:\" f\n", s("a*"), "1:8", inGrep},
		{"grep, second value", "grep @@ f\n", s("a", "[b]"), "1:7", inGrep},
		{"grep -e", "grep -i -e @ f\n", s("a|b"), "1:12", inGrep},
		{"grep -qe", "grep -qe @ f\n", s("^a"), "1:10", inGrep},
		{"grep --", "grep -- @ f\n", s("$"), "1:9", inGrep},
		{"grep --regexp", "grep --regexp=@ f # palletgen: allow long-option\n", s("a.b"), "1:15", inGrep},
		{"grep --regexp, two words", "grep --regexp @ f # palletgen: allow long-option\n", s("a.b"), "1:15", inGrep},
		{"grep, two lines", "grep @ f\n", s("a\nb"), "1:6", inGrep},
		{"grep, in brackets", "grep '[@]' f\n", s("a"), "1:8", inGrep},
		{"grep, repeated", "grep '@*' f\n", s("ab"), "1:7", inGrep},
		{"grep, escaped", "grep '\\@' f\n", s("w"), "1:8", inGrep},
		{"grep, unknown options", "grep \"$o\" @ f\n", s("a.b"), "1:11", inGrep},
		{"grep -F, two lines", "grep -F -e @ f\n", s("a\nb"), "1:12", inGrepF},
		{"fgrep, two lines", "fgrep @ f\n", s("a\nb"), "1:7", inGrepF},
		{"grep -F and -e behind", "grep -e @ -F f\n", s("a.b"), "", ""},
		{"egrep", "egrep @ f\n", s("a+"), "1:7", inGrep},
		{"sudo grep", "sudo -n grep @ f\n", s("a+"), "1:14", inGrep},
		{"xargs grep", "x | xargs grep -e @\n", s("a+"), "1:19", inGrep},
		{"find -exec grep", "find . -exec grep -q @ {} +\n", s("a+"), "1:22", inGrep},
		{"pgrep", "pgrep -u a @\n", s("a.b"), "1:12", inProcess},
		{"csplit", "csplit f \"/@/\"\n", s("a.b"), "1:12", inRegexp},
		{"expr", "expr \"$x\" : @\n", s("a.*"), "1:13", asNumber},
		{"tr", "x | tr -d @\n", s("a-z"), "1:11", inTr},
		{"tr, class", "x | tr @ x\n", s("[:alpha:]"), "1:8", inTr},
		{"tr, second set", "x | tr ab @\n", s("\\n"), "1:11", inTr},
		{"find -name", "find . -name @\n", s("*.log"), "1:14", inGlob},
		{"find -name, a part", "find . -name \"@.pid\"\n", s("a[b]"), "1:15", inGlob},
		{"find -path", "find . ! -path @ -type f\n", s("/a?"), "1:16", inGlob},
		{"find -regex", "find . -regex @\n", s(".*"), "1:15", inRegexp},
		{"find -printf", "find . -printf @ # palletgen: allow find-test\n", s("%p"), "1:16", inFormat},
		{"find -fprintf", "find . -fprintf f @ # palletgen: allow find-test\n", s("%p"), "1:19", inFormat},
		{"tar --exclude", "tar -cf a --exclude=@ b\n", s("*"), "1:21", inGlob},
		{"rsync --exclude", "rsync --exclude @ a b\n", s("a?"), "1:17", inGlob},
		{"date", "date \"+%Y @\"\n", s("%s"), "1:11", inDate},
		{"date, all of the format", "date @\n", s("+%s"), "1:6", inDate},
		{"date, a conversion", "date +%@\n", s("Y"), "1:8", inDate},
		{"stat -c", "stat -c @ f\n", s("%n"), "1:9", inFormat},
		{"stat --printf", "stat --printf=@ f # palletgen: allow long-option\n", s("\\n"), "1:15", inFormat},
		{"stat --format, two words", "stat --format @ f # palletgen: allow long-option\n", s("%n"), "1:15", inFormat},
		{"seq -f", "seq -f @ 5 # palletgen: allow seq-option\n", s("%g"), "1:8", inFormat},
		{"curl -w", "curl -s -w @ http://a\n", s("%{http_code}"), "1:12", inFormat},
		{"curl --fail", "curl --fail @\n", s("http://a/{b,c}"), "1:13", inURL},
		{"curl --url", "curl --url @\n", s("http://a/{b,c}"), "1:12", inURL},
		{"curl", "curl -fsS @\n", s("http://a/[1-9]"), "1:11", inURL},
		{"ps -o", "ps -o @\n", s("pid=,args"), "1:7", inColumns},
		{"ps -eo", "ps -eo @\n", s("args="), "1:8", inColumns},
		{"cut -f", "cut -d : -f @ f\n", s("1-"), "1:13", inFields},
		{"sort -k", "sort -k @ f\n", s("1,2n"), "1:9", inFields},
		{"sort -t", "sort -t @ f\n", s("\\0"), "1:9", inList},
		{"paste -d", "paste -d @ f g\n", s("\\t"), "1:10", inList},
		{"mount -o", "mount -o uid=@ /dev/a /b\n", s("5,suid"), "1:14", inMount},
	} {
		if tc.pos != "" {
			t.Run(tc.name, tc.run)
		}
	}
}

// TestSpliceTakesPlainPatterns has values that mean themselves there, and places
// that take any.
func TestSpliceTakesPlainPatterns(t *testing.T) {
	for _, tc := range []struct {
		template string
		values   []any
		want     string
	}{
		{"grep -q @ f\n", []any{"app-1_x/y"}, "grep -q app-1_x/y f\n"},
		{"grep \"^@:\" @\n", []any{"root", "a*b"}, "grep \"^root:\" 'a*b'\n"},
		{"grep -F -e @ f\n", []any{"-a.b*[c]"}, "grep -F -e '-a.b*[c]' f\n"},
		{"grep -Fxq -e @ -- f\n", []any{".*"}, "grep -Fxq -e '.*' -- f\n"},
		{"grep -qF -- @ f\n", []any{"-x.y"}, "grep -qF -- -x.y f\n"},
		{"grep '[0-@]\\{@\\}' f\n", []any{9, 3}, "grep '[0-9]\\{3\\}' f\n"},
		{"grep -m @ x f\n", []any{5}, "grep -m 5 x f\n"},
		{"grep x @\n", []any{"*.log"}, "grep x '*.log'\n"},
		{"x | tr @ _\n", []any{"ab"}, "x | tr ab _\n"},
		{"find /@ -name @ -newer ./@\n", []any{"a*", "a b.pid", "c*"}, "find /'a*' -name 'a b.pid' -newer ./'c*'\n"},
		{"date \"+%Y @\"\n", []any{"o'clock"}, "date \"+%Y o'clock\"\n"},
		{"stat -c %a @\n", []any{"100%"}, "stat -c %a 100%\n"},
		{"curl -gfsS @\n", []any{"http://a/[1-9]{b}"}, "curl -gfsS 'http://a/[1-9]{b}'\n"},
		{"curl -fsS -o @ http://a\n", []any{"[x]"}, "curl -fsS -o '[x]' http://a\n"},
		{"curl -H @ --data @ -fsS http://a\n", []any{"[x]", `{"a": [1]}`}, "curl -H '[x]' --data '{\"a\": [1]}' -fsS http://a\n"},
		{"ps -o @ -p @ # palletgen: allow ps-option\n", []any{"pid", 5}, "ps -o pid -p 5 # palletgen: allow ps-option\n"},
		{"cut -f @ f\nsort -k @ f\n", []any{2, 3}, "cut -f 2 f\nsort -k 3 f\n"},
		{"mount -o uid=@ /dev/a @\n", []any{"5", "/a,b"}, "mount -o uid=5 /dev/a /a,b\n"},
		{"tar -cf @ --exclude=@ b\n", []any{"a*", "x.y"}, "tar -cf 'a*' --exclude=x.y b\n"},
	} {
		script, err := shell.NewEngine().Splice(marked(tc.template, tc.values...))
		if err != nil {
			t.Errorf("%q: %v", tc.template, err)
		} else if script.Text != tc.want {
			t.Errorf("%q: got %q, want %q", tc.template, script.Text, tc.want)
		}
	}
	for range 2 { // what one grep says is not remembered for the next
		engine := shell.NewEngine()
		if _, err := engine.Splice(marked("grep -F x f\ngrep @ f\n", "a.b")); err == nil {
			t.Error("a grep without -F is taken for one with it")
		}
	}
}
