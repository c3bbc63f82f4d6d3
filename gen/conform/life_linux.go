package conform

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"palletgen/gen/lab"
)

// lifeChecks are about the beginning and the end of the process.
func lifeChecks() []*check {
	list := slices.Concat(signalChecks(), commandChecks(), readyChecks())
	for _, policy := range []string{"always", "on-failure", "never"} {
		list = append(list, &check{name: "restart: " + policy, fields: "restart: " + policy, do: func(s *service) { s.endsAndReturns(policy) }})
	}
	for _, c := range list {
		c.group, c.extra = "life", asUser
	}
	return list
}

// signalChecks are about how it is told to end, and to read its configuration again.
func signalChecks() []*check {
	return []*check{
		{name: "stop_signal, reload_signal", fields: "stop_signal: QUIT\nreload_signal: USR1", do: func(s *service) {
			s.start()
			s.ok("reload")
			s.until("USR1", func() bool { return s.count("signals", "USR1") == 1 })
			s.ok("stop")
			s.wantProcess("none", 0)
			wantSame(s, "the list of signals", fmt.Sprint(s.lines("signals")), "[USR1 QUIT]")
		}},
		{name: "stop_timeout", fields: "stop_timeout: 2", do: stopsInTime},
		{name: "reload_command", fields: `reload_command: [touch, "@DIR/re loaded"]`, do: func(s *service) {
			pid := s.start()
			s.ok("reload")
			s.wantProcess("same", pid)
			if !s.Exists(s.dir+"/re loaded") || len(s.lines("signals")) > 0 {
				s.Errorf("instead of the command it had the signals %v", s.lines("signals"))
			}
		}},
		{name: "reload_command that fails", fields: `reload_command: ["false"]`, do: func(s *service) {
			pid := s.start()
			s.fails("reload", 70, "cannot reload "+s.name)
			s.wantProcess("same", pid)
		}},
		{name: "restart_delay", fields: "restart: always\nrestart_delay: 3", do: func(s *service) {
			s.start()
			before := s.starts()
			ended := time.Now()
			s.killAll()
			s.until("the next start", func() bool { return s.starts() > before })
			if after := s.started().Sub(ended); after < 2500*time.Millisecond {
				s.Errorf("it was started again after %v, want 3 seconds", after)
			}
		}},
	}
}

// commandChecks are about what is run before it and after it.
func commandChecks() []*check {
	return []*check{
		{name: "pre_start", fields: `pre_start: [[touch, "@DIR/pre 1"], [mv, "@DIR/pre 1", "@DIR/pre 2"]]`, do: func(s *service) {
			s.start()
			wantSame(s, "the owner of what the commands made", s.sh(`stat -c %u "$1"`, s.dir+"/pre 2"), s.uid())
			s.sh(`rm -f "$1"`, s.dir+"/pre 2")
			s.ok("restart")
			if !s.Exists(s.dir + "/pre 2") {
				s.Errorf("the commands were not run before the second start")
			}
		}},
		{name: "pre_start that fails", fields: "pre_start: [[ls, /no/such/folder], [touch, @DIR/second]]", do: func(s *service) {
			s.ok("configure", "enable")
			s.fails("start", 70, "cannot start "+s.name, "/no/such/folder")
			s.ok("stop")
			s.fails("status", 3)
			if s.starts() > 0 || s.Exists(s.dir+"/second") {
				s.Errorf("it went on all the same")
			}
		}},
		{name: "pre_start that takes long", fields: `pre_start: [[sleep, "2"]]`, do: func(s *service) {
			s.start()
			s.wants(s.phase("status"), 0, "running")
		}},
		{name: "post_stop", fields: `post_stop: [[touch, "@DIR/post 1"], [mv, "@DIR/post 1", "@DIR/post 2"]]`, do: func(s *service) {
			s.start()
			if s.Exists(s.dir + "/post 2") {
				s.Errorf("it was run while the service runs")
			}
			s.ok("stop")
			s.wantProcess("none", 0)
			s.until("the commands after the end", func() bool { return s.Exists(s.dir + "/post 2") })
			wantSame(s, "the owner of what they made", s.sh(`stat -c %u "$1"`, s.dir+"/post 2"), s.uid())
		}},
	}
}

// readyChecks are about when it counts as started.
func readyChecks() []*check {
	return []*check{
		{name: "readiness, port", fields: "readiness: {port: @PORT}", do: waitsUntilReady},
		{name: "readiness, file", fields: "readiness: {file: @DIR/listening}", do: waitsUntilReady},
		{name: "readiness, command", fields: "readiness: {command: [grep, -q, listening, @DIR/listening]}", do: waitsUntilReady},
		{name: "readiness, never", fields: "readiness: {port: @PORT, timeout: 2}", do: func(s *service) {
			s.listens()
			s.mode("deaf")
			s.ok("configure", "enable")
			for _, phase := range []string{"start", "start", "ensure-service"} { // the others do not take what the first left for a success
				got := s.fails(phase, 70, "cannot start "+s.name+": it was not ready after 2 seconds", "probe: mode deaf")
				s.within(got, 0, atMost)
			}
		}},
		{name: "settle", fields: "settle: 3", do: func(s *service) {
			s.mode("flap 2000")
			s.ok("configure", "enable")
			s.fails("start", 70, "cannot start "+s.name, "probe: cannot keep the store open")
			s.ok("stop")
			s.mode("up")
			s.within(s.ok("start"), 2500*time.Millisecond, atMost)
		}},
		{name: "after", fields: "after: [@NAME-twin]", twin: asUser, do: func(s *service) {
			s.start()
			s.twin().runs()
			if !s.twin().started().Before(s.started()) {
				s.Errorf("it was started before the one that it comes after")
			}
		}},
	}
}

// uid is the number of the account that the service runs as, as a line.
func (s *service) uid() string {
	if impossible(s.sup, parseFields(asUser)) != nil {
		return "0\n"
	}
	return itoa(accountID) + "\n"
}

// atMost is how long an action may take on a host that has much else to do; on others it takes a few seconds.
const atMost = 45 * time.Second

// within checks how long something took.
func (s *service) within(got outcome, shortest, longest time.Duration) {
	if got.Duration < shortest || got.Duration > longest {
		s.Errorf("it took %v, want %v to %v", got.Duration, shortest, longest)
	}
}

// stopsInTime stops a service that does not want to.
func stopsInTime(s *service) {
	s.mode("stubborn")
	s.start()
	got := s.ok("stop")
	s.wantProcess("none", 0)
	s.within(got, time.Second, atMost) // it has its time, then it is killed
	if s.count("signals", "TERM") == 0 {
		s.Errorf("it was not asked to end before it was killed")
	}
	s.wantPrinted(got, "stopped "+s.name)
	s.fails("status", 3, s.name+": stopped")
}

// waitsUntilReady starts a service that takes a second until it is ready.
func waitsUntilReady(s *service) {
	s.listens()
	s.mode("late")
	got := s.ok("configure", "enable", "start")
	if len(s.lines("listening")) == 0 {
		s.Errorf("start did not wait")
	}
	s.within(got, time.Second, atMost)
	if again := s.ok("start"); again.changed != 0 {
		s.Errorf("the second start changes something")
	}
}

// endsAndReturns ends the process in three ways, and looks whether it comes back.
func (s *service) endsAndReturns(policy string) {
	for _, end := range []struct {
		signal    string // TERM: exit code 0; USR2: 1
		comesBack bool
	}{
		{"TERM", policy == "always"}, {"USR2", policy != "never"}, {"KILL", policy != "never"},
	} {
		before := s.start()
		s.kill(end.signal)
		if end.comesBack {
			s.until("a new process after "+end.signal, func() bool { pid := s.pid(); return pid != 0 && pid != before })
			s.wants(s.phase("status"), 0)
		} else {
			s.until("the end of all processes after "+end.signal, func() bool {
				return !slices.ContainsFunc(s.processes(), func(p lab.ProcessInfo) bool { return p.Name == Probe })
			})
			s.staysEnded(end.signal == "TERM")
		}
		if s.Failed() {
			s.Fatalf("that was after %s, which means exit code %s", end.signal, strings.NewReplacer("TERM", "0", "USR2", "1", "KILL", "137").Replace(end.signal))
		}
	}
}

// staysEnded watches a service that ended by itself: it is not started again, and has failed, unless it ended well: that
// some supervisors take for stopped.
func (s *service) staysEnded(well bool) {
	starts := s.starts()
	time.Sleep(watched)
	wantSame(s, "the number of starts", s.starts(), starts)
	if got := s.phase("status"); got.Code != 1 && !(got.Code == 3 && well) {
		s.Errorf("the exit code is %d, want 1", got.Code)
	}
}
