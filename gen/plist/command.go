package plist

import (
	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/shell"
	"palletgen/gen/splice"
)

// arguments reports the values that the command of a job, its ProgramArguments,
// would not take for the arguments that they are. Other arrays may be commands to
// somebody, too: there it reports what would be read as code.
func arguments(m *record.Marked, n *Node, errs *diag.List) {
	key, program := "", ""
	for i, kid := range n.Kids {
		if kid.Name == "key" && kid.Text == "Program" && i+1 < len(n.Kids) && n.Kids[i+1].Name == "string" {
			program = n.Kids[i+1].Text
		}
	}
	for _, kid := range n.Kids {
		switch {
		case kid.Name == "key":
			key = kid.Text
		case kid.Name == "array" && key == "ProgramArguments":
			words := wordsOf(kid)
			line := make([]shell.Arg, len(words))
			for i, word := range words {
				if i == 0 && program != "" { // the first is then what it is told it is called
					word = program
				}
				line[i] = shell.Literal(word)
			}
			splice.Arguments(m, line, errs)
		case kid.Name == "array":
			splice.Code(m, wordsOf(kid), errs)
			arguments(m, kid, errs)
		default:
			arguments(m, kid, errs)
		}
	}
}

// wordsOf are the texts of an array; a marker may stand for several.
func wordsOf(n *Node) []string {
	var words []string
	for _, kid := range n.Kids {
		if kid.Name == "" || kid.Name == "string" {
			words = append(words, kid.Text)
		}
	}
	return words
}
