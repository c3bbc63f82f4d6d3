package render

import (
	"fmt"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/shell"
)

// A layout says where the functions of the libraries stand in a bundle. Each
// stands there once: in the script of the phase that is the only one to use
// it, else in lib.sh, which run reads before the phases.
type layout struct {
	lib     string   // functions of lib.sh, each after an empty line
	scripts []string // functions of each phase script, as lib
}

// layout lays the functions out for a bundle whose phase scripts have these
// frames. It is computed once for all bundles with the same frames.
func (m *phaseMaker) layout(frames []*frame) (*layout, error) {
	key := fmt.Sprint(frames) // pointers
	if done, ok := m.layouts.Load(key); ok {
		return done.(*layout), nil
	}
	users := map[*shell.Function]int{}
	named := library{}
	for name, f := range m.carried {
		named[name], users[f] = f, 2 // run uses it, and so may each phase
	}
	for _, frame := range frames {
		for name, f := range frame.reached {
			if other := named[name]; other != nil && other != f {
				return nil, diag.List{diag.At(f.Pos, "the function %s is defined at %s already", name, other.Pos).
					WithHint("functions of a folder begin with its name, such as NAME_%s", name)}
			}
			named[name] = f
			users[f]++
		}
	}
	l := &layout{lib: named.text(func(f *shell.Function) bool { return users[f] > 1 })}
	for _, frame := range frames {
		l.scripts = append(l.scripts, frame.reached.text(func(f *shell.Function) bool { return users[f] == 1 }))
	}
	m.layouts.Store(key, l)
	return l, nil
}

// text is the functions that are meant, in the order of their names.
func (l library) text(meant func(*shell.Function) bool) string {
	var text strings.Builder
	size := 0
	for _, f := range l {
		if meant(f) {
			size += len(f.Text) + 1
		}
	}
	text.Grow(size)
	for _, name := range sortedKeys(l) {
		if f := l[name]; meant(f) {
			text.WriteByte('\n')
			text.WriteString(f.Text)
		}
	}
	return text.String()
}
