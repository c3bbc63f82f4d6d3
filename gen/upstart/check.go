package upstart

import (
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/splice"
)

// checkAll judges the arguments of every stanza. In a marked text those that
// hold a marker are left for later.
func (p *parser) checkAll(conf *Conf) {
	for _, st := range conf.Stanzas {
		p.errs.Take(p.checkStanza(st).Err())
	}
}

func (p *parser) checkStanza(st *Stanza) (errs diag.List) {
	if p.marked && st.marked() {
		return nil
	}
	if check := ruleOf(st.Name).check; check != nil {
		if w := check(texts(st.Words)); w != nil {
			pos := st.Pos
			if w.word < len(st.Words) {
				pos = st.Words[w.word].Pos
			}
			errs.Add(&diag.Error{Pos: pos, Msg: st.Name + ": " + w.msg, Hint: w.hint})
		}
	}
	st.On.each(func(e *Event) {
		if i := positional(texts(e.Words)); i >= 0 {
			errs.Add(diag.At(e.Words[i].Pos, "%s: NAME=value is wanted here", st.Name).
				WithHint("once one argument of an event has a name, all that follow need one"))
		}
	})
	return errs
}

// marked tells that an argument of the stanza holds a marker.
func (st *Stanza) marked() bool {
	found := splice.Marked(strings.Join(texts(st.Words), " "))
	st.On.each(func(e *Event) {
		found = found || splice.Marked(strings.Join(texts(e.Words), " "))
	})
	return found
}

func texts(words []*Word) []string {
	texts := make([]string, len(words))
	for i, word := range words {
		texts[i] = word.Text
	}
	return texts
}

// positional returns the first argument of an event that has no name although
// one before it has, or -1.
func positional(words []string) int {
	named := false
	for i, word := range words[min(1, len(words)):] {
		if strings.Contains(word, "=") {
			named = true
		} else if named {
			return i + 1
		}
	}
	return -1
}
