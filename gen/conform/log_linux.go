package conform

import (
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"syscall"

	"palletgen/gen/lab"
	"palletgen/gen/lazyregexp"
	"palletgen/gen/supervisor"
)

// logDirectory is where the checks here have their logs.
const logDirectory = "log: {directory: \"/var/log/conform/of the @NAME\""

// The limits of a log that is flooded.
const (
	floodSize  = 100_000
	floodKeep  = 2
	floodLines = 5 * floodSize / 100 // of 100 bytes
	floods     = 5
)

// logChecks are about what becomes of the output.
func logChecks() []*check {
	list := []*check{
		{name: "standard output and error", fields: logDirectory + "}", do: func(s *service) {
			s.start()
			s.ok("restart")
			s.until("two starts in the log", func() bool { return strings.Count(s.logged(), "probe: mode up") == 2 })
			s.mode("crash")
			s.fails("restart", 70, crashed)
			if log := s.logged(); !strings.Contains(log, crashed) {
				s.Errorf("standard error is not in the log:\n%s", log)
			}
			s.followed(crashed)
		}},
		{name: "folder not set", do: func(s *service) {
			s.mode("crash")
			s.ok("configure", "enable")
			s.fails("start", 70, crashed) // from wherever the supervisor has it
			s.followed(crashed)
		}},
		{name: "size and keep", fields: fmt.Sprintf("%s, size: %d, keep: %d}", logDirectory, floodSize, floodKeep), do: staysSmall},
	}
	for _, c := range list {
		c.group, c.extra = "log", asUser
	}
	return list
}

// logged is all that is in the log.
func (s *service) logged() string {
	return s.sh(`cd "$1" && for file in *; do [ ! -f "$file" ] || case $file in
*.gz) gzip -dc "$file" ;;
*) cat "$file" ;;
esac; done`, s.logFolder())
}

// followed does what the bundle's README says about the log, where it says something: that has to show a text. It may go
// on to show what comes.
func (s *service) followed(text string) {
	told := logLine.FindStringSubmatch(s.ReadFile(s.bundle + "/README"))
	if told == nil {
		s.note = "the README does not say where the log is: the folder's config has no " + supervisor.LogCommand
		return
	}
	p, err := s.Spawn(lab.Command{Argv: []string{"sh", "-c", "exec " + told[1]}})
	if err != nil {
		s.Fatalf("%v", err)
	}
	s.until("what the README says about the log to show "+text+": "+told[1], func() bool {
		shown, _ := p.Output()
		return strings.Contains(shown, text)
	})
	if p.Running() {
		s.Signal(p, syscall.SIGKILL, true)
		s.Wait(p, patience)
	}
}

var logLine = lazyregexp.New(`(?m)^ +its log:  (.*)$`)

// logFolder is that of logDirectory.
func (s *service) logFolder() string { return "/var/log/conform/of the " + s.name }

// staysSmall floods the log, which takes no more than its files may.
func staysSmall(s *service) {
	s.WriteFile(s.dir+"/flood", fmt.Sprintln(floodLines), 0o644)
	s.mode("flood")
	s.ok("configure", "enable", "start")
	last := fmt.Sprintf("%-98d.", floodLines-1)
	for i := range floods {
		if i > 0 {
			s.ok("restart")
		}
		s.until("the last line in the log", func() bool { return strings.Contains(s.logged(), last) })
		s.turn()
	}
	// Without the empty ones and the links that supervisors have beside them.
	files := strings.Fields(s.sh(`cd "$1" && for file in *; do [ ! -s "$file" ] || [ -L "$file" ] || wc -c <"$file"; done`, s.logFolder()))
	total := 0
	for _, size := range files {
		n, _ := strconv.Atoi(size)
		total += n
	}
	s.note = fmt.Sprintf("of %d bytes %d files keep %d", floods*floodLines*100, len(files), total)
	// The current file comes on top of the old ones, and one that is looked at from time to time may have grown by a flood.
	if len(files) < 2 || len(files) > floodKeep+1 || total > (floodKeep+2)*floodLines*100 {
		s.Errorf("with size %d and keep %d, %s: %v", floodSize, floodKeep, s.note, files)
	}
}

// turn does what a host does with logs from time to time, where the bundle asks for it.
func (s *service) turn() {
	asked := s.sh(`for file in /etc/logrotate.d/*"$1"*; do [ ! -f "$file" ] || printf '%s\n' "$file"; done`, s.name)
	if asked == "" {
		return
	}
	if _, err := exec.LookPath("logrotate"); err != nil {
		s.Skipf("needs logrotate")
	}
	for file := range strings.SplitSeq(strings.TrimSpace(asked), "\n") {
		s.sh(`mkdir -p /var/lib/logrotate && logrotate -s /var/lib/logrotate/conform "$1"`, file)
	}
}
