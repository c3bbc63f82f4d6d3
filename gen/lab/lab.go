package lab

// T is whoever is told of what goes wrong in a machine: a test (every testing.TB is a T), or a stand-in for one where
// checks are part of a program. As with a test, Fatalf and Skipf do not return, and what is given to Cleanup is called
// in the end, the last first.
type T interface {
	Helper()
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Skipf(format string, args ...any)
	Failed() bool
	Cleanup(f func())
}

// Programs are helpers that a program offers inside a machine: each function is the main function of the helper of that
// name and returns its exit code.
type Programs map[string]func() int

// Main runs the tests of a package that uses machines, once. Its TestMain must call it before it does anything that is
// meant for the tests alone, see [Enter].
func Main(m interface{ Run() int }, programs Programs) {
	Enter(programs)
	m.Run() // the testing package keeps its exit code for when TestMain returns
}
