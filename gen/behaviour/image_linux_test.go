package behaviour

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"palletgen/gen/debian"
	"palletgen/gen/lab"
)

// These tests work on a Debian that does not run: a tree that debootstrap makes once, and that every machine has for
// itself, since a machine writes over the host's files and not into them.

func TestDebianImage(t *testing.T) {
	t.Parallel()
	lab.New(t, lab.Options{}).End() // not where there can be no machine
	if testing.Short() {
		t.Skip("may make a Debian, which takes half a minute and the network")
	}
	tree := debian.Tree(t)
	for _, s := range supervisors {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			needSupervisor(t, s)
			testImage(t, tree, s)
		})
	}
	t.Run("apt", func(t *testing.T) {
		t.Parallel()
		testApt(t, tree)
	})
}

// image is a tree in a machine.
type image struct {
	*survivor
	tree string
	s    supervisor
}

// newImage starts a machine without a supervisor, and puts into the tree what a host of that supervisor has.
func newImage(t testing.TB, tree string, s supervisor) image {
	t.Helper()
	h := &host{Machine: lab.New(t, lab.Options{Programs: []string{serverName, childName}}), t: t}
	i := image{&survivor{host: h, group: survivorGroup(s), app: service{host: h, name: "app", dir: "/srv/app"}}, tree, s}
	h.WriteFile(tree+survivorArchive, string(archiveOf(t)), 0o644)
	h.WriteFile(tree+"/etc/survivor.conf", "# kept\ntext=zero\n", 0o644)
	h.WriteFile(tree+"/etc/survivor/foreign", "somebody else's\n", 0o640)
	h.WriteFile(tree+"/srv/app/mode", "up\n", 0o644)
	h.WriteFile(tree+"/srv/app/port", "5555\n", 0o644)
	h.must("chmod", "0777", tree+"/srv/app")
	for _, name := range []string{serverName, childName} {
		h.must("cp", "-L", "/usr/local/bin/"+name, tree+"/usr/local/bin/"+name)
	}
	switch s.name {
	case runit.name:
		for _, program := range append(s.needs, "runsv") {
			h.must("cp", "-L", lab.Need(t, program), tree+"/usr/bin/")
		}
		h.must("mkdir", "-p", tree+"/etc/service", tree+"/etc/sv")
	case upstart.name:
		h.must("mkdir", "-p", tree+"/etc/init")
		initctl, err := os.ReadFile(findUpstart()[upstartCtl])
		if err != nil {
			t.Fatal(err)
		}
		h.WriteFile(tree+"/usr/sbin/initctl", string(initctl), 0o755)
	}
	return i
}

// run runs phases on the image.
func (i image) run(phases ...string) outcome {
	i.t.Helper()
	return i.phase(append([]string{"--root=" + i.tree}, phases...)...)
}

// outside is the state of everything but the image.
func (i image) outside() map[string]string {
	i.t.Helper()
	state := i.state()
	for path := range state {
		if strings.HasPrefix(i.tree, path) || strings.HasPrefix(path, i.tree+"/") {
			delete(state, path)
		}
	}
	return state
}

func testImage(t *testing.T, tree string, s supervisor) {
	i := newImage(t, tree, s)
	i.place(i.group, build(t, i.group, survivorConfig(t, s), "--crates", survivorCrates(t)))
	before, processes := i.outside(), len(i.Processes())

	i.wants(i.run(append([]string{"--check"}, flow...)...), 2)
	got := i.run(flow...)
	i.wants(got, 0, "added user survivor", "app: no start, nothing runs in an image")
	if again := i.run(flow...); again.Code != 0 || again.changed != 0 {
		t.Errorf("the second run: %v", again)
	}
	for _, action := range []string{"stop", "restart", "reload"} {
		if got := i.run(action); got.Code != 0 || got.changed != 0 {
			t.Errorf("%s: %v", action, got)
		}
	}
	i.wants(i.run("verify"), 0)
	if diff := differences(before, i.outside()); diff != "" {
		t.Errorf("outside of the image something changed:\n%s", diff)
	}
	if now := i.Processes(); len(now) != processes {
		t.Errorf("something runs: %v", now)
	}
	if i.Run("id", "survivor").Code == 0 {
		t.Error("the host itself has the user")
	}
	if got := i.must("chroot", tree, "stat", "-c", "%U %G %a %n", "/etc/survivor/config", "/srv/survivor/data", "/opt/survivor/bin/tool"); got !=
		"survivor survivor 640 /etc/survivor/config\nroot survivor 1770 /srv/survivor/data\nsurvivor survivor 755 /opt/survivor/bin/tool\n" {
		t.Errorf("in the image: %s", got)
	}
	if left := i.must("find", tree, "-xdev", "-name", "*palletgen-*", "-not", "-path", tree+"/var/lib/palletgen*"); strings.Contains(left, "new") || strings.Contains(left, tree+"/.palletgen") {
		t.Errorf("left in the image: %s", left)
	}
	i.boot()
}

// boot lets the image run, as far as that can be done.
func (i image) boot() {
	i.t.Helper()
	i.must("mount", "-t", "proc", "proc", i.tree+"/proc")
	i.must("mount", "--rbind", "/dev", i.tree+"/dev")
	switch i.s.name {
	case runit.name:
		i.Start("chroot", i.tree, "runsvdir", "-P", "/etc/service")
	case nohup.name:
		i.must("mkdir", "-p", i.tree+i.bundle)
		i.must("sh", "-c", "cp -R "+i.bundle+"/. "+i.tree+i.bundle)
		i.must("chroot", i.tree, i.bundle+"/run", "start")
	default:
		if job := i.ReadFile(i.tree + "/etc/init/app.conf"); !strings.Contains(job, "start on") {
			i.t.Errorf("the job does not start at boot:\n%s", job)
		}
		return
	}
	lab.Until(i.t, patience, "the service of the image that was started", func() bool { return len(i.app.processes()) == 2 })
	for _, p := range i.app.processes() {
		if p.UID != 951 {
			i.t.Errorf("it runs as another user: %v", p)
		}
	}
}

// testApt has a package installed by the real apt, from the real mirror.
func testApt(t *testing.T, tree string) {
	const name = "hello"
	h := &host{Machine: lab.New(t, lab.Options{Network: true, Programs: []string{serverName, childName}}), t: t}
	config := appConfig(nohup, "command: [/usr/bin/sleep, '1000']", "packages: {apt: ["+name+"]}")
	h.place("app-nohup", build(t, "app-nohup", config))
	run := lab.Command{Argv: []string{h.bundle + "/run", "--root", tree, "install"}, Timeout: 3 * time.Minute}
	if got := h.RunCommand(lab.Command{Argv: append(run.Argv, "--check")}); got.Code != 2 || !strings.Contains(got.Stdout, name) {
		t.Errorf("--check: %v", got)
	}
	first := h.RunCommand(run)
	if first.Code != 0 || !strings.HasSuffix(first.Stdout, "changed=1\n") {
		t.Fatalf("the first run: %v", first)
	}
	if got := h.must("chroot", tree, name); got != "Hello, world!\n" {
		t.Errorf("the package's program says %q", got)
	}
	second, report := h.RunTraced(run, lab.Trace{})
	if second.Code != 0 || !strings.HasSuffix(second.Stdout, "changed=0\n") {
		t.Errorf("the second run: %v", second)
	}
	for _, argv := range report.Execs {
		if strings.HasPrefix(filepath.Base(argv[0]), "apt") {
			t.Errorf("the second run executes %q", argv)
		}
	}
	if left := h.Run("find", tree, "-maxdepth", "1", "-name", ".palletgen*"); left.Stdout != "" {
		t.Errorf("left in the image: %v", left)
	}
}
