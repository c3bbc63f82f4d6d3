package behaviour

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/lab"
)

// TestFieldsReachTheProcess checks what the service description says about the process where the kernel shows it.
func TestFieldsReachTheProcess(t *testing.T) {
	eachHost(t, supervisors, shells, func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		h.supervise(s)
		h.unpack("app-"+s.name, appConfig(s,
			"command: [/usr/local/bin/lab-server, /srv/app]",
			"user: riemann", "group: extra", "groups: [riemann, daemon]",
			"directory: /srv/app", `umask: "0027"`, "nice: 5", "limits: {nofile: 123, core: 0}",
			"environment: {PLAIN: from settings, BOTH: from settings}", "environment_file: /etc/default/app",
		))
		app := h.addService("app", "up")
		h.WriteFile("/etc/default/app", "FILE='from file'\nBOTH=\"from file\"\n", 0o600) // root's: the service itself cannot read it
		h.ok("configure", "enable", "start")
		pid := app.pid()
		if pid == 0 {
			t.Fatal("nothing runs")
		}
		id := func(argv ...string) string { return strings.TrimSpace(h.must(argv...)) }
		status, limits := h.ReadFile(fmt.Sprintf("/proc/%d/status", pid)), h.ReadFile(fmt.Sprintf("/proc/%d/limits", pid))
		gid := id("sh", "-c", "getent group extra | cut -d: -f3")
		want := map[string]string{
			"user":   id("id", "-u", "riemann"),
			"group":  gid,
			"umask":  "0027",
			"nofile": "123 123", "core": "0 0",
			"folder": "/srv/app",
			"nice":   "5",
		}
		stat := h.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		got := map[string]string{
			"user":   column(status, `Uid:\s+(\d+)`),
			"group":  column(status, `Gid:\s+(\d+)`),
			"umask":  column(status, `Umask:\s+(\d+)`),
			"nofile": column(limits, `Max open files\s+(\d+)\s+(\d+)`),
			"core":   column(limits, `Max core file size\s+(\d+)\s+(\d+)`),
			"folder": id("readlink", fmt.Sprintf("/proc/%d/cwd", pid)),
			"nice":   strings.Fields(stat[strings.LastIndex(stat, ")")+1:])[16],
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		groups := strings.Fields(column(status, `Groups:\s+([\d ]+)`))
		for _, name := range []string{"riemann", "daemon"} {
			if gid := id("sh", "-c", "getent group "+name+" | cut -d: -f3"); !slices.Contains(groups, gid) {
				t.Errorf("group %s (%s) is not among the supplementary groups %v", name, gid, groups)
			}
		}
		environ := app.environ()
		for name, want := range map[string]string{"PLAIN": "from settings", "FILE": "from file"} {
			if environ[name] != want {
				t.Errorf("%s is %q, want %q", name, environ[name], want)
			}
		}
		h.ok("stop")
	})
}

// column returns the groups of a match, joined by a blank.
func column(text, pattern string) string {
	match := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if match == nil {
		return ""
	}
	return strings.TrimSpace(strings.Join(match[1:], " "))
}

// TestServiceStartsClean checks that a process inherits nothing of the run that started it.
func TestServiceStartsClean(t *testing.T) {
	eachHost(t, supervisors, shells, func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		h.supervise(s)
		h.unpack("app-"+s.name, appConfig(s, "command: [/usr/bin/sleep, '1000']"))
		h.ok("configure", "enable")
		// The caller ignores signals and has a file open, as a terminal's job or a deployment tool may.
		got := h.Run("sh", "-c", "trap '' INT QUIT HUP; exec 3>/tmp/open 9>&1; export SECRET=x; exec "+h.bundle+"/run start")
		if got.Code != 0 || got.Held {
			t.Fatalf("start: %v", got)
		}
		var sleeper lab.ProcessInfo
		for _, p := range h.Processes() {
			if len(p.Args) == 2 && p.Args[1] == "1000" {
				sleeper = p
			}
		}
		if sleeper.PID == 0 {
			t.Fatalf("nothing runs: %v", h.Processes())
		}
		status := h.ReadFile(fmt.Sprintf("/proc/%d/status", sleeper.PID))
		for _, mask := range []string{"SigIgn", "SigBlk"} {
			if got := column(status, mask+`:\s+(\w+)`); strings.Trim(got, "0") != "" {
				t.Errorf("%s is %s", mask, got)
			}
		}
		if open := h.must("ls", fmt.Sprintf("/proc/%d/fd", sleeper.PID)); open != "0\n1\n2\n" {
			t.Errorf("open files: %s", h.must("ls", "-l", fmt.Sprintf("/proc/%d/fd", sleeper.PID)))
		}
		if in := h.must("readlink", fmt.Sprintf("/proc/%d/fd/0", sleeper.PID)); in != "/dev/null\n" {
			t.Errorf("standard input is %s", in)
		}
		if strings.Contains(h.ReadFile(fmt.Sprintf("/proc/%d/environ", sleeper.PID)), "SECRET") {
			t.Error("the caller's environment reaches the service")
		}
		if h.must("readlink", fmt.Sprintf("/proc/%d/cwd", sleeper.PID)) != "/\n" {
			t.Error("it runs in a folder that it holds")
		}
		h.ok("stop")
	})
}

// TestSignalsAreThoseOfTheSettings uses others than TERM and HUP.
func TestSignalsAreThoseOfTheSettings(t *testing.T) {
	eachHost(t, supervisors, shells[:1], func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		h.supervise(s)
		h.unpack("app-"+s.name, appConfig(s,
			"command: [/usr/local/bin/lab-server, /srv/app]", "user: riemann", "stop_signal: QUIT", "reload_signal: USR1"))
		app := h.addService("app", "up")
		h.ok("configure", "enable", "start")
		h.ok("reload")
		lab.Until(t, patience, "USR1", func() bool { return app.count("signals", "USR1") == 1 })
		h.ok("stop")
		app.wantProcess("none", 0)
		if diff := cmp.Diff([]string{"USR1", "QUIT"}, app.lines("signals")); diff != "" {
			t.Errorf("signals (-want +got):\n%s", diff)
		}
	})
}

func TestReloadCommand(t *testing.T) {
	eachHost(t, supervisors, shells[:1], func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		h.supervise(s)
		h.unpack("app-"+s.name, appConfig(s,
			"command: [/usr/local/bin/lab-server, /srv/app]", "reload_command: [touch, '/srv/app/re loaded']"))
		app := h.addService("app", "up")
		h.ok("configure", "enable", "start")
		pid := app.pid()
		h.ok("reload")
		app.wantProcess("same", pid)
		if !h.Exists("/srv/app/re loaded") || len(app.lines("signals")) > 0 {
			t.Errorf("signals %v instead of the command", app.lines("signals"))
		}
	})
}

func TestCommandsBeforeAndAfter(t *testing.T) {
	eachHost(t, supervisors, shells[:1], func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		h.supervise(s)
		settings := []string{
			"command: [/usr/local/bin/lab-server, /srv/app]", "user: riemann",
			"pre_start: [[touch, /srv/app/pre 1], [mv, /srv/app/pre 1, /srv/app/pre 2]]",
		}
		if s.restarts() { // else nobody is there to run it
			settings = append(settings, "post_stop: [[touch, /srv/app/post]]")
		}
		h.unpack("app-"+s.name, appConfig(s, settings...))
		app := h.addService("app", "up")
		h.ok("configure", "enable", "start")
		if owner := h.must("stat", "-c", "%U", "/srv/app/pre 2"); owner != "riemann\n" || h.Exists("/srv/app/post") {
			t.Errorf("the commands before the start did not run in order, as the user, but as %s", owner)
		}
		h.ok("stop")
		app.wantProcess("none", 0)
		if s.restarts() {
			lab.Until(t, patience, "the command after the end", func() bool { return h.Exists("/srv/app/post") })
		}
	})
}

func TestFailingCommandBeforeTheStart(t *testing.T) {
	eachHost(t, supervisors, shells[:1], func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		h.supervise(s)
		h.unpack("app-"+s.name, appConfig(s,
			"command: [/usr/local/bin/lab-server, /srv/app]", "pre_start: [[ls, /no/such/folder]]"))
		app := h.addService("app", "up")
		h.ok("configure", "enable")
		h.wants(h.phase("start"), 70, "/no/such/folder")
		if starts := app.lines("starts"); len(starts) > 0 {
			t.Errorf("the service started all the same: %v", starts)
		}
		h.ok("stop")
		h.wants(h.phase("status"), 3)
	})
}

func TestOutputIsLogged(t *testing.T) {
	eachHost(t, supervisors, shells, func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		h.supervise(s)
		h.unpack("app-"+s.name, appConfig(s,
			"command: [/usr/local/bin/lab-server, /srv/app]", "user: riemann", "log_dir: /var/log/of/the app"))
		app := h.addService("app", "up")
		h.ok("configure", "enable", "start", "restart")
		lab.Until(t, patience, "two starts in the log", func() bool {
			return strings.Count(logs(h), "lab-server: mode up") == 2
		})
		app.mode("crash") // which writes to standard error
		h.wants(h.phase("restart"), 70)
		if !strings.Contains(logs(h), "lab-server: cannot open the store") {
			t.Errorf("standard error is not in the log:\n%s", logs(h))
		}
		h.ok("stop")
	})
}

// logs is all that is in the log of TestOutputIsLogged.
func logs(h *host) string {
	return h.must("sh", "-c", "cat '/var/log/of/the app'/*")
}

func TestConfigureLeavesTheProcess(t *testing.T) {
	eachHost(t, supervisors, shells[:1], func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		h.supervise(s)
		const command = "command: [/usr/local/bin/lab-server, /srv/app]"
		h.unpack("app-"+s.name, appConfig(s, command, "environment: {NUMBER: one}"))
		app := h.addService("app", "up")
		h.ok("configure", "enable", "start")
		pid := app.pid()
		h.unpack("app-"+s.name, appConfig(s, command, "environment: {NUMBER: two}"))
		if got := h.ok("configure"); got.changed == 0 {
			t.Errorf("the new environment changes nothing: %v", got)
		}
		if got := h.ok("configure", "start"); got.changed != 0 {
			t.Errorf("done twice: %v", got)
		}
		app.wantProcess("same", pid)
		h.ok("restart")
		if got := app.environ()["NUMBER"]; got != "two" {
			t.Errorf("after the restart the variable is %q", got)
		}
	})
}

// TestRestartPolicy ends the process with success (TERM) and with failure (KILL).
func TestRestartPolicy(t *testing.T) {
	tests := []struct {
		policy, signal string
		comesBack      bool
	}{
		{"always", "TERM", true}, {"always", "KILL", true},
		{"on-failure", "TERM", false}, {"on-failure", "KILL", true},
		{"never", "TERM", false}, {"never", "KILL", false},
	}
	eachHost(t, restarting, shells[:1], func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		h.supervise(s)
		app := h.addService("app", "up")
		for _, test := range tests {
			t.Run(test.policy+"/"+test.signal, func(t *testing.T) {
				app := app.in(t)
				app.unpack("app-"+s.name, appConfig(s, "command: [/usr/local/bin/lab-server, /srv/app]", "restart: "+test.policy))
				app.ok("configure", "enable", "start")
				before := app.pid()
				app.must("kill", "-"+test.signal, strconv.Itoa(before))
				if test.comesBack {
					lab.Until(t, patience, "a new process", func() bool { pid := app.pid(); return pid != 0 && pid != before })
				} else {
					lab.Until(t, patience, "the end of all processes", func() bool { return len(app.processes()) == 0 })
					app.staysDown(s)
					app.ok("start")
					app.wantProcess("new", before)
				}
				app.ok("stop")
			})
		}
	})
}
