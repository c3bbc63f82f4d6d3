package conform

import (
	"fmt"
	"strings"
	"time"
)

// try does the check of a service on its host.
func (s *service) try() Result {
	begun := time.Now()
	t := &trial{}
	s.host = s.in(t)
	result := Result{State: OK}
	if f := impossible(s.sup, s.fields()); f != nil {
		result.State, result.Note = Impossible, s.impossible(*f)
	} else if s.check.boot && !s.boots() {
		result.State, result.Note = Impossible, "conform has neither run nor booted: nothing happens at boot"
	} else {
		t.during(func() {
			if s.refused != nil {
				s.Fatalf("the build refuses what the folder says is possible:\n%s\nof\n%.3000s", refusal(s.refused), s.config)
			}
			s.check.do(s)
		})
		t.during(s.leave)
	}
	t.clean()
	if t.note != "" {
		result.Note = t.note
	}
	switch {
	case t.skipped != "":
		result.State, result.Note = Skipped, t.skipped
	case t.Failed():
		result.State, result.Details = Failed, t.details()
	}
	result.Seconds = time.Since(begun).Seconds()
	return result
}

// impossible checks that the build refuses a field that the folder does not offer, and says why it does not.
func (s *service) impossible(f field) string {
	what := f.name
	if s.sup.Service[f.name] != nil {
		what = f.name + ": " + f.value
	}
	if want := fmt.Sprintf("cannot do %s of the service", what); s.refused == nil || !strings.Contains(s.refused.Error(), want) {
		s.Errorf("the folder says that %s is not possible, but the build does not say %q; its error is %v", what, want, s.refused)
	}
	if how := s.sup.Service[f.name]; how != nil && how.Note != "" {
		what += ", " + how.Note
	}
	return what
}
