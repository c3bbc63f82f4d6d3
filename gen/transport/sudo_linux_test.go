package transport

import (
	"strings"
	"testing"

	"palletgen/gen/lab"
)

// Where sudo would ask for a password, every way ends at once, with sudo's reason, and has changed nothing.
func TestPasswordIsNeverWaitedFor(t *testing.T) {
	eachWay(t, appConfig("nohup"), func(h *host, w way, bundles map[string]string) {
		h.sudoer(account, "bash", false)
		h.addUser("guest", "bash") // sudo does not know
		h.sudoer("oldstyle", "bash", true)
		h.WriteFile("/etc/sudoers.d/tty", "Defaults:oldstyle requiretty\n", 0o440)
		for _, test := range []struct{ destination, said string }{
			{account + "@host", "sudo: a password is required"},
			{"guest@host", "sudo: a password is required"},
			{"oldstyle@host", "sudo: sorry, you must have a tty to run sudo"},
		} {
			wants(h.t, h.run(w, bundles, test.destination, flow), 1, test.said)
		}
		// With a terminal, too, for -n says so; without -n, only a terminal is asked.
		line := w.line(account+"@host", flow)
		if w.scp {
			wants(h.t, h.terminal(account+"@host", "", line), 1, "a password is required")
		}
		without := strings.Replace(line, become, "sudo ", 1)
		wants(h.t, h.ssh(account+"@host", bundles[w.suffix], without), 1, "a terminal is required to read the password")
		if h.Exists("/var/lib/palletgen") || h.starts() != 0 {
			h.t.Error("something was changed")
		}
	})
}

// terminal is ssh with a terminal on the host, at which somebody types.
func (h *host) terminal(destination, typed, command string) lab.Result {
	h.t.Helper()
	return h.RunCommand(lab.Command{Argv: []string{"ssh", "-tt", "-F", clientConfig, destination, command}, Stdin: typed})
}

// Whoever has to type a password copies the bundle first, and then works at a terminal. What was started outlives it.
func TestPasswordIsTyped(t *testing.T) {
	t.Parallel()
	bundles := build(t, appConfig("nohup"), "--format", formats)
	h := newHost(t, "dash")
	h.addService("up")
	h.sudoer(account, "bash", false)
	const destination = account + "@host"
	for _, test := range []struct{ suffix, unpack, command string }{
		{"app.tar.gz", "tar -xzf app.tar.gz && ", "app/run "},
		{"app.sh", "", "sh app.sh "},
	} {
		h.must("mkdir", "-p", "/srv/client/dist")
		h.WriteFile("/srv/client/dist/"+test.suffix, bundles[test.suffix], 0o644)
		h.must("scp", "-q", "-F", clientConfig, "/srv/client/dist/"+test.suffix, destination+":")
		run := func(phases string, code int, said ...string) {
			h.t.Helper()
			wants(t, h.terminal(destination, "secret\n", test.unpack+"sudo "+test.command+phases), code, said...)
		}
		run(flow, 0, "changed=")
		lab.Until(t, patience, "the end of the session", func() bool { return !h.hasSession() })
		if !h.running() {
			t.Errorf("%s: the service ended with the terminal", test.suffix)
		}
		run("status", 0, "running")
		run("stop", 0)
		run("status", 3, "stopped")
		run("uninstall", 0)
	}
}
