package software

import (
	"cmp"
	"strings"
	"testing"
)

// TestReplaces installs the distribution's own service first: there it starts by itself, and with every boot. Then the bundle
// takes its place, and gives it back. Under sysvinit and OpenRC scripts start it, under systemd a unit.
func TestReplaces(t *testing.T) {
	t.Parallel()
	for _, s := range []software{redis, memcached} {
		repository := fetch(t, s.crate, s.packages...)
		for _, supervisor := range []string{"systemd", "sysvinit", "openrc"} {
			t.Run(s.crate+"/"+supervisor, func(t *testing.T) {
				t.Parallel()
				h := newHost(t, supervisor, repository)
				h.sh(`apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "$@"`, s.packages...)
				h.until("the distribution's own service", func() bool { return len(h.mains(s.process)) == 1 })
				before := h.state()
				h.takesOver(s)
				h.staysAlone(s)
				h.givesBack(s, before)
			})
		}
	}
}

// takesOver puts the bundle in the place of a service that runs: only where it is told to.
func (h *host) takesOver(s software) {
	h.t.Helper()
	theirs := h.runs(s.process)
	h.place(s.config(h.supervisor, s.settings))
	for _, options := range [][]string{nil, {"--check"}} {
		code := 78
		if options != nil {
			code = 2
		}
		h.ends(code, "the service "+cmp.Or(s.own, s.crate)+" of the host's own runs already; with --replace", append(options, "install")...)
	}
	h.ends(2, "would stop "+cmp.Or(s.own, s.crate), "--check", "--replace", "install")
	if now := h.runs(s.process); now != theirs {
		h.t.Errorf("process %d became %d, though nothing said that it may", theirs, now)
	}
	h.ok("--replace", "install", "configure", "enable", "start")
	h.isOurs(s)
	if again := h.ok("install", "configure", "enable", "start"); again.changed != 0 {
		h.t.Errorf("the second run changes something: %v", again)
	}
}

// isOurs checks that the only process is not that of the distribution, whose arguments are others.
func (h *host) isOurs(s software) {
	h.t.Helper()
	h.runs(s.process)
	s.asks(h, false)
}

// staysAlone brings the package anew, as an upgrade does, and boots the host.
func (h *host) staysAlone(s software) {
	h.t.Helper()
	h.sh(`DEBIAN_FRONTEND=noninteractive apt-get -q -y --reinstall install "$@"`, s.packages...)
	h.isOurs(s)
	h.ok("stop")
	h.Halt()
	h.Boot()
	h.ok("start")
	h.isOurs(s)
	if got := h.phase("verify"); got.Code != 0 {
		h.t.Errorf("verify: %v", got)
	}
}

// givesBack uninstalls the bundle: the distribution's service is as it was, and comes with the next boot.
func (h *host) givesBack(s software, before map[string]string) {
	h.t.Helper()
	h.ok("uninstall", "--purge")
	if got := h.mains(s.process); len(got) > 0 {
		h.t.Errorf("uninstall starts %v", got)
	}
	if left := h.left(before, s.data...); left != "" {
		h.t.Errorf("uninstall leaves\n%s", left)
	}
	h.Halt()
	h.Boot()
	h.until("the distribution's own service", func() bool { return len(h.mains(s.process)) == 1 })
}

// TestReplacesUntilPurged uninstalls the bundle, and keeps the package, which the bundle has brought: its service does not come
// up by that, and is the host's to start.
func TestReplacesUntilPurged(t *testing.T) {
	t.Parallel()
	repository := fetch(t, redis.crate, redis.packages...)
	for _, supervisor := range []string{"systemd", "sysvinit"} {
		t.Run(supervisor, func(t *testing.T) {
			t.Parallel()
			h := newHost(t, supervisor, repository)
			before := h.state()
			h.place(redis.config(supervisor, redis.settings))
			h.ok("install", "configure", "enable", "start")
			h.ok("uninstall")
			h.Halt()
			h.Boot()
			if got := h.mains(redis.process); len(got) > 0 {
				h.t.Errorf("the boot has started %v", got)
			}
			h.sh("service redis-server start")
			h.until("the distribution's own service", func() bool { return len(h.mains(redis.process)) == 1 })
			h.sh("service redis-server stop")
			h.ok("uninstall", "--purge")
			if left := h.left(before); left != "" {
				h.t.Errorf("uninstall leaves\n%s", left)
			}
		})
	}
}

// TestReplacesInImage installs where nothing runs, and nothing may be started: in an image with systemd, and in one without.
func TestReplacesInImage(t *testing.T) {
	t.Parallel()
	repository := fetch(t, redis.crate, redis.packages...)
	for _, supervisor := range []string{"systemd", "nohup"} {
		t.Run(supervisor, func(t *testing.T) {
			t.Parallel()
			h := newHost(t, "nohup", repository)
			if supervisor == "nohup" {
				h.sh("rm /usr/bin/systemctl")
			}
			h.inImage(supervisor)
		})
	}
}

func (h *host) inImage(supervisor string) {
	h.t.Helper()
	before := h.state()
	h.place(redis.config(supervisor, redis.settings))
	h.ends(2, "would keep redis-server", "--root=/", "--check", "install")
	h.ok("--root=/", "install", "configure", "enable")
	if got := h.mains(redis.process); len(got) > 0 {
		h.t.Errorf("something runs: %v", got)
	}
	if supervisor == "systemd" {
		if got := h.sh("readlink /etc/systemd/system/redis-server.service"); got != "/dev/null\n" {
			h.t.Errorf("the unit is %q", got)
		}
		if links := h.sh("find /etc/systemd/system -name '*.service' | sort"); strings.Contains(links, "wants/redis-server") {
			h.t.Errorf("the unit is enabled:\n%s", links)
		}
	} else if h.Exists("/etc/init.d/redis-server") {
		h.t.Error("/etc/init.d/redis-server is there")
	}
	if again := h.ok("--root=/", "install", "configure", "enable"); again.changed != 0 {
		h.t.Errorf("the second run changes something: %v", again)
	}
	h.ok("--root=/", "uninstall", "--purge")
	if left := h.left(before); left != "" {
		h.t.Errorf("uninstall leaves\n%s", left)
	}
}
