package systemd

import "palletgen/gen/record"

// Contexts says for each value of m what its place is called: "ExecStart=",
// "ExecStart= in \"", "" where none can stand. It is for tests of templates: an
// action has to have one.
func Contexts(m *record.Marked) []string {
	p := &parser{text: m.Text, pos: m.LineAt, marked: true}
	p.file()
	contexts := make([]string, len(m.Values))
	for i, at := range p.places {
		if i >= len(contexts) {
			continue
		}
		contexts[i] = at.key + "="
		if at.quote != 0 {
			contexts[i] += " in " + string(at.quote)
		}
	}
	return contexts
}
