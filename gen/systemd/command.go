package systemd

import (
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/shell"
	"palletgen/gen/splice"
)

// arguments reports the values that a command of the unit would not take for the
// arguments that they are.
func arguments(m *record.Marked, unit *Unit, errs *diag.List) {
	for _, section := range unit.Sections {
		for _, entry := range section.Entries {
			for _, c := range entry.Commands {
				words := c.Words
				if strings.Contains(c.Flags, "@") && len(words) > 1 { // the second is what the program is told it is called
					words = append(words[:1:1], words[2:]...)
				}
				line := make([]shell.Arg, len(words))
				for i, w := range words {
					for _, part := range w.Parts {
						line[i] = append(line[i], shell.ArgPart{Text: part.Text, Dynamic: part.Special})
					}
				}
				splice.Arguments(m, line, errs)
			}
		}
	}
}
