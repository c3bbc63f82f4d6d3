package systemd

import (
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/splice"
)

// readAgain reports the values that a command of the unit would read as code.
func readAgain(m *record.Marked, unit *Unit, errs *diag.List) {
	for _, section := range unit.Sections {
		for _, entry := range section.Entries {
			for _, c := range entry.Commands {
				words := c.Words
				if strings.Contains(c.Flags, "@") && len(words) > 1 { // the second is what the program is told it is called
					words = append(words[:1:1], words[2:]...)
				}
				splice.ReadAgain(m, texts(words), errs)
			}
		}
	}
}

// texts are the words as they are written, with what systemd replaces in them.
func texts(words []*Word) []string {
	list := make([]string, len(words))
	for i, w := range words {
		for _, part := range w.Parts {
			list[i] += part.Text
		}
	}
	return list
}
