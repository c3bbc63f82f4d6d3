package ini_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/diag"
	"palletgen/gen/ini"
	"palletgen/gen/record"
	"palletgen/gen/splice/splicetest"
)

// marked stands in for a template: each § of text is the place of a value.
func marked(text string, values ...any) *record.Marked {
	return splicetest.Marked("§", text, values...)
}

func TestSplice(t *testing.T) {
	for _, tc := range []struct {
		text   string
		values []any
		want   string
	}{
		{"; a\n[program:§]\n# b\ncommand=§ run\npriority=§\nautostart=§", []any{"riemann-b", "/usr/lib/x/riemann", 5, false},
			"; a\n[program:riemann-b]\n# b\ncommand=/usr/lib/x/riemann run\npriority=5\nautostart=false"},
		{"[a]\ndirectory = §\nx=%(program_name)s-§%%", []any{`/a b'"\%(x)s;#$`, "%"}, "[a]\ndirectory = /a b'\"\\%%(x)s;#$\nx=%(program_name)s-%%%%"},
		{"[a]\nenvironment=A=\"§\",B='c'\nexitcodes=0,§", []any{"x", 2}, "[a]\nenvironment=A=\"x\",B='c'\nexitcodes=0,2"},
		{"[a]\nx=a§b§", []any{"", ""}, "[a]\nx=ab"},
	} {
		got, err := ini.Splice(marked(tc.text, tc.values...))
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
		{"user=§", []any{"a\nb"}, "t:1:1: this file cannot hold a value with a line end or another control character | let a launcher script hold it"},
		{"user=§", []any{"a\rb"}, "t:1:1: this file cannot hold a value with a line end"},
		{"user=§", []any{"a\x00b"}, "t:1:1: this file cannot hold a value with a line end"},
		{"user=§", []any{"a\xff"}, "t:1:1: this file cannot hold a value that is no UTF-8"},
		{"user=§", []any{"a ;b"}, `t:1:1: supervisord takes a part of "a ;b" for a comment`},
		{"user=§", []any{"a\u00a0#b"}, "t:1:1: supervisord takes a part of"},
		{"user=a §", []any{";b"}, `t:1:1: supervisord takes a part of ";b" for a comment`},
		{"user=§§", []any{"a\t", "b"}, ""},
		{"user=§§", []any{"a ", ""}, "t:1: cannot put values into this file"},
		{"user=§", []any{" a"}, "t:1:1: user= cannot hold a value that begins or ends with a blank"},
		{"user=a§", []any{"a\u2003"}, "t:1:1: user= cannot hold a value that begins or ends with a blank"},
		{"user=§", []any{""}, "t:1:1: user= takes no empty value | leave the line out"},
		{"user=§", []any{`""`}, `t:1:1: supervisord takes "" for no value`},
		{"user=§", []any{"a%(here)s"}, "t:1:1: supervisord replaces the %(here)s"},
		{"user=§", []any{[]any{"a"}}, "t:1:1: a list or a map cannot stand in this file | range over it"},
		{"user=§", []any{splicetest.Exact("a")}, "t:1:1: a command cannot stand here"},
		{"command=§", []any{"/a b"}, `t:1:1: command= cannot hold the value "/a b" as it is | let a launcher`},
		{"command=/x '§'", []any{"it's"}, `t:1:1: command= cannot hold the value "it's" as it is`},
		{"environment=A=\"§\"", []any{"a,b"}, `t:1:1: environment= cannot hold the value "a,b"`},
		{"programs=a,§", []any{"b,c"}, `t:1:1: programs= cannot hold the value "b,c"`},
		{"directory=§", []any{"~/a"}, `t:1:1: directory= takes the ~ of "~/a" for the home of a user`},
		{"stdout_logfile=§", []any{"/a%b"}, "t:1:1: stdout_logfile= cannot hold a value with %"},
		{"stdout_logfile=/a%%b", nil, "t:2: % begins an expansion"},
		{"user=5%", nil, "t:2: % begins an expansion: %(…)s | a percent sign is written %%"},
		{"user=%(§)s", []any{"a"}, "t:2: a value cannot stand in the name of an expansion"},
		{"user=%§", []any{"a"}, "t:2: % begins an expansion"},
		{"§=a", []any{"a"}, "t:2: a value cannot stand in place of a key"},
		{"# §", []any{"a"}, "t:2: a value cannot stand in a comment"},
		{"a=b ; §", []any{"a"}, `t:2: what follows "a=b ;" would be a comment | write comments`},
		{"a=b\n c", nil, "t:3: a line that begins with a blank would continue the one before"},
		{"[§]", []any{"a"}, "t:2: a value can stand in the name of a section only after a colon"},
		{"[program:§]", []any{"a]b"}, `t:1:1: the name of a section cannot hold the value "a]b"`},
		{"[program:§]", []any{"a:b"}, `t:1:1: the name of a section cannot hold the value "a:b"`},
		{"[a]", nil, "t:2: the section [a] stands there twice"},
		{"[a] x", nil, "t:2: this is no [section]"},
		{"x=1\nX=2", nil, "t:3: the key X stands there twice"},
		{"x: y", nil, "t:2: key=value is wanted here"},
	} {
		_, err := ini.Splice(marked("[a]\n"+tc.text, tc.values...))
		if tc.want == "" {
			if err != nil {
				t.Errorf("%q: %v", tc.text, err)
			}
		} else if got := splicetest.First(err); !strings.HasPrefix(got, tc.want) {
			t.Errorf("%q:\n got %s\nwant %s", tc.text, got, tc.want)
		}
	}
	if _, err := ini.Parse(&diag.Source{Name: "x", Text: "a=b"}); splicetest.First(err) != "x:1:1: a section is missing before this line | [program:…], [supervisord] …" {
		t.Error(err)
	}
}

func TestFits(t *testing.T) {
	for _, tc := range []struct {
		v    any
		want bool
	}{
		{"a%b ;c", false}, {"a;b%c", true}, {"", false}, {" a", false}, {"a\n", false}, {5, true}, {splicetest.Exact("a"), false}, {[]any{"a", "b "}, false},
	} {
		if got := ini.Fits(tc.v); got != tc.want {
			t.Errorf("Fits(%q) = %t", tc.v, got)
		}
	}
}

func TestKeys(t *testing.T) {
	for text, want := range map[string]string{
		"[program:x]\nautostat=§":                                `t:2: unknown key "autostat" in [program:x]: supervisord would leave it out | did you mean "autostart"?`,
		"[program:x]\nautostart=§":                               `t:1:1: autostart= takes true or false, not "maybe"`,
		"[program:x]\nautorestart=§":                             `t:1:1: autorestart= takes true, false or unexpected, not "maybe"`,
		"[program:x]\nstartsecs=§0":                              `t:1:1: startsecs= takes a whole number, not "maybe0"`,
		"[eventlistener:x]\nstdout_logfile_maxbytes=§\nevents=A": `t:1:1: stdout_logfile_maxbytes= takes a size such as 0, 500KB or 50MB, not "maybe"`,
		"[supervisord]\nloglevel=loud\nidentifier=§":             `t:2: loglevel= takes critical, error, warn, info, debug, trace or blather, not "loud"`,
		"[program:x]\nstopsignal=SIG§":                           `t:1:1: stopsignal= takes a signal, not "SIGmaybe"`,
		"[program:x]\nexitcodes=0,256\nuser=§":                   `t:2: exitcodes= takes exit codes from 0 to 255 with commas between them, not "0,256"`,
	} {
		_, err := ini.Splice(marked(text, "maybe"))
		if got := splicetest.First(err); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
	for _, word := range []string{"none", "AUTO", "syslog"} {
		if text, err := ini.Splice(marked("[program:x]\nstdout_logfile=§\n", word)); err == nil {
			t.Errorf("%q", text)
		}
	}
	if _, err := ini.Splice(marked("[mine]\nany=§\n[program:x]\nstdout_logfile=NONE\nstartsecs=%(ENV_X)s\n", "maybe")); err != nil {
		t.Error(err)
	}
}
