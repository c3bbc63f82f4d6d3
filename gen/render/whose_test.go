package render

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/diag"
	"palletgen/gen/plan"
	"palletgen/gen/record"
)

// TestBlamed holds which values an error is about, by where it is and by what
// else could stand in their places.
func TestBlamed(t *testing.T) {
	src := &diag.Source{Name: "t"}
	at := func(line, col int) diag.Pos { return diag.Pos{Source: src, Line: line, Col: col} }
	marked := &record.Marked{Values: []record.Value{{V: "good", Pos: at(1, 4)}, {V: "bad", Pos: at(1, 9)}, {V: "bad", Pos: at(2, 4)}, {V: "bad", Pos: at(2, 4)}}}
	bad := func(m *record.Marked, n int) bool { return m.Values[n].V == "bad" }
	for name, test := range map[string]struct {
		pos  diag.Pos
		says func(m *record.Marked) bool
		want []int
	}{
		"its action":              {at(1, 9), func(m *record.Marked) bool { return bad(m, 1) }, []int{1}},
		"one print of its action": {at(2, 4), func(m *record.Marked) bool { return bad(m, 3) }, []int{3}},
		"both prints":             {at(2, 4), func(m *record.Marked) bool { return bad(m, 2) || bad(m, 3) }, []int{2, 3}},
		"its line":                {at(1, 0), func(m *record.Marked) bool { return bad(m, 1) }, []int{1}},
		"both of its line":        {at(1, 0), func(m *record.Marked) bool { return bad(m, 1) && m.Values[0].V == "good" }, []int{0, 1}},
		"any line":                {at(7, 0), func(m *record.Marked) bool { return bad(m, 2) }, []int{2}},
		"the template":            {at(1, 9), func(*record.Marked) bool { return true }, nil},
	} {
		splice := func(m *record.Marked) error {
			if test.says(m) {
				return diag.At(test.pos, "no")
			}
			return nil
		}
		trial := &trial{marked: marked, err: diag.At(test.pos, "no"), splice: splice, left: new(maxTried)}
		if diff := cmp.Diff(test.want, trial.blamed()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestWhoseEnds: however many errors a file has, finding out which values they are
// about takes a number of steps that its length bounds.
func TestWhoseEnds(t *testing.T) {
	marked := &record.Marked{Text: strings.Repeat("x", 1<<20)}
	var errs diag.List
	var from []origins
	source := &diag.Source{Name: "a"}
	for line := range 1000 {
		pos := diag.Pos{Source: source, Line: line + 1, Col: 1}
		marked.Values = append(marked.Values, record.Value{V: "v", Pos: pos})
		errs.Add(diag.At(pos, "no"))
		from = append(from, func() []*plan.Origin { return nil })
	}
	spliced := 0
	err := whose(errs.Err(), marked, from, func(*record.Marked) error { spliced++; return errs.Err() })
	var list diag.List
	if list.Take(err); len(list) != 1000 || spliced > 20 {
		t.Errorf("%d errors, spliced %d times", len(list), spliced)
	}
}
