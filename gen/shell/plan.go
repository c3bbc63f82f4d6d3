package shell

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/lint"
	"palletgen/gen/posix"
	"palletgen/gen/record"
)

// markerLen is the length of every marker.
const markerLen = 8

// A plan is all that can be known of a marked text without its values: where
// each stands, and the tree to compare with. It does not change once it is made,
// but for what its segments remember as verified.
type plan struct {
	text     string
	places   []place // in the order of the text
	byValue  []int   // number of a value → its place
	segments []*segment
	words    map[*syntax.Word]*valueWord
	names    map[*syntax.Lit]*valueWord
	checked  []*valueWord         // words and names with checks, in the order of the text
	alone    map[*syntax.Stmt]int // statement that may be code → its place
	placed   bool                 // it is known of each value where it stands
	hasArgs  bool                 // a command may stand somewhere
	hasAlone bool                 // code may stand somewhere
	calls    calls
	style    Style
	troubles []trouble // what is wrong with the text whatever the values are
}

// A segment is the whole lines of one or more top-level statements, such that
// the text is the segments one after the other, and each parses alone.
type segment struct {
	start, end int // offsets in the text
	places     []int
	stmts      []*syntax.Stmt
	comments   []syntax.Comment // in the order of the text

	mu       sync.Mutex
	verified map[string]struct{} // keys of values with which the segment was verified
}

// newPlan analyses a marked text that has n values.
func (e *Engine) newPlan(text string, n int) *plan {
	p := &plan{
		text:  text,
		words: map[*syntax.Word]*valueWord{},
		names: map[*syntax.Lit]*valueWord{},
		alone: map[*syntax.Stmt]int{},
	}
	if !p.findMarkers(n) || !p.checkBytes() {
		return p
	}
	file, err := e.parsers.Parse(text)
	if err != nil {
		p.refuse(err, "the template makes no valid shell script: ")
		return p
	}
	p.cut(file)
	f := finder{plan: p, engine: e}
	f.stmts(file.Stmts)
	f.follow()
	f.comments()
	p.placed = f.unplaced()
	p.calls = f.calls.sorted()
	p.style = styleOf(file)
	p.lint(file, &e.parsers)
	for i := range p.places {
		at := &p.places[i]
		p.hasArgs = p.hasArgs || at.args
		p.hasAlone = p.hasAlone || at.alone
	}
	return p
}

// findMarkers sets places and byValue. Each of the n markers has to occur once.
func (p *plan) findMarkers(n int) bool {
	p.byValue = make([]int, n)
	for i := range p.byValue {
		p.byValue[i] = -1
	}
	line, from := 0, 0
	for {
		at, value := record.FindMarker(p.text[from:])
		if at < 0 {
			break
		}
		line += strings.Count(p.text[from:from+at], "\n")
		from += at
		if value >= n || p.byValue[value] >= 0 {
			p.troubles = append(p.troubles, trouble{value: -1, line: line, refusal: refusal{
				msg: "internal error: the mark of a value stands where none was printed"}})
			return false
		}
		p.byValue[value] = len(p.places)
		p.places = append(p.places, place{value: value, offset: from, line: line})
		from += markerLen
	}
	for value, at := range p.byValue {
		if at < 0 {
			p.troubles = append(p.troubles, trouble{value: value, refusal: refusal{
				msg: "internal error: the value was printed, but does not arrive in the text"}})
		}
	}
	return len(p.troubles) == 0
}

// checkBytes refuses bytes in the text of templates that shells cannot read.
func (p *plan) checkBytes() bool {
	return p.findings(lint.Bytes(p.text))
}

// trouble records an error of the text at pos.
func (p *plan) trouble(pos syntax.Pos, r refusal) {
	t := trouble{value: -1, refusal: r}
	if pos.IsValid() {
		t.line, t.col = max(int(pos.Line())-1, 0), int(pos.Col())
	}
	p.troubles = append(p.troubles, t)
}

// cut divides the text into segments. A cut is the beginning of a line on which
// a top-level statement begins, when nothing from before reaches into that line.
func (p *plan) cut(file *syntax.File) {
	lines := lineOffsets(p.text)
	current := &segment{}
	lastLine := uint(0) // of what came before, bodies of here-documents included
	for _, stmt := range file.Stmts {
		first := stmt.Pos().Line()
		if len(current.stmts) > 0 && first > lastLine && int(first) <= len(lines) {
			current.end = lines[first-1]
			p.segments = append(p.segments, current)
			current = &segment{start: current.end}
		}
		current.stmts = append(current.stmts, stmt)
		lastLine = max(lastLine, posix.EndLine(stmt))
	}
	current.end = len(p.text)
	p.segments = append(p.segments, current)

	at := 0
	for _, seg := range p.segments {
		for ; at < len(p.places) && p.places[at].offset < seg.end; at++ {
			seg.places = append(seg.places, at)
		}
	}
	p.assignComments(file)
}

func (p *plan) assignComments(file *syntax.File) {
	comments := commentsOf(file)
	for _, seg := range p.segments {
		n := 0
		for n < len(comments) && int(comments[n].Hash.Offset()) < seg.end {
			n++
		}
		seg.comments, comments = comments[:n:n], comments[n:]
	}
}

// lineOffsets returns where each line begins.
func lineOffsets(text string) []int {
	offsets := []int{0}
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' {
			offsets = append(offsets, i+1)
		}
	}
	return offsets
}

// sortComments puts comments in the order of the text.
func sortComments(comments []syntax.Comment) {
	slices.SortFunc(comments, func(a, b syntax.Comment) int {
		return cmp.Compare(a.Hash.Offset(), b.Hash.Offset())
	})
}
