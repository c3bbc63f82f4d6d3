package upstart_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/diag"
	"palletgen/gen/splice/splicetest"
	"palletgen/gen/upstart"
)

// outline writes a tree in one line a stanza: what it holds, without places.
func outline(conf *upstart.Conf) []string {
	var lines []string
	for _, st := range conf.Stanzas {
		line := st.Name
		for _, w := range st.Words {
			line += " [" + w.Text + "]"
		}
		if st.On != nil {
			line += " " + events(st.On)
		}
		if st.Exec != nil {
			for _, w := range append(st.Exec.Words, st.Exec.Redirs...) {
				if w.Expand {
					line += " $"
				} else {
					line += " "
				}
				line += "[" + w.Text + "]"
			}
		}
		if st.Script != nil {
			line += " {" + st.Script.Text + "}"
		}
		lines = append(lines, line)
	}
	for _, c := range conf.Comments {
		lines = append(lines, "#"+c.Text)
	}
	return lines
}

func events(e *upstart.Event) string {
	if e.Op != "" {
		return "(" + events(e.Left) + " " + e.Op + " " + events(e.Right) + ")"
	}
	var words []string
	for _, w := range e.Words {
		words = append(words, w.Text)
	}
	return strings.Join(words, " ")
}

func TestParse(t *testing.T) {
	src := `# A job.
description "a\"b' c"	# not the escape it looks like
env A=b\\c\ d"#"'"'
env TWO
export A TWO
start on (runlevel [2345]
          and started dbus INSTANCE="" # both
          or (a)) and b
stop on runlevel [!2345] or "and" x
respawn
respawn limit 10 5
respawn limit unlimited
normal exit 0 1 TERM SIGHUP
kill timeout 20
  kill signal INT
reload signal USR1
umask 0022
nice -5
oom never
oom score -999
limit nofile 1024 unlimited
console log
expect none
exec /bin/x 'a b' "c$D" e\ f\'"\\" *.c \
  next >>/x 2>&1 # why
pre-start script
  echo end script
  end scripts
	end	script # over
post-stop exec true
apparmor load /etc/x
cgroup memory $X limit 1
manual
task`
	conf, err := upstart.Parse(&diag.Source{Name: "x.conf", Text: src})
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(outline(conf), "\n")
	if diff := cmp.Diff(strings.TrimSpace(parsed), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := conf.Stanzas[1].Words[0].Pos.String(); got != "x.conf:3:5" {
		t.Errorf("place of the first variable: %s", got)
	}
}

func TestParseErrors(t *testing.T) {
	for _, tc := range []struct{ src, want string }{
		{"exce foo", `1:1: unknown stanza "exce" | did you mean "exec"?`},
		{"\"exec\" foo", `1:1: unknown stanza "\"exec\""`},
		{"task\nrespawn limt 1 2", `2:9: respawn: "limt" is one argument too many`},
		{"kill tmeout 3", `1:6: unknown word after kill "tmeout" | did you mean "timeout"?`},
		{"kill", `1:5: the word after kill is missing | known are: signal, timeout`},
		{"kill timeout x", `1:14: kill timeout: "x" is not a number`},
		{"kill signal TREM", `1:13: kill signal: "TREM" is not a signal | did you mean "TERM"?`},
		{"umask 089", `1:7: umask: "089" is not an octal number`},
		{"umask 1777", `1:7: umask: "1777" is not an octal number`},
		{"nice 20", `1:6: nice: "20" is not a number from -20 to 19`},
		{"oom 16", `1:5: oom: "16" is not a number from -17 to 15`},
		{"limit nofiles 1 2", `1:7: limit: unknown limit "nofiles" | did you mean "nofile"?`},
		{"limit nofile 2 1", `1:14: limit: the soft limit is above the hard limit`},
		{"limit nofile 1", `1:1: limit: an argument is missing`},
		{"limit nofile 1k 2k", `1:14: limit: "1k" is neither a number nor unlimited`},
		{"respawn limit 1", `1:1: respawn limit: an argument is missing`},
		{"expect forks", `1:8: expect: unknown argument "forks" | did you mean "fork"?`},
		{"console logg", `1:9: console: unknown argument "logg" | did you mean "log"?`},
		{"normal exit 256", `1:13: normal exit: "256" is neither an exit status`},
		{"description a b", `1:15: description: "b" is one argument too many`},
		{"description \"\"", `1:13: upstart takes no empty argument`},
		{"description \"a\nb", `1:13: this quote is never closed`},
		{"chdir /a\\", `1:7: a backslash ends the file`},
		{"env 1A=b", `1:5: env: "1A" is not the name of a variable`},
		{"exec", `1:5: a command is missing`},
		{"exec a | b", `1:6: only one simple command can stand after exec | write a script block`},
		{"exec a &", `1:6: only one simple command can stand after exec`},
		{"exec A=b c; d", `1:6: only one simple command`},
		{"exec 'a b", `1:6: this quote is never closed`},
		{"exec a \"x \\$y\"", `1:6: upstart loses the blank before this backslash`},
		{"exec a <<X", `1:6: `},
		{"exec -a b", `1:6: exec takes "-a" for an option`},
		{"script x\nend script", `1:8: nothing can follow script on its line`},
		{"script\nend scripts\n", `1:7: this block has no line "end script"`},
		{"pre-start scrip", `1:11: unknown word after pre-start "scrip" | did you mean "script"?`},
		{"start on", `1:9: an event is missing here`},
		{"start up", `1:7: unknown word after start "up"`},
		{"start on (a and", `1:16: an event is missing here`},
		{"start on (a", `1:10: this parenthesis is never closed`},
		{"start on a)", `1:11: this parenthesis was never opened`},
		{"start on a (b)", `1:12: "and" or "or" is missing here`},
		{"start on and b", `1:10: an event is missing before this operator`},
		{"start on a X=1 b", `1:16: start on: NAME=value is wanted here`},
	} {
		_, err := upstart.Parse(&diag.Source{Name: "x", Text: tc.src})
		if got := first(err); !strings.HasPrefix(got, "x:"+tc.want) {
			t.Errorf("%q:\n got %s\nwant %s", tc.src, got, tc.want)
		}
	}
}

var first = splicetest.First

func TestParseReportsEveryLine(t *testing.T) {
	_, err := upstart.Parse(&diag.Source{Name: "x", Text: "a\nscript\nfi\nend script\nb c\nnice z\n"})
	var got []string
	for _, e := range err.(diag.List) {
		got = append(got, e.Pos.String())
	}
	if diff := cmp.Diff([]string{"x:1:1", "x:5:1", "x:6:6"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

const parsed = `
description [a\"b' c]
env [A=b\c d#"]
env [TWO]
export [A] [TWO]
start on (((runlevel [2345] and started dbus INSTANCE=) or a) and b)
stop on (runlevel [!2345] or and x)
respawn
respawn limit [10] [5]
respawn limit [unlimited]
normal exit [0] [1] [TERM] [SIGHUP]
kill timeout [20]
kill signal [INT]
reload signal [USR1]
umask [0022]
nice [-5]
oom [never]
oom score [-999]
limit [nofile] [1024] [unlimited]
console [log]
expect [none]
exec [/bin/x] [a b] $["c$D"] [e f'\] $[*.c] [next] $[>>/x] $[2>&1]
pre-start script {  echo end script
  end scripts
}
post-stop exec [true]
apparmor load [/etc/x]
cgroup [memory] [$X] [limit] [1]
manual
task
# A job.
# not the escape it looks like
# both
# why
`
