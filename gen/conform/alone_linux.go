package conform

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"

	"palletgen/gen/lab"
)

// aloneChecks need a host that nobody else uses: they end the supervisor, or look at all that there is.
func aloneChecks() []*check {
	list := []*check{
		{group: "rough", name: "supervisor is not running", do: notRunning},
		{group: "rough", name: "supervisor is not installed", do: notInstalled},
		{group: "rough", name: "pid of a stranger", fields: "restart: never", do: reusedPID},
		{group: "rough", name: "uninstall leaves nothing", do: leavesNoFile},
		{group: "boot", name: "enabled", do: func(s *service) {
			s.ok("configure", "enable")
			s.boot()
			s.until("the service after the boot", func() bool { return s.pid() != 0 })
			s.ok("stop")
			s.reboot() // stopped by hand, but enabled
			s.until("the service after the second boot", func() bool { return s.pid() != 0 })
			s.wants(s.phase("status"), 0, s.name+": running")
		}},
		{group: "boot", name: "disabled", do: func(s *service) {
			s.boot()
			pid := s.start()
			s.ok("disable")
			s.wantProcess("same", pid)
			s.reboot()
			s.until("the supervisor to know the service", func() bool { return s.phase("status").Code != 4 })
			s.fails("status", 3, s.name+": stopped")
			s.staysDown()
			s.ok("start")
		}},
		{group: "boot", name: "never enabled", do: func(s *service) {
			s.boot()
			s.ok("configure", "start")
			s.reboot()
			s.until("the supervisor to know the service", func() bool { return s.phase("status").Code != 4 })
			s.fails("status", 3, s.name+": stopped")
			s.staysDown()
		}},
		{group: "boot", name: "after", fields: "after: [@NAME-twin]", twin: asUser, do: func(s *service) {
			s.ok("configure", "enable")
			s.boot()
			s.until("both services after the boot", func() bool { return s.starts() > 0 && s.twin().starts() > 0 })
			// Some supervisors start a process that waits for the other, some start it only then.
			if !s.twin().started().Before(s.started()) && !s.twin().beganBefore(s) {
				s.Errorf("it was started before the one that it comes after")
			}
		}},
	}
	for _, c := range list {
		c.placing = alone
		c.boot = c.group == "boot"
		c.extra += "\n" + asUser
	}
	return list
}

// reboot ends everything and begins anew.
func (s *service) reboot() {
	s.halt()
	s.host.boot()
}

// notRunning asks for a service while nobody supervises.
func notRunning(s *service) {
	if !s.hasProcess() {
		s.note = "it has no process of its own"
	}
	s.ok("configure", "enable")
	if s.hasProcess() {
		got := s.phase("start")
		s.wants(got, 69, "cannot reach "+s.name)
		s.wantProcess("none", 0)
	}
	s.ok("disable")
	s.boot()
	s.ok("start")
	s.runs()
}

// notInstalled takes away the supervisor's programs.
func notInstalled(s *service) {
	s.ok("configure")
	if len(s.sup.Provides) == 0 {
		s.note = "it has no program of its own"
		return
	}
	for _, program := range s.sup.Provides {
		s.sh(`while file=$(command -v "$1"); do rm "$file" || exit; done`, program)
	}
	for _, action := range []string{"start", "stop", "restart", "reload", "enable", "disable"} {
		s.fails(action, 69, "is not installed")
	}
}

// leavesNoFile compares the host before and after everything.
func leavesNoFile(s *service) {
	s.boot()
	before := s.files()
	s.ok("configure", "enable", "start", "restart", "stop", "start")
	s.ok("--purge", "uninstall")
	s.wantProcess("none", 0)
	s.wants(s.phase("status"), 4)
	after := s.files()
	if missing := slices.DeleteFunc(slices.Clone(before), func(line string) bool { return slices.Contains(after, line) }); len(missing) > 0 {
		s.Errorf("it has changed or removed:\n%s", strings.Join(missing, "\n"))
	}
	if more := slices.DeleteFunc(after, func(line string) bool { return slices.Contains(before, line) }); len(more) > 0 {
		s.Errorf("it has left:\n%s", strings.Join(more, "\n"))
	}
}

// files are all that differ from the host that the machine is a copy of, but for the probe and the bundle.
func (s *service) files() []string {
	var lines []string
	for _, f := range s.Changed() {
		if !of(f, "/srv") && !asOnHost(f) {
			lines = append(lines, fmt.Sprint(f))
		}
	}
	return lines
}

// asOnHost says whether a file is a folder that the host has, too: something in it was changed once.
func asOnHost(f lab.FileInfo) bool {
	info, err := os.Lstat(f.Path)
	if err != nil || !info.IsDir() || f.Kind != "folder" {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Mode&0o7777 == f.Mode && int(stat.Uid) == f.UID && int(stat.Gid) == f.GID
}

// of says whether a file is a folder, or in it.
func of(f lab.FileInfo, folder string) bool {
	return f.Path == folder || strings.HasPrefix(f.Path, folder+"/")
}
