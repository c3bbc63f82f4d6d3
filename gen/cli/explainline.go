package cli

import (
	"fmt"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/plan"
	"palletgen/gen/render"
)

// line tells of one line.
func (e *explanation) line(file string, n int, line render.Line) {
	out := &indented{explanation: e}
	out.say(0, "%s:%d", file, n)
	out.say(2, "%s", diag.Printable(line.Text))
	if line.Of != "" {
		out.say(0, "of %s", line.Of)
	}
	if line.Template.Source != nil {
		out.say(0, "from %s", line.Template)
		out.snippet(2, line.Template)
	} else {
		out.say(0, "palletgen writes it: %s", line.Why)
		out.origins(1, line.About)
	}
	for _, because := range line.Because {
		out.because(because)
	}
	for _, o := range e.owners(line) {
		out.origin(0, o)
	}
	for _, value := range line.Values {
		text := line.Text[value.From:value.To]
		switch {
		case text == "" && value.Action.Source != nil:
			out.say(0, "value, empty")
		case text != "" && text != line.Text:
			out.say(0, "value %s", diag.Printable(text))
		}
		if value.Action.Source != nil && (value.Action.Source != line.Template.Source || value.Action.Line != line.Template.Line) {
			out.say(1, "printed at %s", value.Action)
			out.snippet(3, value.Action)
		}
		out.origins(1, value.Origins)
	}
}

// owners are the crate and the group that a line is for.
func (e *explanation) owners(line render.Line) []*plan.Origin {
	if line.Crate == nil {
		return []*plan.Origin{e.group.Origin()}
	}
	return []*plan.Origin{line.Crate.Origin(), e.group.Origin()}
}

// indented writes lines; each told once among those that stand together.
type indented struct{ *explanation }

func (i *indented) say(depth int, format string, args ...any) {
	fmt.Fprintf(i.app.out, "%s%s\n", strings.Repeat("  ", depth), diag.Printable(fmt.Sprintf(format, args...)))
}

// because tells why the line is there.
func (i *indented) because(b render.Because) {
	if b.Pos.Source == nil {
		i.say(0, "because %s", b.Text)
	} else {
		i.say(0, "because %s, at %s", b.Text, b.Pos)
		i.snippet(2, b.Pos)
	}
	i.origins(1, b.Origins)
}

func (i *indented) origins(depth int, list []*plan.Origin) {
	seen := map[string]bool{}
	for _, o := range list {
		if !seen[o.String()] {
			seen[o.String()] = true
			i.origin(depth, o)
		}
	}
}

func (i *indented) origin(depth int, o *plan.Origin) {
	i.say(depth, "%s", o)
	i.snippet(depth+2, o.Pos)
	i.origins(depth+1, o.From)
}

// snippet shows the line at a place, with a caret where the column is known.
func (i *indented) snippet(depth int, pos diag.Pos) {
	line, caret, ok := diag.Snippet(pos)
	if !ok {
		return
	}
	indent := min(len(line)-len(strings.TrimLeft(line, " \t")), len(caret)-1)
	i.say(depth, "%s", line[indent:])
	if pos.Col > 0 {
		i.say(depth, "%s", caret[indent:])
	}
}
