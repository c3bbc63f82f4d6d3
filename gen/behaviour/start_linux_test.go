package behaviour

import (
	"strings"
	"testing"
	"time"

	"palletgen/gen/lab"
)

func TestFailedStartShowsTheLog(t *testing.T) {
	tests := []struct {
		mode, said string
		settings   []string
	}{
		{"crash", "lab-server: cannot open the store", nil},
		{"crash", "lab-server: cannot open the store", []string{"ready_port: 5555", "ready_timeout: 5"}},
		{"flap", "lab-server: cannot keep the store open", nil},
		{"deaf", "lab-server: mode deaf", []string{"ready_port: 5555", "ready_timeout: 2"}},
	}
	eachHost(t, supervisors, shells[:1], func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		h.supervise(s)
		app := h.addService("app", "up")
		app.WriteFile(app.dir+"/port", "5555\n", 0o644)
		for _, test := range tests {
			t.Run(test.mode, func(t *testing.T) {
				app := app.in(t)
				app.unpack("app-"+s.name, appConfig(s, append(test.settings, "command: [/usr/local/bin/lab-server, /srv/app]", "user: riemann", "stop_timeout: 2")...))
				app.mode(test.mode)
				app.ok("configure", "enable")
				got := app.phase("start")
				app.wants(got, 70)
				if !strings.Contains(got.Stderr, test.said) {
					t.Errorf("the log is not shown: %v", got)
				}
				if got.Duration > 15*time.Second {
					t.Errorf("it took %v", got.Duration)
				}
				app.ok("stop")
				app.wantProcess("none", 0)
			})
		}
	})
}

func TestStartWaitsUntilReady(t *testing.T) {
	readiness := map[string][]string{
		"port":    {"ready_port: 5555"},
		"file":    {"ready_file: /srv/app/listening"},
		"command": {"ready_command: [grep, -q, listening, /srv/app/listening]"},
	}
	eachHost(t, supervisors, shells, func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		h.supervise(s)
		app := h.addService("app", "late")
		app.WriteFile(app.dir+"/port", "5555\n", 0o644)
		for name, settings := range readiness {
			t.Run(name, func(t *testing.T) {
				app := app.in(t)
				app.must("rm", "-f", app.dir+"/listening")
				app.unpack("app-"+s.name, appConfig(s, append(settings, "command: [/usr/local/bin/lab-server, /srv/app]", "user: riemann")...))
				app.ok("configure", "enable")
				got := app.ok("start")
				if !app.Exists(app.dir + "/listening") {
					t.Errorf("start did not wait: %v", got)
				}
				if again := app.ok("start"); again.changed != 0 {
					t.Errorf("started twice: %v", again)
				}
				app.ok("stop")
			})
		}
	})
}

func TestSupervisorThatIsNotThere(t *testing.T) {
	actions := []string{"start", "stop", "restart", "reload", "enable", "disable"}
	said := map[string]struct{ notRunning, notInstalled string }{
		"runit":   {"no runsvdir runs", "sv"},
		"upstart": {"cannot reach upstart", "cannot find initctl"},
	}
	eachHost(t, restarting, shells[:1], func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		app := h.addService("app", "up")
		h.unpack("app-"+s.name, appConfig(s, "command: [/usr/local/bin/lab-server, /srv/app]"))
		h.ok("configure")

		t.Run("not running", func(t *testing.T) {
			app := app.in(t)
			app.ok("enable")
			app.wants(app.phase("start"), 69, said[s.name].notRunning)
			app.wantProcess("none", 0)
			app.ok("disable")
		})
		t.Run("not installed", func(t *testing.T) {
			app := app.in(t)
			for _, program := range s.needs {
				app.must("sh", "-c", `while file=$(command -v "$0"); do rm "$file" || exit; done`, program)
			}
			for _, action := range actions {
				app.wants(app.phase(action), 69, said[s.name].notInstalled)
			}
		})
	})
}

// TestEnableDecidesTheBoot boots by ending the supervisor and starting it again.
func TestEnableDecidesTheBoot(t *testing.T) {
	eachHost(t, restarting, shells[:1], func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		app := h.addService("app", "up")
		h.unpack("app-"+s.name, appConfig(s, "command: [/usr/local/bin/lab-server, /srv/app]"))
		process := h.supervise(s)
		reboot := func() {
			h.Signal(process, s.end, false)
			h.Wait(process, patience)
			lab.Until(t, patience, "the end of every process", func() bool { return len(h.Processes()) == 0 })
			process = h.supervise(s)
		}
		h.ok("configure", "enable")
		reboot()
		lab.Until(t, patience, "the service after the boot", func() bool { return app.pid() != 0 })
		h.wants(h.phase("disable"), 0)
		app.wantProcess("same", app.pid())
		reboot()
		lab.Until(t, patience, "the supervisor to know the service", func() bool { return h.phase("status").Code != 4 })
		h.wants(h.phase("status"), 3, "app: stopped\n")
		app.staysDown(s)
		h.ok("start")
		h.ok("enable")
		h.ok("stop")
		reboot() // stopped by hand, but enabled
		lab.Until(t, patience, "the service after the boot", func() bool { return app.pid() != 0 })
	})
}
