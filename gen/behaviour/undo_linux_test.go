package behaviour

import (
	"fmt"
	"strings"
	"testing"
)

// These tests take back what the crate of promises_linux_test.go did: run by run, or all of it.

// wantFile checks what a file holds; "" stands for none there.
func (h *host) wantFile(name, want string) {
	h.t.Helper()
	if is := h.Run("cat", name).Stdout; is != want {
		h.t.Errorf("%s holds %q, want %q", name, is, want)
	}
	if want == "" && h.Run("ls", "-d", name).Code == 0 {
		h.t.Errorf("%s is there", name)
	}
}

// nothingAside checks that no run has left what it was making.
func (h *host) nothingAside() {
	h.t.Helper()
	if left := h.must("find", "/etc", "/var", "-xdev", "-name", ".*palletgen-new*"); left != "" {
		h.t.Errorf("left aside: %s", left)
	}
}

// pristine makes a machine list the folders above what bundles make, whether or not there is something in them.
func (p *promised) pristine() map[string]string {
	p.t.Helper()
	p.must("sh", "-c", "for d in /etc /var/lib /var/log /run; do mkdir $d/x && rmdir $d/x || exit; done")
	return p.everything()
}

func TestRollbackRunByRun(t *testing.T) {
	eachHost(t, []supervisor{nohup}, shells[:1], func(t *testing.T, shell string, _ supervisor) {
		const line = "line: /etc/it's here.conf"
		p := newPromised(t, shell, line)
		p.WriteFile("/etc/it's here.conf", "kept\ntext=zero\n", 0o644)
		wants := func(text, added string) {
			t.Helper()
			p.wantFile(promiseConfig, "text "+text+"\n")
			p.wantFile("/etc/it's here.conf", "kept\ntext="+text+"\n")
			p.wantFile("/etc/app/added", added)
		}
		p.ok("install", "configure")
		p.rebuilt(line, "text: two")
		p.ok("configure")
		p.rebuilt(line, "text: two", "added: true")
		p.ok("install", "configure")
		p.ok("install", "configure") // changes nothing, so that it is no run to take back
		wants("two", "text two\n")

		p.wants(p.phase("--check", "rollback"), 2, "would remove /etc/app/added")
		wants("two", "text two\n")
		p.ok("rollback")
		wants("two", "")
		p.wants(p.phase("--check", "rollback"), 2, "would bring back "+promiseConfig)
		p.ok("rollback")
		wants("one", "")
		before := p.everything()
		p.wants(p.phase("rollback"), 70, "first run")
		p.same("a rollback of nothing", before)

		// Forth again, and back again.
		p.ok("configure")
		wants("two", "text two\n")
		p.ok("rollback")
		wants("one", "")
		p.wants(p.phase("rollback"), 70, "first run")
	})
}

// TestRollbackOfALine has a run that changes nothing else.
func TestRollbackOfALine(t *testing.T) {
	t.Parallel()
	p := newPromised(t, "dash")
	p.WriteFile("/etc/app.conf", "kept\ntext=zero\nkept too\n", 0o640)
	p.must("chown", "3:4", "/etc/app.conf")
	p.ok("install", "configure")
	p.rebuilt("line: /etc/app.conf")
	p.ok("configure")
	p.wantFile("/etc/app.conf", "kept\ntext=one\nkept too\n")
	p.ok("rollback")
	p.wantFile("/etc/app.conf", "kept\ntext=zero\nkept too\n")
	if got := p.must("stat", "-c", "%u:%g %a", "/etc/app.conf"); got != "3:4 640\n" {
		t.Errorf("its owner and mode are %s", got)
	}
}

func TestRollbackBringsBackEdits(t *testing.T) {
	t.Parallel()
	p := newPromised(t, "dash")
	p.ok("install", "configure")
	p.must("sh", "-c", "echo edited >>"+promiseConfig+"; echo edited >>"+promiseSecret)
	p.wants(p.phase("configure"), 78, "edited on this host", "--overwrite-changes")
	p.ok("--overwrite-changes", "configure")
	p.wantFile(promiseConfig, "text one\n")
	p.ok("rollback")
	p.wantFile(promiseConfig, "text one\nedited\n")
	p.wantFile(promiseSecret, "hush-one\nedited\n")
	p.wants(p.phase("configure"), 78, "edited on this host")
	p.wantFile(promiseConfig, "text one\nedited\n")
	p.wants(p.phase("verify"), 2, promiseConfig, promiseSecret)
}

func TestFolderInThePlaceOfAFile(t *testing.T) {
	eachHost(t, []supervisor{nohup}, shells, func(t *testing.T, shell string, _ supervisor) {
		p := newPromised(t, shell)
		p.ok("install", "configure")
		p.rebuilt("text: two")
		p.ok("configure")
		p.must("sh", "-c", "rm "+promiseConfig+" && mkdir "+promiseConfig+" && echo x >"+promiseConfig+"/mine")
		p.wants(p.phase("configure"), 70, promiseConfig, "move it away")
		p.nothingAside()
		p.wants(p.phase("--check", "rollback"), 2, promiseConfig, "a folder is there")
		p.wants(p.phase("rollback"), 70, promiseConfig, "a folder is there")
		p.nothingAside()
		p.wants(p.phase("uninstall"), 0, "kept "+promiseConfig, "a folder is there")
		p.nothingAside()
		p.wantFile(promiseConfig+"/mine", "x\n")
		p.wantFile(promiseSecret, "")
	})
}

// TestUninstallBringsBack has somebody else's in all places of the bundle.
func TestUninstallBringsBack(t *testing.T) {
	foreign := map[string]struct {
		make      string // a script
		overwrite bool   // what is there is not replaced without being told to
		settings  []string
	}{
		"nothing":                   {"", false, []string{"link: /etc/app.link", "line: /etc/a folder/it's one"}},
		"a file":                    {"echo theirs >" + promiseConfig + "; chown 3:4 " + promiseConfig + "; chmod 4750 " + promiseConfig, false, nil},
		"a file for the secret":     {"echo theirs >" + promiseSecret, false, nil},
		"an empty file":             {": >" + promiseConfig, false, nil},
		"a link to a file":          {"echo theirs >/etc/theirs; ln -s /etc/theirs " + promiseConfig, true, nil},
		"a link to a folder":        {"ln -s /var/lib " + promiseConfig, true, nil},
		"a link to nothing":         {"ln -s /nowhere " + promiseConfig, true, nil},
		"a link for the link":       {"ln -s /etc/passwd /etc/app.link", false, []string{"link: /etc/app.link"}},
		"a link to a folder for it": {"ln -s /var/lib /etc/app.link", false, []string{"link: /etc/app.link"}},
		"a line":                    {`printf 'a\ntext= what was\\n here \nz\n' >"/etc/it's here"; chmod 600 "/etc/it's here"`, false, []string{"line: /etc/it's here"}},
		"a line that is right":      {"echo text=one >/etc/app.conf", false, []string{"line: /etc/app.conf"}},
		"a file without the line":   {"echo other >/etc/app.conf", false, []string{"line: /etc/app.conf"}},
	}
	t.Parallel()
	for name, f := range foreign {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPromised(t, "dash", f.settings...)
			p.must("sh", "-c", "mkdir -p /etc/app; "+f.make)
			before := p.pristine()
			p.ok("install")
			if f.overwrite {
				p.wants(p.phase("configure"), 78, promiseConfig, "--overwrite-changes")
				p.wants(p.phase("--check", "configure"), 2, promiseConfig, "--overwrite-changes")
				p.ok("--overwrite-changes", "configure")
			} else {
				p.ok("configure")
			}
			p.wantFile(promiseConfig, "text one\n")
			p.wants(p.phase("verify"), 0)
			// What is brought back is not what an update has replaced.
			p.rebuilt(append(f.settings, "text: two")...)
			p.ok("configure")
			p.ok("uninstall")
			p.same("a bundle that came and went", before)
		})
	}
}

func TestUninstallKeepsAndRemembers(t *testing.T) {
	t.Parallel()
	p := newPromised(t, "dash", "user: app")
	accounts := p.must("cat", "/etc/passwd", "/etc/group")
	before := p.pristine()
	p.ok("install", "configure", "start")
	p.must("sh", "-c", "echo edited >>"+promiseConfig)
	p.wants(p.phase("uninstall"), 0, "kept "+promiseConfig, "uninstall --overwrite-changes removes it", "kept /var/log/nohup/app", "stopped app")
	p.wantFile(promiseConfig, "text one\nedited\n")
	p.wantFile(promiseSecret, "")
	if got := p.app.processes(); len(got) > 0 {
		t.Errorf("left: %v", got)
	}
	p.wants(p.phase("--check", "--overwrite-changes", "uninstall"), 2, "would remove "+promiseConfig)
	p.wants(p.phase("uninstall", "--overwrite-changes"), 0, "removed "+promiseConfig, "kept /var/log/nohup/app")
	p.wantFile(promiseConfig, "")
	p.wants(p.phase("uninstall", "--purge"), 0, "removed /var/log/nohup/app", "removed user app")
	if now := p.must("cat", "/etc/passwd", "/etc/group"); now != accounts {
		t.Errorf("the accounts were\n%s\nand are\n%s", accounts, now)
	}
	for name, is := range p.everything() {
		if was := before[name]; is != was && !strings.HasPrefix(name, "/etc/") { // /etc/passwd- and its like
			t.Errorf("%s is %s, was %q", name, is, was)
		}
	}
}

// TestPurgeAfterUninstall is of a bundle of which nothing is kept but the account.
func TestPurgeAfterUninstall(t *testing.T) {
	t.Parallel()
	p := newPromised(t, "dash", "user: app")
	p.ok("install", "configure")
	p.ok("uninstall")
	if p.Run("id", "app").Code != 0 {
		t.Error("the user is gone without --purge")
	}
	p.wants(p.phase("uninstall", "--purge"), 0, "removed user app")
	if p.Run("id", "app").Code == 0 {
		t.Error("the user is there after --purge")
	}
	p.wantFile("/var/lib/palletgen", "")
}

func TestUninstallKnowsNoConditions(t *testing.T) {
	t.Parallel()
	p := newPromised(t, "dash")
	before := p.pristine()
	for _, condition := range []string{"run uninstall --if-stopped", "PALLETGEN_IF_STOPPED=1 run uninstall", "run uninstall --if-flag x", "PALLETGEN_IF_FLAG=x run uninstall"} {
		p.ok("install", "configure", "start")
		command := strings.Replace(condition, "run", p.bundle+"/run --purge", 1)
		got := p.Run("sh", "-c", command)
		if got.Code != 0 || !strings.Contains(got.Stdout, "stopped app\n") {
			t.Errorf("%s: %v", condition, got)
		}
		p.same(condition, before)
	}
}

// TestTwoBundles has the second one stay whole when the first one goes.
func TestTwoBundles(t *testing.T) {
	eachHost(t, []supervisor{nohup}, shells[:1], func(t *testing.T, shell string, s supervisor) {
		h := newTarget(t, shell, s)
		services := map[string]service{}
		for name, port := range map[string]string{"aa": "5555", "bb": "5556"} {
			services[name] = h.serve(name, port)
			h.place(name, promise(t, name, "name: "+name, "user: "+name, "port: "+port))
			h.ok("install", "configure", "start")
		}
		// As if the first had installed a package, with a package manager that only writes down what it is to do.
		h.WriteFile("/usr/local/sbin/dpkg", "#!/bin/dash\necho \"$*\" >>/srv/dpkg\n", 0o755)
		h.must("sh", "-c", `printf '\npackage tar ;' >>/var/lib/palletgen/aa/journal; echo theirs >/etc/aa/theirs`)
		const list = "find /etc/bb /var/log/nohup/bb /var/lib/palletgen-nohup/bb /var/lib/palletgen/bb /run/palletgen/bb* -exec ls -ld {} + -type f -exec cksum {} +"
		before, pid := h.must("sh", "-c", list), services["bb"].pid()

		run := func(name string, phases ...string) outcome {
			h.bundle = "/srv/bundles/" + name
			return h.phase(phases...)
		}
		h.wants(run("aa", "uninstall", "--purge"), 0, "kept packages and accounts", "bb")
		if now := h.must("sh", "-c", list); now != before {
			t.Errorf("of bb there was\n%s\nand is\n%s", before, now)
		}
		h.wants(run("bb", "status"), 0, fmt.Sprintf("bb: running, pid %d\n", pid))
		h.wants(run("bb", "verify"), 0)
		for _, name := range []string{"aa", "bb"} {
			h.must("id", name)
		}
		h.wantFile("/srv/dpkg", "")
		h.wantFile("/etc/aa/theirs", "theirs\n") // the bundle has made the folder for its own files only
		h.wantFile("/etc/aa/config", "")
		for _, gone := range []string{"/var/log/nohup/aa", "/var/lib/palletgen-nohup/aa", "/run/palletgen/aa.pid"} {
			h.wantFile(gone, "")
		}
		if got := services["aa"].processes(); len(got) > 0 {
			t.Errorf("of aa something is left: %v", got)
		}
		h.wants(run("bb", "uninstall", "--purge"), 0, "removed user bb")
	})
}
