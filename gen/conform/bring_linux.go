package conform

import (
	"palletgen/gen/lab"
	"palletgen/gen/supervisor"
)

// A Host is a disposable machine with a supervisor, for tests of what runs under it. It is brought up as the section
// conform of the supervisor's folder says, like the hosts of Run. What goes wrong fails the test.
type Host struct {
	*lab.Machine
	t    lab.T
	host *host
}

// Bring makes a machine on which the supervisor is installed, but is not up yet. Where the supervisor cannot be tried, the
// test is skipped by name. The shell is what /bin/sh is, "" for the host's own; the machine offers the Programs.
func Bring(t lab.T, sup *supervisor.Supervisor, shell string) *Host {
	t.Helper()
	if why := Missing(sup); why != "" {
		lab.Skip(t, "the supervisor "+sup.Name+" "+why)
	}
	inner := &trial{}
	t.Cleanup(inner.clean)
	h := &Host{t: t}
	h.during(inner, func() { h.host = newHost(inner, sup, shell) })
	h.Machine = h.host.Machine.In(t)
	return h
}

// Missing says what the supervisor needs and this host does not have, "" for nothing.
func Missing(sup *supervisor.Supervisor) string { return missing(sup) }

// Boot brings the supervisor up, as the boot of a host does.
func (h *Host) Boot() {
	h.t.Helper()
	h.during(h.host.trial, h.host.boot)
}

// Halt ends the supervisor and all services, as the shutdown of a host does.
func (h *Host) Halt() {
	h.t.Helper()
	h.during(h.host.trial, h.host.halt)
}

// Boots says whether something happens when the host boots.
func (h *Host) Boots() bool { return h.host.boots() }

// during does what belongs to a trial, and hands on how it ended.
func (h *Host) during(inner *trial, do func()) {
	h.t.Helper()
	inner.during(do)
	if inner.skipped != "" {
		lab.Skip(h.t, inner.skipped)
	}
	if inner.Failed() {
		h.t.Fatalf("%s", inner.details())
	}
}
