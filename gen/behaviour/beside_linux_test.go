package behaviour

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

	"palletgen/gen/lab"
)

// Many small jobs of one test that each have a machine of their own and mostly wait in it.

// job is the testing.TB of one of them: what fails it does not end the others.
type job struct {
	testing.TB
	name     string
	mu       sync.Mutex
	failed   bool
	cleanups []func()
}

func (j *job) Errorf(format string, args ...any) {
	j.Helper()
	j.Fail()
	j.TB.Errorf("%s: %s", j.name, fmt.Sprintf(format, args...))
}

func (j *job) Error(args ...any) {
	j.Helper()
	j.Errorf("%s", fmt.Sprint(args...))
}

func (j *job) Fatalf(format string, args ...any) {
	j.Helper()
	j.Errorf(format, args...)
	runtime.Goexit()
}

func (j *job) Fatal(args ...any) {
	j.Helper()
	j.Fatalf("%s", fmt.Sprint(args...))
}

func (j *job) FailNow() {
	j.Fail()
	j.TB.Fail()
	runtime.Goexit()
}

func (j *job) Fail() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.failed = true
}

func (j *job) Failed() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.failed
}

// Cleanup ends what belongs to this job when it ends, not when the test does.
func (j *job) Cleanup(f func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.cleanups = append(j.cleanups, f)
}

func (j *job) end() {
	for i := len(j.cleanups) - 1; i >= 0; i-- {
		j.cleanups[i]()
	}
}

// enough is how many failed jobs tell all there is to tell.
const enough = 4

// beside does jobs 0, 1 … count-1, several at a time, and returns how many of them were done well. After a few that
// failed it begins no more.
func beside(t testing.TB, atATime, count int, name func(i int) string, do func(t testing.TB, i int)) (well int) {
	t.Helper()
	lab.New(t, lab.Options{}).End() // where there can be no machine, it is this test that is skipped
	next := make(chan int)
	var (
		mu     sync.Mutex
		failed int
		all    sync.WaitGroup
	)
	for range min(atATime, count) {
		all.Go(func() {
			for i := range next {
				j := &job{TB: t, name: name(i)}
				var one sync.WaitGroup
				one.Go(func() { // of its own, which Goexit may end
					defer j.end()
					do(j, i)
				})
				one.Wait()
				mu.Lock()
				if j.Failed() {
					failed++
				} else {
					well++
				}
				mu.Unlock()
			}
		})
	}
	for i := range count {
		mu.Lock()
		tooMany := failed >= enough
		mu.Unlock()
		if tooMany {
			break
		}
		next <- i
	}
	close(next)
	all.Wait()
	return well
}
