package software

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"palletgen/gen/lab"
)

// software is a crate and what is to be known of what it runs. See live.
type software struct {
	crate    string   // the only crate of the group beside the supervisor's
	service  string   // name of its service; "" for the crate's
	process  string   // name of the main process, at most 15 bytes
	packages []string // of the distribution, with all that the crate installs; what they need comes along
	purge    []string // packages to be taken from the machine first: where the host has them, they would hide what goes wrong
	own      string   // name of the distribution's own unit and script; "" for the crate's
	settings []string // of the crate, lines of YAML
	changed  []string // settings instead of these, of a later version of the bundle
	data     []string // folders of the distribution's own service, in which it writes when it runs
	reloads  bool     // the process takes that up by a reload; else by a restart
	under    []string // supervisors; nil for all
	extends  []string // further crates of the group, lines of YAML such as "java"

	// prepare does what the host needs beside the bundle, once, before anything else.
	prepare func(h *host)
	// asks asks the service as a client does; it runs with the settings, or with changed.
	asks func(h *host, changed bool)
}

func (s software) name() string {
	if s.service != "" {
		return s.service
	}
	return s.crate
}

// config is a palletgen.yaml with one group, called group.
func (s software) config(supervisor string, settings []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "groups:\n  group:\n    extends:\n      - %s: {%s}\n", supervisor, installed[supervisor])
	for _, crate := range s.extends {
		fmt.Fprintf(&b, "      - %s\n", crate)
	}
	fmt.Fprintf(&b, "      - %s:\n          supervisor: %s\n", s.crate, supervisor)
	for _, line := range settings {
		fmt.Fprintf(&b, "          %s\n", line)
	}
	return b.String()
}

// installed keeps the crates of supervisors from installing more than the host of the machine has: what runs them there is the
// test's own.
var installed = map[string]string{"runit": "packages: {apt: [runit]}", "daemontools": "packages: {apt: [daemontools]}"}

// live takes the software through its life under every supervisor.
func live(t *testing.T, s software) {
	t.Parallel()
	repository := fetch(t, s.crate, s.packages...)
	underEach(t, s.under, func(t *testing.T, supervisor string) {
		h := newHost(t, supervisor, repository, s.purge...)
		if s.prepare != nil {
			s.prepare(h)
		}
		before := h.state()
		h.place(s.config(supervisor, s.settings))
		h.comesUp(s)
		h.isKilled(s)
		h.isReconfigured(s)
		h.isRebooted(s)
		h.goes(s, before)
	})
}

// comesUp installs and starts it.
func (h *host) comesUp(s software) {
	h.t.Helper()
	if got := h.phase("--check", "install"); got.Code != 2 {
		h.t.Errorf("--check install: %v", got)
	}
	h.ok("install")
	if got := h.mains(s.process); len(got) > 0 {
		h.t.Fatalf("the package has started its own: %v", got)
	}
	h.ok("configure", "enable", "start")
	h.runs(s.process)
	s.asks(h, false)
	if again := h.ok("install", "configure", "enable", "start"); again.changed != 0 {
		h.t.Errorf("the second run changes something: %v", again)
	}
	if got := h.phase("verify"); got.Code != 0 {
		h.t.Errorf("verify: %v", got)
	}
}

// isKilled kills it: the supervisor starts it again, if it does such things.
func (h *host) isKilled(s software) {
	h.t.Helper()
	before := h.runs(s.process)
	h.sh(`kill -KILL "$1"`, fmt.Sprint(before))
	if !restarts[h.supervisor] {
		// Its children may be there for longer: nginx' workers go on without their master, until the next start ends them.
		h.until("the end of the killed process", func() bool { return !h.isThere(before) })
		h.ends(1, s.name(), "status")
		h.ok("start")
	}
	h.until("a new process", func() bool {
		now := h.mains(s.process)
		return len(now) == 1 && now[0].PID != before
	})
	h.ok("start") // it waits until it is ready
	s.asks(h, false)
}

// isThere says whether a process of that pid has not ended.
func (h *host) isThere(pid int) bool {
	return slices.ContainsFunc(h.Processes(), func(p lab.ProcessInfo) bool { return p.PID == pid && p.State != "Z" })
}

// restarts are the supervisors that start what ended by itself again.
var restarts = map[string]bool{
	"systemd": true, "runit": true, "s6": true, "daemontools": true, "openrc": true, "supervisord": true, "upstart": true,
}

// isReconfigured has it take up other settings.
func (h *host) isReconfigured(s software) {
	h.t.Helper()
	before := h.runs(s.process)
	h.place(s.config(h.supervisor, s.changed))
	h.ok("install", "configure", "ensure-service")
	s.asks(h, true)
	if now := h.runs(s.process); (now == before) != s.reloads {
		h.t.Errorf("process %d became %d; want the same: %v", before, now, s.reloads)
	}
	if again := h.ok("install", "configure", "ensure-service"); again.changed != 0 {
		h.t.Errorf("once more something is changed: %v", again)
	}
}

// isRebooted boots the host anew: ours comes up, and it alone.
func (h *host) isRebooted(s software) {
	h.t.Helper()
	h.Halt()
	h.Boot()
	if h.Boots() {
		h.until("what is enabled", func() bool { return len(h.mains(s.process)) > 0 })
	}
	h.ok("start") // it waits until it is ready
	h.runs(s.process)
	s.asks(h, true)
}

// goes stops and uninstalls it.
func (h *host) goes(s software, before map[string]string) {
	h.t.Helper()
	h.ok("stop")
	if got := h.mains(s.process); len(got) > 0 {
		h.t.Errorf("stop leaves %v", got)
	}
	h.ends(3, s.name(), "status")
	h.ok("start")
	h.ok("uninstall", "--purge")
	if got := h.mains(s.process); len(got) > 0 {
		h.t.Errorf("uninstall leaves %v", got)
	}
	if left := h.left(before); left != "" {
		h.t.Errorf("uninstall --purge leaves\n%s", left)
	}
}
