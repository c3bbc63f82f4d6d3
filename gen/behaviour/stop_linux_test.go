package behaviour

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"palletgen/gen/lab"
)

func TestStopLeavesNoProcess(t *testing.T) {
	tests := []struct {
		mode             string
		shortest, within time.Duration // stop_timeout is 2 s
	}{
		{"up", 0, 2 * time.Second},
		{"heir", 0, 6 * time.Second},                    // its child, a TERM-ignoring one, outlives it
		{"stubborn", 1 * time.Second, 10 * time.Second}, // it has its time, then it is killed
	}
	eachHost(t, supervisors, shells, func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		h.supervise(s)
		h.unpack("app-"+s.name, appConfig(s, "command: [/usr/local/bin/lab-server, /srv/app]", "user: riemann", "stop_timeout: 2"))
		app := h.addService("app", "up")
		bystander := h.addService("bystander", "up")
		h.Start("setpriv", "--reuid=riemann", "--regid=riemann", "--clear-groups", "lab-server", bystander.dir)
		lab.Until(t, patience, "the bystander", func() bool { return len(bystander.processes()) == 2 })
		h.ok("configure", "enable")
		for _, test := range tests {
			t.Run(test.mode, func(t *testing.T) {
				app := app.in(t)
				app.mode(test.mode)
				app.ok("start")
				got := app.ok("stop")
				app.wantProcess("none", 0)
				if got.changed != 1 {
					t.Errorf("changed=%d: %v", got.changed, got)
				}
				if got.Duration < test.shortest || got.Duration > test.within {
					t.Errorf("stop took %v, want %v to %v", got.Duration, test.shortest, test.within)
				}
				app.wants(app.phase("status"), 3, "app: stopped\n")
			})
		}
		if len(bystander.processes()) != 2 {
			t.Errorf("another process of the same user and name was touched: %v", bystander.processes())
		}
	})
}

// TestKilledServiceComesBack asks for the status while the service is on its way back.
func TestKilledServiceComesBack(t *testing.T) {
	eachHost(t, restarting, shells[:1], func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		h.supervise(s)
		h.unpack("app-"+s.name, appConfig(s, "command: [/usr/local/bin/lab-server, /srv/app]", "pre_start: [[sleep, '0.7']]"))
		app := h.addService("app", "up")
		h.ok("configure", "enable", "start")
		before := app.pid()
		app.killServer()
		lab.Until(t, patience, "the command before the next start", func() bool {
			return slices.ContainsFunc(h.Processes(), func(p lab.ProcessInfo) bool { return p.Name == "sleep" && slices.Contains(p.Args, "0.7") })
		})
		status := h.phase("status")
		app.wantProcess("new", before)
		h.wants(status, 0, "app: running, pid "+strconv.Itoa(app.pid())+"\n")
	})
}

func TestDeadServiceIsSeen(t *testing.T) {
	eachHost(t, []supervisor{nohup}, shells, func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		h.unpack("app-"+s.name, appConfig(s, "command: [/usr/local/bin/lab-server, /srv/app]"))
		app := h.addService("app", "up")
		h.ok("configure", "enable", "start")
		app.killServer()
		h.wants(h.phase("status"), 1, "app: failing")
		h.wants(h.phase("reload"), 70, "app is not running")
		h.wants(h.phase("start"), 0, "started app\n")
		app.wantProcess("new", 0)
	})
}

// TestCrashLoopIsNeverRunning asks while the process of a crash loop is there and while it is not.
func TestCrashLoopIsNeverRunning(t *testing.T) {
	eachHost(t, restarting, shells, func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		h.supervise(s)
		h.unpack("app-"+s.name, appConfig(s, "command: [/usr/local/bin/lab-server, /srv/app]"))
		app := h.addService("app", "up")
		h.ok("configure", "start")
		app.mode("flap")
		app.killServer()
		lab.Until(t, patience, "three starts", func() bool { return len(app.lines("starts")) >= 3 })
		for range 5 {
			h.wants(h.phase("status"), 1, "app: failing")
			h.wants(h.phase("reload"), 70, "app is not running")
		}
	})
}

// TestReusedPidIsNotTheService gives the pid of a dead service to somebody else.
func TestReusedPidIsNotTheService(t *testing.T) {
	eachHost(t, []supervisor{nohup}, shells, func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		h.unpack("app-"+s.name, appConfig(s, "command: [/usr/local/bin/lab-server, /srv/app]"))
		app := h.addService("app", "up")
		h.ok("configure", "start")
		pid := app.pid()
		app.killServer()
		var stranger *lab.Process
		lab.Until(t, patience, "the same pid again", func() bool { // something else of the machine may take it
			h.must("sh", "-c", "echo "+strconv.Itoa(pid-1)+" >/proc/sys/kernel/ns_last_pid")
			stranger = h.Start("sleep", "1000")
			return stranger.PID == pid
		})
		if got := h.phase("status"); got.Code == 0 {
			t.Errorf("a stranger is taken for the service: %v", got)
		}
		h.ok("stop")
		if !stranger.Running() {
			t.Error("stop killed a stranger that has the pid of the service")
		}
	})
}
