package unitfile

import (
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/importer"
	"palletgen/gen/systemd"
)

// stopTimeout is systemd's own, and so is restartDelay.
const stopTimeout = 90

// mostSeconds is how long a stop waits where systemd waits for ever.
const mostSeconds = 86400

// stopping handles how the service is ended.
func (u *unit) stopping() {
	if s, ok := u.one("KillSignal"); ok && u.service.Get("stop_signal") == nil {
		if name, ok := signal(s.Value); ok {
			u.service.Set("stop_signal", importer.Text(name), s.Pos)
		} else {
			u.lose(s, "", "%s can be no signal of a service here", s.Value)
		}
	}
	if s, ok := u.one("ReloadSignal"); ok {
		if name, ok := signal(s.Value); ok {
			u.service.Set("reload_signal", importer.Text(name), s.Pos)
		}
	}
	u.killMode()
	u.timeouts()
}

func (u *unit) killMode() {
	s, ok := u.one("KillMode")
	if !ok {
		return
	}
	const group = "the process gets the signal, and what is left of its group is killed"
	switch {
	case u.system && s.Value == "control-group", !u.system && s.Value == "mixed":
		u.service.Ignore(s.Pos, "KillMode=%s, as here", s.Value)
	case u.system:
		u.lose(s, "", "all processes of the service get the signal, and are killed when they have not ended in time")
	case s.Value == "control-group":
		u.lose(s, "", "with %s %s", u.Supervisor, group)
	default:
		u.lose(s, "a process that is to outlast the service has to leave its group: setsid", "%s", group)
	}
}

// timeouts handles how long a stop may take; where nothing says it, that is what
// systemd does by itself.
func (u *unit) timeouts() {
	key := "TimeoutStopSec"
	s, ok := u.one(key)
	both, okBoth := u.one("TimeoutSec")
	if okBoth && (!ok || later(both, s, u.settings)) {
		if ok {
			u.service.Ignore(s.Pos, "TimeoutStopSec=%s: the TimeoutSec= after it holds", s.Value)
		}
		s, ok = both, true
	} else if okBoth {
		u.service.Ignore(both.Pos, "TimeoutSec=%s: TimeoutStopSec= holds", both.Value)
	}
	if !ok {
		u.service.Set("stop_timeout", importer.Number(stopTimeout))
		u.service.Note("stop_timeout", "systemd's own, where TimeoutStopSec= is not there")
		return
	}
	d, good := span(s.Value)
	switch {
	case !good:
		u.lose(s, "", "%q is no time span", s.Value)
	case d == forever || d == 0 || seconds(d) > mostSeconds:
		u.service.Set("stop_timeout", importer.Number(mostSeconds), s.Pos)
		u.lose(s, "", "a stop waits for a day at most")
	default:
		u.service.Set("stop_timeout", importer.Number(seconds(d)), s.Pos)
		u.rounded(s, d)
	}
}

// later tells that a stands after b.
func later(a, b systemd.Setting, all []systemd.Setting) bool {
	for _, s := range all {
		if s.Pos == a.Pos {
			return false
		}
		if s.Pos == b.Pos {
			return true
		}
	}
	return false
}

func (u *unit) rounded(s systemd.Setting, d interface{ Nanoseconds() int64 }) {
	if d.Nanoseconds()%1e9 != 0 {
		u.lose(s, "", "rounded up to whole seconds")
	}
}

// restarting handles when the service is started again by itself.
func (u *unit) restarting() {
	value, from := "never", []diag.Pos(nil)
	s, ok := u.one("Restart")
	if ok {
		from = append(from, s.Pos)
		switch s.Value {
		case "no", "never":
		case "always", "on-failure":
			value = s.Value
		case "on-success":
			value = "always"
			u.lose(s, "", "it is started again after a failure, too")
		case "on-abnormal", "on-abort", "on-watchdog":
			value = "on-failure"
			u.lose(s, "", "it is started again after any failure")
		default:
			u.lose(s, "", "%q is none of systemd's values, and it leaves the line out", s.Value)
		}
	}
	wanted := value
	for _, other := range []string{wanted, "always", "never"} {
		if u.Possible("restart", other) {
			value = other
			break
		}
	}
	u.service.Set("restart", importer.Text(value), from...)
	switch {
	case !ok:
		u.service.Note("restart", "systemd's own, where Restart= is not there")
	case wanted != value:
		u.lose(s, "", "%s does not do %s; %s is taken", u.Supervisor, wanted, value)
	}
	u.restartDelay(value)
	u.startLimit()
}

func (u *unit) restartDelay(restart string) {
	s, ok := u.one("RestartSec")
	if !ok {
		return
	}
	d, good := span(s.Value)
	switch {
	case !good || seconds(d) > mostSeconds*365:
		u.lose(s, "", "%q is no time span that can be waited for", s.Value)
	case restart == "never":
		u.service.Ignore(s.Pos, "RestartSec=%s: it is not started again", s.Value)
	case !u.Possible("restart_delay", 1):
		u.lose(s, "", "%s waits as long as it does by itself", u.Supervisor)
	case seconds(d) == 0:
		u.service.Ignore(s.Pos, "RestartSec=%s", s.Value)
	default:
		u.service.Set("restart_delay", importer.Number(seconds(d)), s.Pos)
		u.rounded(s, d)
	}
}

// startLimit handles when systemd gives up.
func (u *unit) startLimit() {
	s, ok := u.sectionOne("Unit", "StartLimitIntervalSec")
	if ok {
		d, good := span(s.Value)
		switch {
		case good && d == 0:
			u.service.Ignore(s.Pos, "%s=%s: nothing gives up starting it", s.Key, s.Value)
		case good && u.system && d != forever:
			u.service.Option("start_limit_interval", importer.Number(seconds(d)), s.Pos)
			u.rounded(s, d)
		default:
			u.lose(s, "", "%s does not give up starting it", u.Supervisor)
		}
	}
	if s, ok := u.sectionOne("Unit", "StartLimitBurst"); ok {
		switch n, good := size(s.Value); {
		case u.system && good && n > 0 && strings.Trim(s.Value, "0123456789") == "" && n < 1<<31:
			u.service.Option("start_limit_burst", importer.Number(n), s.Pos)
		default:
			u.lose(s, "", "%s does not give up starting it", u.Supervisor)
		}
	}
}
