package render

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/diag"
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
		trial := &trial{marked: marked, err: diag.At(test.pos, "no"), splice: splice}
		if diff := cmp.Diff(test.want, trial.blamed()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
