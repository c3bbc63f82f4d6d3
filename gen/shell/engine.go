package shell

import (
	"reflect"
	"sync"

	"palletgen/gen/diag"
	"palletgen/gen/posix"
	"palletgen/gen/record"
)

// An Engine splices values into marked texts. It keeps what it found out about
// each text, so that a template that many groups use is analysed once. It is
// safe for concurrent use.
type Engine struct {
	// Index is of functions that were parsed and checked before; nil for none.
	Index *Index

	parsers   posix.Parsers
	comparers sync.Pool
	rules     rulebook

	mu    sync.RWMutex
	plans map[textKey]*planOnce
}

// A textKey is a marked text, and how many values it has.
type textKey struct {
	text   string
	values int
}

// A planOnce is a plan that is made by whoever asks first.
type planOnce struct {
	once sync.Once
	plan *plan
}

// NewEngine returns an engine that knows no text yet.
func NewEngine() *Engine {
	return &Engine{rules: newRulebook(), plans: map[textKey]*planOnce{}}
}

// maxPlans bounds the memory that plans take. There is one for each template and
// path through its conditions and loops: some hundreds in a large build. Only a
// loop over lists of ever new lengths makes more; then all are forgotten and
// made again as needed.
const maxPlans = 4096

// planFor returns the plan of a text with n values.
func (e *Engine) planFor(text string, n int) *plan {
	key := textKey{text, n}
	e.mu.RLock()
	p := e.plans[key]
	e.mu.RUnlock()
	if p == nil {
		p = e.enter(key)
	}
	p.once.Do(func() { p.plan = e.newPlan(text, n) })
	return p.plan
}

// enter makes the entry of a text, unless another goroutine was faster.
func (e *Engine) enter(key textKey) *planOnce {
	e.mu.Lock()
	defer e.mu.Unlock()
	if p := e.plans[key]; p != nil {
		return p
	}
	if len(e.plans) >= maxPlans {
		clear(e.plans)
	}
	p := &planOnce{}
	e.plans[key] = p
	return p
}

// Splice puts the values of m into its text, each quoted for its place, and
// returns the script. The error, a diag.List, names the template's lines.
func (e *Engine) Splice(m *record.Marked) (*Script, error) {
	p := e.planFor(m.Text, len(m.Values))
	s := splicer{engine: e, plan: p, marked: m}
	if len(p.troubles) > 0 {
		errs := p.report(m)
		if p.placed { // what is wrong with the values is told at once
			errs.Take(s.read(p.refused()))
		}
		return nil, errs.Err()
	}
	if err := s.read(nil); err != nil {
		return nil, err
	}
	s.write()
	if err := s.verify(); err != nil {
		return nil, err
	}
	return s.script(), nil
}

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
			errs.Add(s.refuse(i, refusal))
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
		held.misreads(s.values, func(at int, r refusal) { errs.Add(s.refuse(at, r)) })
	}
}

func (s *splicer) refuse(at int, r refusal) *diag.Error {
	return &diag.Error{Pos: s.marked.Values[s.plan.places[at].value].Pos, Msg: r.msg, Hint: r.hint}
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
				"use a delimiter whose first letter begins no line, such as _EOF"})}
		}
		if c == nil {
			c = s.engine.comparer(s)
			defer s.engine.comparers.Put(c)
		}
		if r := c.verify(seg, text); r.msg != "" {
			return diag.List{s.refuse(seg.places[0], r)}
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
