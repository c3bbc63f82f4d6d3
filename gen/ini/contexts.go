package ini

import "palletgen/gen/record"

// Contexts says for each value of m what its place is called: "value of user=",
// "name of a section", "" where none can stand. It is for tests of templates: an
// action has to have one.
func Contexts(m *record.Marked) []string {
	p := &parser{text: m.Text, pos: m.LineAt, marked: true}
	p.read()
	contexts := make([]string, len(m.Values))
	for i, at := range p.places {
		switch {
		case i >= len(contexts):
		case at.key == "":
			contexts[i] = "name of a section"
		default:
			contexts[i] = "value of " + at.key + "="
		}
	}
	return contexts
}
