package behaviour

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"palletgen/gen/lab"
)

// What a run costs that has nothing to do: the example riemann-runit, alone and with a hundred files more.

// mostExecs is how many programs it may execute beside its own shell.
const mostExecs = 8

// noop is a host on which everything is as the bundle says.
type noop struct {
	*host
	packages []string
	archive  string
}

// newNoop installs the example with so many files more.
func newNoop(t testing.TB, files int) noop {
	t.Helper()
	n := noop{archive: survivorArchive, packages: []string{"openjdk-17-jre-headless", "runit", "runit-run", "bash", "bzip2"}}
	crates := t.TempDir()
	if err := os.Mkdir(crates+"/many", 0o755); err != nil {
		t.Fatal(err)
	}
	crate := "doc: many files\nfiles:\n"
	for i := range files {
		crate += fmt.Sprintf("  - {path: /etc/many/%d, template: text.tmpl, owner: root, group: root, mode: \"0644\"}\n", i)
	}
	if files == 0 {
		crate = "doc: no files\n"
	}
	for name, text := range map[string]string{"crate.yaml": crate, "text.tmpl": "some text\n", "install.sh.tmpl": ": nothing\n"} {
		if err := os.WriteFile(filepath.Join(crates, "many", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if files > 0 {
		if err := os.Remove(filepath.Join(crates, "many", "install.sh.tmpl")); err != nil {
			t.Fatal(err)
		}
	}
	many := "\n      - many"
	if files == 0 {
		many = ""
	}
	sum := sha256.Sum256(archiveOf(t))
	config := fmt.Sprintf(`groups:
  riemann-runit:
    extends:
      - java
      - runit
      - riemann: {supervisor: runit, run_command: [/usr/local/bin/lab-server, /srv/riemann], dist_url: "file://%s", sha256: %s}%s
`, n.archive, hex.EncodeToString(sum[:]), many)

	n.host = newTarget(t, "dash", runit)
	n.packagesAreThere()
	n.WriteFile(n.archive, string(archiveOf(t)), 0o644)
	n.addService("riemann", "up")
	n.unpack("riemann-runit", config, "--crates", crates)
	n.ok(flow...)
	if again := n.ok(flow...); again.changed != 0 {
		t.Fatalf("it is not as the bundle says: %v", again)
	}
	return n
}

// packagesAreThere lets dpkg believe that the packages are installed which this host lacks.
func (n noop) packagesAreThere() {
	n.t.Helper()
	status := n.ReadFile("/var/lib/dpkg/status")
	for _, name := range n.packages {
		if strings.Contains(n.Run("dpkg-query", "-W", "-f", "${Status}", name).Stdout, "ok installed") {
			continue
		}
		status += fmt.Sprintf("\nPackage: %s\nStatus: install ok installed\nMaintainer: nobody\nArchitecture: all\nVersion: 1:9\nDescription: believed\n", name)
	}
	n.WriteFile("/var/lib/dpkg/status", status, 0o644)
}

// run is the command line that has nothing to do.
func (n noop) run() []string { return append([]string{n.bundle + "/run"}, flow...) }

// byHand puts the hand-written script on the host, with what it reads, and returns its command line.
func (n noop) byHand() []string {
	n.t.Helper()
	script, err := os.ReadFile("../../testdata/cost/by-hand.sh")
	if err != nil {
		n.t.Fatal(err)
	}
	const folder = "/srv/by-hand"
	n.WriteFile(folder+"/by-hand.sh", string(script), 0o755)
	n.WriteFile(folder+"/packages", strings.Join(n.packages, "\n")+"\n", 0o644)
	files := strings.Fields(n.must("sh", "-c", "cd "+n.bundle+"/root && find . -type f | sed 's/^.//' | LC_ALL=C sort"))
	var sums, paths strings.Builder
	for line := range strings.Lines(n.must("sh", "-c", "cd "+n.bundle+"/root && find . -type f | LC_ALL=C sort | xargs sha256sum")) {
		sums.WriteString(strings.Replace(line, "  .", "  ", 1))
	}
	list := n.must(append([]string{"ls", "-ldn"}, append(slices.Clone(files), "/var/log/riemann", "/var/log/runit/riemann",
		"/var/log/runit/riemann/config", "/etc/service/riemann")...)...)
	for line := range strings.Lines(list) {
		f := strings.Fields(line)
		path := line[strings.Index(line, " /")+1:]
		fmt.Fprintf(&paths, "%s %s:%s %s", f[0], f[2], f[3], path)
	}
	n.WriteFile(folder+"/sums", sums.String(), 0o644)
	n.WriteFile(folder+"/paths", paths.String(), 0o644)
	return []string{folder + "/by-hand.sh", folder}
}

// ansible puts the playbook on the host, and returns its command line.
func (n noop) ansible() []string {
	n.t.Helper()
	program := lab.Need(n.t, "ansible-playbook")
	playbook, err := os.ReadFile("../../testdata/cost/playbook.yaml")
	if err != nil {
		n.t.Fatal(err)
	}
	type file struct {
		Path  string `json:"path"`
		Owner string `json:"owner"`
		Group string `json:"group"`
		Mode  string `json:"mode"`
	}
	variables := struct {
		Bundle   string   `json:"bundle"`
		Packages []string `json:"packages"`
		Archive  string   `json:"archive"`
		Files    []file   `json:"files"`
		Folders  []file   `json:"folders"`
	}{
		n.bundle, n.packages, n.archive, nil,
		[]file{{"/var/log/riemann", "riemann", "riemann", "0755"}, {"/var/log/runit/riemann", "riemann", "riemann", "0755"}},
	}
	for line := range strings.Lines(n.must("sh", "-c", "cd "+n.bundle+"/root && find . -type f | sed 's/^.//' | xargs stat -c '%n %U %G %a'")) {
		f := strings.Fields(line)
		variables.Files = append(variables.Files, file{f[0], f[1], f[2], "0" + f[3]})
	}
	text, err := json.Marshal(variables)
	if err != nil {
		n.t.Fatal(err)
	}
	n.WriteFile("/srv/ansible/variables.json", string(text), 0o644)
	n.WriteFile("/srv/ansible/playbook.yaml", string(playbook), 0o644)
	return []string{program, "-i", "localhost,", "-c", "local", "-e", "@/srv/ansible/variables.json", "/srv/ansible/playbook.yaml"}
}

func TestNoopExecutesLittle(t *testing.T) {
	t.Parallel()
	lab.Need(t, "dpkg-query")
	for _, files := range []int{0, 100} {
		t.Run(fmt.Sprintf("%d files more", files), func(t *testing.T) {
			t.Parallel()
			needSupervisor(t, runit)
			n := newNoop(t, files)
			got, report := n.RunTraced(lab.Command{Argv: n.run()}, lab.Trace{})
			if got.Code != 0 || !strings.HasSuffix(got.Stdout, "changed=0\n") {
				t.Errorf("it had something to do: %v", got)
			}
			hand, byHand := n.RunTraced(lab.Command{Argv: n.byHand()}, lab.Trace{})
			if hand.Code != 0 {
				t.Errorf("written by hand: %v", hand)
			}
			t.Logf("%d programs, written by hand %d", len(report.Execs), len(byHand.Execs))
			if len(report.Execs) > mostExecs {
				t.Errorf("%d programs, want at most %d:\n%q", len(report.Execs), mostExecs, report.Execs)
			}
		})
	}
}

// each is how long a command takes in the middle, over so many runs, on the host itself.
func (n noop) each(times int, argv []string) time.Duration {
	n.t.Helper()
	loop := fmt.Sprintf(`i=0; while [ $i -lt %d ]; do "$@" >/dev/null 2>&1 </dev/null || exit; i=$((i+1)); done`, times)
	got := n.RunCommand(lab.Command{Argv: append([]string{"/bin/dash", "-c", loop, "loop"}, argv...), Timeout: 5 * time.Minute})
	if got.Code != 0 {
		n.t.Fatalf("%q: %v", argv, n.Run(argv...))
	}
	return got.Duration / time.Duration(times)
}

// BenchmarkNoop compares the bundle with the script written by hand, and with ansible where it is there. Each
// iteration is some runs of both, by turns: what the host does beside it disturbs both alike.
func BenchmarkNoop(b *testing.B) {
	others := map[string]struct {
		times   int // in an iteration
		command func(n noop) []string
	}{
		"by-hand": {20, noop.byHand},
		"ansible": {1, noop.ansible},
	}
	for _, files := range []int{0, 100} {
		for _, name := range []string{"by-hand", "ansible"} {
			b.Run(fmt.Sprintf("%s/%d files more", name, files), func(b *testing.B) {
				n := newNoop(b, files)
				command := others[name].command(n)
				n.each(1, command) // fills caches
				var ours, theirs time.Duration
				rounds := 0
				for b.Loop() {
					ours += n.each(20, n.run())
					theirs += n.each(others[name].times, command)
					rounds++
				}
				ms := func(d time.Duration) float64 { return d.Seconds() * 1000 / float64(rounds) }
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(ms(ours), "ms/run")
				b.ReportMetric(ms(theirs), "ms/"+name)
				if name == "ansible" {
					b.ReportMetric(float64(theirs)/float64(ours), "times-faster")
				} else {
					b.ReportMetric(float64(ours)/float64(theirs), "times-"+name)
				}
			})
		}
	}
}
