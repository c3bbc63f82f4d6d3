package behaviour

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/lab"
)

// oneFile is where the tests put the script.
const oneFile = "/srv/app-nohup.sh"

// newOneFile makes a host with the bundle of the crate app as one file, and as a tarball to compare with.
func newOneFile(t testing.TB, shell string, flags ...string) *host {
	t.Helper()
	h := newHost(t, shell, nohup)
	h.addService("app", "up")
	config := appConfig(nohup, "command: [lab-server, /srv/app]", "settle: 0")
	h.WriteFile(oneFile, string(buildAs(t, ".sh", "app-nohup", config, append(flags, "--format", "sh")...)), 0o644)
	h.unpack("app-nohup", config)
	// What a host need not have.
	for _, program := range []string{"tar", "gzip", "base64", "mktemp"} {
		h.must("rm", "-f", "/usr/bin/"+program)
	}
	return h
}

// nothingUnpacked checks that a run has taken its folder away.
func (h *host) nothingUnpacked(when string) {
	h.t.Helper()
	if left := h.must("sh", "-c", `for d in /tmp /var/tmp /run /dev/shm; do for f in "$d"/palletgen-[0-9]*; do [ ! -e "$f" ] || echo "$f"; done; done`); left != "" {
		h.t.Errorf("%s something is left: %s", when, left)
	}
}

// TestOneFile runs the phases of a bundle in one file, in every shell, from the file and from a pipe.
func TestOneFile(t *testing.T) {
	t.Parallel()
	for _, names := range allShells {
		t.Run(names[0], func(t *testing.T) {
			t.Parallel()
			h := newOneFile(t, firstOf(t, names))
			want := h.must("sh", "-c", "cd "+h.bundle+" && ls -lR && cat SHA256SUMS")
			h.must("sh", oneFile, "--unpack", "/srv/new/folder")
			h.must("sh", "-c", "cd /srv/new/folder/app-nohup && sha256sum -c SHA256SUMS")
			// But for the times, which only an archive keeps.
			if diff := cmp.Diff(withoutTimes(want), withoutTimes(h.must("sh", "-c", "cd /srv/new/folder/app-nohup && ls -lR && cat SHA256SUMS"))); diff != "" {
				t.Errorf("unpacked (-archive +one file):\n%s", diff)
			}

			h.wants(outcome{Result: h.Run("sh", oneFile)}, 64, "usage")
			h.wants(outcome{Result: h.Run("sh", oneFile, "starrt")}, 64, "unknown phase starrt")
			h.wants(outcome{Result: h.Run("sh", oneFile, "status")}, 4, "not configured")
			h.nothingUnpacked("after errors")
			script := "sh " + oneFile
			if names[0] != "posh" { // which has no -s
				script = "sh -s -- \"$@\" <" + oneFile
			}
			one := func(args ...string) lab.Result { return h.Run(append([]string{"sh", "-c", script, "sh"}, args...)...) }
			if names[0] == "posh" {
				one = func(args ...string) lab.Result { return h.Run(append([]string{"sh", oneFile}, args...)...) }
			}
			h.wants(outcome{Result: one("install", "configure", "--check")}, 2)
			got := one("install", "configure", "enable", "start", "status")
			h.wants(outcome{Result: got}, 0, "running")
			if got.Held {
				t.Error("the output stays open")
			}
			h.wants(outcome{Result: one("install", "configure", "enable", "start")}, 0, "changed=0")
			// From the variable, with the working folder of the caller for what is relative.
			h.wants(outcome{Result: h.Run("sh", "-c", "cd /srv && PALLETGEN_PHASES='stop uninstall' sh app-nohup.sh")}, 0, "stopped")
			h.nothingUnpacked("in the end")
		})
	}
}

// withoutTimes takes the total and the times from what ls -l says.
func withoutTimes(list string) string {
	var out []string
	for line := range strings.SplitSeq(list, "\n") {
		switch words := strings.Fields(line); {
		case strings.HasPrefix(line, "total"):
		case len(words) == 9:
			out = append(out, fmt.Sprint(words[0], words[2:5], words[8]))
		default:
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

// TestOneFileCutOff: nothing is done by a copy that is cut off, wherever that is, and it fails. In the first line it may
// be whole commands of no consequence.
func TestOneFileCutOff(t *testing.T) {
	t.Parallel()
	for _, names := range allShells {
		t.Run(names[0], func(t *testing.T) {
			t.Parallel()
			h := newOneFile(t, firstOf(t, names), "--phases", "install configure start")
			script := h.ReadFile(oneFile)
			from := strings.Index(script, " EXIT #") + len(" EXIT #")
			cuts := []int{from, from + 1, strings.Index(script, "onefile_files() {"), len(script) / 2}
			for back := 2; back < 40; back += 3 { // all of the last line, less the newline
				cuts = append(cuts, len(script)-back)
			}
			for step := from; step < len(script)-40; step += len(script) / 23 {
				cuts = append(cuts, step)
			}
			for _, cut := range cuts {
				h.WriteFile("/srv/cut.sh", script[:cut], 0o644)
				if got := h.Run("sh", "/srv/cut.sh"); got.Code == 0 || strings.Contains(got.Stdout, "changed=") {
					t.Errorf("cut off at %d of %d: %v", cut, len(script), got)
				}
			}
			if h.Exists("/var/lib/palletgen") {
				t.Error("something was done")
			}
			h.nothingUnpacked("after the cuts")
		})
	}
}

// TestOneFilePlaces: where it cannot write in one place, it goes to another; where in none, it says so.
func TestOneFilePlaces(t *testing.T) {
	t.Parallel()
	for _, shell := range shells {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			h := newOneFile(t, shell)
			h.must("mount", "-t", "tmpfs", "-o", "ro", "none", "/tmp")
			h.wants(outcome{Result: h.Run("sh", oneFile, "configure", "start", "stop")}, 0, "started")
			h.must("mount", "-t", "tmpfs", "-o", "noexec", "none", "/tmp")
			h.wants(outcome{Result: h.Run("sh", oneFile, "start", "stop")}, 0, "started")
			h.must("mount", "-t", "tmpfs", "-o", "size=64k", "none", "/tmp")
			h.wants(outcome{Result: h.Run("sh", oneFile, "start")}, 70, "is the disk full?")
			h.wants(outcome{Result: h.Run("sh", "-c", "TMPDIR=/var/tmp sh "+oneFile+" start stop")}, 0, "started")
			h.nothingUnpacked("after a full disk")
			for _, folder := range []string{"/tmp", "/var/tmp", "/run", "/dev/shm"} {
				h.must("mkdir", "-p", folder)
				h.must("mount", "-t", "tmpfs", "-o", "ro", "none", folder)
			}
			h.wants(outcome{Result: h.Run("sh", oneFile, "start")}, 70, "TMPDIR names another place")
		})
	}
}

// TestOneFileSignal: a run that is told to end takes its folder away.
func TestOneFileSignal(t *testing.T) {
	t.Parallel()
	for _, shell := range shells {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			h := newOneFile(t, shell, "--set", "app.ready_port=1", "--set", "app.ready_timeout=60")
			h.must("sh", oneFile, "install", "configure")
			process := h.Start("sh", oneFile, "start") // waits for a port that nobody opens
			lab.Until(t, patience, "the service", func() bool { return h.Run("pidof", "lab-server").Code == 0 })
			h.must("sh", "-c", `[ -d /tmp/palletgen-[0-9]* ]`)
			h.must("sh", "-c", fmt.Sprintf("kill -TERM %d", process.PID))
			if got := h.Wait(process, patience); got.Code != 143 {
				t.Errorf("it ended with %v", got)
			}
			h.nothingUnpacked("after a signal")
		})
	}
}
