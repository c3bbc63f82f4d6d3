package transport

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/lab"
)

// An engine runs a bundle on many hosts, by a command line of the README.
type engine struct {
	name    string
	needs   string         // program
	command string         // of a shell in /root; PHASES is where they stand
	said    *regexp.Regexp // what it shows of a host that had nothing to do
	failed  *regexp.Regexp // what it shows of one that failed: name and exit code
	code    int            // its own exit code, where one host ends with 70 and one with 75
}

var pdshFailed = regexp.MustCompile(`(?m)^pdsh@\S+: (h\d+): \S+ exited with exit code (\d+)$`)

var engines = []engine{
	{
		name: "xargs", needs: "xargs",
		command: `mkdir -p log
xargs -P 20 -n 1 sh -c 'ssh "$1" sh -s -- PHASES <dist/app.sh >"log/$1" 2>&1 ||
    { echo "$1: exit code $?: $(tail -n 1 "log/$1")"; exit 1; }' sh <hosts`,
		said:   regexp.MustCompile(`(?m)^==> log/(h\d+) <==\nchanged=0$`),
		failed: regexp.MustCompile(`(?m)^(h\d+): exit code (\d+): app: `),
		code:   123, // "some failed"
	},
	{
		name: "pdsh", needs: "pdsh",
		command: `pdsh -S -R exec -w ^hosts sh -c 'ssh %h sh -s -- PHASES <dist/app.sh'`,
		said:    regexp.MustCompile(`(?m)^(h\d+): changed=0$`),
		failed:  pdshFailed,
		code:    75, // the largest
	},
	{
		name: "pdsh of a copy", needs: "pdsh",
		command: `xargs -P 20 -I HOST scp -q dist/app.sh HOST:app.sh <hosts && pdsh -S -R ssh -w ^hosts sh app.sh PHASES`,
		said:    regexp.MustCompile(`(?m)^(h\d+): changed=0$`),
		failed:  pdshFailed,
		code:    75,
	},
	{
		name: "ansible", needs: "ansible",
		command: `ansible all -i hosts -f 20 -m script -a 'dist/app.sh PHASES'`,
		said:    regexp.MustCompile(`(?m)^(h\d+) \| CHANGED => \{\n(?:    .*\n)*    "stdout": "changed=0\\r\\n"`),
		failed:  regexp.MustCompile(`(?m)^(h\d+) \| FAILED! => \{\n(?:    .*\n)*    "rc": (\d+),`),
		code:    2,
	},
}

// run has the engine run phases on all hosts.
func (f *fleet) run(e engine, phases string) lab.Result {
	f.t.Helper()
	script := strings.ReplaceAll(e.command, "PHASES", phases)
	got := f.RunCommand(lab.Command{Argv: []string{"sh", "-c", script}, Dir: "/root", Timeout: 3 * time.Minute})
	if got.Held {
		f.t.Errorf("%s: something holds the output", e.name)
	}
	return got
}

// quiet checks that no host had anything to do.
func (f *fleet) quiet(e engine) {
	f.t.Helper()
	got := f.run(e, flow)
	shown := got.Stdout
	if e.name == "xargs" {
		shown = f.must("sh", "-c", "cd /root && tail -n +1 log/*")
	}
	var names []string
	for _, match := range e.said.FindAllStringSubmatch(shown, -1) {
		names = append(names, match[1])
	}
	slices.Sort(names)
	if diff := cmp.Diff(slices.Sorted(slices.Values(f.names)), names); got.Code != 0 || diff != "" {
		f.t.Errorf("%s: not every host had nothing to do (-want +got):\n%s%v", e.name, diff, got)
	}
}

// troubled has the engine restart the service everywhere, where one host cannot and one is locked: all others do, and
// these two are named, with their exit codes.
func (f *fleet) troubled(e engine) {
	f.t.Helper()
	const broken, locked = "h7", "h13"
	before := f.starts()
	f.WriteFile("/srv/fleet/"+broken+"/mode", "crash\n", 0o644)
	f.must("rm", "/srv/fleet/"+locked+"/ready")
	other, err := f.Spawn(lab.Command{Argv: []string{"ssh", locked, "sh", "-s", "--", "restart"}, Stdin: f.ReadFile("/root/dist/app.sh")})
	if err != nil {
		f.t.Fatal(err)
	}
	lab.Until(f.t, patience, "the run that holds the lock", func() bool { return f.starts()[locked] > before[locked] })

	got := f.run(e, "--wait 0 restart")
	codes := map[string]int{}
	for _, match := range e.failed.FindAllStringSubmatch(got.Stdout+got.Stderr, -1) {
		codes[match[1]], _ = strconv.Atoi(match[2])
	}
	if diff := cmp.Diff(map[string]int{broken: 70, locked: 75}, codes); diff != "" || got.Code != e.code {
		f.t.Errorf("%s: exit code %d, want %d; the hosts' (-want +got):\n%s%v", e.name, got.Code, e.code, diff, got)
	}
	after := f.starts()
	for _, name := range f.names {
		if name != broken && after[name] != before[name]+1 {
			f.t.Errorf("%s: %s: %d starts, want one", e.name, name, after[name]-before[name])
		}
	}

	f.WriteFile("/srv/fleet/"+broken+"/mode", "up\n", 0o644)
	f.must("touch", "/srv/fleet/"+locked+"/ready")
	wants(f.t, f.Wait(other, patience), 0)
	wants(f.t, f.RunCommand(lab.Command{Argv: []string{"ssh", broken, "sh", "-s", "--", "restart"}, Stdin: f.ReadFile("/root/dist/app.sh")}), 0)
}

// starts is how often the service of each host was started.
func (f *fleet) starts() map[string]int {
	f.t.Helper()
	starts := map[string]int{}
	for line := range strings.Lines(f.must("sh", "-c", "cd /srv/fleet && wc -l */starts 2>/dev/null || :")) {
		var n int
		var file string
		if _, err := fmt.Sscan(line, &n, &file); err == nil {
			starts[strings.TrimSuffix(file, "/starts")] = n
		}
	}
	delete(starts, "total")
	return starts
}

func TestFleet(t *testing.T) {
	t.Parallel()
	f := newFleet(t, build(t, appConfig("runit", needsFile), "--format", formats))
	wants(t, f.run(engines[1], flow), 0)
	once := map[string]int{}
	for _, name := range f.names {
		once[name] = 1
	}
	if got := f.starts(); !maps.Equal(got, once) {
		t.Fatalf("not every host has started its service once: %v", got)
	}
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			lab.Need(t, e.needs)
			f := f.in(t)
			f.quiet(e)
			f.troubled(e)
		})
	}
}

// in is the same fleet for a subtest.
func (f *fleet) in(t testing.TB) *fleet { return &fleet{host: f.host.in(t), names: f.names} }

// BenchmarkFleetNoop is how long each engine takes for twenty hosts on which there is nothing to do, by turns.
func BenchmarkFleetNoop(b *testing.B) {
	f := newFleet(b, build(b, appConfig("runit", needsFile), "--format", formats))
	wants(b, f.run(engines[0], flow), 0)
	took := make([][]time.Duration, len(engines))
	for b.Loop() {
		for i, e := range engines {
			lab.Need(b, e.needs)
			got := f.run(e, flow)
			wants(b, got, 0)
			took[i] = append(took[i], got.Duration)
		}
	}
	b.ReportMetric(0, "ns/op")
	for i, e := range engines {
		slices.Sort(took[i])
		b.ReportMetric(took[i][len(took[i])/2].Seconds(), "s/"+strings.ReplaceAll(e.name, " ", "-"))
	}
}
