package splice

import (
	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/shell"
)

// ReadAgain reports the value in a command line of words that the command would
// read as code, as in sh -c VALUE: no escaper can help there.
func ReadAgain(m *record.Marked, words []string, errs *diag.List) {
	value, msg, hint := shell.ReadAgain(words)
	refuse(m, value, msg, hint, errs)
}

// ReadAgainLine is ReadAgain for a line with quotes as shells know them.
func ReadAgainLine(m *record.Marked, line string, errs *diag.List) {
	value, msg, hint := shell.ReadAgainLine(line)
	refuse(m, value, msg, hint, errs)
}

func refuse(m *record.Marked, value int, msg, hint string, errs *diag.List) {
	if msg != "" && value < len(m.Values) {
		errs.Add(diag.At(m.Values[value].Pos, "%s", msg).WithHint("%s", hint))
	}
}
