package lint

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// facts are what some rules need to know of the text as a whole.
type facts struct {
	functions map[string]bool // that it defines
	assigned  map[string]bool // variables that it sets
	// readonly are variables that readonly names, where it does first; calculated those that stand in $(( )).
	readonly   map[string]syntax.Pos
	calculated map[string]bool
	errexit    bool             // set -e is in force somewhere
	traps      [][]*syntax.Word // the calls of trap for EXIT, in their order
}

// facts finds them out, once.
func (l *linter) facts() *facts {
	if l.known != nil {
		return l.known
	}
	f := &facts{functions: map[string]bool{}, assigned: map[string]bool{}, readonly: map[string]syntax.Pos{}, calculated: map[string]bool{}}
	l.known = f
	syntax.Walk(l.file, func(node syntax.Node) bool {
		switch node := node.(type) {
		case *syntax.FuncDecl:
			if node.Name != nil {
				f.functions[node.Name.Value] = true
			}
		case *syntax.Assign:
			if node.Name != nil {
				f.assigned[node.Name.Value] = true
			}
		case *syntax.WordIter:
			f.assigned[node.Name.Value] = true
		case *syntax.ArithmExp:
			syntax.Walk(node, func(inner syntax.Node) bool {
				switch inner := inner.(type) {
				case *syntax.Lit:
					f.calculated[inner.Value] = true
				case *syntax.CmdSubst:
					return false
				}
				return true
			})
		case *syntax.CallExpr:
			f.call(node.Args)
		case *syntax.Comment:
			if node.Hash.Offset() == 0 && strings.HasPrefix(node.Text, "!") {
				_, options, _ := strings.Cut(node.Text, " -")
				f.errexit = f.errexit || strings.Contains(options, "e") && !strings.Contains(options, "/")
			}
		}
		return true
	})
	return f
}

func (f *facts) call(args []*syntax.Word) {
	if len(args) == 0 {
		return
	}
	switch args[0].Lit() {
	case "set":
		f.errexit = f.errexit || setsErrexit(args)
	case "trap":
		if exitTrap(args) != nil {
			f.traps = append(f.traps, args)
		}
	case "read", "getopts", "export", "readonly":
		for _, word := range args[1:] {
			name, _, _ := strings.Cut(posix.StaticText(word), "=")
			f.assigned[name] = true
			if _, known := f.readonly[name]; !known && args[0].Lit() == "readonly" {
				f.readonly[name] = word.Pos()
			}
		}
	}
}

// setsErrexit reports whether args are set -e or set -o errexit.
func setsErrexit(args []*syntax.Word) bool {
	for i, word := range args[1:] {
		text := posix.StaticText(word)
		if !strings.HasPrefix(text, "-") || text == "--" {
			break
		}
		if strings.Contains(text, "e") || strings.HasSuffix(text, "o") && i+2 < len(args) && args[i+2].Lit() == "errexit" {
			return true
		}
	}
	return false
}
