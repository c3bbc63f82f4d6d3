package software

import (
	"strings"
	"testing"
)

// TestReplacesWithoutDpkg is a host of OpenRC whose packages are not Debian's: there nothing starts by itself, and what
// somebody has enabled is disabled.
func TestReplacesWithoutDpkg(t *testing.T) {
	t.Parallel()
	s := redis
	h := newHost(t, "openrc", fetch(t, s.crate, s.packages...))
	h.sh(`apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "$@"`, s.packages...)
	h.sh("rm /usr/bin/dpkg-divert")
	h.until("the distribution's own service", func() bool { return len(h.mains(s.process)) == 1 })
	before := h.state()
	h.takesOver(s)
	h.Halt()
	h.Boot()
	h.ok("start")
	h.isOurs(s)
	h.givesBack(s, before)
}

// oldPackage makes a package for apt in the machine: one that enables its service by itself, under another name, too, as those
// of older releases do.
const oldPackage = `mkdir -p /srv/old/DEBIAN /srv/old/lib/systemd/system /srv/repository && cd /srv/old
printf '%s\n' 'Package: old' 'Version: 1' 'Architecture: all' 'Maintainer: nobody <nobody@example.org>' 'Description: old' >DEBIAN/control
printf '%s\n' '[Service]' 'ExecStart=/bin/sleep 1000' '[Install]' 'WantedBy=multi-user.target' 'Alias=oldest.service' >lib/systemd/system/old.service
cat >DEBIAN/postinst <<'END'
#!/bin/sh
cd /etc/systemd/system && mkdir -p multi-user.target.wants
for link in multi-user.target.wants/old.service oldest.service; do
    [ -L $link ] || ln -s /lib/systemd/system/old.service $link
done
systemctl daemon-reload
systemctl start old || true
END
chmod 0755 DEBIAN/postinst
dpkg-deb --build . /srv/repository/old.deb
cd /srv/repository && { cat /srv/old/DEBIAN/control; printf 'Filename: ./old.deb\nSize: %s\nSHA256: %s\n\n' "$(wc -c <old.deb)" "$(sha256sum <old.deb | cut -d ' ' -f 1)"; } >Packages
echo 'deb [trusted=yes] file:/srv/repository ./' >>/etc/apt/sources.list`

// TestReplacesOld has such a package installed.
func TestReplacesOld(t *testing.T) {
	t.Parallel()
	h := newHost(t, "systemd", fetch(t, redis.crate, redis.packages...))
	h.sh("mkdir -p /etc/systemd/system/multi-user.target.wants")
	h.sh(oldPackage)
	before := h.state()
	h.place(redis.config("systemd", []string{"packages: {apt: [old]}", "replaces: [old, oldest, not-there]", "service_name: oldest", "program: sleep", "config_file: /srv/x/1000", "ready_command: 'true'"}))
	h.ok("install")
	if got := h.mains("sleep"); len(got) > 0 {
		h.t.Errorf("the package has started its own: %v", got)
	}
	for unit, want := range map[string]string{"old": "masked", "oldest": "masked", "not-there": "masked"} {
		if got := strings.TrimSpace(h.Run("systemctl", "is-enabled", unit).Stdout); got != want {
			h.t.Errorf("%s is %s, want %s", unit, got, want)
		}
	}
	if links := h.sh("find /etc/systemd/system -name '*.service' | sort"); strings.Contains(links, "wants/old") {
		h.t.Errorf("the unit is enabled:\n%s", links)
	}
	// Our own unit takes the place of one of them.
	h.ok("configure")
	if got := strings.TrimSpace(h.Run("systemctl", "is-enabled", "oldest").Stdout); got != "disabled" {
		h.t.Errorf("our unit is %s, want disabled", got)
	}
	if again := h.ok("install", "configure"); again.changed != 0 {
		h.t.Errorf("the second run changes something: %v", again)
	}
	h.ok("uninstall", "--purge")
	if left := h.left(before); left != "" {
		h.t.Errorf("uninstall leaves\n%s", left)
	}
}
