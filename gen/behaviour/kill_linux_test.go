package behaviour

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/lab"
)

// These tests kill ./run everywhere: after each command that it executes, before each, and before each system call
// that changes a file. Another run then has to end as if nothing had happened.

// allPoints is the environment variable that asks for every point of every kind; without it some kinds are thinned out.
const allPoints = "PALLETGEN_ALL_POINTS"

// killing is a way to kill.
type killing struct {
	name  string
	trace lab.Trace
	each  int // one in so many points, without PALLETGEN_ALL_POINTS
}

// killings are the ways. What useradd and its like have half done is theirs to mend: they are killed before or after.
var killings = []killing{
	{"after each command, the shell alone", lab.Trace{Kill: lab.AfterEnd}, 1},
	{"before each command, with its group", lab.Trace{Kill: lab.AtExec, Group: true}, 7},
	{"after each command, with its group", lab.Trace{Kill: lab.AfterEnd, Group: true}, 20},
	{"before each change of a file, with its group", lab.Trace{Kill: lab.AtChange, Group: true, Foreign: accountPrograms}, 16},
}

var accountPrograms = []string{"useradd", "groupadd", "usermod", "adduser", "addgroup"}

// points is what a trace without a kill says about how many there are.
func (k killing) points(report lab.TraceReport) int {
	if k.trace.Kill == lab.AtChange {
		return len(report.Changes)
	}
	return report.Points
}

// at is the numbers of the points to be tried, of so many; one in each, times how rarely this way is tried.
func (k killing) at(count, each int) []int {
	each *= k.each
	if os.Getenv(allPoints) != "" {
		each = 1
	} else if testing.Short() {
		each *= 5
	}
	var at []int
	for i := 1; i <= count; i += each {
		at = append(at, i)
	}
	return at
}

// few leaves out under the other supervisors what is the same under nohup, where each of it is killed: the number of
// points counts twice in what these tests cost.
func few(s supervisor) []string {
	if s.name == nohup.name {
		return nil
	}
	return []string{"few: true"}
}

// flow is what is killed.
var flow = []string{"install", "configure", "enable", "start"}

func TestKilledAnywhere(t *testing.T) {
	eachHost(t, supervisors, shells[:1], func(t *testing.T, shell string, s supervisor) {
		needSupervisor(t, s)
		archive := build(t, survivorGroup(s), survivorConfig(t, s, few(s)...), "--crates", survivorCrates(t))
		fresh := func(t testing.TB) *survivor {
			v := newSurvivor(t, shell, s)
			v.place(survivorGroup(s), archive)
			return v
		}
		want := undisturbed(t, fresh)
		for _, k := range killings {
			count, _ := countPoints(t, fresh, k)
			at := k.at(count, 1)
			well := beside(t, 12, len(at), func(i int) string { return fmt.Sprintf("%s, %d of %d", k.name, at[i], count) },
				func(t testing.TB, i int) { killAt(t, fresh, k, at[i], want) })
			tellPoints(t, "%s/%s: %s: %d of %d kill points converge (there are %d)", s.name, shell, k.name, well, len(at), count)
		}
	})
}

// pointsFile names a file that gets a line about each series of kill points: tests that pass say nothing.
const pointsFile = "PALLETGEN_KILL_POINTS"

// tellPoints logs a line, and adds it to that file.
func tellPoints(t testing.TB, format string, args ...any) {
	t.Helper()
	t.Logf(format, args...)
	name := os.Getenv(pointsFile)
	if name == "" {
		return
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	_, err = fmt.Fprintf(f, format+"\n", args...)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Error(err)
	}
}

// undisturbed is the state that every other run has to end in. It is taken twice, to be sure that nothing else than
// a kill makes a difference.
func undisturbed(t *testing.T, fresh func(t testing.TB) *survivor) map[string]string {
	t.Helper()
	var states [2]map[string]string
	beside(t, 2, 2, func(i int) string { return fmt.Sprintf("undisturbed run %d", i+1) }, func(t testing.TB, i int) {
		v := fresh(t)
		v.ok(flow...)
		v.settled()
		states[i] = v.state()
	})
	if t.Failed() {
		t.FailNow()
	}
	if diff := cmp.Diff(states[0], states[1]); diff != "" {
		t.Fatalf("two undisturbed runs differ:\n%s", diff)
	}
	return states[0]
}

// countPoints runs the flow once under the tracer.
func countPoints(t *testing.T, fresh func(t testing.TB) *survivor, k killing) (int, lab.TraceReport) {
	t.Helper()
	v := fresh(t)
	defer v.End()
	got, report := v.RunTraced(lab.Command{Argv: append([]string{v.bundle + "/run"}, flow...)}, k.trace)
	if got.Code != 0 {
		t.Fatalf("under the tracer: %v", got)
	}
	return k.points(report), report
}

func killAt(t testing.TB, fresh func(t testing.TB) *survivor, k killing, at int, want map[string]string) {
	v := fresh(t)
	k.trace.At = at
	killed, report := v.RunTraced(lab.Command{Argv: append([]string{v.bundle + "/run"}, flow...)}, k.trace)
	if !report.Killed && killed.Code != 0 {
		t.Fatalf("it was not killed: %v", killed)
	}
	second := v.phase(flow...)
	if second.Code != 0 {
		t.Fatalf("killed at %s, the second run: %v", report.Moment, second)
	}
	v.settled()
	if diff := cmp.Diff(want, v.state()); diff != "" {
		t.Fatalf("killed at %s, then it differs from an undisturbed run (-want +got):\n%s\nthe killed run said: %v\nthe second: %v",
			report.Moment, diff, killed, second)
	}
	if third := v.phase(flow...); third.Code != 0 || third.changed != 0 {
		t.Fatalf("killed at %s, the third run: %v", report.Moment, third)
	}
}

// TestKilledUpdate kills the run that brings a second version of the bundle: neither a restart nor a reload may be lost.
func TestKilledUpdate(t *testing.T) {
	updates := map[string]struct {
		settings []string // of the second version
		restart  bool     // its process is a new one; else it has got a HUP
		each     int      // one in so many points, without PALLETGEN_ALL_POINTS
	}{
		"restart": {[]string{"command: [/usr/local/bin/lab-server, /srv/app, two]", "text: two"}, true, 1},
		"reload":  {[]string{"text: two"}, false, 3},
	}
	eachHost(t, supervisors, shells[:1], func(t *testing.T, shell string, s supervisor) {
		needSupervisor(t, s)
		crates := survivorCrates(t)
		one := build(t, survivorGroup(s), survivorConfig(t, s, few(s)...), "--crates", crates)
		for _, name := range slices.Sorted(maps.Keys(updates)) {
			update := updates[name]
			two := build(t, survivorGroup(s), survivorConfig(t, s, append(few(s), update.settings...)...), "--crates", crates)
			fresh := func(t testing.TB) *survivor {
				v := newSurvivor(t, shell, s)
				v.place(survivorGroup(s), one)
				v.ok(flow...)
				return v
			}
			for _, k := range killings {
				if k.trace.Kill == lab.AfterEnd && k.trace.Group {
					continue // the two ways beside it say the same
				}
				v := fresh(t)
				count, _ := v.update(two, k.trace)
				v.updated(update.restart)
				want := v.state()
				v.End()
				// A machine takes a share of the points, and goes back to the first version after each.
				at := k.at(count(k), update.each)
				const machines = 6
				well := make([]int, machines)
				beside(t, machines, machines, func(i int) string { return name + ", " + k.name }, func(t testing.TB, i int) {
					v := fresh(t)
					for n := i; n < len(at); n += machines {
						k := k
						k.trace.At = at[n]
						_, report := v.update(two, k.trace)
						if got := v.phase("configure", "ensure-service"); got.Code != 0 {
							t.Fatalf("killed at %d, %s, the second run: %v", at[n], report.Moment, got)
						}
						v.updated(update.restart)
						if diff := cmp.Diff(want, v.state()); diff != "" {
							t.Fatalf("killed at %d, %s, then it differs from an undisturbed run (-want +got):\n%s", at[n], report.Moment, diff)
						}
						well[i]++
						v.place(survivorGroup(s), one)
						v.ok("configure", "ensure-service")
					}
				})
				sum := 0
				for _, n := range well {
					sum += n
				}
				tellPoints(t, "%s/%s: update with %s, %s: %d of %d kill points converge (there are %d)", s.name, shell, name, k.name, sum, len(at), count(k))
			}
		}
	})
}

// update puts the second version beside the first one's traces and runs it under the tracer.
func (v *survivor) update(archive []byte, trace lab.Trace) (count func(k killing) int, report lab.TraceReport) {
	v.t.Helper()
	v.place(v.group, archive)
	v.before = v.app.pid()
	v.hangups = v.app.count("signals", "HUP")
	got, report := v.RunTraced(lab.Command{Argv: []string{v.bundle + "/run", "configure", "ensure-service"}}, trace)
	if !report.Killed && got.Code != 0 {
		v.t.Fatalf("the update: %v", got)
	}
	return func(k killing) int { return k.points(report) }, report
}

// updated checks that the process is one of the second version.
func (v *survivor) updated(restart bool) {
	v.t.Helper()
	v.settled()
	now := v.app.pid()
	switch {
	case restart && (now == v.before || now == 0):
		v.t.Fatalf("pid %d became %d: the restart was lost", v.before, now)
	case restart && !strings.Contains(v.state()["process"], "two"):
		v.t.Fatalf("the process is one of the first version: %s", v.state()["process"])
	case !restart && now != v.before:
		v.t.Fatalf("pid %d became %d, though only its configuration is new", v.before, now)
	case !restart:
		lab.Until(v.t, patience, "SIGHUP, which was lost", func() bool { return v.app.count("signals", "HUP") > v.hangups })
	}
}
