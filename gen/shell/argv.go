package shell

import (
	"slices"
	"strings"
	"sync"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/command"
	"palletgen/gen/posix"
	"palletgen/gen/record"
)

// rules are those of a command that stands in a file that is no script.
var rules = sync.OnceValue(newRulebook)

// An Arg is one word of a command line in a file that is no script, without its
// quotes.
type Arg []ArgPart

// An ArgPart is a piece of a word: its bytes, with markers where values stand, or
// something that is only known at run time.
type ArgPart struct {
	Text    string
	Dynamic bool
}

// Literal makes a word of bytes that are known, but for values.
func Literal(text string) Arg { return Arg{{Text: text}} }

// A Misread is a value that a command would take for something else than the
// argument that it is: for code, an option, a pattern.
type Misread struct {
	Value     int // the index of the value
	Msg, Hint string
}

// Misreads looks at the values in the words of a command line, by their markers,
// as Splice does it in scripts. It is for formats that hold command lines and are
// no shell. A value that names the program counts as if it stood there, and so do
// the words of a command.
func Misreads(line []Arg, values []record.Value) []Misread {
	if !slices.ContainsFunc(line, Arg.marked) {
		return nil
	}
	l := &commandLine{values: values}
	l.words(line)
	a := l.analyse()
	for range l.args { // what a wrapper runs may be a value, too
		if !l.name(a) {
			break
		}
		a = l.analyse()
	}
	for i, use := range a.uses {
		l.judge(l.args[i], use)
	}
	return l.found
}

func (a Arg) marked() bool {
	return slices.ContainsFunc(a, func(p ArgPart) bool { at, _ := record.FindMarker(p.Text); return at >= 0 })
}

// ReadAgain looks for values, by their markers, in words of a command that reads
// them as code: sh -c VALUE; the values are not known. msg is "" when there is
// none; value is the index of the first.
func ReadAgain(words []string) (value int, msg, hint string) {
	line := make([]Arg, len(words))
	for i, word := range words {
		line[i] = Literal(word)
	}
	for _, found := range Misreads(line, nil) {
		return found.Value, found.Msg, found.Hint
	}
	return 0, "", ""
}

// ReadAgainLine is ReadAgain for a command line with quotes as shells know them.
func ReadAgainLine(line string) (value int, msg, hint string) {
	if at, _ := record.FindMarker(line); at < 0 {
		return 0, "", ""
	}
	file, err := posix.Parse(syntax.NewParser(syntax.Variant(syntax.LangPOSIX)), line+"\n")
	if err != nil {
		_, value := record.FindMarker(line)
		return value, "it cannot be seen which command reads the value", "write the words of the command plainly"
	}
	syntax.Walk(file, func(node syntax.Node) bool {
		call, ok := node.(*syntax.CallExpr)
		if !ok || msg != "" {
			return msg == ""
		}
		for i, use := range rules().analyse(call.Args).uses {
			if found := markersIn(call.Args[i]); use.forbid.msg != "" && len(found) > 0 && msg == "" {
				value, msg, hint = found[0], use.forbid.msg, use.forbid.hint
			}
		}
		return true
	})
	return value, msg, hint
}

// A commandLine is looked at for what its values are read as.
type commandLine struct {
	values []record.Value // none where they are not known
	args   []Arg
	found  []Misread
}

// words sets args: those of the line, and of the commands in it. A command cannot
// be misread, but it may read what follows it.
func (l *commandLine) words(line []Arg) {
	for _, arg := range line {
		c, ok := l.commandAt(arg)
		if !ok {
			l.args = append(l.args, arg)
			continue
		}
		for _, word := range c.Args {
			l.args = append(l.args, Arg{{Text: word.Lit, Dynamic: word.Src != ""}})
		}
	}
}

// commandAt returns the command that stands for a whole word.
func (l *commandLine) commandAt(arg Arg) (c command.Command, ok bool) {
	if len(arg) != 1 || len(arg[0].Text) != markerLen {
		return c, false
	}
	if at, i := record.FindMarker(arg[0].Text); at == 0 && i < len(l.values) {
		c, ok = l.values[i].V.(command.Command)
	}
	return c, ok
}

// analyse finds out what the words are for, by a shell's line of the same words.
func (l *commandLine) analyse() *analysis {
	words := make([]*syntax.Word, len(l.args))
	for i, arg := range l.args {
		words[i] = &syntax.Word{}
		for _, part := range arg {
			var of syntax.WordPart = &syntax.SglQuoted{Value: part.Text}
			switch {
			case part.Dynamic:
				of = &syntax.ParamExp{Short: true, Param: &syntax.Lit{Value: "x"}}
			case part.Text != "" && command.PlainBytes(part.Text): // as a script has it
				of = &syntax.Lit{Value: part.Text}
			}
			words[i].Parts = append(words[i].Parts, of)
		}
	}
	return rules().analyse(words)
}

// name puts the values of the first word in their place that names a command; false
// when there is none.
func (l *commandLine) name(a *analysis) bool {
	for i, use := range a.uses {
		if !use.command || !l.args[i].marked() || len(l.values) == 0 {
			continue
		}
		var named Arg
		for _, part := range l.args[i] {
			part.Text = record.Fill(part.Text, func(b *strings.Builder, value int) { b.WriteString(l.text(value)) })
			named = append(named, part)
		}
		l.args[i] = named
		return true
	}
	return false
}

// text returns the bytes of a value, as far as it has some.
func (l *commandLine) text(value int) string {
	if value >= len(l.values) {
		return ""
	}
	return readValue(l.values[value].V).text
}
