package behaviour

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/lab"
)

// These tests let two runs of one bundle meet on one host.

// races is how often.
const races = 50

func TestTwoRunsAtOnce(t *testing.T) {
	t.Parallel()
	s := nohup
	for _, shell := range shells {
		lab.Need(t, shell)
	}
	archive := build(t, survivorGroup(s), survivorConfig(t, s), "--crates", survivorCrates(t))
	want := undisturbed(t, func(t testing.TB) *survivor {
		v := newSurvivor(t, shells[0], s)
		v.place(survivorGroup(s), archive)
		return v
	})
	random := rand.New(rand.NewPCG(1, 2))
	offsets := make([]time.Duration, races)
	for i := range offsets {
		// The second begins while the first is at work: some at once, some in its middle.
		offsets[i] = time.Duration(random.IntN(1+i*4)) * time.Millisecond
	}
	waited := make(chan bool, races)
	well := beside(t, 4, races, func(i int) string { return fmt.Sprintf("race %d, %v apart, %s", i, offsets[i], shells[i%len(shells)]) },
		func(t testing.TB, i int) {
			v := newSurvivor(t, shells[i%len(shells)], s)
			v.place(survivorGroup(s), archive)
			waited <- v.race(offsets[i])
			v.settled()
			if diff := cmp.Diff(want, v.state()); diff != "" {
				t.Fatalf("it differs from a run alone (-want +got):\n%s", diff)
			}
		})
	close(waited)
	waits := 0
	for w := range waited {
		if w {
			waits++
		}
	}
	t.Logf("%d of %d races end well; in %d one run waited for the other", well, races, waits)
	if waits == 0 {
		t.Error("no run ever waited: they did not meet")
	}
}

// race lets two runs meet, both of which have to end well, and says whether one waited.
func (v *survivor) race(apart time.Duration) (waited bool) {
	v.t.Helper()
	command := lab.Command{Argv: append([]string{v.bundle + "/run"}, flow...)}
	type end struct {
		lab.Result
		err error
	}
	ends := make(chan end, 2)
	for i := range 2 {
		go func() {
			time.Sleep(time.Duration(i) * apart)
			result, err := v.Do(command)
			ends <- end{result, err}
		}()
	}
	first, second := <-ends, <-ends
	for _, e := range []end{first, second} {
		if e.err != nil || e.Code != 0 {
			v.t.Fatalf("the runs: %v %v\n%v %v", first.err, first.Result, second.err, second.Result)
		}
		waited = waited || strings.Contains(e.Stderr, "waiting for another run")
	}
	return waited
}

func TestHeldLock(t *testing.T) {
	eachHost(t, []supervisor{nohup}, append(shells, "mksh"), func(t *testing.T, shell string, s supervisor) {
		v := newSurvivor(t, shell, s)
		v.place(survivorGroup(s), build(t, survivorGroup(s), survivorConfig(t, s), "--crates", survivorCrates(t)))
		v.ok("install", "configure")
		v.app.mode("late")
		first := v.Start(v.bundle+"/run", "start")
		lab.Until(t, patience, "the first run's lock and its service", func() bool {
			return v.Exists(v.lock()+"/owner") && len(v.app.processes()) == 2
		})
		v.Signal(first, syscall.SIGSTOP, false) // now it stays like this
		lab.Until(t, patience, "the stop of the first run", func() bool {
			return slices.ContainsFunc(v.Processes(), func(p lab.ProcessInfo) bool { return p.PID == first.PID && p.State == "T" })
		})
		before := v.state()
		v.wants(v.phase("--wait", "0", "configure"), 75, fmt.Sprintf("pid %d", first.PID))
		v.wants(v.phase("--wait=1", "start"), 75, fmt.Sprintf("pid %d", first.PID))
		if diff := cmp.Diff(before, v.state()); diff != "" {
			t.Errorf("what was locked was changed:\n%s", diff)
		}
		v.wants(v.phase("status"), 0, "running")
		second := v.Start(v.bundle+"/run", "start")
		lab.Until(t, patience, "the second run to say for whom it waits", func() bool {
			_, stderr := second.Output()
			return strings.Contains(stderr, fmt.Sprintf("pid %d", first.PID))
		})
		v.Signal(first, syscall.SIGCONT, false)
		if got := v.Wait(second, patience); got.Code != 0 {
			t.Errorf("the run that waited: %v", got)
		}
		if got := v.Wait(first, patience); got.Code != 0 {
			t.Errorf("the first run: %v", got)
		}
		v.settled()
		v.noLock()
	})
}

// lock is the folder that is the bundle's lock; its file owner holds host, boot, pid and start time.
func (v *survivor) lock() string { return "/var/lib/palletgen/" + v.group + "/lock" }

func (v *survivor) noLock() {
	v.t.Helper()
	if v.Exists(v.lock()) {
		v.t.Errorf("the lock is still there: %s", v.Run("ls", "-lR", v.lock()).Stdout)
	}
}

func TestStaleLock(t *testing.T) {
	stale := map[string]func(v *survivor, owner []string){
		"its owner is dead": func(*survivor, []string) {},
		"its pid is another process's": func(v *survivor, owner []string) {
			owner[2] = strconv.Itoa(v.Start("sleep", "1000").PID)
		},
		"it is of another boot": func(v *survivor, owner []string) {
			// A process that is there, and started when the owner says.
			sleeper := v.Start("sleep", "1000").PID
			owner[1], owner[2] = "00000000-0000-4000-8000-000000000000", strconv.Itoa(sleeper)
			stat := v.ReadFile(fmt.Sprintf("/proc/%d/stat", sleeper))
			owner[3] = strings.Fields(stat[strings.LastIndex(stat, ")")+1:])[19]
		},
		"who took it over was killed too": func(v *survivor, owner []string) {
			v.must("mkdir", v.lock()+"/takeover")
			v.WriteFile(v.lock()+"/takeover/owner", strings.Join(owner, " ")+"\n", 0o600)
		},
		"two want to take it over":                 nil,
		"its owner did not come to write its name": nil,
	}
	eachHost(t, []supervisor{nohup}, shells, func(t *testing.T, shell string, s supervisor) {
		archive := build(t, survivorGroup(s), survivorConfig(t, s), "--crates", survivorCrates(t))
		for name, change := range stale {
			t.Run(name, func(t *testing.T) {
				v := newSurvivor(t, shell, s)
				v.place(survivorGroup(s), archive)
				_, report := v.RunTraced(lab.Command{Argv: append([]string{v.bundle + "/run"}, flow...)},
					lab.Trace{Kill: lab.AtExec, At: 40, Group: true})
				if !report.Killed || !v.Exists(v.lock()+"/owner") {
					t.Fatalf("no lock is left: %v", report)
				}
				switch {
				case change != nil:
					owner := strings.Fields(v.ReadFile(v.lock() + "/owner"))
					change(v, owner)
					v.WriteFile(v.lock()+"/owner", strings.Join(owner, " ")+"\n", 0o600)
					v.wants(v.phase(append([]string{"--wait=10"}, flow...)...), 0, "took over the lock")
				case strings.HasPrefix(name, "two"):
					v.race(0)
				default:
					v.must("rm", v.lock()+"/owner")
					v.wants(v.phase(append([]string{"--wait=30"}, flow...)...), 0)
				}
				v.settled()
				v.noLock()
			})
		}
	})
}
