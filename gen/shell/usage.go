package shell

import (
	"fmt"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/diag"
	"palletgen/gen/posix"
)

// A Use is a call of a function, or of a program with a name like one, and how
// many arguments it has.
type Use struct {
	Name string
	Pos  diag.Pos
	Args int
	More bool // there may be more: "$@", or what is expanded without quotes
}

// A Usage is how many arguments a function takes.
type Usage struct {
	Line  string // of its comment: NAME ARG [OTHER...]; "" where that has none
	Least int
	Most  int // -1: any number
}

// Usage reads the first line of the function's comment: behind its name stand
// the arguments in capitals, up to a colon, [in brackets] what may be left out,
// with ... what may come again. Where it has no such line, the function takes as
// many arguments as the $1, $2 … that it reads as if they were there. The error
// is that of Called.
func (fn *Function) Usage() (Usage, error) {
	line, _, _ := strings.Cut(fn.Doc, "\n")
	line, _, _ = strings.Cut(line, ":")
	if words := strings.Fields(line); len(words) > 0 && words[0] == fn.Name {
		if u, ok := readUsage(words[1:]); ok {
			u.Line = line
			return u, nil
		}
	}
	if fn.later == nil {
		return Usage{Least: fn.reads, Most: -1}, nil
	}
	read, err := fn.later()
	if err != nil {
		return Usage{}, err
	}
	return Usage{Least: read.reads, Most: -1}, nil
}

// Reads is the highest N of the $N that the function reads as if they were there,
// 0 where it looks how many it has. It is not known of outlines.
func (fn *Function) Reads() int { return fn.reads }

// readUsage reads the words behind the name; ok is false where they are no usage.
func readUsage(words []string) (u Usage, ok bool) {
	depth := 0
	for _, word := range words {
		opened := strings.TrimLeft(word, "[")
		depth += len(word) - len(opened)
		name := strings.TrimRight(opened, "]")
		closed := len(opened) - len(name)
		name, again := strings.CutSuffix(name, "...")
		name, text, _ := strings.Cut(name, "=") // KEY=WORDS
		name += text
		if !posix.IsName(name) || strings.ToUpper(name) != name || closed > depth {
			return Usage{}, false
		}
		if depth == 0 {
			u.Least++
		}
		if depth -= closed; again {
			u.Most = -1
		} else if u.Most >= 0 {
			u.Most++
		}
	}
	return u, depth == 0
}

// Misused says what is wrong with the number of arguments of a call of the
// function; nil: nothing.
func (fn *Function) Misused(use Use) error {
	u, err := fn.Usage()
	if err != nil {
		return err
	}
	few, many := use.Args < u.Least && !use.More, u.Most >= 0 && use.Args > u.Most
	if !few && !many {
		return nil
	}
	wants := strconv.Itoa(u.Least)
	switch {
	case u.Most < 0:
		wants = "at least " + wants
	case u.Most > u.Least:
		wants = fmt.Sprintf("%d to %d", u.Least, u.Most)
	}
	wrong := diag.At(use.Pos, "%s is called with %s, and takes %s", fn.Name, arguments(use.Args), wants)
	if u.Line == "" {
		return wrong.WithHint("see %s: it reads $%d", fn.Pos, u.Least)
	}
	return wrong.WithHint("write %s: see %s", u.Line, fn.Pos)
}

func arguments(n int) string {
	if n == 1 {
		return "1 argument"
	}
	return strconv.Itoa(n) + " arguments"
}

// A use is a Use in a text whose values are not known.
type use struct {
	name   string
	pos    syntax.Pos
	args   int
	more   bool
	places []int // of values that are the only ones of their word: commands become several
}

// used notes how many arguments a simple command has.
func (f *finder) used(call *syntax.CallExpr) {
	if len(call.Args) == 0 {
		return
	}
	name := call.Args[0].Lit()
	if !libraryName(name) || posix.IsBuiltin(name) {
		return
	}
	u := use{name: name, pos: call.Args[0].Pos()}
	for _, word := range call.Args[1:] {
		if severalWords(word.Parts, false) {
			u.more = true
			continue
		}
		u.args++
		if isMarker(word) {
			u.places = append(u.places, f.plan.byValue[markersIn(word)[0]])
		}
	}
	f.calls.uses = append(f.calls.uses, u)
}

// severalWords reports whether the parts may become more or less than one word.
func severalWords(parts []syntax.WordPart, quoted bool) bool {
	for _, part := range parts {
		switch part := part.(type) {
		case *syntax.DblQuoted:
			if severalWords(part.Parts, true) {
				return true
			}
		case *syntax.ParamExp:
			if !quoted || part.Param != nil && part.Param.Value == "@" {
				return true
			}
		case *syntax.CmdSubst:
			if !quoted {
				return true
			}
		case *syntax.Lit:
			if !quoted && strings.ContainsAny(posix.UnquotedOnly(part.Value), "*?[") {
				return true
			}
		}
	}
	return false
}

// uses returns the calls of the plan's text, for these values.
func (s *splicer) uses() []Use {
	uses := make([]Use, 0, len(s.plan.calls.uses))
	for _, u := range s.plan.calls.uses {
		line := int(u.pos.Line()) - 1
		one := Use{Name: u.name, Args: u.args, More: u.more, Pos: s.plan.column(linePos(s.marked, line), line, int(u.pos.Col()))}
		for _, at := range u.places {
			if cmd := s.values[at].cmd; !cmd.IsZero() {
				one.Args += len(cmd.Args) - 1
			}
		}
		uses = append(uses, one)
	}
	return uses
}

// readsArguments returns the highest N of the $N that the function reads as if
// they were there; 0 where it looks how many there are, or moves them.
func readsArguments(decl *syntax.FuncDecl) int {
	highest, counted := 0, false
	syntax.Walk(decl.Body, func(node syntax.Node) bool {
		switch node := node.(type) {
		case *syntax.FuncDecl:
			return false
		case *syntax.CallExpr:
			if len(node.Args) > 0 {
				name := node.Args[0].Lit()
				counted = counted || name == "shift" || name == "set"
			}
		case *syntax.ParamExp:
			switch {
			case node.Param == nil:
			case strings.Contains("@*#", node.Param.Value), node.Exp != nil && posix.IsNumber(node.Param.Value):
				counted = true
			case posix.IsNumber(node.Param.Value):
				n, _ := strconv.Atoi(node.Param.Value)
				highest = max(highest, n)
			}
		}
		return true
	})
	if counted {
		return 0
	}
	return highest
}
