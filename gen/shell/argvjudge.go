package shell

import "palletgen/gen/record"

// judge reports the values of a word that are no mere argument.
func (l *commandLine) judge(arg Arg, use wordUse) {
	shape, held := l.shape(arg)
	switch {
	case len(held) == 0:
	case use.forbid.msg != "":
		l.misread(held[0], use.forbid)
	case len(l.values) > 0:
		word := &valueWord{shape: shape, checks: use.checks}
		for _, row := range l.rows(held) {
			before := len(l.found)
			word.misreads(row, func(at int, c *check) { l.misread(held[at], c.refusal) })
			if len(l.found) > before { // one item of a list says it for all
				return
			}
		}
	}
}

func (l *commandLine) misread(value int, r refusal) {
	l.found = append(l.found, Misread{value, r.msg, r.hint})
}

// shape returns what a word is made of, as a script's word would be, and the values
// in it. The place of a part is the value's index in held.
func (l *commandLine) shape(arg Arg) (shape []shapePart, held []int) {
	for _, part := range arg {
		if part.Dynamic {
			shape = append(shape, shapePart{place: -1, dynamic: true})
			continue
		}
		rest := part.Text
		for {
			at, value := record.FindMarker(rest)
			if at < 0 {
				break
			}
			if at > 0 {
				shape = append(shape, shapePart{lit: rest[:at], place: -1})
			}
			shape = append(shape, shapePart{place: len(held)})
			held = append(held, value)
			rest = rest[at+markerLen:]
		}
		if rest != "" {
			shape = append(shape, shapePart{lit: rest, place: -1})
		}
	}
	return shape, held
}

// rows returns the values of a word: once, or once for each item of a list that is
// the whole word.
func (l *commandLine) rows(held []int) [][]value {
	row := make([]value, len(held))
	for i, at := range held {
		if at >= len(l.values) {
			continue
		}
		switch v := l.values[at].V.(type) {
		case []any:
			return rowsOf(v)
		case []string:
			return rowsOf(v)
		default:
			row[i] = readValue(v)
		}
	}
	return [][]value{row}
}

func rowsOf[T any](list []T) [][]value {
	var rows [][]value
	for _, item := range list {
		rows = append(rows, []value{readValue(item)})
	}
	return rows
}

// readValue turns v into a value. What can be none is refused elsewhere.
func readValue(v any) value {
	if _, code := v.(Code); code {
		return value{}
	}
	read, _ := (&Engine{}).read(v)
	return read
}
