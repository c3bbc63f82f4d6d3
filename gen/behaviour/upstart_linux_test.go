package behaviour

import (
	"os"
	"os/exec"
	"regexp"
	"sync"
	"testing"

	"palletgen/gen/lab"
)

// upstart is an upstart that is not process 1, which belongs to the machine: it runs as the init of a session, does the
// same for the session's jobs, and takes the host's folders for its own.
var upstart = supervisor{
	name:    "upstart",
	skip:    skipWithoutUpstart,
	install: installUpstart,
	needs:   []string{"initctl"},
	run: []string{
		"env", "-i", "XDG_RUNTIME_DIR=/run", "HOME=/root", upstartInit, "--user", "--no-dbus", "--no-inherit-env",
		"--no-startup-event", "--confdir=/etc/init", "--logdir=/var/log/upstart",
	},
	boot: bootUpstart,
}

// Where a machine has upstart's programs.
const (
	upstartInit = "/usr/local/lib/upstart/init"
	upstartCtl  = "/usr/local/lib/upstart/initctl"
)

// upstartVersion is in what upstart's programs answer to --version.
var upstartVersion = regexp.MustCompile(`\bupstart [0-9]`)

// findUpstart returns the host's programs by their paths in a machine, or nil where the host has no upstart.
var findUpstart = sync.OnceValue(func() map[string]string {
	found := map[string]string{}
	for path, names := range map[string][]string{upstartCtl: {"initctl"}, upstartInit: {"upstart-init", "upstart", "init"}} {
		for _, name := range names {
			program, err := exec.LookPath(name)
			if err != nil {
				continue
			}
			// Finit has an initctl too, and every host has some init.
			if says, _ := exec.Command(program, "--version").Output(); upstartVersion.Match(says) {
				found[path] = program
				break
			}
		}
		if found[path] == "" {
			return nil
		}
	}
	return found
})

// skipWithoutUpstart skips even where every other program has to be there: no current distribution has upstart.
func skipWithoutUpstart(t testing.TB) {
	t.Helper()
	if findUpstart() == nil {
		t.Skip("needs upstart: an initctl and an init whose --version says upstart")
	}
}

// installUpstart makes initctl speak to the upstart of the session, whose address run does not hand on.
func installUpstart(h *host) {
	h.t.Helper()
	for path, program := range findUpstart() {
		data, err := os.ReadFile(program)
		if err != nil {
			h.t.Fatal(err)
		}
		h.WriteFile(path, string(data), 0o755)
	}
	h.WriteFile("/usr/local/sbin/initctl", `#!/bin/sh
for session in /run/upstart/sessions/*.session; do
    [ ! -e "$session" ] || . "$session"
done
export UPSTART_SESSION
exec `+upstartCtl+` "$@"
`, 0o755)
	h.must("sh", "-c", "rm -rf /etc/init && mkdir -p /etc/init /var/log/upstart") // the host's own jobs are none of ours
}

// bootUpstart waits for upstart and tells it what a host's boot does.
func bootUpstart(h *host) {
	h.t.Helper()
	lab.Until(h.t, patience, "upstart", func() bool { return h.Run("initctl", "version").Code == 0 })
	h.must("initctl", "emit", "--no-wait", "runlevel", "RUNLEVEL=2")
}
