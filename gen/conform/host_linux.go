package conform

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"palletgen/gen/lab"
	"palletgen/gen/supervisor"
)

// patience bounds every wait for something that takes well under a second on an idle machine.
const patience = 20 * time.Second

// leak is a variable that the supervisor and whoever calls ./run have, and services must not.
const leak = "CONFORM_LEAK"

// The groups and numbers of the account that services run as. No host has such names, and hardly one such numbers.
const (
	furtherGroup = "conform-more"  // has the account as a member
	extraGroup   = "conform-extra" // has not
	accountID    = 54321           // also of the account's own group
	furtherID    = 54322
	extraID      = 54323
)

// A host is a disposable machine with a supervisor.
type host struct {
	*lab.Machine
	*trial
	sup     *supervisor.Supervisor
	process *lab.Process // the supervisor's own, where it is not process 1
	up      bool
}

// newHost makes a machine on which the supervisor is installed, but is not up yet.
func newHost(t *trial, sup *supervisor.Supervisor, shell string) *host {
	h := &host{trial: t, sup: sup}
	h.Machine = lab.New(t, lab.Options{Shell: shell, Programs: []string{Probe, Child}})
	h.sh(`printf '%s\n' "$1:x:$2:$2::/:/bin/sh" >>/etc/passwd
printf '%s\n' "$1:x:$2:" "$3:x:$4:$1" "$5:x:$6:" >>/etc/group`,
		account, itoa(accountID), furtherGroup, itoa(furtherID), extraGroup, itoa(extraID))
	h.bring()
	if sup.Conform.Setup == "" {
		return h
	}
	got := h.Run("sh", "-c", sup.Conform.Setup)
	switch {
	case got.Code == unavailable:
		t.Skipf("%s", cmp.Or(lastLine(got.Stderr), lastLine(got.Stdout), "conform.setup says so"))
	case got.Code != 0:
		t.Fatalf("conform.setup failed: %v", got)
	}
	return h
}

// unavailable is the exit code of a setup that says why the supervisor cannot be tried.
const unavailable = 69

// missing says what the supervisor needs and this host does not have, "" for nothing.
func missing(sup *supervisor.Supervisor) string {
	if sup.Conform == nil {
		return "supervisor.yaml does not say how to bring it up, under conform"
	}
	for _, need := range sup.Conform.Needs {
		if program(need) == "" {
			return "needs " + strings.ReplaceAll(need, "|", " or ")
		}
	}
	return ""
}

// program finds one of the programs "a|b" on this host, "" for none.
func program(need string) string {
	for name := range strings.SplitSeq(need, "|") {
		if file, err := exec.LookPath(name); err == nil {
			return file
		}
	}
	return ""
}

// bring copies programs that this host has in unusual places to where the machine looks for them.
func (h *host) bring() {
	usual, _ := strings.CutPrefix(lab.DefaultEnv()[0], "PATH=")
	for _, need := range h.sup.Conform.Needs {
		file := program(need)
		if slices.Contains(filepath.SplitList(usual), filepath.Dir(file)) {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			h.Fatalf("cannot copy a program: %v", err)
		}
		h.WriteFile("/usr/local/sbin/"+filepath.Base(file), string(data), 0o755)
	}
}

// in is the same host seen by another trial.
func (h *host) in(t *trial) *host {
	inner := *h
	inner.trial, inner.Machine = t, h.Machine.In(t)
	return &inner
}

// hasProcess says whether the supervisor is a process that can be ended.
func (h *host) hasProcess() bool { return len(h.sup.Conform.Run) > 0 }

// boots says whether something happens when the host boots.
func (h *host) boots() bool { return h.hasProcess() || h.sup.Conform.Booted != "" }

// boot brings the supervisor up, as the boot of a host does.
func (h *host) boot() {
	c := h.sup.Conform
	switch {
	case c.Init:
		h.Boot(c.Run...)
	case len(c.Run) > 0:
		process, err := h.Spawn(lab.Command{Argv: c.Run, Env: append(lab.DefaultEnv(), leak+"=of the supervisor")})
		if err != nil {
			h.Fatalf("cannot run conform.run: %v", err)
		}
		h.process = process
	}
	h.up = true
	if len(c.Ready) > 0 {
		h.awaitReady()
	}
	if c.Booted == "" {
		return
	}
	if got := h.Run("sh", "-c", c.Booted); got.Code != 0 {
		h.Fatalf("conform.booted failed: %v", got)
	}
}

// awaitReady waits until the supervisor says that it is up.
func (h *host) awaitReady() {
	pause := lab.Pauses()
	for deadline := time.Now().Add(patience); ; pause() {
		got := h.Run(h.sup.Conform.Ready...)
		if got.Code == 0 {
			return
		}
		if ended := h.process != nil && !h.process.Running(); ended || time.Now().After(deadline) {
			h.Fatalf("the supervisor does not come up; conform.ready says: %v\nthe supervisor says:\n%s", got, h.said())
		}
	}
}

// said is what the supervisor's own process printed.
func (h *host) said() string {
	if h.process == nil {
		return h.Console()
	}
	stdout, stderr := h.process.Output()
	return stdout + stderr
}

// halt ends the supervisor and all services, as the shutdown of a host does.
func (h *host) halt() {
	h.up = false
	switch {
	case h.sup.Conform.Init:
		h.Shutdown()
		return
	case h.process != nil:
		h.sh(`kill -"$1" "$2"`, h.sup.Conform.Stop, itoa(h.process.PID))
		h.Wait(h.process, patience)
		h.process = nil
		// What ends with it may take a moment.
		for deadline := time.Now().Add(patience); len(h.Processes()) > 0 && time.Now().Before(deadline); {
			time.Sleep(10 * time.Millisecond)
		}
	}
	// Init kills whatever is left, and /run is empty at the next boot.
	h.Run("sh", "-c", "kill -KILL -1")
	h.Run("sh", "-c", "rm -rf /run/* 2>/dev/null")
}

// sh runs a shell script that has to succeed, with arguments from $1 on, and returns its standard output.
func (h *host) sh(script string, args ...string) string {
	got := h.Run(append([]string{"sh", "-c", script, "sh"}, args...)...)
	if got.Code != 0 {
		h.Fatalf("%s: %v", script, got)
	}
	return got.Stdout
}

// until polls done.
func (h *host) until(what string, done func() bool) {
	pause := lab.Pauses()
	for deadline := time.Now().Add(patience); !done(); pause() {
		if time.Now().After(deadline) {
			h.Fatalf("waited %v in vain for %s; the processes are\n%s", patience, what, h.list())
		}
	}
}

// list shows the processes.
func (h *host) list() string {
	var b strings.Builder
	for _, p := range h.Processes() {
		fmt.Fprintf(&b, "  %v\n", p)
	}
	return b.String()
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
