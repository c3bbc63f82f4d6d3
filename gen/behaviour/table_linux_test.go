package behaviour

import (
	"fmt"
	"testing"
	"time"

	"palletgen/gen/lab"
)

// cell is one cell of the table: what an action does to a service in a state.
type cell struct {
	action string
	code   int
	after  string // the process then: "same", "new", "none", or "" where it comes and goes
	said   string // on standard output or error
	again  bool   // the same action once more changes nothing
}

// table is what every action does in every state, the same under every supervisor.
var table = []struct {
	state string
	cells []cell
}{
	{"not configured", []cell{
		{action: "start", code: 78, after: "none", said: "app is not configured on this host"},
		{action: "stop", code: 78, after: "none", said: "app is not configured on this host"},
		{action: "restart", code: 78, after: "none", said: "app is not configured on this host"},
		{action: "reload", code: 78, after: "none", said: "app is not configured on this host"},
		{action: "status", code: 4, after: "none", said: "app: not configured\n"},
		{action: "enable", code: 78, after: "none", said: "app is not configured on this host"},
		{action: "disable", code: 78, after: "none", said: "app is not configured on this host"},
	}},
	{"stopped", []cell{
		{action: "start", after: "new", said: "started app\n", again: true},
		{action: "stop", after: "none", again: true},
		{action: "restart", after: "new", said: "started app\n"},
		{action: "reload", code: 70, after: "none", said: "app is not running"},
		{action: "status", code: 3, after: "none", said: "app: stopped\n"},
		{action: "enable", after: "none", again: true},
		{action: "disable", after: "none", again: true},
	}},
	{"running", []cell{
		{action: "start", after: "same", again: true},
		{action: "stop", after: "none", said: "stopped app\n", again: true},
		{action: "restart", after: "new"},
		{action: "reload", after: "same"},
		{action: "status", after: "same", said: "app: running, pid "},
		{action: "enable", after: "same", again: true},
		{action: "disable", after: "same", again: true},
	}},
	{"crash-looping", []cell{
		{action: "start", code: 70, said: "lab-server: cannot open the store"},
		{action: "stop", after: "none", again: true},
		{action: "restart", code: 70, said: "lab-server: cannot open the store"},
		{action: "reload", code: 70, said: "app is not running"},
		{action: "status", code: 1, said: "app: failing"},
		{action: "enable", again: true},
		{action: "disable", again: true},
	}},
}

func TestTable(t *testing.T) {
	eachHost(t, supervisors, shells, func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		h.supervise(s)
		settings := []string{"command: [/usr/local/bin/lab-server, /srv/app]", "user: riemann", "stop_timeout: 3"}
		if shell != "dash" { // which tests the other way to tell that a service is up
			settings = append(settings, "ready_port: 5555")
		}
		h.unpack("app-"+s.name, appConfig(s, settings...))
		app := h.addService("app", "up")
		app.WriteFile(app.dir+"/port", "5555\n", 0o644)
		for _, row := range table {
			if row.state == "stopped" {
				h.ok("configure", "enable")
			}
			for _, c := range row.cells {
				t.Run(row.state+"/"+c.action, func(t *testing.T) {
					app := app.in(t)
					app.enter(row.state, s)
					app.act(c, s)
				})
			}
		}
	})
}

// in is the same service seen by a subtest.
func (s service) in(t *testing.T) service {
	h := *s.host
	h.t, h.Machine = t, s.Machine.In(t)
	s.host = &h
	return s
}

// enter brings the service into a state, whatever it is in.
func (s service) enter(state string, by supervisor) {
	s.t.Helper()
	switch state {
	case "not configured":
		return
	case "stopped":
		s.mode("up")
		s.ok("stop")
		s.wantProcess("none", 0)
	case "running":
		s.run()
	case "crash-looping":
		s.ok("stop") // the loop before may be between two starts, or have used up what upstart allows
		s.run()
		s.mode("crash")
		before := len(s.lines("starts"))
		s.killServer()
		if by.restarts() {
			lab.Until(s.t, patience, "the next start", func() bool { return len(s.lines("starts")) > before })
		}
	}
}

// run makes the service run well.
func (s service) run() {
	s.t.Helper()
	s.mode("up")
	s.ok("start")
	if s.pid() == 0 {
		s.t.Fatal("start says 0, but nothing runs")
	}
}

// act takes the action of a cell and checks everything that the cell says.
func (s service) act(c cell, by supervisor) {
	s.t.Helper()
	before, hangups := s.pid(), s.count("signals", "HUP")
	got := s.phase(c.action)
	s.wants(got, c.code, c.said)
	s.wantProcess(c.after, before)
	switch {
	case c.action == "status" && c.after == "same":
		s.wants(got, c.code, fmt.Sprintf("app: running, pid %d\n", before))
	case c.action == "reload" && c.after == "same":
		lab.Until(s.t, patience, "SIGHUP", func() bool { return s.count("signals", "HUP") == hangups+1 })
	case c.action == "stop" && c.code == 0:
		s.staysDown(by)
	}
	if c.again {
		again := s.phase(c.action)
		s.wants(again, 0)
		if again.changed != 0 {
			s.t.Errorf("the second %s changes something: %v", c.action, again)
		}
	}
}

// wantProcess checks which process the service has after an action.
func (s service) wantProcess(want string, before int) {
	s.t.Helper()
	now := s.pid()
	switch {
	case want == "none" && len(s.processes()) > 0:
		s.t.Errorf("something is left: %v", s.processes())
	case want == "same" && now != before:
		s.t.Errorf("pid %d became %d", before, now)
	case want == "new" && (now == before || now == 0):
		s.t.Errorf("pid %d became %d, want a new process", before, now)
	case want == "new" && len(s.processes()) != 2:
		s.t.Errorf("want one process and its child: %v", s.processes())
	}
}

// staysDown watches for longer than any supervisor here takes to start a dead service again.
func (s service) staysDown(by supervisor) {
	s.t.Helper()
	if !by.restarts() {
		return
	}
	starts := len(s.lines("starts"))
	for end := time.Now().Add(1300 * time.Millisecond); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if len(s.processes()) > 0 || len(s.lines("starts")) != starts {
			s.t.Fatalf("it came up again: %v", s.processes())
		}
	}
}
