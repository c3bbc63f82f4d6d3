package conform

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// plain is the supervisor that every host has: services move from it, and to it.
const plain = "nohup"

// moveChecks move a service between supervisors, within one bundle and between two.
func moveChecks() []*check {
	list := []*check{
		{name: "to it", do: func(s *service) {
			old := s.under(plain, "")
			old.start()
			pid := s.pid()
			s.unpack()
			s.ok("configure", "enable")
			s.wantProcess("same", pid) // configure puts files in place, and no more
			s.ok("start")
			s.moved(pid)
			old.unpack()
			s.wants(old.phase("status"), 4, s.name+": not configured")
			s.unpack()
			s.wants(s.phase("status"), 0, s.name+": running")
		}},
		{name: "from it", do: func(s *service) {
			pid := s.start()
			other := s.under(plain, "")
			other.ok("configure", "start")
			other.moved(pid)
			s.unpack()
			s.fails("status", 4, s.name+": not configured")
			other.unpack()
			s.wants(other.phase("status"), 0, s.name+": running")
		}},
		{name: "from another bundle", do: func(s *service) {
			old := s.under(plain, "-old")
			pid := old.start()
			s.ok("configure")
			s.fails("start", 78, "keeps "+s.name+" already, under "+plain)
			s.wantProcess("same", pid)
			s.ok("--replace", "enable", "start")
			s.moved(pid)
			s.wants(old.phase("status"), 4)
			s.ok("--purge", "uninstall")
			s.wantProcess("none", 0)
		}},
		{name: "to it, which fails", extra: "readiness: {file: /no/such/file, timeout: 2}", do: func(s *service) {
			old := s.under(plain, "")
			old.start()
			s.unpack()
			s.ok("configure", "enable")
			s.fails("start", 70, "stays with", "under "+plain)
			if pids := len(s.processes()); pids != 2 {
				s.Errorf("there are %d processes, want one and its child", pids)
			}
			s.wantOne()
			old.unpack()
			s.wants(old.phase("status"), 0, s.name+": running")
		}},
	}
	for _, c := range list {
		do := c.do
		c.group = "moves"
		c.extra += "\n" + asUser
		c.placing = fresh
		c.shares = ""
		c.do = func(s *service) {
			if s.sup.Name == plain {
				s.note = "it is the other one"
				return
			}
			do(s)
		}
	}
	return list
}

// under is the same service under another supervisor: in a bundle of the same name, which takes its place, or of one
// with something behind it.
func (s *service) under(supervisor, suffix string) *service {
	other := *s
	sup, err := s.builder.catalog.Supervisor(supervisor)
	if err != nil {
		s.Fatalf("%v", err)
	}
	plainCheck := *s.check
	plainCheck.extra = asUser
	config := plainCheck.config(sup, nil, s.port)
	other.bundle += suffix
	if suffix != "" {
		config = strings.Replace(config, "  "+s.name+":\n", "  "+s.name+suffix+":\n", 1)
	}
	if other.archive, err = s.builder.archive(config); err != nil {
		s.Fatalf("%s", refusal(err))
	}
	other.unpack()
	return &other
}

// moved checks that the service has one new process, that there were never two, and that it was gone for no longer
// than while it restarts.
func (s *service) moved(before int) {
	s.wantProcess("new", before)
	s.wantOne()
	gap := s.gap()
	s.ok("restart")
	restart := s.gap()
	s.note = fmt.Sprintf("away for %d ms; a restart takes %d", gap.Milliseconds(), restart.Milliseconds())
	if gap > 2*restart+2*time.Second {
		s.Errorf("it was away for %v, and for %v in a restart", gap, restart)
	}
	s.wantOne()
}

// wantOne checks that there were never two.
func (s *service) wantOne() {
	if n := len(s.lines("overlaps")); n > 0 {
		s.Errorf("%d times a second one was started beside the first", n)
	}
}

// gap is how long the service was away before its last start.
func (s *service) gap() time.Duration {
	lines := s.lines("ended")
	if len(lines) == 0 {
		s.Fatalf("%s has never ended by itself", s.name)
	}
	nanoseconds, err := strconv.ParseInt(lines[len(lines)-1], 10, 64)
	if err != nil {
		s.Fatalf("%s/ended: %v", s.dir, err)
	}
	return s.started().Sub(time.Unix(0, nanoseconds))
}
