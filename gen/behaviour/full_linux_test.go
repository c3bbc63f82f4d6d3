package behaviour

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// These tests let the disk run full at different points of a run: everything that it has to write is on a small one.

const (
	smallDisk = "/small"
	smallSize = 4 << 20
	fillFile  = smallDisk + "/root/fill" // root is none of the bundle's
	levels    = 20
)

// onSmallDisk are the folders that are on it.
var onSmallDisk = []string{"/etc/survivor", "/opt", "/srv/survivor", "/var/lib/palletgen", "/var/lib/palletgen-nohup", "/var/log/nohup"}

// newSmall is a machine with the small disk.
func newSmall(t testing.TB, shell string, archive []byte) *survivor {
	t.Helper()
	h := newTarget(t, shell, nohup)
	script := fmt.Sprintf("set -e; mkdir %[1]s; mount -t tmpfs -o size=%[2]d,mode=0755 tmpfs %[1]s; mkdir %[1]s/root\n", smallDisk, smallSize)
	for _, folder := range onSmallDisk {
		script += fmt.Sprintf("mkdir -p %[1]s %[2]s%[1]s; mount --bind %[2]s%[1]s %[1]s\n", folder, smallDisk)
	}
	h.must("sh", "-c", script)
	v := h.survivor(nohup)
	v.small = true
	v.place(v.group, archive)
	return v
}

// used is how much of the small disk is in use, in bytes.
func (v *survivor) used() int {
	v.t.Helper()
	fields := strings.Fields(v.must("stat", "-f", "-c", "%b %f %S", smallDisk))
	var n [3]int
	for i, field := range fields {
		var err error
		if n[i], err = strconv.Atoi(field); err != nil {
			v.t.Fatal(err)
		}
	}
	return (n[0] - n[1]) * n[2]
}

// fill leaves so many bytes free.
func (v *survivor) fill(free int) {
	v.t.Helper()
	v.must("sh", "-c", fmt.Sprintf("head -c %d /dev/zero >%s", smallSize-v.used()-free, fillFile))
}

func (v *survivor) free() { v.must("rm", "-f", fillFile) }

// whole checks that no file is anything else than it was before, or shall be.
func (v *survivor) whole(before, want map[string]string) {
	v.t.Helper()
	now := v.state()
	for path, is := range now {
		switch {
		case strings.Contains(path, ".palletgen-new"):
			v.t.Errorf("%s is left aside", path)
		case strings.HasPrefix(path, "/var/lib/palletgen/"), path == "process":
		case strings.HasPrefix(is, "file "):
			// Owner and mode come before the name: a file is what it was or what it shall be in all of these.
			if is != before[path] && is != want[path] {
				v.t.Errorf("%s is %s\nbefore it was %q, it shall be %q", path, is, before[path], want[path])
			}
		}
	}
	for path, was := range before {
		if _, there := now[path]; !there && path != "process" && !strings.HasPrefix(path, "/var/lib/palletgen/") {
			v.t.Errorf("%s is gone: it was %s", path, was)
		}
	}
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	crates := survivorCrates(t)
	one := build(t, survivorGroup(nohup), survivorConfig(t, nohup), "--crates", crates)
	two := build(t, survivorGroup(nohup), survivorConfig(t, nohup, "all: new", "text: two",
		"command: [/usr/local/bin/lab-server, /srv/app, two]"), "--crates", crates)
	tests := map[string]struct {
		archive []byte
		phases  []string
		before  func(v *survivor)
	}{
		"installation": {one, flow, func(*survivor) {}},
		"update": {two, []string{"configure", "ensure-service"}, func(v *survivor) {
			v.place(v.group, one)
			v.ok(flow...)
			v.settled()
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			fresh := func(t testing.TB, shell string) *survivor {
				v := newSmall(t, shell, test.archive)
				test.before(v)
				v.place(v.group, test.archive)
				return v
			}
			v := fresh(t, shells[0])
			usedBefore := v.used()
			v.ok(test.phases...)
			v.settled()
			want, needs := v.state(), v.used()-usedBefore
			v.End()
			failed := make(chan bool, levels)
			well := beside(t, 4, levels, func(i int) string { return fmt.Sprintf("%d bytes free of %d", needs*i/levels, needs) },
				func(t testing.TB, i int) {
					v := fresh(t, shells[i%len(shells)])
					before := v.state()
					v.fill(needs * i / levels)
					got := v.phase(test.phases...)
					if got.Code != 0 {
						v.wants(got, 70, "full") // "the disk is full", or where a builtin writes, which does not tell, "is the disk full, ...?"
						failed <- true
					}
					v.whole(before, want)
					v.free()
					if again := v.phase(test.phases...); again.Code != 0 {
						t.Fatalf("after space was freed: %v", again)
					}
					v.settled()
					if diff := cmp.Diff(want, v.state()); diff != "" {
						t.Fatalf("after space was freed, it differs from an undisturbed run (-want +got):\n%s\nthe failed run: %v", diff, got)
					}
					if third := v.phase(test.phases...); third.Code != 0 || third.changed != 0 {
						t.Fatalf("the third run: %v", third)
					}
				})
			close(failed)
			t.Logf("%d of %d levels converge; the disk was full in %d", well, levels, len(failed))
			if len(failed) < levels/2 {
				t.Errorf("the disk was full %d times only", len(failed))
			}
		})
	}
}
