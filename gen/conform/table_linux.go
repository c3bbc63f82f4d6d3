package conform

import (
	"fmt"
	"strings"
)

// A cell is one of the table of behaviours: what an action does to a service in a state. The words are the same under
// every supervisor.
type cell struct {
	state, action string
	code          int
	after         string // the process then: "same", "new", "none", or "" where it comes and goes
	prints        string // see wantPrinted; NAME and PID stand for those of the service
	says          string // on standard error
	once          bool   // the same action once more changes nothing
}

var table = []cell{
	{state: notConfigured, action: "start", code: 78, after: "none", says: notConfiguredYet},
	{state: notConfigured, action: "stop", code: 78, after: "none", says: notConfiguredYet},
	{state: notConfigured, action: "restart", code: 78, after: "none", says: notConfiguredYet},
	{state: notConfigured, action: "reload", code: 78, after: "none", says: notConfiguredYet},
	{state: notConfigured, action: "status", code: 4, after: "none", prints: "NAME: not configured"},
	{state: notConfigured, action: "enable", code: 78, after: "none", says: notConfiguredYet},
	{state: notConfigured, action: "disable", code: 78, after: "none", says: notConfiguredYet},

	{state: stopped, action: "start", after: "new", prints: "started NAME", once: true},
	{state: stopped, action: "stop", after: "none", once: true},
	{state: stopped, action: "restart", after: "new", prints: "started NAME"},
	{state: stopped, action: "reload", code: 70, after: "none", says: "NAME is not running"},
	{state: stopped, action: "status", code: 3, after: "none", prints: "NAME: stopped"},
	{state: stopped, action: "enable", after: "none", prints: "enabled NAME", once: true},
	{state: stopped, action: "disable", after: "none", prints: "disabled NAME", once: true},

	{state: running, action: "start", after: "same", once: true},
	{state: running, action: "stop", after: "none", prints: "stopped NAME", once: true},
	{state: running, action: "restart", after: "new", prints: "started NAME"},
	{state: running, action: "reload", after: "same", prints: "reloaded NAME"},
	{state: running, action: "status", after: "same", prints: "NAME: running, pid PID"},
	{state: running, action: "enable", after: "same", prints: "enabled NAME", once: true},
	{state: running, action: "disable", after: "same", prints: "disabled NAME", once: true},

	{state: crashLooping, action: "start", code: 70, says: crashed},
	{state: crashLooping, action: "stop", after: "none", prints: "stopped NAME", once: true},
	{state: crashLooping, action: "restart", code: 70, says: crashed},
	{state: crashLooping, action: "reload", code: 70, says: "NAME is not running"},
	{state: crashLooping, action: "status", code: 1, prints: "NAME: failing…"},
	{state: crashLooping, action: "enable", prints: "enabled NAME", once: true},
	{state: crashLooping, action: "disable", prints: "disabled NAME", once: true},
}

// The states of a service.
const (
	notConfigured = "not configured"
	stopped       = "stopped"
	running       = "running"
	crashLooping  = "crash-looping"
)

const (
	notConfiguredYet = "NAME is not configured on this host"
	crashed          = "probe: cannot open the store" // the probe says that, so it is of the log
)

// restarting makes the supervisor start a service again whenever it ends.
const restarting = "restart: always"

func tableChecks() []*check {
	var list []*check
	for _, c := range table {
		shares := "table"
		if c.state == crashLooping {
			shares = "crashing" // on another host, since these take longest
		}
		list = append(list, &check{
			group: "table", name: c.action + ", " + c.state, shares: shares, placing: fresh,
			extra: asUser + "\n" + restarting + "\nstop_timeout: 3",
			do: func(s *service) {
				s.enter(c)
				s.act(c)
			},
		})
	}
	return list
}

// enter brings the service into the state of a cell, whatever it is in.
func (s *service) enter(c cell) {
	if c.state == notConfigured {
		return
	}
	s.mode("up")
	boots := "enable"
	if c.action == "enable" {
		boots = "disable" // else it would change nothing
	}
	switch c.state {
	case stopped:
		s.ok("configure", boots, "stop")
		s.wantProcess("none", 0)
	case running:
		s.ok("configure", boots, "start")
		s.runs()
	case crashLooping:
		s.ok("configure", boots, "stop", "start") // a loop before may have used up what the supervisor allows
		s.mode("crash")
		s.crash()
	}
}

// crash ends the process, and waits for the next one where there will be one.
func (s *service) crash() {
	before := s.starts()
	s.killAll()
	if s.restarts() {
		s.until("the next start", func() bool { return s.starts() > before })
	}
}

// restarts says whether the supervisor starts the service of the table again by itself.
func (s *service) restarts() bool { return impossible(s.sup, parseFields(restarting)) == nil }

// act takes the action of a cell and checks everything that the cell says.
func (s *service) act(c cell) {
	before, hangups, ends := s.pid(), s.count("signals", "HUP"), len(s.lines("ends"))
	named := strings.NewReplacer("NAME", s.name, "PID", fmt.Sprint(before))
	if c.state != notConfigured && !s.boots() && (c.action == "enable" || c.action == "disable") {
		c.prints = ""
		if c.action == "enable" { // what is disabled already needs no word
			c.says = "boot"
		}
		s.note = "0, without effect: nothing happens at boot"
	}
	got := s.phase(c.action)
	s.wants(got, c.code, named.Replace(c.says))
	s.wantPrinted(got, named.Replace(c.prints))
	s.wantProcess(c.after, before)
	switch {
	case c.action == "reload" && c.after == "same":
		s.until("the signal", func() bool { return s.count("signals", "HUP") == hangups+1 })
	case c.action == "stop" && c.state == running:
		wantSame(s, "the number of ends by its own hand", len(s.lines("ends")), ends+1)
		fallthrough
	case c.action == "stop" && c.state == crashLooping && s.restarts():
		s.staysDown()
	case c.action == "disable" && c.state == stopped:
		s.staysDown()
	}
	if !c.once {
		return
	}
	again := s.phase(c.action)
	s.wants(again, 0)
	if again.changed != 0 {
		s.Errorf("the second %s changes something", c.action)
	}
}

// wantPrinted checks all that is on standard output, and that every change is counted. A want that ends in … is how the
// line begins.
func (s *service) wantPrinted(got outcome, want string) {
	printed := strings.Trim(changedLine.ReplaceAllString(got.Stdout, ""), "\n")
	if begins, open := strings.CutSuffix(want, "…"); printed != want && !(open && strings.HasPrefix(printed, begins)) {
		s.Errorf("it prints %q, want %q", printed, want)
	}
	if changes := strings.Count(want, "ed "+s.name); got.Code == 0 && got.changed != changes {
		s.Errorf("it says changed=%d, want %d", got.changed, changes)
	}
}
