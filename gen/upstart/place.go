package upstart

import (
	"slices"
	"sort"

	"palletgen/gen/record"
	"palletgen/gen/splice"
)

// A place is a part of the text where a value may stand: a comment, when nothing
// else is set.
type place struct {
	span     splice.Span
	word     *Word
	exec     *Exec
	expanded map[int]wrong // of exec: values that stand in what the shell expands
	script   bool
	event    *Event // an operand of an expression of events
	index    int    // and the word of it
	root     *Event // and the whole expression
}

// findPlaces lists the places of the text in their order.
func (s *splicer) findPlaces() {
	for _, c := range s.conf.Comments {
		s.places = append(s.places, &place{span: c.span})
	}
	for _, st := range s.conf.Stanzas {
		for _, w := range st.Words {
			s.places = append(s.places, &place{span: w.span, word: w})
		}
		if st.Exec != nil {
			s.places = append(s.places, &place{span: st.Exec.span, exec: st.Exec, expanded: st.Exec.expanded()})
		}
		if st.Script != nil {
			s.places = append(s.places, &place{span: st.Script.span, script: true})
		}
		st.On.each(func(e *Event) {
			for i, w := range e.Words {
				s.places = append(s.places, &place{span: w.span, event: e, index: i, root: st.On})
			}
		})
	}
	slices.SortFunc(s.places, func(a, b *place) int { return a.span.From - b.span.From })
}

// placeAt returns the place that holds an offset, nil for none.
func (s *splicer) placeAt(at int) *place {
	i := sort.Search(len(s.places), func(i int) bool { return s.places[i].span.To > at })
	if i < len(s.places) && s.places[i].span.Holds(at) {
		return s.places[i]
	}
	return nil
}

// expanded tells of the values that no escaper can put into a command line.
func (x *Exec) expanded() map[int]wrong {
	found := map[int]wrong{}
	note := func(words []*ExecWord, why wrong) {
		for _, w := range words {
			for rest := w.Text; w.Expand; {
				at, i := record.FindMarker(rest)
				if at < 0 {
					break
				}
				found[i] = why
				rest = rest[at+1:]
			}
		}
	}
	note(x.Redirs, wrong{msg: "a value cannot stand in a redirection"})
	note(x.Words, wrong{msg: "a value cannot stand in a word that the shell expands", hint: "write it as a word of its own"})
	return found
}

// quotes are the quotes of a token up to an offset, so that many values in one
// token are not each looked for from its beginning.
type quotes struct {
	from, at int
	quote    byte
	slash    bool
}

// quoting is what is in effect at an offset, in the token that begins at another:
// the open quote or 0, and whether a backslash waits for its character.
func (s *splicer) quoting(from, at int) (quote byte, slash bool) {
	q := &s.quotes
	if q.from != from || q.at > at {
		*q = quotes{from: from, at: from}
	}
	q.quote, q.slash = quoting(s.m.Text[q.at:at], q.quote, q.slash)
	q.at = at
	return q.quote, q.slash
}
