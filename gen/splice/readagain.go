package splice

import (
	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/shell"
)

// Arguments reports the values in a command line that the command would take for
// something else than the arguments that they are: for code, as in sh -c VALUE; for
// an option, as in cat VALUE where it begins with -; for a pattern. No escaper can
// help there. A script's commands are judged in the same way; see package shell.
func Arguments(m *record.Marked, line []shell.Arg, errs *diag.List) {
	for _, found := range shell.Misreads(line, m.Values) {
		if found.Value < len(m.Values) {
			errs.Add(diag.At(m.Values[found.Value].Pos, "%s", found.Msg).WithHint("%s", found.Hint))
		}
	}
}

// Code is Arguments for words that need not be a command line: it reports what a
// shell, or another interpreter, would read as code if they were one.
func Code(m *record.Marked, words []string, errs *diag.List) {
	value, msg, hint := shell.ReadAgain(words)
	if msg != "" && value < len(m.Values) {
		errs.Add(diag.At(m.Values[value].Pos, "%s", msg).WithHint("%s", hint))
	}
}
