package behaviour

import "testing"

// These tests treat a bundle as hosts and people do: settings that mean something to a shell or to a package manager,
// no root, an output that nobody reads.

// serverCommand is what the tests here run.
const serverCommand = "command: [/usr/local/bin/lab-server, /srv/app]"

func TestSettingsAreNeverCode(t *testing.T) {
	const made = "/tmp/made"
	trap := "'a[$(echo x >>" + made + ")]'"
	eachHost(t, supervisors, append(shells, "mksh"), func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		h.supervise(s)
		app := h.addService("app", "up")
		// A program that is called like a builtin, and one like a function of run. (mksh as such would refuse the variables.)
		for _, name := range []string{"eval", "check"} {
			h.WriteFile("/usr/local/bin/"+name, "#!/bin/dash\nprintf '%s\\n' \"${0##*/} $*\" >>/srv/app/called\n", 0o755)
		}
		settings := []string{serverCommand,
			"environment: {COLUMNS: " + trap + ", LINES: " + trap + ", TMOUT: " + trap + ", HISTSIZE: 5 x, OPTERR: '08', SECONDS: " + trap + ", RANDOM: " + trap + "}",
			`pre_start: [[eval, "echo x >>` + made + `"]]`, `reload_command: [check, --reload]`,
		}
		app.unpack("app-"+s.name, appConfig(s, settings...))
		app.ok("configure", "enable", "start")
		app.ok("reload")
		if h.Exists(made) {
			t.Errorf("a setting was run as code: %s", h.ReadFile(made))
		}
		for name, want := range map[string]string{"COLUMNS": "a[$(echo x >>" + made + ")]", "HISTSIZE": "5 x", "OPTERR": "08"} {
			if got := app.environ()[name]; got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		if got, want := app.ReadFile("/srv/app/called"), "eval echo x >>"+made+"\ncheck --reload\n"; got != want {
			t.Errorf("the programs were called %q, want %q", got, want)
		}
		app.ok("stop")
	})
}

func TestPackagesTakesNoOptions(t *testing.T) {
	s := nohup
	h := newHost(t, "dash", s)
	h.unpack("app-"+s.name, appConfig(s, serverCommand, "packages: {apt: [tar]}"))
	script := h.bundle + "/phases/install.sh"
	h.must("sed", "-i", "s/apt=tar/apt=-oAPT::x=y/", script)
	h.wants(h.phase("install"), 70, "-oAPT::x=y")
}

func TestClosedOutputEndsNothing(t *testing.T) {
	eachHost(t, supervisors, shells, func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		h.supervise(s)
		app := h.addService("app", "up")
		h.unpack("app-"+s.name, appConfig(s, serverCommand))
		h.ok("configure", "enable", "start")
		before := app.pid()
		h.Run("sh", "-c", h.bundle+"/run restart status 2>&1 | true")
		if now := app.pid(); now == 0 || now == before {
			t.Errorf("pid %d after restart, %d before", now, before)
		}
		h.wants(h.phase("status"), 0, "running")
		if got := h.Run("sh", "-c", h.bundle+"/run status >/dev/full"); got.Code != 0 {
			t.Errorf("status with a full output: %v", got)
		}
	})
}

func TestWithoutRootNothingIsClaimed(t *testing.T) {
	// Upstart tells those who are not root that it cannot be reached, and so does the bundle.
	eachHost(t, []supervisor{runit, nohup}, shells, func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		h.supervise(s)
		app := h.addService("app", "up")
		h.unpack("app-"+s.name, appConfig(s, serverCommand))
		h.ok("configure", "enable", "start")
		before := app.pid()
		for _, phase := range []string{"stop", "restart", "reload", "configure"} {
			got := h.Run("su", "-s", "/bin/sh", "nobody", "-c", h.bundle+"/run "+phase)
			if phase == "configure" && got.Code == 0 {
				continue // all is there already
			}
			if got.Code != 70 {
				t.Errorf("%s: %v", phase, got)
			}
		}
		if app.pid() != before {
			t.Errorf("pid %d, want %d", app.pid(), before)
		}
	})
}
