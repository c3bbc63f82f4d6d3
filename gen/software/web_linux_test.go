package software

import (
	"testing"
)

// gets waits until a page of the web is as wanted.
func (h *host) gets(want, url string) {
	h.t.Helper()
	h.until("the page "+url, func() bool {
		got := h.Run("busybox", "wget", "-q", "-O", "-", url)
		return got.Code == 0 && got.Stdout == want
	})
}

// onceMore does a test when it is called the second time on this host: after the reboot.
func (h *host) onceMore(name string, test func()) {
	h.t.Helper()
	mark := "/srv/bundles/asked-" + name // not in /run, which is empty after the boot
	if h.Exists(mark) {
		test()
		return
	}
	h.WriteFile(mark, "", 0o644)
}

// refuses has a bundle with settings that the software does not accept refused by the phase configure, with what the software says
// of them; the process stays, with what it had.
func refuses(t *testing.T, s software, settings []string, said string) {
	t.Parallel()
	h := newHost(t, "runit", fetch(t, s.crate, s.packages...), s.purge...)
	s.prepare(h)
	h.place(s.config(h.supervisor, s.settings))
	h.ok("install", "configure", "start")
	before := h.runs(s.process)
	h.place(s.config(h.supervisor, settings))
	h.ends(70, said, "configure", "ensure-service")
	s.asks(h, false)
	if now := h.runs(s.process); now != before {
		t.Errorf("process %d became %d", before, now)
	}
}
