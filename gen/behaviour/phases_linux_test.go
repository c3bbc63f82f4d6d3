package behaviour

import (
	"fmt"
	"strings"
	"testing"

	"palletgen/gen/lab"
)

func TestEmbeddedExample(t *testing.T) {
	eachHost(t, supervisors, shells, func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		h.supervise(s)
		h.unpack("riemann-"+s.name, "", "--set", `riemann.run_command=["/usr/local/bin/lab-server", "/srv/riemann"]`)
		riemann := h.addService("riemann", "up")

		first := h.ok("configure", "enable", "start")
		if first.changed < 3 {
			t.Errorf("files, a folder and a process are new: %v", first)
		}
		if again := h.ok("configure", "enable", "start"); again.changed != 0 || strings.TrimSpace(again.Stdout) != "changed=0" {
			t.Errorf("the second run is not silent: %v", again)
		}
		h.wants(h.phase("status"), 0, fmt.Sprintf("riemann: running, pid %d\n", riemann.pid()))
		for _, p := range riemann.processes() {
			if p.UID == 0 {
				t.Errorf("runs as root: %v", p)
			}
		}
		got := h.must("stat", "-c", "%U %G %a", "/etc/riemann/riemann.config", "/var/log/riemann")
		if want := "riemann riemann 644\nriemann riemann 755\n"; got != want {
			t.Errorf("owners and modes:\n%s, want\n%s", got, want)
		}
		for _, name := range []string{"riemann.config", "riemann-" + s.name} {
			if left := h.must("find", "/etc", "/var/log", "-xdev", "-name", ".*palletgen-new*"); left != "" {
				t.Errorf("%s: left aside: %s", name, left)
			}
		}
		h.ok("stop")
		riemann.wantProcess("none", 0)
	})
}

func TestPhasesOfOneService(t *testing.T) {
	eachHost(t, supervisors, shells[:1], func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		h.supervise(s)
		h.unpack("riemann-"+s.name, "", "--set", `riemann.run_command=["/usr/local/bin/lab-server", "/srv/riemann"]`)
		riemann := h.addService("riemann", "up")
		h.ok("configure", "enable-riemann")
		h.wants(h.phase("start-riemann"), 0, "started riemann\n")
		before := riemann.pid()
		h.wants(h.phase("status-riemann"), 0, fmt.Sprintf("riemann: running, pid %d\n", before))
		h.ok("reload-riemann")
		riemann.wantProcess("same", before)
		h.ok("restart-riemann")
		riemann.wantProcess("new", before)
		h.ok("disable-riemann", "stop-riemann")
		riemann.wantProcess("none", 0)
		h.wants(h.phase("status-riemann"), 3)
	})
}

func TestWrongUsage(t *testing.T) {
	t.Parallel()
	h := newHost(t, "dash", supervisor{})
	h.unpack("riemann-nohup", "")
	for _, phases := range [][]string{
		{}, {"no-such-phase"}, {"configure", "no-such-phase"}, {"start-nobody"}, {"--no-such-option"}, {""}, {"../phases/start"},
	} {
		h.wants(h.phase(phases...), 64)
	}
	if h.Exists("/etc/riemann") {
		t.Error("configure ran before the usage was checked")
	}
}

func TestRunFromAnywhere(t *testing.T) {
	t.Parallel()
	h := newHost(t, "dash", supervisor{})
	h.unpack("riemann-nohup", "")
	for name, c := range map[string]lab.Command{
		"relative":    {Argv: []string{"./run", "status"}, Dir: h.bundle},
		"from beside": {Argv: []string{"riemann-nohup/run", "status"}, Dir: "/srv/bundles"},
		"by sh":       {Argv: []string{"/bin/sh", "run", "status"}, Dir: h.bundle},
		"by its path": {Argv: []string{"/bin/sh", h.bundle + "/run", "status"}},
		"hostile environment": {
			Argv: []string{h.bundle + "/run", "status"},
			Env:  []string{"CDPATH=/etc", "IFS=a", "LC_ALL=tr_TR.UTF-8", "changed=7", "only=x", "aside=/etc/passwd", "ENV=/nowhere"},
		},
		"no environment": {Argv: []string{h.bundle + "/run", "status"}, Env: []string{}},
	} {
		got := h.RunCommand(c)
		if got.Code != 4 || got.Stdout != "riemann: not configured\nchanged=0\n" || got.Stderr != "" {
			t.Errorf("%s: %v", name, got)
		}
	}
	h.must("test", "-s", "/etc/passwd")
}

// twoServices is a bundle of a database and a web server that needs it.
func twoServices(s supervisor) string {
	const app = `      - app:
          supervisor: %[1]s
          instance_id: %[2]s
          command: [/usr/local/bin/lab-server, /srv/app-%[2]s]
          stop_timeout: 3
`
	return fmt.Sprintf("groups:\n  two-%[1]s:\n    extends:\n      - %[1]s\n", s.name) +
		fmt.Sprintf(app, s.name, "web") + "          after: [app-db]\n" +
		fmt.Sprintf(app, s.name, "db")
}

func TestTwoServices(t *testing.T) {
	eachHost(t, supervisors, shells, func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		h.supervise(s)
		h.unpack("two-"+s.name, twoServices(s))
		web, db := h.addService("app-web", "up"), h.addService("app-db", "up")
		h.wants(h.phase("status"), 4, "app-web: not configured\n", "app-db: not configured\n")
		h.ok("configure", "enable")
		got := h.ok("start")
		dbAt, webAt := strings.Index(got.Stdout, "started app-db\n"), strings.Index(got.Stdout, "started app-web\n")
		if dbAt < 0 || webAt < dbAt || got.changed != 2 {
			t.Errorf("web was not started after db: %v", got)
		}
		h.wants(h.phase("status"), 0, fmt.Sprintf("app-db: running, pid %d\n", db.pid()), fmt.Sprintf("app-web: running, pid %d\n", web.pid()))
		h.ok("stop-app-web")
		web.wantProcess("none", 0)
		if db.pid() == 0 {
			t.Error("stop-app-web stopped db")
		}
		h.wants(h.phase("status"), 3, "app-web: stopped\n", "app-db: running")
		h.wants(h.phase("status-app-db"), 0)
		h.wants(h.phase("start"), 0, "started app-web\n")
		h.ok("stop")
		web.wantProcess("none", 0)
		db.wantProcess("none", 0)
		db.mode("crash")
		h.wants(h.phase("start"), 70, "cannot open the store")
		if web.pid() != 0 {
			t.Error("web was started although db failed")
		}
		h.ok("stop")
	})
}

// TestFailureTellsChanges: the last line of a run that fails says how much it had changed.
func TestFailureTellsChanges(t *testing.T) {
	eachHost(t, []supervisor{nohup}, shells, func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		h.addService("app", "crash")
		h.unpack("app-"+s.name, appConfig(s, "name: app", "command: [/usr/local/bin/lab-server, /srv/app]"))
		first := h.phase("configure", "start")
		done := strings.Count(first.Stdout, "\n")
		if want := fmt.Sprintf(" (changed=%d)\n", done); first.Code != 70 || done == 0 || !strings.HasSuffix(first.Stderr, want) {
			t.Errorf("the end is not %q: %v", want, first)
		}
		if again := h.phase("configure", "start"); again.Code != 70 || strings.Contains(again.Stderr, "changed=") {
			t.Errorf("nothing was changed: %v", again)
		}
		h.must("rm", "/var/lib/palletgen-nohup/app/run")
		if checked := h.phase("--check", "configure", "reload"); checked.Code != 70 || !strings.Contains(checked.Stdout, "would change") ||
			strings.Contains(checked.Stderr, "changed=") {
			t.Errorf("--check changes nothing: %v", checked)
		}
	})
}
