package conform

import (
	"fmt"
	"slices"
	"strings"
)

// tail is a process that changes nothing of what it was given, as a program in Go does with limits and signals.
const tail = "command: [tail, -f, @DIR/mode]"

// processChecks are about what the process is given.
func processChecks() []*check {
	list := []*check{
		{name: "command, a list", app: `command: [` + probePath + `, "@DIR", "a  b", "it's", "$HOME", ""]`, do: func(s *service) {
			s.wantArguments("a  b", "it's", "$HOME", "")
		}},
		{name: "command, a text", app: `command: ` + probePath + ` @DIR 'a  b' "it's" \$x`, do: func(s *service) {
			s.wantArguments("a  b", "it's", "$x")
		}},
		{name: "command, odd path", app: `command: ["@DIR/the $(id) 'probe' %n;", "@DIR"]`, do: func(s *service) {
			s.WriteFile(s.dir+"/the $(id) 'probe' %n;", "#!/bin/sh\nexec "+probePath+` "$@"`+"\n", 0o755)
			s.start()
		}},
		{name: "name", fields: "name: @NAME-other", do: func(s *service) {
			s.start()
			s.wants(s.phase("status"), 0, s.name+"-other: running")
		}},
		{name: "instance_id", app: "instance_id: twin", do: func(s *service) {
			s.start()
			s.wants(s.phase("status"), 0, s.name+"-twin: running")
		}},
		{name: "user", fields: asUser, do: wantIDs(accountID, accountID, furtherID)},
		{name: "user and group", fields: asUser + "\ngroup: " + extraGroup, do: wantIDs(accountID, extraID, furtherID)},
		{name: "user and groups", fields: asUser + "\ngroups: [" + extraGroup + "]", do: wantIDs(accountID, accountID, furtherID, extraID)},
		{name: "group without user", fields: "group: " + extraGroup, do: wantIDs(0, extraID)},
		{name: "groups without user", fields: "groups: [" + extraGroup + "]", do: wantIDs(0, 0, extraID)},
		{name: "environment", fields: `environment: {A: "a  'b'", EMPTY: "", PATH: /usr/bin:/bin, HOME: /srv}`, do: func(s *service) {
			s.wantVariables(map[string]string{"A": "a  'b'", "EMPTY": "", "PATH": "/usr/bin:/bin", "HOME": "/srv"})
		}},
		{name: "environment_file", fields: "environment_file: @DIR/variables\nenvironment: {SET: from settings, BOTH: from settings}", do: func(s *service) {
			s.WriteFile(s.dir+"/variables", "FILE='from  file'\nBOTH=\"from file\"\n# a comment\nPLAIN=file\n", 0o600) // root's
			s.wantVariables(map[string]string{"SET": "from settings", "FILE": "from  file", "BOTH": "from file", "PLAIN": "file"})
		}},
		{name: "environment_file, missing", fields: "environment_file: @DIR/variables", do: func(s *service) { s.start() }},
		{name: "directory", fields: "directory: @DIR", do: func(s *service) {
			wantSame(s, "the working folder", s.look(s.start()).folder, s.dir)
		}},
		{name: "umask", fields: `umask: "0027"`, do: want("the umask", "0027", func(f facts) string { return f.umask })},
		{name: "directory, not set", shares: "plain", do: want("the working folder", "/", func(f facts) string { return f.folder })},
		{name: "umask, not set", shares: "plain", do: want("the umask", "0022", func(f facts) string { return f.umask })},
		{name: "nice", fields: "nice: 5", do: wantNice("5")},
		{name: "nice, negative", fields: "nice: -3", do: wantNice("-3")},
		{name: "all at once", fields: everything, do: wantEverything},
	}
	list = append(list, limitChecks()...)
	for _, c := range list {
		c.group = "process"
		if !strings.Contains(c.fields, "group") && !strings.Contains(c.name, "file") {
			c.extra = asUser
		}
	}
	return list
}

// limitChecks look at one process for all limits.
func limitChecks() []*check {
	var list []*check
	for _, l := range []struct{ name, kernel, shown string }{
		{"nofile", "open files", "123"},
		{"nproc", "processes", "4321"},
		{"core", "core file size", "0"},
		{"memlock", "locked memory", "65536"},
		{"stack", "stack size", "1048576"},
		{"as", "address space", "1073741824"},
	} {
		list = append(list, &check{
			name: "limits, " + l.name, shares: "limits", app: tail,
			fields: "limits: {nofile: 123, nproc: 4321, core: 0, memlock: 64KiB, stack: 1MiB, as: 1GiB}",
			do:     want("the limit, soft and hard,", l.shown+" "+l.shown, func(f facts) string { return f.limits[l.kernel] }),
		})
	}
	return append(list, &check{
		name: "limits, unlimited", app: tail, fields: "limits: {core: unlimited}",
		do: want("the limit, soft and hard,", "unlimited unlimited", func(f facts) string { return f.limits["core file size"] }),
	})
}

// everything is a value for each field that is about the process.
const everything = asUser + `
group: ` + extraGroup + `
groups: [` + account + `, daemon]
environment: {A: "a  'b'"}
environment_file: @DIR/variables
directory: @DIR
umask: "0077"
nice: 2
limits: {nofile: 321, core: 0}
stop_signal: INT
pre_start: [[touch, "pre start"]]`

func wantEverything(s *service) {
	s.WriteFile(s.dir+"/variables", "FILE=x\n", 0o600)
	f := s.look(s.start())
	daemonID := strings.TrimSpace(s.sh("id -g daemon"))
	groups := []string{itoa(accountID), itoa(furtherID), daemonID}
	slices.Sort(groups)
	wantSame(s, "the user", f.user, itoa(accountID))
	wantSame(s, "the group", f.group, itoa(extraID))
	wantSame(s, "the list of groups", fmt.Sprint(f.groups), fmt.Sprint(groups))
	wantSame(s, "the variable A", f.environ["A"], "a  'b'")
	wantSame(s, "the variable FILE", f.environ["FILE"], "x")
	wantSame(s, "the working folder", f.folder, s.dir)
	wantSame(s, "the umask", f.umask, "0077")
	wantSame(s, "the niceness", f.nice, "2")
	wantSame(s, "the limit of open files", f.limits["open files"], "321 321")
	if !s.Exists(s.dir + "/pre start") {
		s.Errorf("the command before the start was not run in the working folder")
	}
}

// wantIDs checks user, group and supplementary groups.
func wantIDs(user, group int, groups ...int) func(s *service) {
	return func(s *service) {
		f := s.look(s.start())
		wantSame(s, "the user", f.user, itoa(user))
		wantSame(s, "the group", f.group, itoa(group))
		wantSame(s, "the list of supplementary groups", fmt.Sprint(f.groups), fmt.Sprint(groups))
	}
}

// wantNice checks the niceness, where that of the supervisor is none.
func wantNice(nice string) func(s *service) {
	return func(s *service) {
		if own := strings.Fields(afterName(s.sh("cat /proc/self/stat")))[16]; own != "0" {
			s.Skipf("palletgen runs with the niceness %s, and so do supervisors here", own)
		}
		wantSame(s, "the niceness", s.look(s.start()).nice, nice)
	}
}

// wantArguments starts the probe and compares its arguments.
func (s *service) wantArguments(args ...string) {
	got := s.look(s.start()).args
	wantSame(s, "the list of arguments", fmt.Sprintf("%q", got), fmt.Sprintf("%q", append([]string{probePath, s.dir}, args...)))
}

// wantVariables starts the probe and compares some of its variables.
func (s *service) wantVariables(variables map[string]string) {
	got := s.look(s.start()).environ
	for name, value := range variables {
		if found, ok := got[name]; !ok || found != value {
			s.Errorf("the variable %s is %q, want %q", name, found, value)
		}
	}
}
