package conform

import (
	"slices"
	"strings"

	"palletgen/gen/lab"
)

// roughChecks are about services and hosts that are not as they should be. Each has the same exit code, and the same words
// for the cause, under every supervisor.
func roughChecks() []*check {
	list := []*check{
		{name: "dies at start", extra: restarting, do: func(s *service) {
			s.mode("crash")
			s.ok("configure", "enable")
			got := s.fails("start", 70, crashed, "cannot start "+s.name+": its process")
			s.within(got, 0, atMost)
			s.ok("stop")
			s.wantProcess("none", 0)
			s.staysDown()
		}},
		{name: "dies soon after its start", extra: restarting, do: func(s *service) {
			s.mode("flap")
			s.ok("configure", "enable")
			got := s.fails("start", 70, "probe: cannot keep the store open", "cannot start "+s.name+": its process")
			s.within(got, 0, atMost)
		}},
		{name: "dies before it is ready", extra: restarting, fields: "readiness: {port: @PORT, timeout: 20}", do: func(s *service) {
			s.mode("crash")
			s.ok("configure", "enable")
			got := s.fails("start", 70, crashed, "cannot start "+s.name+": its process")
			s.within(got, 0, atMost)
		}},
		{name: "crash loop is never running", fields: restarting, do: neverRunning},
		{name: "becomes a daemon", do: func(s *service) {
			s.mode("fork")
			s.ok("configure", "enable")
			s.fails("start", 70, "cannot start "+s.name+": its process", "has to stay in the foreground")
			s.ok("stop")
		}},
		{name: "ignores TERM", extra: "stop_timeout: 2", do: stopsInTime},
		{name: "leaves a child behind", extra: "stop_timeout: 2", do: leavesNothing},
		{name: "user that does not exist", fields: "user: conform-nobody", placing: fresh, do: func(s *service) {
			s.wants(s.phase("configure", "start"), 70, "there is no user conform-nobody")
		}},
		{name: "user that is gone", fields: asUser, do: func(s *service) {
			s.ok("configure", "enable")
			s.sh(`cp -p /etc/passwd /etc/passwd.conform && sed -i "/^$1:/d" /etc/passwd`, account)
			s.fails("start", 70, "cannot start "+s.name+": there is no user "+account)
			s.sh("mv /etc/passwd.conform /etc/passwd")
			s.ok("start")
		}},
		{name: "group that does not exist", fields: "group: conform-nobodies", placing: fresh, do: func(s *service) {
			s.wants(s.phase("configure", "start"), 70, "there is no group conform-nobodies")
		}},
		{name: "working folder that does not exist", fields: "directory: /no/such", do: func(s *service) {
			s.ok("configure", "enable")
			s.fails("start", 70, "cannot start "+s.name, "folder /no/such does not exist")
			s.sh("mkdir -p /no/such")
			s.ok("start")
		}},
		{name: "program that does not exist", app: "command: [/no/such/program, @DIR]", do: func(s *service) {
			s.ok("configure", "enable")
			s.fails("start", 70, "cannot start "+s.name, "/no/such/program")
		}},
		{name: "starts clean", app: tail, do: startsClean},
		{name: "killed service comes back", fields: "restart: always\n" + `pre_start: [[sleep, "0.7"]]`, do: comesBack},
		{name: "two instances", twin: asUser, do: sideBySide},
		{name: "configure leaves the process", fields: "environment: {NUMBER: one}", do: reconfigured},
	}
	for _, c := range list {
		c.group = "rough"
		if !strings.Contains(c.name, "group") {
			c.extra += "\n" + asUser
		}
	}
	return list
}

// neverRunning asks while the process of a crash loop is there, and while it is not.
func neverRunning(s *service) {
	s.start()
	s.mode("flap")
	s.crash()
	for range 2 {
		s.fails("status", 1, s.name+": failing")
		s.fails("reload", 70, s.name+" is not running")
	}
	s.fails("start", 70, "cannot start "+s.name)
	s.ok("stop")
	s.wantProcess("none", 0)
	s.staysDown()
}

// leavesNothing stops a service whose child ignores TERM, beside a process that has nothing to do with it.
func leavesNothing(s *service) {
	bystander := *s
	bystander.name, bystander.dir = s.name+"-bystander", s.dir+"-bystander"
	bystander.make("up")
	s.Start(probePath, bystander.dir)
	s.until("the bystander", func() bool { return len(bystander.processes()) == 2 })
	s.mode("heir")
	s.start()
	got := s.ok("stop")
	s.wantProcess("none", 0)
	s.within(got, 0, atMost)
	if len(bystander.processes()) != 2 {
		s.Errorf("another process of the same program was touched: %v", bystander.processes())
	}
}

// startsClean checks that a process inherits nothing of its caller, nor of its supervisor.
func startsClean(s *service) {
	s.ok("configure", "enable")
	// The caller ignores signals and has files open, as a terminal's job or a deployment tool may.
	got := s.command("sh", "-c", `trap "" INT QUIT HUP PIPE; exec 3>/tmp/open 9>&1; umask 077; cd /tmp; export `+leak+`="of the caller"; exec nice -n 3 "$0" start`, s.bundle+"/run")
	s.wants(got, 0)
	f := s.look(s.runs())
	wantSame(s, "the mask of ignored signals", strings.Trim(f.ignored, "0"), "")
	wantSame(s, "the mask of blocked signals", strings.Trim(f.blocked, "0"), "")
	// tail has opened what it reads, and may have something to watch that with.
	for descriptor, target := range f.open {
		if !strings.Contains("012", descriptor) && target != s.dir+"/mode" && target != "anon_inode:inotify" {
			s.Errorf("it has inherited the descriptor %s, %s", descriptor, target)
		}
	}
	wantSame(s, "the standard input", f.open["0"], "/dev/null")
	wantSame(s, "the umask", f.umask, "0022")
	wantSame(s, "the working folder", f.folder, "/")
	wantSame(s, "the variable "+leak, f.environ[leak], "")
	if !f.leader {
		s.Errorf("it does not lead a process group")
	}
	own := strings.Fields(afterName(s.sh("cat /proc/self/stat")))[16]
	if f.nice != "0" && f.nice != own {
		s.Errorf("the niceness is %s", f.nice)
	}
}

// comesBack asks for the status while the service is on its way back.
func comesBack(s *service) {
	before := s.start()
	s.killAll()
	status := s.phase("status")
	// The pid is there before the commands that come before the start have ended.
	s.until("the process", func() bool { return s.pid() != 0 })
	s.wantProcess("new", before)
	s.wants(status, 0, s.name+": running, pid "+itoa(s.pid()))
}

// sideBySide stops one of two copies of a service.
func sideBySide(s *service) {
	s.ok("configure", "enable", "start")
	one, two := s.runs(), s.twin().runs()
	s.ok("stop-" + s.twin().name)
	s.wantProcess("same", one)
	s.twin().wantProcess("none", two)
	s.fails("status-"+s.twin().name, 3)
	s.wants(s.phase("status-"+s.name), 0)
	s.ok("start")
	s.wantProcess("same", one)
	s.twin().wantProcess("new", two)
}

// reconfigured changes what the service is given while it runs.
func reconfigured(s *service) {
	pid := s.start()
	changed := *s
	changed.check = &check{name: s.check.name, group: s.check.group, fields: strings.Replace(s.check.fields, "one", "two", 1), extra: s.check.extra}
	changed.build()
	changed.unpack()
	if got := s.ok("configure"); got.changed == 0 {
		s.Errorf("the new environment changes nothing")
	}
	if got := s.ok("configure", "start"); got.changed != 0 {
		s.Errorf("done twice, it changes something")
	}
	s.wantProcess("same", pid)
	s.ok("restart")
	wantSame(s, "the variable after the restart", s.look(s.runs()).environ["NUMBER"], "two")
}

// reusedPID gives the pid of a service that died to somebody else.
func reusedPID(s *service) {
	s.boot()
	pid := 0
	s.until("a stranger with the pid of the service", func() bool { // somebody else of the host may take it first
		pid = s.start()
		s.killAll()
		s.until("the end of what the supervisor does", func() bool { return s.phase("status").Code != 0 })
		return s.stranger(pid)
	})
	if got := s.phase("status"); got.Code == 0 {
		s.Errorf("a stranger is taken for the service")
	}
	s.fails("reload", 70, s.name+" is not running")
	s.ok("stop")
	if !s.isStranger(pid) {
		s.Errorf("stop ended a stranger that has the pid of the service")
	}
	s.ok("start")
	s.ok("stop")
	if !s.isStranger(pid) {
		s.Errorf("start and stop ended a stranger that had the pid of the service")
	}
}

// stranger starts a process that has nothing to do with the service, as if all pids had been used in between, and says
// whether it has this one.
func (s *service) stranger(pid int) bool {
	got := s.sh(`last=/proc/sys/kernel/ns_last_pid
[ -w $last ] || mount -o remount,rw /proc/sys || exit
echo "$1" >$last || exit
setsid sleep 1000 </dev/null >/dev/null 2>&1 &
echo $!`, itoa(pid-1))
	return got == itoa(pid)+"\n"
}

func (s *service) isStranger(pid int) bool {
	return slices.ContainsFunc(s.Processes(), func(p lab.ProcessInfo) bool { return p.PID == pid && p.State != "Z" && p.Name == "sleep" })
}
