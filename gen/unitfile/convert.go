package unitfile

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/importer"
	"palletgen/gen/schema"
	"palletgen/gen/systemd"
)

// convert makes the settings of the service.
func (u *unit) convert() {
	u.describe()
	u.account()
	u.folders()
	u.environment()
	if !u.exec() {
		at := diag.Pos{Source: u.settings[0].Pos.Source}
		u.service.Lose(at, "give it the command by hand", "the command of this service could not be carried over; this one only says so")
		u.service.Set("command", importer.Command{Argv: []string{"/bin/sh", "-c", "echo 'palletgen import could not carry over the command of this service' >&2; exit 78"}})
	}
	u.process()
	u.limits()
	u.stopping()
	u.restarting()
	u.output()
	u.harden()
	u.kind()
}

// describe handles what says nothing to the process.
func (u *unit) describe() {
	for _, s := range u.settings {
		switch {
		case s.Section == "Unit" && slices.Contains([]string{"Description", "Documentation", "SourcePath"}, s.Key),
			s.Section == "Install" && s.Key == "DefaultInstance":
			u.service.Ignore(s.Pos, "%s=%s", s.Key, s.Value)
		case strings.HasPrefix(s.Section, "X-") || strings.HasPrefix(s.Key, "X-"):
			u.service.Ignore(s.Pos, "%s=%s, of which systemd takes no notice", s.Key, s.Value)
		}
	}
}

// text returns the value of a key with its specifiers replaced.
func (u *unit) text(s systemd.Setting) (string, bool) {
	text, problem := u.specify(s.Value)
	if problem != nil {
		u.lose(s, problem.Hint, "%s", problem.Msg)
		return "", false
	}
	if !importer.Sayable(text) {
		u.lose(s, "", "%q is no UTF-8 text", text)
		return "", false
	}
	return text, true
}

// account handles who the process is.
func (u *unit) account() {
	if u.ofUser {
		u.service.Lose(diag.Pos{Source: u.settings[0].Pos.Source}, "user: NAME; with --supervisor systemd also its option scope: user",
			"this seems to be a unit for a user's own systemd; here root runs the service")
	}
	if s, ok := u.one("User"); ok {
		if name, ok := u.text(s); ok {
			u.setUser(s, name)
		}
	}
	if s, ok := u.one("DynamicUser"); ok {
		if yes, _ := boolean(s.Value); yes {
			u.dynamicUser(s)
		} else {
			u.service.Ignore(s.Pos, "DynamicUser=%s", s.Value)
		}
	}
	if s, ok := u.one("Group"); ok {
		if name, ok := u.text(s); ok && u.checkName(s, name) {
			u.service.Set("group", importer.Text(name), s.Pos)
		}
	}
	var groups []string
	var from []diag.Pos
	for _, s := range u.list("SupplementaryGroups") {
		text, ok := u.text(s)
		for _, name := range strings.Fields(text) {
			if ok && u.checkName(s, name) {
				groups, from = append(groups, name), append(from, s.Pos)
			}
		}
	}
	if len(groups) > 0 {
		u.service.Set("groups", importer.Texts(groups), from...)
	}
}

// checkName wants a name that can be one here.
func (u *unit) checkName(s systemd.Setting, name string) bool {
	if p := schema.CheckName(name); p != nil {
		u.lose(s, p.Hint, "%s", p.Msg)
		return false
	}
	if _, err := strconv.Atoi(name); err == nil {
		u.lose(s, "", "%s is a number; an account or group of that name has to be there", name)
	}
	return true
}

func (u *unit) setUser(s systemd.Setting, name string) {
	if !u.checkName(s, name) {
		return
	}
	u.user = name
	u.service.Set("user", importer.Text(name), s.Pos)
	if name == "root" {
		u.user = ""
	} else {
		u.service.Note("user", "with create_user: true, install makes this account where it is missing")
	}
	for _, variable := range []string{"USER", "LOGNAME"} {
		u.variable(variable, name, s.Pos)
	}
	u.lose(s, "write those that the program reads into environment", "systemd also sets HOME and SHELL, from the account on the host")
}

func (u *unit) dynamicUser(s systemd.Setting) {
	if u.service.Get("user") == nil {
		name := clean(strings.TrimSuffix(u.name, ".service"))
		u.user = name
		u.service.Set("user", importer.Text(name), s.Pos)
		u.variable("USER", name, s.Pos)
		u.variable("LOGNAME", name, s.Pos)
	}
	u.service.Set("create_user", importer.Plain("true"), s.Pos)
	u.lose(s, "", "the account %s stays after the service has ended, and is not kept from writing files by this alone", u.user)
}

// process handles what else the process is given.
func (u *unit) process() {
	if s, ok := u.one("UMask"); ok {
		if n, err := strconv.ParseUint(s.Value, 8, 16); err == nil && n <= 0o777 {
			mode := strconv.FormatUint(n, 8)
			u.service.Set("umask", importer.Text(strings.Repeat("0", 4-len(mode))+mode), s.Pos)
		}
	}
	if s, ok := u.one("Nice"); ok {
		if n, err := strconv.Atoi(s.Value); err == nil && n >= -20 && n <= 19 {
			u.service.Set("nice", importer.Number(int64(n)), s.Pos)
		}
	}
}

// limitKeys are the limits that a service here can have. Those in bytes have
// suffixes.
var limitKeys = map[string]string{
	"LimitNOFILE": "nofile", "LimitNPROC": "nproc", "LimitCORE": "core", "LimitMEMLOCK": "memlock", "LimitSTACK": "stack", "LimitAS": "as",
}

// limits handles resource limits.
func (u *unit) limits() {
	var m importer.Map
	for _, key := range []string{"LimitNOFILE", "LimitNPROC", "LimitCORE", "LimitMEMLOCK", "LimitSTACK", "LimitAS"} {
		s, ok := u.one(key)
		if !ok {
			continue
		}
		soft, hard, both := strings.Cut(s.Value, ":")
		value := soft
		if both && soft != hard {
			u.lose(s, "", "soft and hard limit are one here; the hard one is taken for both: %s", hard)
			value = hard
		}
		if text, ok := u.limit(s, limitKeys[key], value); ok {
			m = append(m, importer.Pair{Name: limitKeys[key], Text: text, Kind: importer.AsPlain, From: s.Pos})
			u.service.Carry(s.Pos)
		}
	}
	if len(m) > 0 {
		u.service.Set("limits", m, m[0].From)
	}
}

// limit reads one limit, and makes one of it that the supervisor can do.
func (u *unit) limit(s systemd.Setting, name, value string) (string, bool) {
	n, ok := size(value)
	switch {
	case value == "infinity" && name == "nofile" && !u.system:
		u.lose(s, "", "more than fs.nr_open is refused by Linux; 1048576 is what that is by default")
		return "1048576", true
	case value == "infinity":
		return "unlimited", true
	case !ok || (name == "nofile" || name == "nproc") && strings.Trim(value, "0123456789") != "":
		u.lose(s, "", "%q is no limit", value)
		return "", false
	case u.system:
	case name == "core" && n != 0:
		u.lose(s, "", "%s can make the size of core files 0 or unlimited; unlimited is taken", u.Supervisor)
		return "unlimited", true
	case (name == "memlock" || name == "stack" || name == "as") && n%1024 != 0:
		n += 1024 - n%1024
		u.lose(s, "", "rounded up to a multiple of 1024 bytes")
	}
	return strconv.FormatInt(n, 10), true
}

// output handles what becomes of the output, and where input comes from.
func (u *unit) output() {
	for _, key := range []string{"StandardOutput", "StandardError"} {
		s, ok := u.one(key)
		if !ok {
			continue
		}
		kind, file, _ := strings.Cut(s.Value, ":")
		switch kind {
		case "journal", "syslog", "inherit":
			u.service.Ignore(s.Pos, "%s=%s: the log of the supervisor takes it", s.Key, s.Value)
		case "null":
			u.lose(s, "begin the command with a script: exec PROGRAM >/dev/null 2>&1", "the log of the supervisor takes what the process says")
		case "file", "append", "truncate":
			u.lose(s, "log_dir: "+path.Dir(file)+", where that folder is the service's alone", "the log of the supervisor takes what the process says, not %s", file)
		default:
			u.lose(s, "", "the log of the supervisor takes what the process says, not %s", s.Value)
		}
	}
	if s, ok := u.one("StandardInput"); ok {
		if s.Value == "null" {
			u.service.Ignore(s.Pos, "StandardInput=null, as here")
		} else {
			u.lose(s, "", "the input of a service is empty")
		}
	}
	if s, ok := u.one("SyslogIdentifier"); ok {
		if s.Value == u.service.FullName() {
			u.service.Ignore(s.Pos, "SyslogIdentifier=%s, the name of the service", s.Value)
		} else {
			u.lose(s, "", "the log is called as the service is")
		}
	}
}
