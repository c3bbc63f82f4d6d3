package conform

import (
	"strconv"
	"strings"

	"palletgen/gen/lab"
	"palletgen/gen/lazyregexp"
)

// outcome is what ./run answered.
type outcome struct {
	lab.Result
	changed int // of the last line changed=N; -1 where there is none
}

var changedLine = lazyregexp.New(`(?:^|\n)changed=([0-9]+)\n$`)

// phase runs phases of the bundle. Whatever they do, they must not leave a process that holds their output.
func (s *service) phase(phases ...string) outcome {
	return s.command(append([]string{s.bundle + "/run"}, phases...)...)
}

// command runs something that ends in a call of ./run.
func (s *service) command(argv ...string) outcome {
	got := outcome{Result: s.Run(argv...), changed: -1}
	s.Logf("%s\n%s", strings.Join(argv, " "), indent(got.String(), 2))
	if got.Held {
		s.Errorf("%s leaves its output open", strings.Join(argv, " "))
	}
	if match := changedLine.FindStringSubmatch(got.Stdout); match != nil {
		got.changed, _ = strconv.Atoi(match[1])
	}
	if got.Code == 0 && got.changed < 0 {
		s.Errorf("%s says no last line changed=N", strings.Join(argv, " "))
	}
	return got
}

// ok runs phases that must succeed.
func (s *service) ok(phases ...string) outcome {
	got := s.phase(phases...)
	if got.Code != 0 {
		s.Fatalf("./run %s ended with %d", strings.Join(phases, " "), got.Code)
	}
	return got
}

// fails runs a phase that must end with an exit code, and say something.
func (s *service) fails(phase string, code int, said ...string) outcome {
	got := s.phase(phase)
	s.wants(got, code, said...)
	return got
}

// wants checks the exit code, and that everything said is there, on standard output or standard error.
func (s *service) wants(got outcome, code int, said ...string) {
	if got.Code != code {
		s.Errorf("the exit code is %d, want %d", got.Code, code)
	}
	for _, text := range said {
		if !strings.Contains(got.Stdout+got.Stderr, text) {
			s.Errorf("%q is not said", text)
		}
	}
}
