package behaviour

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"palletgen/gen/lab"
)

// allShells are what /bin/sh may be. Where a program has two names, the first that the host has.
var allShells = [][]string{{"dash"}, {"busybox"}, {"bash"}, {"mksh"}, {"ksh93", "ksh"}, {"yash"}, {"zsh"}, {"posh"}}

// TestWholeFlow runs every phase in every shell.
func TestWholeFlow(t *testing.T) {
	t.Parallel()
	crates := survivorCrates(t)
	for _, s := range []supervisor{runit, nohup} {
		one := build(t, survivorGroup(s), survivorConfig(t, s), "--crates", crates)
		two := build(t, survivorGroup(s), survivorConfig(t, s, "all: new", "text: two"), "--crates", crates)
		for _, names := range allShells {
			t.Run(s.name+"/"+names[0], func(t *testing.T) {
				t.Parallel()
				needSupervisor(t, s)
				v := newSurvivor(t, firstOf(t, names), s)
				v.place(v.group, one)
				v.life(s, two)
			})
		}
	}
}

// firstOf is the first of some programs that this host has.
func firstOf(t *testing.T, names []string) string {
	t.Helper()
	for _, name := range names[:len(names)-1] {
		for _, folder := range []string{"/usr/bin/", "/bin/"} {
			if _, err := os.Stat(folder + name); err == nil {
				return name
			}
		}
	}
	last := names[len(names)-1]
	lab.Need(t, last)
	return last
}

// life is the life of a bundle on a host, from its installation over an update to its end.
func (v *survivor) life(s supervisor, two []byte) {
	v.t.Helper()
	pristine := v.state()

	// Before: everything would change, and nothing is.
	v.wants(v.phase(append([]string{"--check"}, flow...)...), 2, "would ")
	v.wants(v.phase("verify"), 2)
	v.wants(v.phase("status"), 4, "not configured")
	v.differs("after --check, verify and status", pristine)

	first := v.ok(flow...)
	if first.changed < 10 {
		v.t.Errorf("all is new: %v", first)
	}
	v.settled()
	v.wants(v.phase("status"), 0, fmt.Sprintf("app: running, pid %d\n", v.app.pid()))
	if again := v.ok(flow...); again.changed != 0 {
		v.t.Errorf("the second run changes something: %v", again)
	}
	v.wants(v.phase(append([]string{"--check"}, flow...)...), 0, "changed=0\n")
	v.wants(v.phase("verify"), 0)

	// The service.
	before := v.app.pid()
	v.ok("reload")
	v.app.wantProcess("same", before)
	v.ok("restart")
	v.app.wantProcess("new", before)
	v.ok("stop")
	v.app.wantProcess("none", 0)
	v.wants(v.phase("status"), 3)
	v.ok("disable")
	v.ok("enable", "start")
	v.settled()
	installed := v.state()

	// Drift is found, told, and mended; a file that somebody edited is not overwritten.
	v.must("chmod", "0666", "/etc/survivor/secret")
	v.must("rm", "/usr/local/survivor")
	got := v.phase("verify")
	v.wants(got, 2, "/etc/survivor/secret", "0666", "/usr/local/survivor")
	if strings.Contains(got.Stdout, "/etc/survivor/config") {
		v.t.Errorf("verify tells of a file that is as it should be: %v", got)
	}
	v.ok("configure")
	v.differs("after the drift was mended", installed)
	v.WriteFile("/etc/survivor/config", "edited\n", 0o640)
	v.must("chown", "survivor:survivor", "/etc/survivor/config")
	v.wants(v.phase("configure"), 78, "/etc/survivor/config", "--overwrite-changes")
	if v.ReadFile("/etc/survivor/config") != "edited\n" {
		v.t.Error("it was overwritten")
	}
	v.ok("--overwrite-changes", "configure")
	if v.ReadFile("/etc/survivor/config") != "text one, same\n" {
		v.t.Error("it was not overwritten")
	}

	// An update, told before, and back.
	v.place(v.group, two)
	v.wants(v.phase("--check", "--diff", "configure"), 2, "/etc/survivor/foreign", "+# all new")
	v.ok("configure", "ensure-service")
	if v.ReadFile("/etc/survivor/config") != "text two, new\n" {
		v.t.Error("the update did not arrive")
	}
	v.ok("rollback")
	if got := v.ReadFile("/etc/survivor/config"); got != "text one, same\n" {
		v.t.Errorf("rollback has left %q", got)
	}
	v.ok("configure", "ensure-service")

	// The end: all is gone but the accounts and the log, and what is needed to remove these too.
	v.wants(v.ok("uninstall"), 0, "kept /var/log/"+s.name+"/app: it is not empty")
	v.app.wantProcess("none", 0)
	left := v.state()
	for path := range left {
		if strings.HasPrefix(path, "/etc/") && pristine[path] == "" && strings.Contains(path, "survivor") {
			v.t.Errorf("uninstall leaves %s", path)
		}
	}
	if path := "/etc/survivor/foreign"; left[path] != pristine[path] {
		v.t.Errorf("%s was %s before, and is %s now", path, pristine[path], left[path])
	}
	if got := v.ReadFile("/etc/survivor.conf"); strings.Contains(got, "two") || !strings.Contains(got, "# kept\n") || !strings.Contains(got, "other=1\n") {
		v.t.Errorf("the file with a line of the bundle's is %q", got)
	}
	v.leavesNothing("uninstall", "/opt/survivor", "/opt/deep", "/usr/local/survivor")
	v.must("id", "survivor")
	v.wants(v.phase("status"), 4)
	v.ok("uninstall", "--purge")
	v.leavesNothing("uninstall --purge", "/var/log/"+s.name+"/app", "/var/lib/palletgen")
	if v.Run("id", "survivor").Code == 0 {
		v.t.Error("uninstall --purge leaves the account")
	}
}

// leavesNothing checks that none of the paths is there.
func (v *survivor) leavesNothing(what string, paths ...string) {
	v.t.Helper()
	for _, path := range paths {
		if v.Run("test", "-e", path).Code == 0 || v.Run("test", "-L", path).Code == 0 {
			v.t.Errorf("%s leaves %s", what, path)
		}
	}
}

// differs checks that the host is in a state.
func (v *survivor) differs(when string, want map[string]string) {
	v.t.Helper()
	if diff := differences(want, v.state()); diff != "" {
		v.t.Errorf("%s, the host is another:\n%s", when, diff)
	}
}

// differences of two states, but for what the bundle remembers.
func differences(want, got map[string]string) string {
	var b strings.Builder
	for path, is := range got {
		if is != want[path] && !strings.HasPrefix(path, "/var/lib/palletgen") {
			fmt.Fprintf(&b, "%s is %s, was %q\n", path, is, want[path])
		}
	}
	for path, was := range want {
		if _, there := got[path]; !there && !strings.HasPrefix(path, "/var/lib/palletgen") {
			fmt.Fprintf(&b, "%s is gone, was %s\n", path, was)
		}
	}
	return b.String()
}
