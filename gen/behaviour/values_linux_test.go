package behaviour

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// hostile are values that break whoever forgets to quote for one of: shell, YAML, the supervisors' formats, printf,
// sed, awk, template languages, markers. A list in YAML can hold every character; bytes that are no UTF-8 it cannot.
func hostile() []string {
	var controls, latin strings.Builder
	for r := rune(1); r < 0x100; r++ {
		if r < 0x80 {
			controls.WriteRune(r)
		} else {
			latin.WriteRune(r)
		}
	}
	return []string{
		controls.String(), latin.String(),
		"a b", " leading", "trailing ", "  ", "\t", "\n", "a\nb", "trailing\n", "\n\nleading", "\r\n", "a\\\nb",
		"'", "''", "'\\''", `"`, `""`, `'"'"'`, "`", "`id`", "$(id)", "${HOME}", "$HOME", "$$", "$1", "$", "\\", `\\`, `\n`, `\$HOME`, `a\`,
		"!", "!!", "#", "# comment", "a #b", ";", "; id", "&", "&& id", "|", ">", "> /srv/oops", "<", "<<EOF", "(", ")", "{", "}", "{a,b}", "[a-z]*", "*", "?", "~", "~root", "a~", "=", "A=b", "%", "%s%n", "%%", "%i",
		"-", "--", "-n", "-e", "\x01", "\x7f", "\x1b[31m", "é", "日本語", "\u00a0", "\u2028", "\ufeff", "😀",
		"{{ .x }}", "_pg0000_", "_pg0001_", "EOF", "no", "null", "0x10", "1.10", "!!str", "&a", "*a", "- a", "a: b", "@", "",
		strings.Repeat("x'\"\\$ \n", 100_000/7),
	}
}

// yamlQuote writes a value as a double-quoted YAML scalar.
func yamlQuote(value string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range value {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r >= ' ' && r < 0x7f:
			b.WriteRune(r)
		default:
			b.WriteString(`\U` + hex8(r))
		}
	}
	b.WriteByte('"')
	return b.String()
}

func hex8(r rune) string {
	const digits = "0123456789ABCDEF"
	var b [8]byte
	for i := range b {
		b[7-i] = digits[r>>(4*i)&0xf]
	}
	return string(b[:])
}

// TestValuesArriveExactly gives a service every hostile value as an argument and as a variable.
func TestValuesArriveExactly(t *testing.T) {
	values := hostile()
	eachHost(t, supervisors, shells, func(t *testing.T, shell string, s supervisor) {
		args := []string{"command:", "  - /usr/local/bin/lab-server", "  - /srv/app"}
		env := []string{"environment:"}
		want := map[string]string{}
		for i, value := range values {
			args = append(args, "  - "+yamlQuote(value))
			name := "VALUE_" + hex8(rune(i))
			env = append(env, "  "+name+": "+yamlQuote(value))
			want[name] = value
		}
		h := newHost(t, shell, s)
		h.supervise(s)
		h.unpack("app-"+s.name, appConfig(s, append(append(args, env...), "user: riemann")...))
		app := h.addService("app", "up")
		h.ok("configure", "enable", "start")
		if app.pid() == 0 {
			t.Fatal("nothing runs")
		}
		given := split(app.ReadFile(app.dir + "/args"))
		if diff := cmp.Diff(values, given[min(2, len(given)):]); diff != "" {
			t.Errorf("arguments (-want +got):\n%.3000s", diff)
		}
		got := app.environ()
		maps.DeleteFunc(got, func(name, _ string) bool { return !strings.HasPrefix(name, "VALUE_") }) // shells add PWD and such
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("environment (-want +got):\n%.3000s", diff)
		}
		if h.Exists("/srv/oops") {
			t.Error("a redirection in a value was obeyed")
		}
		h.wants(h.phase("status"), 0)
		h.ok("stop")
	})
}

// TestNamesOfTheShell sets variables that some shell sets, checks or locks by itself.
func TestNamesOfTheShell(t *testing.T) {
	names := strings.Fields(`
		_ BASH BASHOPTS BASH_ENV BASH_VERSION CDPATH COLUMNS DIRSTACK ENV EPOCHSECONDS EUID FUNCNAME FUNCNEST GLOBIGNORE
		GROUPS HISTFILE HISTSIZE HOME HOSTNAME IFS IGNOREEOF LANG LC_ALL LC_CTYPE LD_LIBRARY_PATH LINENO LINES LOGNAME
		MAIL MAILCHECK MAILPATH OLDPWD OPTARG OPTIND OSTYPE PATH PGRP PIPESTATUS POSIXLY_CORRECT PPID PROMPT_COMMAND PS1
		PS2 PS4 PWD RANDOM REPLY SECONDS SHELL SHELLOPTS SHLVL TERM TIMEFORMAT TMOUT TMPDIR TZ UID USER changed only`)
	const value = "7 'a' $HOME\\\n*"
	eachHost(t, supervisors, shells, func(t *testing.T, shell string, s supervisor) {
		settings := []string{"command: [/usr/local/bin/lab-server, /srv/app]", "user: riemann", "environment:"}
		want := map[string]string{}
		for _, name := range names {
			settings = append(settings, "  "+name+": "+yamlQuote(value))
			want[name] = value
		}
		h := newHost(t, shell, s)
		h.supervise(s)
		h.unpack("app-"+s.name, appConfig(s, settings...))
		app := h.addService("app", "up")
		h.ok("configure", "enable", "start")
		got := app.environ()
		maps.DeleteFunc(got, func(name, _ string) bool { return strings.HasPrefix(name, "UPSTART_") }) // every job of upstart has them
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("environment (-want +got):\n%s", diff)
		}
	})
}

// environ is the environment that lab-server was started with.
func (s service) environ() map[string]string {
	got := map[string]string{}
	for _, entry := range split(s.ReadFile(s.dir + "/environ")) {
		name, value, _ := strings.Cut(entry, "=")
		got[name] = value
	}
	return got
}

// split cuts what /proc shows of arguments and environments.
func split(list string) []string {
	return slices.Collect(strings.SplitSeq(strings.TrimSuffix(list, "\x00"), "\x00"))
}
