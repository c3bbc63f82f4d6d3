package conform

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"palletgen/gen/lab"
)

// A service is the probe service of one check on its host.
type service struct {
	*host
	check  *check
	name   string
	dir    string // where the probe's mode is, and what it writes
	bundle string // folder of the bundle
	port   int    // that the probe listens on where asked to

	builder *builder
	config  string // palletgen.yaml
	archive []byte
	refused error    // why there is no archive
	values  []string // of the check, those that the build takes
}

// make makes the folder of a probe.
func (s *service) make(mode string) {
	s.sh(`mkdir -p -m 0755 /srv "${1%/*}" && mkdir -p -m 0777 "$1"`, s.dir)
	s.mode(mode)
}

// mode says what the probe does from its next start on.
func (s *service) mode(mode string) { s.WriteFile(s.dir+"/mode", mode+"\n", 0o644) }

// listens gives the probe its port.
func (s *service) listens() { s.WriteFile(s.dir+"/port", fmt.Sprintln(s.port), 0o644) }

// lines reads a file that the probe appends to.
func (s *service) lines(file string) []string {
	got := s.Run("cat", s.dir+"/"+file)
	if got.Code != 0 || got.Stdout == "" {
		return nil // it is not there yet, or nothing is in it yet
	}
	return slices.Collect(strings.SplitSeq(strings.TrimSuffix(got.Stdout, "\n"), "\n"))
}

// count is how many of these lines are a given one.
func (s *service) count(file, line string) int {
	n := 0
	for _, l := range s.lines(file) {
		if l == line {
			n++
		}
	}
	return n
}

// starts is how often the probe was started.
func (s *service) starts() int { return len(s.lines("starts")) }

// started is when the probe was last started.
func (s *service) started() time.Time {
	lines := s.lines("starts")
	if len(lines) == 0 {
		s.Fatalf("%s was never started", s.name)
	}
	_, at, _ := strings.Cut(lines[len(lines)-1], " ")
	nanoseconds, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		s.Fatalf("%s/starts: %v", s.dir, err)
	}
	return time.Unix(0, nanoseconds)
}

// beganBefore says whether the process that runs now was started before that of another.
func (s *service) beganBefore(other *service) bool {
	mine, theirs := s.began(), other.began()
	return mine < theirs || mine == theirs && s.runs() < other.runs()
}

// began is when the process that runs now was started, in ticks since the host was.
func (s *service) began() int {
	stat := s.sh(`cat "/proc/$1/stat"`, itoa(s.runs()))
	fields := strings.Fields(stat[strings.LastIndex(stat, ")")+1:])
	ticks, err := strconv.Atoi(fields[19])
	if err != nil {
		s.Fatalf("%q: %v", stat, err)
	}
	return ticks
}

// processes are those of the service: the probe, or a program that a check runs instead, and children.
func (s *service) processes() []lab.ProcessInfo {
	return slices.DeleteFunc(s.Processes(), func(p lab.ProcessInfo) bool {
		ours := slices.Contains([]string{Probe, Child, "tail"}, p.Name)
		about := slices.ContainsFunc(p.Args, func(arg string) bool { return arg == s.dir || strings.HasPrefix(arg, s.dir+"/") })
		return p.State == "Z" || !ours || !about
	})
}

// pid is the process that runs now, 0 when there is none.
func (s *service) pid() int {
	for _, p := range s.processes() {
		if p.Name != Child {
			return p.PID
		}
	}
	return 0
}

// runs is the process that runs now; there has to be one.
func (s *service) runs() int {
	pid := s.pid()
	if pid == 0 {
		s.Fatalf("no process of %s runs; the processes are\n%s", s.name, s.list())
	}
	return pid
}

// kill sends a signal to the process of the service alone.
func (s *service) kill(signal string) {
	s.sh(`kill -"$1" "$2"`, signal, itoa(s.runs()))
}

// killAll kills the process of the service and its child, and waits until both are gone.
func (s *service) killAll() {
	killed := map[int]bool{}
	kill := []string{"kill", "-KILL"}
	for _, p := range s.processes() {
		killed[p.PID] = true
		kill = append(kill, itoa(p.PID))
	}
	if len(killed) == 0 {
		s.Fatalf("there is no process to kill")
	}
	s.Run(kill...) // when the main process is gone, its supervisor may end the child before this does
	s.until("the end of the killed processes", func() bool {
		return !slices.ContainsFunc(s.processes(), func(p lab.ProcessInfo) bool { return killed[p.PID] })
	})
}

// wantSame compares two things that have to be equal.
func wantSame[T comparable](s *service, what string, got, want T) {
	if got != want {
		s.Errorf("%s is %v, want %v", what, got, want)
	}
}

// start configures, enables and starts the service, and returns its process.
func (s *service) start() int {
	s.ok("configure", "enable", "start")
	return s.runs()
}

// wantProcess checks which process the service has after an action: "same" as before, a "new" one, or "none".
func (s *service) wantProcess(want string, before int) {
	now := s.pid()
	switch {
	case want == "none" && len(s.processes()) > 0:
		s.Errorf("something is left: %v", s.processes())
	case want == "same" && now != before:
		s.Errorf("pid %d became %d", before, now)
	case want == "new" && (now == before || now == 0):
		s.Errorf("pid %d became %d, want a new process", before, now)
	case want == "new" && len(s.processes()) != 2:
		s.Errorf("want one process and its child: %v", s.processes())
	}
}

// watched is how long something is watched that must not happen.
const watched = 1300 * time.Millisecond

// staysDown watches for longer than supervisors take to start a dead service again.
func (s *service) staysDown() {
	starts := s.starts()
	for end := time.Now().Add(watched); time.Now().Before(end); time.Sleep(watched / 10) {
		if left := s.processes(); len(left) > 0 {
			s.Fatalf("it came up again: %v", left)
		}
	}
	wantSame(s, "the number of starts", s.starts(), starts)
}

func itoa(n int) string { return strconv.Itoa(n) }
