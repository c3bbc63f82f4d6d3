package upstart

import (
	"palletgen/gen/record"
)

// Contexts says for each value of m what its place is called: "comment", "word of
// env", "word of exec in '", "event of start", "" where none can stand. It is for
// tests of templates: an action has to have one.
func Contexts(m *record.Marked) []string {
	s := &splicer{m: m}
	s.conf = (&parser{scanner: scanner{text: m.Text}, pos: m.LineAt, marked: true}).file()
	contexts := make([]string, len(m.Values))
	for from := 0; ; {
		at, i := record.FindMarker(m.Text[from:])
		if at < 0 || i >= len(contexts) {
			return contexts
		}
		contexts[i] = s.context(from + at)
		from += at + len(record.Marker(i))
	}
}

// context says what the place of the marker at an offset is called.
func (s *splicer) context(at int) string {
	for _, c := range s.conf.Comments {
		if c.span.Holds(at) {
			return "comment"
		}
	}
	for _, st := range s.conf.Stanzas {
		for _, w := range st.Words {
			if w.span.Holds(at) {
				return "word of " + st.Name + s.quoted(w.span.From, at)
			}
		}
		if st.Exec != nil && st.Exec.span.Holds(at) {
			return "word of " + st.Name + s.quoted(st.Exec.span.From, at)
		}
		event := ""
		st.On.each(func(e *Event) {
			for _, w := range e.Words {
				if w.span.Holds(at) {
					event = "event of " + st.Name
				}
			}
		})
		if event != "" {
			return event
		}
	}
	return ""
}

// quoted says which quote is open at an offset, "" for none.
func (s *splicer) quoted(from, at int) string {
	if quote, _ := quoting(s.m.Text[from:at], 0, false); quote != 0 {
		return " in " + string(quote)
	}
	return ""
}
