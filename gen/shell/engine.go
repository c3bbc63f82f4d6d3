package shell

import (
	"sync"

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
