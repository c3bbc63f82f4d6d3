package plist

import "palletgen/gen/record"

// Contexts says for each value of m what its place is called: "<string>",
// "<array>", "" where none can stand. It is for tests of templates: an action has
// to have one.
func Contexts(m *record.Marked) []string {
	p := &parser{text: m.Text, pos: m.LineAt, marked: true}
	_, _ = p.read() // what is wrong with the text has no places
	contexts := make([]string, len(m.Values))
	for i, at := range p.places {
		if i < len(contexts) && at != nil {
			contexts[i] = "<" + at.in.Name + ">"
		}
	}
	return contexts
}
