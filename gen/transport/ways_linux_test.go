package transport

import (
	"strings"
	"testing"

	"palletgen/gen/lab"
)

// A way is one of those by which the README has a bundle run on a host.
type way struct {
	name        string
	suffix      string // of the bundle
	scp         bool   // the bundle is copied first; else it is standard input
	command     string // for ssh; BECOME is where sudo stands, PHASES where the phases do
	connections int    // that it takes
}

var ways = []way{
	{"scp", "app.tar.gz", true, "tar -xzf app.tar.gz && BECOMEapp/run PHASES", 2},
	{"tar", "app.tar.gz", false, "tar -xzf - && BECOMEapp/run PHASES", 1},
	{"sh", "app.sh", false, "BECOMEsh -s -- PHASES", 1},
}

// formats are the ones that the ways need.
const formats = "tar.gz,sh"

// become is how who is not root becomes it.
const become = "sudo -n "

// line is what ssh is to run for this destination: "host" is root.
func (w way) line(destination, phases string) string {
	sudo := ""
	if destination != "host" {
		sudo = become
	}
	return strings.NewReplacer("BECOME", sudo, "PHASES", phases).Replace(w.command)
}

// run runs phases of a bundle by a way.
func (h *host) run(w way, bundles map[string]string, destination, phases string) lab.Result {
	h.t.Helper()
	return h.Wait(h.spawn(w, bundles, destination, phases), lab.DefaultTimeout)
}

// spawn is run without its end.
func (h *host) spawn(w way, bundles map[string]string, destination, phases string) *lab.Process {
	h.t.Helper()
	bundle, ok := bundles[w.suffix]
	if !ok {
		h.t.Fatalf("there is no %s", w.suffix)
	}
	command := lab.Command{Argv: sshArgv(destination, w.line(destination, phases)), Stdin: bundle}
	if w.scp {
		h.WriteFile("/srv/client/dist/"+w.suffix, bundle, 0o644)
		h.must("scp", "-q", "-F", clientConfig, "/srv/client/dist/"+w.suffix, destination+":")
		command.Stdin = ""
	}
	process, err := h.Spawn(command)
	if err != nil {
		h.t.Fatal(err)
	}
	return process
}

// sudoer makes an account that may become root. Its password is "secret"; sudo asks for it unless free.
func (h *host) sudoer(name, shell string, free bool) {
	h.t.Helper()
	lab.Need(h.t, "sudo")
	h.addUser(name, shell)
	tag := ""
	if free {
		tag = "NOPASSWD: "
	}
	h.WriteFile("/etc/sudoers.d/"+name, name+" ALL=(ALL) "+tag+"ALL\n", 0o440)
	h.must("sh", "-c", `printf '%s:secret\n' "$1" | chpasswd`, "sh", name)
	h.WriteFile("/etc/hosts", "127.0.0.1 localhost lab\n", 0o644) // else sudo says that it cannot find its host
}

// eachWay runs a test for each way, on a host of its own with a bundle app of these supervisors and settings.
func eachWay(t *testing.T, config string, test func(h *host, w way, bundles map[string]string)) {
	t.Parallel()
	bundles := build(t, config, "--format", formats)
	for i, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			shells := []string{"dash", "busybox", "bash"}
			h := newHost(t, shells[i%len(shells)])
			h.addService("up")
			test(h, w, bundles)
		})
	}
}

func TestEveryWay(t *testing.T) {
	eachWay(t, appConfig("runit"), func(h *host, w way, bundles map[string]string) {
		h.runit()
		h.sudoer(account, "bash", true)
		for _, destination := range []string{"host", account + "@host"} {
			before := h.connections()
			first := h.run(w, bundles, destination, flow)
			wants(h.t, first, 0, "changed=")
			if got := h.connections() - before; got != w.connections {
				h.t.Errorf("%d connections, want %d", got, w.connections)
			}
			// The connection is closed, and the service goes on.
			if strings.HasSuffix(first.Stdout, "changed=0\n") || !h.running() {
				h.t.Errorf("%s: the service is not there: %v", destination, first)
			}
			starts := h.starts()
			again := h.run(w, bundles, destination, flow)
			wants(h.t, again, 0)
			if again.Stdout != "changed=0\n" || again.Stderr != "" || h.starts() != starts {
				h.t.Errorf("%s: it had something to do: %v", destination, again)
			}
			wants(h.t, h.run(w, bundles, destination, "status"), 0, "running")
			wants(h.t, h.run(w, bundles, destination, "uninstall"), 0)
			if h.running() || h.Exists("/etc/sv/app") {
				h.t.Errorf("%s: uninstall left something", destination)
			}
		}
	})
}

// What the process of a plain background start holds open would keep sshd waiting, and what belongs to the session
// would end with it.
func TestConnectionCloses(t *testing.T) {
	eachWay(t, appConfig("nohup"), func(h *host, w way, bundles map[string]string) {
		h.sudoer(account, "bash", true)
		for i, destination := range []string{"host", account + "@host"} {
			wants(h.t, h.run(w, bundles, destination, flow), 0)
			lab.Until(h.t, patience, "the end of the session", func() bool { return !h.hasSession() })
			if !h.running() || h.starts() != i+1 {
				h.t.Errorf("%s: started %d times, running %v", destination, h.starts(), h.running())
			}
			wants(h.t, h.run(w, bundles, destination, "stop"), 0)
		}
	})
}

// hasSession says whether somebody is logged in.
func (h *host) hasSession() bool {
	h.t.Helper()
	for _, p := range h.Processes() {
		if p.Name == "sshd" && p.PID != h.sshd.PID || p.Name == "ssh" || p.Name == "sudo" {
			return true
		}
	}
	return false
}

func TestExitCodesArrive(t *testing.T) {
	eachWay(t, appConfig("nohup", needsFile), func(h *host, w way, bundles map[string]string) {
		h.sudoer(account, "bash", true)
		for _, destination := range []string{"host", account + "@host"} {
			run := func(phases string, code int, said ...string) {
				h.t.Helper()
				wants(h.t, h.run(w, bundles, destination, phases), code, said...)
			}
			run("--check configure", 2)
			run("status", 4)
			run("start", 78, "not configured")
			run("install configure enable", 0)
			run("status", 3, "stopped")
			run("dance", 64, "dance")
			h.mode("crash")
			run("start", 70, "cannot open the store")
			h.mode("up")
			h.must("touch", readyFile)
			run("start", 0)
			edited := "/var/lib/palletgen-nohup/app/run"
			h.must("sh", "-c", `echo '# mine' >>"$1"`, "sh", edited)
			run("configure", 78, "# mine")
			run("--overwrite-changes configure", 0)
			h.locked(bundles, func() { run("--wait 0 stop", 75, "pid") })
			run("uninstall --purge", 0)
		}
	})
}

// locked does something while another run of the bundle, over ssh, holds the lock: it starts the service, which is not
// ready until then.
func (h *host) locked(bundles map[string]string, do func()) {
	h.t.Helper()
	h.must("rm", "-f", readyFile)
	other := h.spawn(ways[1], bundles, "host", "restart")
	lab.Until(h.t, patience, "the start of the other run", func() bool {
		return h.Exists("/var/lib/palletgen/app/lock/owner") && h.running()
	})
	do()
	h.must("touch", readyFile)
	wants(h.t, h.Wait(other, patience), 0)
}

// readyFile is there when the service is ready, in those tests that say so to the build.
const readyFile = serviceDir + "/ready"

// needsFile makes the service wait for readyFile.
const needsFile = "ready_command: [test, -e, " + readyFile + "]"
