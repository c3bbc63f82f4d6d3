package shell

import (
	"reflect"
	"slices"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/command"
)

// sameWords compares the words of a command or list; where the marker of a
// command stands, the command's words have to.
func (c *comparer) sameWords(want, got []*syntax.Word) bool {
	for _, w := range want {
		held := c.plan.words[w]
		if cmd := c.commandAt(held); !cmd.IsZero() {
			if len(got) < len(cmd.Args) {
				return false
			}
			for i, arg := range cmd.Args {
				if !c.sameArg(arg, got[i]) {
					return false
				}
			}
			got = got[len(cmd.Args):]
			continue
		}
		if len(got) == 0 || !c.same(reflect.ValueOf(w), reflect.ValueOf(got[0])) {
			return false
		}
		got = got[1:]
	}
	return len(got) == 0
}

// commandAt returns the command that a word stands for.
func (c *comparer) commandAt(held *valueWord) command.Command {
	if held == nil || len(held.shape) != 1 || held.shape[0].place < 0 {
		return command.Command{}
	}
	return c.values[held.shape[0].place].cmd
}

// sameArg compares a word with the argument of a command that it has to be.
func (c *comparer) sameArg(arg command.Arg, got *syntax.Word) bool {
	c.want.out, c.want.nodes = c.want.out[:0], c.want.nodes[:0]
	if arg.Src == "" {
		c.want.out = append(c.want.out, tokenRun)
		c.want.quotedBytes(spell(arg.Lit))
		c.want.out = append(c.want.out, tokenRunEnd)
	} else {
		file, err := c.parsers.Parse("_ " + spell(arg.Src))
		if err != nil || len(file.Stmts) != 1 {
			return false
		}
		call, ok := file.Stmts[0].Cmd.(*syntax.CallExpr)
		if !ok || len(call.Args) != 2 || len(call.Assigns) > 0 || len(file.Stmts[0].Redirs) > 0 {
			return false
		}
		c.want.word(call.Args[1], streamWord)
	}
	return c.sameStream(c.want.nodes, got, streamWord)
}

// sameStmts compares lists of statements; where the marker of code stands, the
// statements of the code have to.
func (c *comparer) sameStmts(want, got []*syntax.Stmt) bool {
	for _, w := range want {
		expected := []*syntax.Stmt{w}
		if at, ok := c.plan.alone[w]; ok && c.values[at].code != nil {
			expected = c.values[at].code.file.Stmts
		}
		if len(got) < len(expected) {
			return false
		}
		for i, stmt := range expected {
			if !c.same(reflect.ValueOf(stmt), reflect.ValueOf(got[i])) {
				return false
			}
		}
		got = got[len(expected):]
	}
	return len(got) == 0
}

// sameWord compares a word that holds values.
func (c *comparer) sameWord(held *valueWord, got *syntax.Word) bool {
	c.want.out = c.want.out[:0]
	for _, token := range held.stream {
		if token&tokenPlace == 0 {
			c.want.out = append(c.want.out, token)
		} else {
			c.want.quotedBytes(c.spelled[token&^tokenPlace])
		}
	}
	return c.sameStream(held.nodes, got, held.kind)
}

// sameStream compares the stream in c.want.out with that of a word, and the
// nodes that belong to it.
func (c *comparer) sameStream(wantNodes []syntax.Node, got *syntax.Word, kind streamKind) bool {
	c.got.out, c.got.nodes = c.got.out[:0], c.got.nodes[:0]
	c.got.word(got, kind)
	if !slices.Equal(c.want.out, c.got.out) || len(wantNodes) != len(c.got.nodes) {
		return false
	}
	if len(wantNodes) == 0 {
		return true
	}
	// The writers are used again for what is inside of the nodes.
	wantNodes, gotNodes := slices.Clone(wantNodes), slices.Clone(c.got.nodes)
	for i, want := range wantNodes {
		if !c.sameNode(want, gotNodes[i]) {
			return false
		}
	}
	return true
}

// name returns the name that held stands for.
func (c *comparer) name(held *valueWord) string {
	name, _ := held.text(func(at int) string { return c.spelled[at] })
	return name
}
