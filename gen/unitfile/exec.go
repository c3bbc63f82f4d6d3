package unitfile

import (
	"strings"

	"palletgen/gen/command"
	"palletgen/gen/diag"
	"palletgen/gen/importer"
	"palletgen/gen/systemd"
)

// A line is one command of ExecStart= and its like.
type line struct {
	setting systemd.Setting
	pos     diag.Pos
	flags   string
	argv    []string // with specifiers replaced, but not variables
}

// lines reads the commands of settings. What cannot be read is named.
func (u *unit) lines(settings []systemd.Setting) []line {
	var all []line
	for _, s := range settings {
		all = append(all, u.commands(s)...)
	}
	return all
}

// commands reads the commands of one setting: with a ; of its own between two.
func (u *unit) commands(s systemd.Setting) []line {
	texts, err := systemd.Split(s.Value)
	if err != nil {
		u.lose(s, "systemd leaves such a line out", "%s", err.Msg)
		return nil
	}
	var all []line
	current := line{setting: s}
	end := func() {
		if len(current.argv) > 0 {
			all = append(all, current)
		}
		current = line{setting: s}
	}
	for _, text := range texts {
		if text.Lone && text.Text == ";" {
			end()
			continue
		}
		word := text.Text
		if text.Lone && word == `\;` {
			word = ";"
		}
		if len(current.argv) == 0 {
			current.pos = s.At(text.From)
			rest := strings.TrimLeft(word, "-@:+!|")
			current.flags, word = word[:len(word)-len(rest)], rest
		}
		word, problem := u.specify(word)
		if problem != nil {
			u.loseAt(s.At(text.From), s, problem.Hint, "%s", problem.Msg)
			return nil
		}
		if !importer.Sayable(word) {
			u.loseAt(s.At(text.From), s, "", "a word that is no UTF-8 text")
			return nil
		}
		current.argv = append(current.argv, word)
	}
	end()
	for i := range all {
		u.firstWords(&all[i])
	}
	return all
}

// firstWords takes care of @: the second word is what the program is to be called.
func (u *unit) firstWords(l *line) {
	if strings.Contains(l.flags, "@") && len(l.argv) > 1 {
		if l.argv[1] != l.argv[0] {
			u.loseAt(l.pos, l.setting, "", "with @ the program is told that it is called %q; here it is told its path", l.argv[1])
		}
		l.argv = append(l.argv[:1:1], l.argv[2:]...)
	}
	if strings.Contains(l.flags, "|") {
		u.loseAt(l.pos, l.setting, "", "the prefix | runs it in a shell of the account")
	}
}

// ofSystemd are variables that systemd sets, and nobody here.
var ofSystemd = strings.Fields(`PATH LANG HOME SHELL INVOCATION_ID JOURNAL_STREAM NOTIFY_SOCKET LISTEN_FDS LISTEN_PID LISTEN_FDNAMES WATCHDOG_USEC
	WATCHDOG_PID SYSTEMD_EXEC_PID CREDENTIALS_DIRECTORY SERVICE_RESULT EXIT_CODE EXIT_STATUS MAINPID MANAGERPID XDG_RUNTIME_DIR`)

// command makes a command of a line; false where that is not possible.
func (u *unit) command(l line) (importer.Command, bool) {
	if strings.Contains(l.flags, ":") {
		return u.exact(l, l.argv)
	}
	if strings.Contains(l.argv[0], "$") {
		u.loseAt(l.pos, l.setting, "name the program by its path", "no variable can stand in the program")
		return importer.Command{}, false
	}
	for _, name := range read(l.argv) {
		if _, known := u.env[name]; known {
			continue
		}
		for _, own := range ofSystemd {
			if name == own {
				u.loseAt(l.pos, l.setting, "write its value into environment", "$%s is set by systemd, and by nobody here", name)
			}
		}
		if !u.dynamic && !isName(name) {
			u.loseAt(l.pos, l.setting, "", "systemd finds no variable %q, and puts nothing in its place", name)
		}
	}
	if !u.dynamic || len(read(l.argv)) == 0 {
		argv, ok := replaceAll(l.argv, u.env)
		if !ok {
			u.loseAt(l.pos, l.setting, "give the program a file to read", "with the values of its variables this command is longer than %d bytes; no process is given as much", maxCommand)
			return importer.Command{}, false
		}
		return u.exact(l, argv)
	}
	return u.later(l)
}

// exact makes a command of words.
func (u *unit) exact(l line, argv []string) (importer.Command, bool) {
	program := argv[0]
	switch {
	case strings.HasPrefix(program, "-") || strings.Contains(program, "=") || program == "":
		u.loseAt(l.pos, l.setting, "", "%q can be no program here", program)
		return importer.Command{}, false
	case !strings.Contains(program, "/") && u.env["PATH"] != "":
		u.loseAt(l.pos, l.setting, "name it with its path", "%s is looked for in the PATH of the environment; systemd looks in its own", program)
	}
	return importer.Command{Argv: argv}, true
}

// later makes a command whose variables are known when it starts.
func (u *unit) later(l line) (importer.Command, bool) {
	var words []string
	for _, word := range l.argv {
		name, whole := wholeWord(word)
		if whole && !isName(name) {
			continue // systemd finds no such variable
		}
		if whole {
			u.loseAt(l.pos, l.setting, "-e FILE puts the values of an EnvironmentFile= in now, exactly",
				"$%s is split by a shell: quotes in its value are not read, and * and ? are patterns", name)
		}
		words = append(words, atRuntime(word))
	}
	text := strings.Join(words, " ")
	if _, err := command.Parse(text); err != nil {
		u.loseAt(l.pos, l.setting, err.Hint, "the variables of this command are known when it starts, and it cannot be said as a text: %s", err.Msg)
		return importer.Command{}, false
	}
	return importer.Command{Text: text}, true
}

// ignoring makes a command whose failure does not matter.
func ignoring(c importer.Command) importer.Command {
	const script = `"$@" || :`
	if c.Argv == nil {
		return importer.Command{Text: "/bin/sh -c " + command.Quote(script) + " sh " + c.Text}
	}
	return importer.Command{Argv: append([]string{"/bin/sh", "-c", script, "sh"}, c.Argv...)}
}

// exec converts all commands of the unit.
func (u *unit) exec() bool {
	starts := u.lines(u.list("ExecStart"))
	if len(starts) == 0 {
		return false
	}
	for _, l := range starts[:len(starts)-1] {
		u.loseAt(l.pos, l.setting, "make it a unit of its own", "systemd refuses a service with several of them; the last is taken")
	}
	main := starts[len(starts)-1]
	c, ok := u.command(main)
	if !ok {
		return false
	}
	u.service.Set("command", c, main.setting.Pos)
	u.privileges(main)
	if strings.Contains(main.flags, "-") {
		u.loseAt(main.pos, main.setting, "", "with - a failure of the program counts as success; here it is one")
	}
	u.before()
	u.reload()
	u.stop()
	return true
}

// privileges names what + and ! say.
func (u *unit) privileges(l line) {
	if strings.ContainsAny(l.flags, "+!") && u.user != "" {
		u.loseAt(l.pos, l.setting, "leave out User= and have the program change its user itself, or sudo", "with + or ! it is run by root; here by %s", u.user)
	}
}

// before converts ExecCondition= and ExecStartPre=.
func (u *unit) before() {
	pre, from := u.pre, u.preFrom
	for _, s := range u.list("ExecCondition") {
		u.lose(s, "as a command of pre_start it fails the start", "no condition keeps a start from being tried")
	}
	for _, l := range u.lines(u.list("ExecStartPre")) {
		c, ok := u.command(l)
		if !ok {
			continue
		}
		u.privileges(l)
		if s, ok := u.last("Service", "PermissionsStartOnly"); ok && u.user != "" {
			if yes, _ := boolean(s.Value); yes {
				u.loseAt(l.pos, l.setting, "do it in the phase configure of a crate of your own", "with PermissionsStartOnly= it is run by root; here by %s", u.user)
			}
		}
		if strings.Contains(l.flags, "-") {
			c = ignoring(c)
		}
		pre, from = append(pre, c), append(from, l.setting.Pos)
	}
	if len(pre) > 0 {
		u.service.Set("pre_start", pre, from...)
	}
	for _, s := range u.list("ExecStartPost") {
		u.lose(s, "ready_command can wait for something; else begin the command with a script that does both", "no command is run after the start")
	}
}
