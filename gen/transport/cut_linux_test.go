package transport

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/lab"
)

// changes are the files of the host that are not as they were on a fresh one, but for what whoever sends bundles has in
// his own folders, and for what sshd and sudo note.
func (h *host) changes() []lab.FileInfo {
	h.t.Helper()
	return slices.DeleteFunc(h.Changed(), func(f lab.FileInfo) bool {
		for _, prefix := range []string{"/srv/", "/root", "/home", "/run/", "/var/log/", "/var/lib/sudo"} {
			if strings.HasPrefix(f.Path, prefix) {
				return true
			}
		}
		// The folders above.
		return f.Kind == "folder" && slices.Contains([]string{"/", "/srv", "/run", "/var", "/var/log", "/var/lib", "/tmp"}, f.Path)
	})
}

// Of a bundle that does not arrive whole, nothing is done.
func TestCutUpload(t *testing.T) {
	eachWay(t, appConfig("nohup"), func(h *host, w way, bundles map[string]string) {
		whole := bundles[w.suffix]
		untouched := h.changes()
		unchanged := func(what string) {
			h.t.Helper()
			if diff := cmp.Diff(untouched, h.changes()); diff != "" || h.running() {
				h.t.Errorf("%s: something was changed (-want +got):\n%s", what, diff)
			}
		}
		// Without its last byte, the newline, the script is whole.
		for _, n := range []int{100, 8192, len(whole) / 3, len(whole) / 2, len(whole) - 200, len(whole) - 2} {
			got := h.run(w, map[string]string{w.suffix: whole[:n]}, "host", flow)
			if got.Code == 0 || got.Stderr == "" {
				h.t.Errorf("%d of %d bytes are taken for a bundle: %v", n, len(whole), got)
			}
			unchanged(fmt.Sprintf("%d bytes", n))
		}
		if w.scp {
			return
		}
		h.killedUpload(w, whole)
		unchanged("the client was killed")
		wants(h.t, h.run(w, bundles, "host", flow), 0, "started app")
	})
}

// killedUpload kills the client when it has sent the first half.
func (h *host) killedUpload(w way, whole string) {
	h.t.Helper()
	h.WriteFile("/srv/client/half", whole[:len(whole)/2], 0o644)
	h.must("mkfifo", "/srv/client/fifo")
	h.Start("sh", "-c", "{ cat /srv/client/half; exec sleep 1001; } >/srv/client/fifo")
	client := h.Start(append([]string{"sh", "-c", `exec "$@" </srv/client/fifo`, "sh"}, sshArgv("host", w.line("host", flow))...)...)
	lab.Until(h.t, patience, "the upload of a half", func() bool {
		return h.processes("sleep 1001") == 1 && h.connections() > 0 && strings.Contains(h.lastSession(), "Starting session")
	})
	time.Sleep(100 * time.Millisecond) // for what is on the way; what is still there then is cut off as well
	h.Signal(client, syscall.SIGKILL, false)
	h.Wait(client, patience)
	lab.Until(h.t, patience, "the end of the session, and of what it ran", func() bool { return !h.hasSession() && !h.hasScript() })
}

// hasScript says whether a shell runs that reads a script from its standard input.
func (h *host) hasScript() bool {
	h.t.Helper()
	return slices.ContainsFunc(h.Processes(), func(p lab.ProcessInfo) bool {
		return p.State != "Z" && len(p.Args) > 1 && p.Args[0] == "sh" && p.Args[1] == "-s"
	})
}

// lastSession is what sshd has logged since the last connection was made.
func (h *host) lastSession() string {
	log := h.sshdLog()
	return log[strings.LastIndex(log, "Connection from "):]
}

// processes counts those with this command line.
func (h *host) processes(line string) int {
	h.t.Helper()
	n := 0
	for _, p := range h.Processes() {
		if p.State != "Z" && strings.Join(p.Args, " ") == line {
			n++
		}
	}
	return n
}

// A run whose connection is cut ends by itself or is ended by what it says to nobody. Either way the next one makes it
// good.
func TestCutRun(t *testing.T) {
	eachWay(t, appConfig("nohup", needsFile, "ready_timeout: 30"), func(h *host, w way, bundles map[string]string) {
		h.sudoer(account, "bash", true)
		for _, destination := range []string{"host", account + "@host"} {
			for _, cut := range []struct {
				when string
				now  func(said string) bool
			}{
				{"at the first words", func(said string) bool { return said != "" }},
				{"while it waits for the service", func(string) bool { return h.running() }},
			} {
				h.must("rm", "-f", readyFile, serviceDir+"/starts")
				client := h.spawn(w, bundles, destination, flow)
				lab.Until(h.t, patience, cut.when, func() bool {
					stdout, _ := client.Output()
					return cut.now(stdout)
				})
				h.Signal(client, syscall.SIGKILL, false)
				h.Wait(client, patience)

				next := h.spawn(w, bundles, destination, flow)
				lab.Until(h.t, patience, "the service", h.running)
				h.must("touch", readyFile)
				what := fmt.Sprintf("%s, cut %s", destination, cut.when)
				if got := h.Wait(next, 2*patience); got.Code != 0 || !h.running() || h.starts() != 1 {
					h.t.Errorf("%s: %d starts; the next run: %v", what, h.starts(), got)
				}
				if got := h.run(w, bundles, destination, flow); got.Code != 0 || got.Stdout != "changed=0\n" {
					h.t.Errorf("%s: the run after the next has something to do: %v", what, got)
				}
				lab.Until(h.t, patience, "the end of the sessions", func() bool { return !h.hasSession() })
				if left := h.must("sh", "-c", "find /tmp /run /dev/shm -maxdepth 1 -name 'palletgen-[0-9]*'"); left != "" {
					h.t.Errorf("%s: it leaves %s", what, left)
				}
				wants(h.t, h.run(w, bundles, destination, "uninstall --purge"), 0)
			}
		}
	})
}
