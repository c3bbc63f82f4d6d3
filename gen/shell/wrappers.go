package shell

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// A wrapper is a command that runs another one, given by its later words.
type wrapper struct {
	withArg  string   // options of one letter that take an argument
	longArg  []string // long options whose argument is the next word
	operands int      // how many words come between the options and the command
	assigns  bool     // NAME=VALUE words come before the command
	code     string   // options of one letter whose argument is shell code
	names    string   // with one of these options the words are only names
	shell    string   // with one of these options a shell reads the words again
	applets  bool     // the command is a part of the wrapper, no program of its own
	input    string   // without one of these options its input is split into words, with quotes and backslashes
}

// wrappers are looked through: what they run is analysed as if it stood alone.
var wrappers = map[string]wrapper{
	"builtin":          {},
	"busybox":          {applets: true},
	"cgexec":           {withArg: "g"},
	"chpst":            {withArg: "uUbe/nlLmdopfcrtC"},
	"chroot":           {longArg: []string{"--userspec", "--groups"}, operands: 1},
	"chronic":          {},
	"chrt":             {withArg: "TPDp", operands: 1},
	"command":          {names: "vV"},
	"catatonit":        {},
	"cpulimit":         {withArg: "pelP"},
	"daemon":           {withArg: "pPuoltmsTRC"},
	"dbus-run-session": {longArg: []string{"--config-file", "--dbus-daemon"}},
	"doas":             {withArg: "aCu", shell: "s"},
	"dumb-init":        {withArg: "r"},
	"eatmydata":        {},
	"env":              {withArg: "uCSaLPU", longArg: []string{"--unset", "--chdir", "--argv0"}, assigns: true, code: "S"},
	"envdir":           {operands: 1},
	"envuidgid":        {operands: 1},
	"exec":             {withArg: "a"},
	"fakeroot":         {withArg: "lsib", longArg: []string{"--lib", "--faked"}},
	"faketime":         {operands: 1},
	"flock":            {withArg: "wEc", longArg: []string{"--timeout", "--wait", "--conflict-exit-code"}, operands: 1, code: "c"},
	"gosu":             {operands: 1},
	"ionice":           {withArg: "cnpPu", longArg: []string{"--class", "--classdata"}},
	"linux32":          {},
	"linux64":          {},
	"logexec":          {},
	"ltrace":           {withArg: "aAeFlnopsuwxX"},
	"nice":             {withArg: "n", longArg: []string{"--adjustment"}},
	"nohup":            {},
	"nsenter":          {withArg: "tSGW", longArg: []string{"--target", "--setuid", "--setgid"}},
	"numactl":          {withArg: "imNCpPw"},
	"pgrphack":         {},
	"pkexec":           {longArg: []string{"--user"}},
	"prlimit":          {withArg: "po", longArg: []string{"--pid", "--output"}},
	"s6-envdir":        {withArg: "Lf", operands: 1},
	"s6-setlock":       {withArg: "td", operands: 1},
	"s6-setsid":        {withArg: "d"},
	"s6-setuidgid":     {operands: 1},
	"s6-softlimit":     {withArg: "acdflmoprst"},
	"setlock":          {operands: 1},
	"setpriv": {longArg: []string{"--reuid", "--regid", "--ruid", "--rgid", "--euid", "--egid", "--groups", "--inh-caps", "--ambient-caps",
		"--bounding-set", "--securebits", "--pdeathsig", "--selinux-label", "--apparmor-profile", "--landlock-access", "--landlock-rule", "--seccomp-filter", "--ptracer"}},
	"setsid":    {},
	"setuidgid": {operands: 1},
	"softlimit": {withArg: "acdflmoprst"},
	"sshpass":   {withArg: "fdpP"},
	"stdbuf":    {withArg: "ioe", longArg: []string{"--input", "--output", "--error"}},
	"strace":    {withArg: "aeEIoOpPsSuUX"},
	"su-exec":   {operands: 1},
	"sudo": {withArg: "aCcDghpRrTtUu", longArg: []string{"--chdir", "--chroot", "--close-from", "--command-timeout", "--group", "--host",
		"--other-user", "--prompt", "--role", "--type", "--user"}, assigns: true, shell: "si"},
	"systemd-cat":     {withArg: "tp", longArg: []string{"--identifier", "--priority", "--stderr-priority", "--namespace"}},
	"systemd-inhibit": {longArg: []string{"--what", "--who", "--why", "--mode"}},
	"systemd-run": {withArg: "HMupE", longArg: []string{"--host", "--machine", "--unit", "--property", "--setenv", "--description", "--slice",
		"--service-type", "--uid", "--gid", "--nice", "--working-directory", "--on-active", "--on-boot", "--on-startup", "--on-unit-active",
		"--on-unit-inactive", "--on-calendar", "--timer-property", "--path-property", "--socket-property", "--background"}},
	"taskset":  {withArg: "p", operands: 1},
	"time":     {withArg: "fo", longArg: []string{"--format", "--output"}},
	"timeout":  {withArg: "ks", longArg: []string{"--kill-after", "--signal"}, operands: 1},
	"tini":     {withArg: "pe"},
	"toybox":   {applets: true},
	"unbuffer": {},
	"unshare":  {withArg: "RSGw"},
	"valgrind": {},
	"xvfb-run": {withArg: "efnpsw", longArg: []string{"--error-file", "--auth-file", "--server-num", "--xauth-protocol", "--server-args", "--wait"}},
	"xargs":    {withArg: "adEIJLnPRSs", longArg: []string{"--arg-file", "--delimiter", "--max-args", "--max-chars", "--max-procs", "--process-slot-var"}, input: "0d"},
}

// analyse finds the command that the wrapper runs.
func (w wrapper) analyse(a *analysis, from, to int) {
	if w.input != "" {
		defer a.replaced(from, to)
	}
	at, names, shell := w.options(a, from, to)
	if names {
		return
	}
	if shell {
		a.forbid(at, to, "the value would be read as shell code", "do without the option that starts a shell")
		return
	}
	if w.assigns {
		at = w.assignments(a, at, to)
	}
	for range w.operands {
		if at < to {
			at++
		}
	}
	if at < to && posix.StaticText(a.args[at]) == "--" { // chroot DIR -- command
		at++
	}
	if at < to && w.operands > 0 && w.code != "" { // flock FILE -c CODE
		if text := posix.StaticText(a.args[at]); text == "-"+w.code || len(text) > 3 && strings.HasPrefix("--command", text) {
			a.code(at+1, to, "sh")
			return
		}
	}
	before := len(a.called)
	a.command(at, to)
	if w.applets && len(a.called) > before {
		a.called = slices.Delete(a.called, before, before+1)
	}
}

// options skips the wrapper's options, whose arguments may be any value.
func (w wrapper) options(a *analysis, from, to int) (at int, names, shell bool) {
	asIs := w.input == ""
	defer func() { a.stdin = a.stdin || !asIs }()
	for at = from; at < to; at++ {
		text, known := a.text(at)
		switch {
		case text == "--" && known:
			return at + 1, names, shell
		case text == "-" && w.assigns && known: // env - is env -i
			continue
		case len(text) < 2 || text[0] != '-':
			return at, names, shell
		case text[1] == '-':
			option, _, joined := strings.Cut(text, "=")
			reads := func(long string) bool { return w.code != "" && len(option) > 3 && strings.HasPrefix(long, option) }
			switch {
			case reads("--split-string"), reads("--command"), reads("--session-command"):
				a.forbid(at, min(at+2, to), "the value would be read as shell code", "write the words of the command separately")
				return at + 1, names, true // what follows is added to it
			case w.shell != "" && (text == "--shell" || text == "--login"):
				shell = true
			case known && !joined && slices.Contains(w.longArg, text) && at+1 < to:
				at++
				a.data(at, at+1)
			}
			asIs = asIs || text == "--null" || option == "--delimiter"
			continue
		}
		for i := 1; i < len(text); i++ {
			asIs = asIs || strings.IndexByte(w.input, text[i]) >= 0
			names = names || strings.IndexByte(w.names, text[i]) >= 0
			shell = shell || strings.IndexByte(w.shell, text[i]) >= 0
			if strings.IndexByte(w.withArg, text[i]) < 0 {
				continue
			}
			arg := at
			if i+1 == len(text) && known {
				at++
				arg = at
				a.data(min(arg, to), min(arg+1, to))
			}
			if strings.IndexByte(w.code, text[i]) >= 0 && arg < to {
				a.forbid(arg, arg+1, "the value would be read as shell code", "write the words of the command separately")
				shell = true // what follows is added to it
			}
			break
		}
	}
	return to, names, shell
}

// assignments skips NAME=VALUE words.
func (w wrapper) assignments(a *analysis, at, to int) int {
	for ; at < to; at++ {
		if !assignsVariable(a, at) {
			return at
		}
		a.uses[at] = wordUse{checks: []*check{envCheck}, assigns: true}
	}
	return at
}

// assignsVariable reports whether a literal = stands in args[at].
func assignsVariable(a *analysis, at int) bool {
	for _, part := range a.args[at].Parts {
		if strings.Contains(literalText(part), "=") {
			return true
		}
	}
	return false
}

// literalText returns the source of a literal part, without what is expanded in
// it.
func literalText(part syntax.WordPart) string {
	switch part := part.(type) {
	case *syntax.Lit:
		return part.Value
	case *syntax.SglQuoted:
		return part.Value
	case *syntax.DblQuoted:
		text := ""
		for _, inner := range part.Parts {
			text += literalText(inner)
		}
		return text
	}
	return ""
}
