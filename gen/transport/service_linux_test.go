package transport

import (
	"strings"

	"palletgen/gen/conform"
	"palletgen/gen/lab"
)

// The service of these tests: a probe of gen/conform, which does what the file mode in its folder says.
const (
	probePath  = "/usr/local/bin/" + conform.Probe
	serviceDir = "/srv/app"
)

// flow brings a service up, from nothing.
const flow = "install configure enable start"

// addService makes the folder of the probe.
func (h *host) addService(mode string) {
	h.t.Helper()
	h.must("mkdir", "-p", "-m", "0777", serviceDir)
	h.mode(mode)
}

// mode says what the probe does from its next start on: see conform.Probe.
func (h *host) mode(mode string) {
	h.t.Helper()
	h.WriteFile(serviceDir+"/mode", mode+"\n", 0o644)
}

// starts is how often the probe was started.
func (h *host) starts() int {
	h.t.Helper()
	if !h.Exists(serviceDir + "/starts") {
		return 0
	}
	return strings.Count(h.ReadFile(serviceDir+"/starts"), "\n")
}

// running says whether the probe runs.
func (h *host) running() bool {
	h.t.Helper()
	for _, p := range h.Processes() {
		if p.Name == conform.Probe[:min(len(conform.Probe), 15)] && p.State != "Z" {
			return true
		}
	}
	return false
}

// runit starts the supervisor that most of these tests use.
func (h *host) runit() {
	h.t.Helper()
	for _, program := range []string{"runsvdir", "sv", "chpst", "svlogd"} {
		lab.Need(h.t, program)
	}
	h.must("mkdir", "-p", "/etc/service")
	h.Start("runsvdir", "-P", "/etc/service")
}
