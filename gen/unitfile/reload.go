package unitfile

import (
	"path"
	"strings"

	"palletgen/gen/command"
	"palletgen/gen/diag"
	"palletgen/gen/importer"
)

// kill reads a command that does nothing but send a signal to the service.
func kill(l line) (string, bool) {
	if path.Base(l.argv[0]) != "kill" || len(l.argv) < 2 {
		return "", false
	}
	if last := l.argv[len(l.argv)-1]; last != "$MAINPID" && last != "${MAINPID}" {
		return "", false
	}
	switch args := l.argv[1 : len(l.argv)-1]; {
	case len(args) == 0:
		return "TERM", true
	case len(args) == 1 && strings.HasPrefix(args[0], "--signal="):
		return signal(strings.TrimPrefix(args[0], "--signal="))
	case len(args) == 1 && strings.HasPrefix(args[0], "-s"):
		return signal(args[0][2:])
	case len(args) == 1 && strings.HasPrefix(args[0], "-"):
		return signal(args[0][1:])
	case len(args) == 2 && (args[0] == "-s" || args[0] == "-n" || args[0] == "--signal"):
		return signal(args[1])
	}
	return "", false
}

// reload converts ExecReload=.
func (u *unit) reload() {
	lines := u.lines(u.list("ExecReload"))
	if len(lines) == 0 {
		return
	}
	last := lines[len(lines)-1]
	if name, ok := kill(last); ok {
		u.service.Set("reload_signal", importer.Text(name), last.setting.Pos)
		for _, l := range lines[:len(lines)-1] {
			u.loseAt(l.pos, l.setting, "reload_command: a script that does both", "a reload here is one signal, or one command")
		}
		return
	}
	var words []string
	for _, l := range lines {
		if u.dynamic && len(read(l.argv)) > 0 || strings.Contains(strings.Join(l.argv, " "), "MAINPID") {
			u.loseAt(l.pos, l.setting, "reload_command: a command that needs no variables", "a reload here has none of the variables of the service, nor $MAINPID")
			return
		}
		c, ok := u.command(l)
		if !ok {
			return
		}
		if strings.Contains(l.flags, "-") && len(lines) > 1 {
			c = ignoring(c)
		}
		for i, word := range c.Argv {
			if i == 0 && len(words) > 0 {
				words = append(words, "&&")
			}
			words = append(words, command.Quote(word))
		}
		if len(lines) == 1 {
			u.service.Set("reload_command", c, l.setting.Pos)
		}
		if u.user != "" && !strings.Contains(l.flags, "+") {
			u.loseAt(l.pos, l.setting, "", "systemd runs it as %s; here root does, without the variables of the service", u.user)
		}
	}
	if len(lines) > 1 {
		var from []diag.Pos
		for _, l := range lines {
			from = append(from, l.setting.Pos)
		}
		u.service.Set("reload_command", importer.Command{Argv: []string{"/bin/sh", "-c", strings.Join(words, " ")}}, from...)
		u.service.Note("reload_command", "a shell runs the commands one after the other")
	}
}

// stop converts ExecStop= and ExecStopPost=.
func (u *unit) stop() {
	lines := u.lines(u.list("ExecStop"))
	for i, l := range lines {
		name, ok := kill(l)
		if i < len(lines)-1 || !ok {
			u.loseAt(l.pos, l.setting, "stop_signal is what ends it; post_stop runs afterwards", "a service is stopped by a signal here, not by a command")
			continue
		}
		u.service.Set("stop_signal", importer.Text(name), l.setting.Pos)
		if s, ok := u.last("Service", "KillSignal"); ok {
			u.lose(s, "", "ExecStop= sends %s already", name)
		}
	}
	var post importer.List
	var from []diag.Pos
	for _, l := range u.lines(u.list("ExecStopPost")) {
		if c, ok := u.command(l); ok {
			u.privileges(l)
			post, from = append(post, c), append(from, l.setting.Pos)
		}
	}
	if len(post) > 0 {
		u.service.Set("post_stop", post, from...)
	}
}
