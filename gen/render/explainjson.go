package render

import (
	"encoding/json"
	"slices"
	"strings"
)

// A span is a value in a line of JSON: the keys that lead to it, and its bytes.
type span struct {
	path     []string // of an element of a list the list's
	text     string   // of a text, what it says
	from, to int
}

// spans lists the values that stand in a line of the manifest, which is an
// element of a list or a member of an object: the texts, numbers and so on that
// are at most depth keys below it, and what is deeper as a whole.
func spans(line string, depth int) []span {
	element := strings.TrimSuffix(strings.TrimLeft(line, " "), ",")
	shift := len(line) - len(strings.TrimLeft(line, " "))
	if strings.HasPrefix(element, `"`) {
		element, shift = "{"+element+"}", shift-1
	}
	r := &spanReader{text: element, shift: shift, depth: depth, decoder: json.NewDecoder(strings.NewReader(element))}
	r.value(nil)
	return r.found
}

type spanReader struct {
	text    string
	shift   int
	depth   int
	decoder *json.Decoder
	found   []span
}

// value reads the next value, which is at a path.
func (r *spanReader) value(path []string) {
	from := r.start()
	if len(path) >= r.depth {
		var whole json.RawMessage
		if r.decoder.Decode(&whole) == nil {
			r.add(path, from)
		}
		return
	}
	token, err := r.decoder.Token()
	if err != nil {
		return
	}
	switch token {
	case json.Delim('{'):
		for r.decoder.More() {
			key, err := r.decoder.Token()
			name, ok := key.(string)
			if err != nil || !ok {
				return
			}
			r.value(append(slices.Clip(path), name))
		}
		_, _ = r.decoder.Token()
	case json.Delim('['):
		for r.decoder.More() {
			r.value(path)
		}
		_, _ = r.decoder.Token()
	default:
		r.add(path, from)
	}
}

// start is where the next value begins.
func (r *spanReader) start() int {
	at := int(r.decoder.InputOffset())
	for at < len(r.text) && strings.IndexByte(" ,:", r.text[at]) >= 0 {
		at++
	}
	return at
}

func (r *spanReader) add(path []string, from int) {
	to := int(r.decoder.InputOffset())
	s := span{path: path, from: r.shift + from, to: r.shift + to}
	if json.Unmarshal([]byte(r.text[from:to]), &s.text) == nil { // between its quotes
		s.from, s.to = s.from+1, s.to-1
	}
	r.found = append(r.found, s)
}
