package shell

import (
	"strings"
	"sync"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/command"
	"palletgen/gen/posix"
	"palletgen/gen/record"
)

// rules are those of a command that stands in a file that is no script.
var rules = sync.OnceValue(newRulebook)

// ReadAgain looks for values, by their markers, in words of a command that reads
// them as code: sh -c VALUE. It is for formats that hold command lines and are no
// shell. msg is "" when there is none; value is the index of the first.
func ReadAgain(words []string) (value int, msg, hint string) {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = command.Quote(word)
	}
	return ReadAgainLine(strings.Join(quoted, " "))
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
