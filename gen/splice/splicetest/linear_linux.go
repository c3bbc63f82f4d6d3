package splicetest

import (
	"syscall"
	"testing"
	"time"
)

// Linear fails the test where a reader takes more than linear time: for each shape
// of input, eight times the size may take no more than 24 times the time; where
// that is quadratic it takes 64 times. The largest input has 128 KiB. What the shape
// takes to make does not count.
func Linear(t *testing.T, shapes map[string]func(size int) string, read func(text string)) {
	t.Helper()
	if testing.Short() {
		t.Skip("measures time")
	}
	const (
		small  = 16 << 10
		enough = 60 * time.Millisecond // below it no more is asked
	)
	for name, shape := range shapes {
		t.Run(name, func(t *testing.T) {
			large, eighth := shape(8*small), shape(small)
			for try := 0; ; try++ { // the garbage of others may be collected meanwhile
				took := cpuTime(t, func() { read(large) })
				if took < enough {
					return
				}
				most := 24 * cpuTime(t, func() { read(eighth) })
				if took <= most {
					return
				}
				if try == 4 {
					t.Errorf("128 KiB take %v of CPU time, an eighth of it %v", took, most/24)
					return
				}
			}
		})
	}
}

// cpuTime is what the process has used when f is done: the same on a busy machine.
func cpuTime(t *testing.T, f func()) time.Duration {
	t.Helper()
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			t.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	before := used()
	f()
	return used() - before
}

// Repeat is a shape: a text, a piece as often as it takes, and an end.
func Repeat(head, piece, end string) func(size int) string {
	return Number(head, func(int) string { return piece }, end)
}

// Number is Repeat with a piece that depends on its number.
func Number(head string, piece func(i int) string, end string) func(size int) string {
	return func(size int) string {
		b := append(make([]byte, 0, size+len(head)+len(end)+100), head...)
		for i := 0; len(b)+len(end) < size; i++ {
			b = append(b, piece(i)...)
		}
		return string(append(b, end...))
	}
}
