// Package behaviour tests what bundles do on a host, with real supervisors in disposable machines: one behaviour
// under every supervisor and in every shell. It holds tests only.
package behaviour

import (
	"flag"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"palletgen/gen/conform"
	"palletgen/gen/lab"
)

// The services of these tests, programs of the machines: see conform.Probe.
const (
	serverName = "lab-server" // lab-server DIR ARG…
	childName  = conform.Child
)

func TestMain(m *testing.M) {
	// The tests mostly wait for supervisors: more of them at a time than there are processors. A -parallel on the
	// command line comes later and wins.
	if err := flag.Set("test.parallel", "6"); err != nil {
		panic(err)
	}
	programs := conform.Programs()
	programs[serverName] = programs[conform.Probe]
	lab.Main(m, programs)
}

// patience bounds every wait for something that takes well under a second on an idle machine.
const patience = 20 * time.Second

// shells are what /bin/sh is in turn.
var shells = []string{"dash", "busybox", "bash"}

// The supervisors under test.
var (
	runit = supervisor{
		name:  "runit",
		needs: []string{"runsvdir", "sv", "chpst", "svlogd"},
		run:   []string{"runsvdir", "-P", "/etc/service"},
	}
	nohup       = supervisor{name: "nohup"}
	supervisors = []supervisor{runit, upstart, nohup}
)

// supervisor is what a test must know of a supervisor.
type supervisor struct {
	name    string
	skip    func(t testing.TB) // skips where the host has no such supervisor, instead of needs
	install func(h *host)      // what is to be done for the programs to work in a machine
	needs   []string           // programs of the host
	run     []string           // process to start beside the tests, if there is one
	boot    func(h *host)      // what a host's boot does once this process is there
}

// restarts says whether the supervisor starts a dead service again by itself.
func (s supervisor) restarts() bool { return s.run != nil }

// host is a machine with unpacked bundles.
type host struct {
	*lab.Machine
	t      testing.TB
	bundle string // folder of the bundle in use
}

// newHost starts a machine with the tests' services on offer and the accounts that services run as.
func newHost(t testing.TB, shell string, s supervisor) *host {
	t.Helper()
	if s.skip != nil {
		s.skip(t)
	}
	for _, program := range s.needs {
		lab.Need(t, program)
	}
	h := &host{
		Machine: lab.New(t, lab.Options{Shell: shell, Programs: []string{serverName, childName}}),
		t:       t,
	}
	h.must("sh", "-c", "groupadd -r riemann && useradd -r -M -g riemann riemann && groupadd -r extra")
	if s.install != nil {
		s.install(h)
	}
	return h
}

// supervise starts the supervisor's own process, if it has one, as the boot of a host does.
func (h *host) supervise(s supervisor) *lab.Process {
	h.t.Helper()
	if s.run == nil {
		return nil
	}
	process := h.Start(s.run...)
	if s.boot != nil {
		s.boot(h)
	}
	return process
}

// unpack builds a group of a palletgen.yaml and puts its bundle on the host.
func (h *host) unpack(group, config string, flags ...string) {
	h.t.Helper()
	h.bundle = "/srv/bundles/" + group
	h.WriteFile(h.bundle+".tar.gz", string(build(h.t, group, config, flags...)), 0o644)
	h.must("sh", "-c", "cd /srv/bundles && rm -rf "+group+" && gzip -dc "+group+".tar.gz | tar -xf -")
}

// must runs a command that has to succeed and returns its standard output.
func (h *host) must(argv ...string) string {
	h.t.Helper()
	got := h.Run(argv...)
	if got.Code != 0 {
		h.t.Fatalf("%q: %v", argv, got)
	}
	return got.Stdout
}

// service is one lab-server on a host.
type service struct {
	*host
	name string
	dir  string // its folder, where its mode is
}

// addService makes the folder of a lab-server.
func (h *host) addService(name, mode string) service {
	h.t.Helper()
	s := service{host: h, name: name, dir: "/srv/" + name}
	h.must("mkdir", "-p", "-m", "0777", s.dir)
	s.mode(mode)
	return s
}

// mode says what lab-server does from its next start on.
func (s service) mode(mode string) { s.WriteFile(s.dir+"/mode", mode+"\n", 0o644) }

// lines reads one of the files that lab-server appends to.
func (s service) lines(file string) []string {
	if !s.Exists(s.dir + "/" + file) {
		return nil
	}
	return strings.Split(strings.TrimSuffix(s.ReadFile(s.dir+"/"+file), "\n"), "\n")
}

// count is how many of these lines are a given one.
func (s service) count(file, line string) int {
	n := 0
	for _, l := range s.lines(file) {
		if l == line {
			n++
		}
	}
	return n
}

// processes are those of the service: lab-server itself and its children. One without arguments is about to end.
func (s service) processes() []lab.ProcessInfo {
	s.t.Helper()
	return slices.DeleteFunc(s.Processes(), func(p lab.ProcessInfo) bool {
		ours := p.Name == serverName || p.Name == childName
		return p.State == "Z" || !ours || (len(p.Args) > 1 && p.Args[1] != s.dir)
	})
}

// pid is the process that runs now, 0 when there is none.
func (s service) pid() int {
	s.t.Helper()
	for _, p := range s.processes() {
		if p.Name == serverName {
			return p.PID
		}
	}
	return 0
}

// wantProcess checks which process the service has after an action.
func (s service) wantProcess(want string, before int) {
	s.t.Helper()
	now := s.pid()
	switch {
	case want == "none" && len(s.processes()) > 0:
		s.t.Errorf("something is left: %v", s.processes())
	case want == "same" && now != before:
		s.t.Errorf("pid %d became %d", before, now)
	case want == "new" && (now == before || now == 0):
		s.t.Errorf("pid %d became %d, want a new process", before, now)
	case want == "new" && len(s.processes()) != 2:
		s.t.Errorf("want one process and its child: %v", s.processes())
	}
}

// environ is the environment of the process that runs now.
func (s service) environ() map[string]string {
	got := map[string]string{}
	for _, entry := range split(s.ReadFile(fmt.Sprintf("/proc/%d/environ", s.pid()))) {
		name, value, _ := strings.Cut(entry, "=")
		got[name] = value
	}
	return got
}

// split cuts what /proc shows of arguments and environments.
func split(list string) []string {
	return slices.Collect(strings.SplitSeq(strings.TrimSuffix(list, "\x00"), "\x00"))
}

// outcome is what ./run answered.
type outcome struct {
	lab.Result
	changed int // of the last line changed=N; -1 where there is none
}

var changedLine = regexp.MustCompile(`(?:^|\n)changed=([0-9]+)\n$`)

// phase runs phases of the bundle. Whatever they do, they must not leave a process that holds their output.
func (h *host) phase(phases ...string) outcome {
	h.t.Helper()
	got := outcome{Result: h.Run(append([]string{h.bundle + "/run"}, phases...)...), changed: -1}
	if got.Held {
		h.t.Errorf("run %v leaves its output open", phases)
	}
	if match := changedLine.FindStringSubmatch(got.Stdout); match != nil {
		got.changed, _ = strconv.Atoi(match[1])
	}
	if got.Code == 0 && got.changed < 0 {
		h.t.Errorf("run %v: no last line changed=N: %v", phases, got)
	}
	return got
}

// wants checks the exit code, and that everything said is there, on standard output or standard error.
func (h *host) wants(got outcome, code int, said ...string) {
	h.t.Helper()
	if got.Code != code {
		h.t.Errorf("exit code %d, want %d: %v", got.Code, code, got)
	}
	for _, text := range said {
		if !strings.Contains(got.Stdout+got.Stderr, text) {
			h.t.Errorf("%q is not said: %v", text, got)
		}
	}
}

// ok runs phases that must succeed.
func (h *host) ok(phases ...string) outcome {
	h.t.Helper()
	got := h.phase(phases...)
	if got.Code != 0 {
		h.t.Fatalf("run %v: %v", phases, got)
	}
	return got
}

// appConfig is a palletgen.yaml with one group, app-SUPERVISOR, of the crate app under its supervisor, with settings
// as lines of YAML.
func appConfig(s supervisor, settings ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "groups:\n  app-%s:\n    extends:\n      - %s\n      - app:\n          supervisor: %s\n", s.name, s.name, s.name)
	for _, line := range settings {
		fmt.Fprintf(&b, "          %s\n", line)
	}
	return b.String()
}

// eachHost runs a test under supervisors in shells (one shell where the shell does not matter), each on a host of its
// own and all in parallel.
func eachHost(t *testing.T, supervisors []supervisor, shells []string, test func(t *testing.T, shell string, s supervisor)) {
	t.Parallel()
	for _, s := range supervisors {
		for _, shell := range shells {
			t.Run(s.name+"/"+shell, func(t *testing.T) {
				t.Parallel()
				test(t, shell, s)
			})
		}
	}
}
