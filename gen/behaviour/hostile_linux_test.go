package behaviour

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// These tests run a bundle on hosts that refuse something, or lack it: it says so, and leaves what it found.

// hostileHost is one such host.
type hostileHost struct {
	make   func(v *survivor)
	mend   func(v *survivor) // nil: there is nothing to be mended
	phases []string
	code   int
	said   string
	same   bool // nothing at all is changed
	as     string
}

// flowOfFiles is what needs no process.
var flowOfFiles = []string{"install", "configure"}

func hostiles() map[string]hostileHost {
	sh := func(script string) func(v *survivor) {
		return func(v *survivor) { v.must("sh", "-c", "set -e; "+script) }
	}
	remount := func(how string) func(v *survivor) {
		return sh("if [ ! -d /mnt/survivor ]; then mkdir /mnt/survivor; mount -t tmpfs tmpfs /mnt/survivor; cp -a /etc/survivor/. /mnt/survivor; mount --move /mnt/survivor /etc/survivor; fi; mount -o remount," + how + " /etc/survivor")
	}
	return map[string]hostileHost{
		"read-only file system": {remount("ro"), remount("rw"), flow, 70, "read-only", false, ""},
		"read-only state": {
			sh("mkdir -p /var/lib/palletgen; mount -t tmpfs -o ro tmpfs /var/lib/palletgen"),
			sh("umount /var/lib/palletgen"), flow, 70, "read-only", true, "",
		},
		"bind-mounted file": {
			sh("cp -p /etc/survivor/foreign /srv/app/bound; mount --bind /srv/app/bound /etc/survivor/foreign"),
			sh("umount /etc/survivor/foreign"), flow, 70, "/etc/survivor/foreign: it is a mount of its own", false, "",
		},
		"a folder in the place of a link": {
			sh("mkdir /usr/local/survivor"), sh("rmdir /usr/local/survivor"), flow, 70,
			"/usr/local/survivor: something else is there", false, "",
		},
		"no root":        {func(*survivor) {}, nil, flow, 70, "root", true, "nobody"},
		"noexec /tmp":    {sh("mount -o remount,noexec /tmp"), nil, flow, 0, "", false, ""},
		"no /proc":       {sh("umount -l /proc"), sh("mount -t proc proc /proc"), flowOfFiles, 0, "", false, ""},
		"read-only /tmp": {sh("mount -o remount,ro /tmp"), nil, flow, 0, "", false, ""},
		"no chown":       {sh("mv /usr/bin/chown /usr/bin/nworb"), sh("mv /usr/bin/nworb /usr/bin/chown"), flow, 69, "chown", true, ""},
		"no tar":         {sh("mv /usr/bin/tar /usr/bin/rat"), sh("mv /usr/bin/rat /usr/bin/tar"), flow, 69, "tar", true, ""},
		"no setsid":      {sh("mv /usr/bin/setsid /usr/bin/x"), sh("mv /usr/bin/x /usr/bin/setsid"), flow, 69, "setsid", true, ""},
		"wrong sha256":   {sh("echo x >>" + survivorArchive), func(v *survivor) { v.WriteFile(survivorArchive, string(archiveOf(v.t)), 0o644) }, flow, 70, "sha256", false, ""},
		"no archive":     {sh("rm " + survivorArchive), func(v *survivor) { v.WriteFile(survivorArchive, string(archiveOf(v.t)), 0o644) }, flow, 70, survivorArchive, false, ""},
	}
}

func TestHostileHosts(t *testing.T) {
	eachHost(t, []supervisor{nohup}, shells, func(t *testing.T, shell string, s supervisor) {
		archive := build(t, survivorGroup(s), survivorConfig(t, s), "--crates", survivorCrates(t))
		fresh := func(t testing.TB) *survivor {
			v := newSurvivor(t, shell, s)
			v.place(survivorGroup(s), archive)
			return v
		}
		want := undisturbed(t, fresh)
		for name, host := range hostiles() {
			t.Run(name, func(t *testing.T) { fresh(t).refused(host, want) })
		}
	})
}

// refused runs the bundle on a hostile host, mends that, and runs it again.
func (v *survivor) refused(host hostileHost, want map[string]string) {
	v.t.Helper()
	want = maps.Clone(want)
	host.make(v)
	before := v.state()
	var got outcome
	if host.as == "" {
		got = v.phase(host.phases...)
	} else {
		got = outcome{Result: v.Run("su", "-s", "/bin/sh", host.as, "-c", v.bundle+"/run "+strings.Join(host.phases, " "))}
	}
	if v.wants(got, host.code, host.said); v.t.Failed() {
		return
	}
	after := v.state()
	if host.same {
		if diff := cmp.Diff(before, after); diff != "" {
			v.t.Errorf("it changed something all the same (-before +after):\n%s", diff)
		}
	}
	for path := range after {
		if strings.Contains(path, "palletgen-new") {
			v.t.Errorf("%s is left aside", path)
		}
	}
	if host.mend != nil {
		host.mend(v)
	}
	v.ok(flow...)
	v.settled()
	now := v.state()
	for _, state := range []map[string]string{now, want} { // what the test itself has made and moved
		for path := range state {
			if strings.HasPrefix(path, "/mnt") || strings.HasPrefix(path, "/tmp") || strings.HasPrefix(path, "/usr/bin") || path == "/usr" {
				delete(state, path)
			}
		}
	}
	if name := "/etc/survivor"; now[name] == "" || strings.Contains(now[name], "folder") && v.Run("mountpoint", "-q", name).Code == 0 {
		for _, state := range []map[string]string{now, want} {
			for path := range state {
				if strings.HasPrefix(path, name+"/") {
					delete(state, path) // it is another mount; the run said that all is well
				}
			}
		}
	}
	if diff := cmp.Diff(want, now); diff != "" {
		v.t.Errorf("in the end it differs from an undisturbed run (-want +got):\n%s", diff)
	}
	if third := v.phase(flow...); third.Code != 0 || third.changed != 0 {
		v.t.Errorf("the third run: %v", third)
	}
}
