package shell

import (
	"reflect"

	"palletgen/gen/diag"
	"palletgen/gen/record"
)

// A splicer makes one script.
type splicer struct {
	engine *Engine
	plan   *plan
	marked *record.Marked
	values []value // by place
	out    string
	ends   []int // where each segment ends in out
}

// read reads the values and checks that each may stand where it stands, but for
// those that are refused already.
func (s *splicer) read(refused map[int]bool) error {
	var errs diag.List
	var bad []bool // by place; nil: none is
	mark := func(at int) {
		if bad == nil {
			bad = make([]bool, len(s.plan.places))
		}
		bad[at] = true
	}
	s.values = make([]value, len(s.plan.places))
	for i := range s.plan.places {
		p := &s.plan.places[i]
		if refused[p.value] {
			mark(i)
			continue
		}
		v, refusal := s.engine.read(s.marked.Values[p.value].V)
		if refusal.msg == "" {
			refusal = p.admits(&v)
		}
		if refusal.msg != "" {
			errs.Add(s.refuse(i, refusal, p.by))
			mark(i)
		}
		s.values[i] = v
	}
	s.check(&errs, bad)
	return errs.Err()
}

// check runs the checks of whole words, but of those that hold a bad value.
func (s *splicer) check(errs *diag.List, bad []bool) {
	for _, held := range s.plan.checked {
		if bad != nil && held.holds(bad) {
			continue
		}
		held.misreads(s.values, func(at int, c *check) { errs.Add(s.refuse(at, c.refusal, c.by)) })
	}
}

func (s *splicer) refuse(at int, r refusal, by *route) *diag.Error {
	pos := s.marked.Values[s.plan.places[at].value].Pos
	return &diag.Error{Pos: pos, Msg: by.told(r.msg, pos, s.marked), Hint: r.hint}
}

// write puts the values into the text.
func (s *splicer) write() {
	size := len(s.plan.text)
	for i := range s.values {
		size += len(s.values[i].text) + 8
	}
	out := make([]byte, 0, size)
	s.ends = make([]int, len(s.plan.segments))
	from := 0
	for n, seg := range s.plan.segments {
		for _, at := range seg.places {
			p := &s.plan.places[at]
			out = append(out, s.plan.text[from:p.offset]...)
			begin := len(out)
			out = p.appendTo(out, &s.values[at])
			s.marked.Note(p.value, begin, len(out))
			from = p.offset + markerLen
		}
		out = append(out, s.plan.text[from:seg.end]...)
		from = seg.end
		s.ends[n] = len(out)
	}
	s.out = string(out)
}

// verify parses every segment that holds values and compares it with the marked
// one.
func (s *splicer) verify() error {
	var c *comparer
	start := 0
	for n, seg := range s.plan.segments {
		end := s.ends[n]
		text := s.out[start:end]
		start = end
		if len(seg.places) == 0 || seg.isVerified(s) {
			continue
		}
		if at := s.losesByte(seg, text); at >= 0 {
			return diag.List{s.refuse(at, refusal{"dash loses a byte that is no ASCII where a line begins like the delimiter of its here-document",
				"use a delimiter whose first letter begins no line, such as _EOF"}, nil)}
		}
		if c == nil {
			c = s.engine.comparer(s)
			defer s.engine.comparers.Put(c)
		}
		if r := c.verify(seg, text); r.msg != "" {
			return diag.List{s.refuse(seg.places[0], r, nil)}
		}
		seg.remember(s)
	}
	return nil
}

// comparer lends a comparer for the values of s.
func (e *Engine) comparer(s *splicer) *comparer {
	c, _ := e.comparers.Get().(*comparer)
	if c == nil {
		c = &comparer{parsers: &e.parsers, fields: map[reflect.Type][]structField{}}
	}
	c.plan, c.values = s.plan, s.values
	c.spelled = c.spelled[:0]
	for i := range s.values {
		c.spelled = append(c.spelled, spell(s.values[i].text))
	}
	return c
}
