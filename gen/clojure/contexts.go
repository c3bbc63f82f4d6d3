package clojure

import "palletgen/gen/record"

// Contexts says for each value of m what its place is called: "string", "comment",
// "symbol" for a form of its own, "" where the text cannot be read. It is for tests
// of templates: an action has to have one.
func Contexts(m *record.Marked) []string {
	contexts := make([]string, len(m.Values))
	tree, err := (&reader{text: m.Text, pos: m.LineAt}).file()
	if err != nil {
		return contexts
	}
	for from := 0; ; {
		at, i := record.FindMarker(m.Text[from:])
		if at < 0 || i >= len(contexts) {
			return contexts
		}
		_, place := find(tree, from+at)
		contexts[i] = string(place.Kind)
		from += at + len(record.Marker(i))
	}
}
