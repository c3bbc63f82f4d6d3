package render

import (
	"fmt"
	"slices"
	"sync"

	"palletgen/gen/diag"
	"palletgen/gen/plan"
	"palletgen/gen/record"
	"palletgen/gen/splice"
)

// A Because is a reason why a line is there.
type Because struct {
	Text    string   // what the reason is: "{{ if .tls }} holds"
	Pos     diag.Pos // where it stands; no source for none
	Origins []*plan.Origin
}

// reasons tell why line n of a marked text is there, the outermost first.
type reasons func(n int) []Because

// because tells why each line is there that a template prints with the view's data.
func (v view) because(tmpl *record.Template) reasons {
	return becauseOf(tmpl, v.data, func(path []string, value string) []*plan.Origin {
		asked := v.View
		asked.Value = value
		return asked.Origins(path)
	})
}

// becauseOf is view.because for any data; of tells where what is at a path of it
// comes from; value is the element of a range there, or "".
func becauseOf(tmpl *record.Template, data any, of func(path []string, value string) []*plan.Origin) reasons {
	branches := sync.OnceValue(func() [][]*record.Branch {
		found, _ := tmpl.Branches(data) // it went well once
		return found
	})
	return func(n int) []Because {
		if n < 0 || n >= len(branches()) {
			return nil
		}
		var list []Because
		element := "" // of the innermost range
		for _, branch := range branches()[n] {
			told := Because{Text: branchText(branch), Pos: branch.Pos}
			if branch.Kind == "range" {
				element, _ = elementText(branch)
			}
			alternatives, _ := tmpl.ReadsAt(branch.Pos)
			for _, paths := range alternatives {
				for _, path := range paths {
					value := ""
					if branch.Kind == "range" || slices.Contains(path, record.Each) {
						value = element
					}
					told.Origins = append(told.Origins, of(path, value)...)
				}
			}
			list = append(list, told)
		}
		return list
	}
}

// branchText tells why the execution went into a branch.
func branchText(b *record.Branch) string {
	holds := map[string][2]string{
		"if": {"holds", "does not hold"}, "with": {"is not empty", "is empty"}, "range": {"", "has no elements"},
	}[b.Kind]
	switch {
	case b.Kind == "template":
		return b.Text + " takes it in"
	case b.Else:
		return b.Text + " " + holds[1]
	case b.Kind == "range":
		text := fmt.Sprintf("%s is at its element %d", b.Text, b.Element)
		if value, ok := elementText(b); ok {
			text += ", " + diag.Printable(fmt.Sprintf("%q", value))
		}
		return text
	}
	return b.Text + " " + holds[0]
}

// elementText is the element of a range, where that can be told in a word.
func elementText(b *record.Branch) (string, bool) {
	const longest = 60
	text, ok := splice.Text(b.Dot)
	if b.Element == 0 || !ok || len(text) > longest {
		return "", false
	}
	return text, true
}

// made tells why the file is put on the host at all.
func (f *hostFile) made(g *plan.Group) []Because {
	var list []Because
	if f.service {
		list = append(list, supervisedBy(f.crate, g))
	}
	if f.spec.If != nil {
		if asked := f.view(g).Expr("if", f.spec.If); len(asked.From) > 0 {
			list = append(list, Because{Text: "if: " + f.spec.If.Source().Text() + " holds", Pos: asked.Pos, Origins: asked.From})
		}
	}
	return list
}

// supervisedBy tells why there is something of a supervisor for a crate.
func supervisedBy(c *plan.Crate, g *plan.Group) Because {
	return Because{
		Text: fmt.Sprintf("the service %s is under %s", c.Service.Name, c.Service.Supervisor.Name), Origins: c.Supervised(g),
	}
}

// always are reasons that all lines have.
func always(first []Because) reasons { return func(int) []Because { return first } }

// after puts reasons in front of those of each line.
func (r reasons) after(first []Because) reasons {
	return func(n int) []Because { return append(first[:len(first):len(first)], r(n)...) }
}

// A reasoned is the reasons for so many lines of the inside of a function.
type reasoned struct {
	lines int
	reasons
}

// because tells why line n of the function is there: its comment and its name
// are two lines in front of what stands in it.
func (f *function) because(n int) []Because {
	n -= 2
	for _, part := range f.parts {
		if n < 0 {
			return nil
		}
		if n < part.lines {
			return part.reasons(n)
		}
		n -= part.lines
	}
	return nil
}
