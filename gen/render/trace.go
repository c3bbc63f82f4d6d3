package render

import (
	"reflect"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/plan"
	"palletgen/gen/record"
	"palletgen/gen/shell"
	"palletgen/gen/splice"
)

// A Line says where one line of a file comes from.
type Line struct {
	Text     string
	Template diag.Pos       // the line of a template, library, description or copied file; no source where palletgen writes the line itself
	Why      string         // then: what the line is
	About    []*plan.Origin // and what it is about
	Crate    *plan.Crate    // whose it is; nil for none
	Values   []LineValue    // that stand in the line, in the order of the text
	Of       string         // of a line of a script that holds the bundle: FILE:LINE of the bundle
	Because  []Because      // why the line is there, the outermost reason first
}

// A LineValue is a value that was put into a line: the bytes From, up to but
// without To, of it; from one line to another in all that it touches.
type LineValue struct {
	From, To int
	Action   diag.Pos // the action of the template that printed it
	Origins  []*plan.Origin
}

// origins finds out where a value comes from.
type origins func() []*plan.Origin

// A view is what a template sees, and where that comes from.
type view struct {
	plan.View
	data map[string]any
}

func (b *builder) settings(c *plan.Crate) view {
	return view{plan.View{Group: b.group, Crate: c}, c.Settings}
}

func (b *builder) service(c *plan.Crate) view {
	return view{plan.View{Group: b.group, Crate: c, Service: true}, c.Service.Data(b.group.Name)}
}

// read tells where values come from that the template printed.
func (v view) read(tmpl *record.Template, values []record.Value) []origins {
	return readOrigins(tmpl, values, v.data, func(path []string, value any) []*plan.Origin {
		asked := v.View
		asked.Value, _ = splice.Text(value)
		return asked.Origins(path)
	})
}

// readOrigins is view.read for any data; of tells where the value at a path
// of it comes from.
func readOrigins(tmpl *record.Template, values []record.Value, data map[string]any, of func(path []string, value any) []*plan.Origin) []origins {
	list := make([]origins, len(values))
	for i, value := range values {
		list[i] = func() []*plan.Origin {
			alternatives, _ := tmpl.ReadsAt(value.Pos)
			var found []*plan.Origin
			for _, paths := range meant(alternatives, data, value.V) {
				for _, path := range paths {
					found = append(found, of(path, value.V)...)
				}
			}
			if found == nil { // a value that the template itself says
				found = []*plan.Origin{{Name: "the template's own value", How: plan.WrittenAt, Pos: value.Pos}}
			}
			return found
		}
	}
	return list
}

// meant leaves of several alternatives those that the value is found by.
func meant(alternatives [][][]string, data map[string]any, value any) [][][]string {
	var found [][][]string
	for _, paths := range alternatives {
		for _, path := range paths {
			if holds(data, path, value) {
				found = append(found, paths)
				break
			}
		}
	}
	if len(found) == 0 {
		return alternatives
	}
	return found
}

// holds tells whether the value stands at a path of the data.
func holds(data any, path []string, value any) bool {
	if len(path) == 0 {
		return reflect.DeepEqual(data, value)
	}
	switch data := data.(type) {
	case map[string]any:
		if path[0] != record.Each {
			return holds(data[path[0]], path[1:], value)
		}
		for key, inner := range data {
			if len(path) == 1 && value == any(key) || holds(inner, path[1:], value) {
				return true
			}
		}
	case []any:
		for _, inner := range data {
			if path[0] == record.Each && holds(inner, path[1:], value) {
				return true
			}
		}
	}
	return false
}

// A traced is a text with values in it, and where everything in it comes from.
type traced struct {
	marked *record.Marked
	text   string
	from   []origins
	crate  *plan.Crate
	own    func(n int, line *Line)      // tells of line n of the marked text where palletgen writes it itself; nil where it writes none
	why    reasons                      // why its lines are there; nil where that is not known
	whole  origins                      // where all of it comes from that is no value; nil for none
	code   func(text string) []diag.Pos // the lines of a value that is code; nil where they are the action's
}

// lines tells of each line.
func (t *traced) lines() []Line {
	var list []Line
	var puts []record.Put
	if t.marked.Track != nil {
		puts = *t.marked.Track // the text may have been made again with other values, to compare
		puts = puts[:min(len(puts), len(t.marked.Values))]
	}
	at, n := 0, 0 // the offset of the line, and its number in the marked text
	for _, text := range splitLines(t.text) {
		end := at + len(text)
		line := Line{Text: text, Crate: t.crate}
		if n < len(t.marked.Lines) {
			line.Template = t.marked.Lines[n]
		}
		breaks := at < len(t.text) && end < len(t.text)
		for _, put := range puts {
			if put.To < at || put.From > end || put.To == at && put.From < at {
				continue
			}
			line.Values = append(line.Values, t.value(put, at, end))
			if put.From <= end && end < put.To {
				breaks = false // the line ends within the value
			}
			if put.From < at {
				t.inCode(&line, put, at)
			} else if put.From == at && t.code != nil {
				t.inCode(&line, put, at)
			}
		}
		if t.own != nil {
			t.own(n, &line)
		}
		if t.why != nil {
			line.Because = t.why(n)
		}
		if t.whole != nil {
			line.Values = append(line.Values, LineValue{To: len(text), Action: line.Template, Origins: atLine(t.whole(), len(list), text)})
		}
		list = append(list, line)
		if breaks {
			n++
		}
		at = end + 1
	}
	return list
}

// inCode gives a line within a value that is code its own place.
func (t *traced) inCode(line *Line, put record.Put, at int) {
	if _, ok := t.marked.Values[put.Value].V.(shell.Code); !ok || t.code == nil {
		return
	}
	n := strings.Count(t.text[put.From:at], "\n")
	if places := t.code(t.text[put.From:put.To] + "\n"); n < len(places) && places[n].Source != nil {
		line.Template = places[n]
	}
}

func (t *traced) value(put record.Put, at, end int) LineValue {
	v := LineValue{From: max(put.From, at) - at, To: min(put.To, end) - at, Action: t.marked.Values[put.Value].Pos}
	if put.Value < len(t.from) {
		v.Origins = t.from[put.Value]()
	}
	if whole := t.text[put.From:put.To]; strings.Contains(whole, "\n") {
		n := 0
		if at > put.From {
			n = strings.Count(t.text[put.From:at], "\n")
		}
		v.Origins = atLine(v.Origins, n, t.text[max(put.From, at):min(put.To, end)])
	}
	return v
}

// atLine gives origins of a value of several lines the place of its line n, from
// 0, where that stands in YAML as text on lines of its own.
func atLine(list []*plan.Origin, n int, text string) []*plan.Origin {
	var exact []*plan.Origin
	for _, o := range list {
		if line := o.Pos.Line + 1 + n; o.Pos.Source != nil && o.Pos.Line > 0 && strings.TrimSpace(text) != "" {
			source := strings.Split(o.Pos.Source.Text, "\n")
			if line <= len(source) && strings.TrimSpace(source[line-1]) == strings.TrimSpace(text) {
				moved := *o
				moved.Pos.Line = line
				moved.Pos.Col = len(source[line-1]) - len(strings.TrimLeft(source[line-1], " ")) + 1
				o = &moved
			}
		}
		exact = append(exact, o)
	}
	return exact
}

// splitLines cuts a text into its lines; what follows the last line end is one
// only if it is not empty.
func splitLines(text string) []string {
	lines := strings.Split(text, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}
