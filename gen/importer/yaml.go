package importer

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"palletgen/gen/diag"
	"palletgen/gen/lazyregexp"
)

// YAML writes the group as a palletgen.yaml.
func (g *Group) YAML() string {
	w := &writer{}
	for _, text := range g.Head {
		w.comment(0, text)
	}
	for _, i := range sorted(g.above) {
		w.notes(0, i)
	}
	w.line(0, "groups:")
	w.line(2, scalar(g.Name)+":")
	w.line(4, "extends:")
	w.line(6, "- "+scalar(cmp.Or(g.Crate, g.Supervisor)))
	for _, s := range g.Services {
		for _, text := range s.Head {
			w.comment(6, text)
		}
		w.line(6, "- app:")
		w.line(10, "supervisor: "+scalar(g.Supervisor))
		w.line(10, "name: "+scalar(s.Name))
		if s.Instance != "" {
			w.line(10, "instance_id: "+scalar(s.Instance))
		}
		w.items(10, sorted(s.settings))
		if len(s.options) > 0 {
			w.line(10, scalar(g.Supervisor)+":")
			w.items(12, sorted(s.options))
		}
	}
	return w.String()
}

// sorted puts items in the order of the lines that they come from. Those of no
// line come first.
func sorted(list []*item) []*item {
	var sources []*diag.Source
	rank := func(i *item) (int, int) {
		if len(i.from) == 0 || i.from[0].Source == nil {
			return -1, 0
		}
		n := slices.Index(sources, i.from[0].Source)
		if n < 0 {
			n = len(sources)
			sources = append(sources, i.from[0].Source)
		}
		return n, i.from[0].Line
	}
	list = slices.Clone(list)
	for _, i := range list {
		rank(i)
	}
	slices.SortStableFunc(list, func(a, b *item) int {
		sourceA, lineA := rank(a)
		sourceB, lineB := rank(b)
		return cmp.Or(cmp.Compare(sourceA, sourceB), cmp.Compare(lineA, lineB))
	})
	return list
}

// A writer writes YAML in block style.
type writer struct{ strings.Builder }

func (w *writer) line(indent int, text string) {
	fmt.Fprintf(w, "%*s%s\n", indent, "", text)
}

// comment writes one line: nothing in it can end it.
func (w *writer) comment(indent int, text string) {
	w.line(indent, strings.TrimRight("# "+printable(text), " "))
}

// printable makes all visible that is not.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r < ' ':
			return 0x2400 + r // the pictures of the control characters
		case r != ' ' && !unicode.IsPrint(r), r == '\ufeff':
			return '\ufffd'
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
}

func (w *writer) notes(indent int, i *item) {
	for _, note := range i.notes {
		w.comment(indent, note)
	}
}

func (w *writer) items(indent int, items []*item) {
	for _, i := range items {
		w.notes(indent, i)
		if i.key == "" {
			continue
		}
		fmt.Fprintf(w, "%*s%s:", indent, "", i.key)
		from := places(i.from)
		if m, ok := i.value.(Map); ok && len(m) > 0 { // each entry says where it comes from
			from = ""
		}
		w.value(i.value, indent, from)
	}
}

// short is how long a list in one line may be.
const short = 100

// value writes a value behind its key, and where it comes from.
func (w *writer) value(v Value, indent int, from string) {
	if from != "" {
		from = "  # " + printable(from)
	}
	if text, ok := flow(v); ok {
		fmt.Fprintf(w, " %s%s\n", text, from)
		return
	}
	w.WriteString(from + "\n")
	v.write(w, indent+2)
}

// flow writes a value in one line, where it fits into one.
func flow(v Value) (string, bool) {
	switch v := v.(type) {
	case Text:
		return scalar(string(v)), true
	case Plain:
		return string(v), true
	case Command:
		if v.Argv == nil {
			return scalar(v.Text), true
		}
		return flow(Texts(v.Argv))
	case Map:
		return "{}", len(v) == 0
	case List:
		var parts []string
		size := 0
		for _, item := range v {
			text, ok := flow(item)
			if !ok {
				return "", false
			}
			parts = append(parts, text)
			size += len(text) + 2
		}
		return "[" + strings.Join(parts, ", ") + "]", size <= short
	}
	return "", false
}

func (t Text) write(w *writer, indent int)  { w.line(indent, scalar(string(t))) }
func (p Plain) write(w *writer, indent int) { w.line(indent, string(p)) }

func (c Command) write(w *writer, indent int) { Texts(c.Argv).write(w, indent) }

func (l List) write(w *writer, indent int) {
	for _, item := range l {
		if text, ok := flow(item); ok {
			w.line(indent, "- "+text)
			continue
		}
		w.line(indent, "-")
		item.write(w, indent+2)
	}
}

func (m Map) write(w *writer, indent int) {
	for _, p := range m {
		from := place(p.From)
		if from != "" {
			from = "  # " + printable(from)
		}
		text := p.Text
		if p.Kind == AsText {
			text = scalar(text)
		}
		w.line(indent, scalar(p.Name)+": "+text+from)
	}
}

var (
	plainRE = lazyregexp.New(`^(-?-?[A-Za-z_]|/|\./|\.\./)[A-Za-z0-9_/.@%+=-]*$`)
	// YAML 1.1 takes them for something else than a text.
	notText = lazyregexp.New(`(?i)^(~|null|true|false|yes|no|on|off|y|n)$`)
)

// scalar writes a text, in quotes unless it means nothing else to any reader of
// YAML.
func scalar(s string) string {
	if plainRE.MatchString(s) && !notText.MatchString(s) {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x80 && !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\x%02x`, r)
		case r == ' ' || unicode.IsPrint(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// Sayable reports whether YAML can hold a text exactly.
func Sayable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsRune(s, 0)
}

// Number writes a number.
func Number(n int64) Plain { return Plain(strconv.FormatInt(n, 10)) }
