package shell

import (
	"strings"

	"palletgen/gen/posix"
)

// A meaning says which values mean just themselves where a program reads them in
// its own way: as a pattern, a set, a format, a list. Others are refused; a Go
// integer never is. before and after are what the template has around the value
// in its word, as far as it is literal.
type meaning func(before, value, after string) bool

// plainIn are values without any of the characters in special, and of one line.
func plainIn(special string) meaning {
	return func(_, value, _ string) bool { return !strings.ContainsAny(value, special+"\n") }
}

// asPattern are values without a character that any kind of regular expression
// knows, and that no character of the template behind them, or bracket around
// them, takes apart.
func asPattern(before, value, after string) bool {
	inBracket := strings.LastIndexByte(before, '[') > strings.LastIndexByte(before, ']')
	repeated := after != "" && strings.ContainsAny(after[:1], `*?+{\`)
	return !strings.ContainsAny(value, ".*[]^$+?(){}|\\\n") && !inBracket && !repeated && !strings.HasSuffix(before, `\`)
}

// asGlob are values without a character of file name patterns.
func asGlob(before, value, _ string) bool {
	inBracket := strings.LastIndexByte(before, '[') > strings.LastIndexByte(before, ']')
	return !strings.ContainsAny(value, `*?[]\`) && !inBracket && !strings.HasSuffix(before, `\`)
}

// asFormat are values without a conversion or escape, beside none of the
// template's.
func asFormat(before, value, _ string) bool {
	return !strings.ContainsAny(value, `%\`) && !strings.HasSuffix(before, "%") && !strings.HasSuffix(before, `\`)
}

// asWord are letters, digits and _.
func asWord(_, value, _ string) bool {
	for i := range len(value) {
		if !posix.IsNameByte(value[i]) {
			return false
		}
	}
	return true
}

func meaningCheck(m meaning, msg, hint string) *check {
	return &check{means: m, refusal: refusal{msg, hint}}
}

var (
	grepCheck = meaningCheck(asPattern, "grep would read the value as a pattern", "write grep -F -e VALUE, or case WORD in *VALUE*) … esac")
	// grepLinesCheck: with -F each line is a text to look for.
	grepLinesCheck = meaningCheck(plainIn(""), "grep takes each line of the value for a text of its own", "use case WORD in *VALUE*) … esac")
	processCheck   = meaningCheck(asPattern, "the value would be read as a pattern for names of processes", "find the process by a file with its number")
	regexpCheck    = meaningCheck(asPattern, "the value would be read as a regular expression", "compare it with = or case instead")
	globCheck      = meaningCheck(asGlob, "the value would be read as a pattern for file names", "name the file itself, or use case in a loop over the files")
	setOfCheck     = meaningCheck(plainIn(`-[]\`), "tr would read ranges, classes or backslashes in the value", "use case, or awk and ENVIRON")
	dateCheck      = meaningCheck(asFormat, "date would read % in the value", "print the value by printf '%s', and the date by itself")
	formatCheck    = meaningCheck(asFormat, "the value would be read as a part of a format", `print the value by printf '%s\n' VALUE`)
	columnsCheck   = meaningCheck(asWord, "ps would read the value as a list of columns and their titles", "write the columns in the template")
	fieldsCheck    = meaningCheck(func(_, value, _ string) bool { return posix.IsNumber(value) }, "the value would be read as a list of fields", "use a setting of type integer")
	separatorCheck = meaningCheck(plainIn(`\`), "the value would be read as a list of separators, with backslashes", "write the separator in the template")
	mountCheck     = meaningCheck(plainIn(`,\"`), "mount takes a comma in the value for the end of an option", "refuse such values by the pattern of the setting")
	urlCheck       = meaningCheck(plainIn(`[]{}\`), "curl would read brackets and braces in the value as many addresses", "write curl -g")
)

// means gives args[i] a further check, whatever else it has to be.
func (a *analysis) means(i, to int, c *check) {
	if i < 0 || i >= to || a.uses[i].forbid.msg != "" {
		return
	}
	a.uses[i].checks = append(a.uses[i].checks[:len(a.uses[i].checks):len(a.uses[i].checks)], c)
}

// argument says that args[i] is the argument of an option before it, which c
// judges.
func (a *analysis) argument(i, to int, c *check) {
	if i < to && a.uses[i].forbid.msg == "" {
		if text, _ := a.text(i); !strings.HasPrefix(text, "-") { // a word of its own
			a.uses[i] = wordUse{args: true}
		}
	}
	a.means(i, to, c)
}

// addPatterns adds the programs that read arguments as patterns and the like.
func addPatterns(table rulebook) {
	for _, name := range []string{"grep", "egrep", "zgrep", "rg"} {
		table[name] = grep(false)
	}
	table["fgrep"] = grep(true)
	table["tr"] = func(a *analysis, from, to int) { a.operands(from, to, "", setOfCheck) }
	for _, name := range []string{"pgrep", "pkill"} {
		table[name] = func(a *analysis, from, to int) { a.operands(from, to, "dFgGJMPstuUcj", processCheck) }
	}
	table["csplit"] = func(a *analysis, from, to int) { a.operands(from, to, "fbn", regexpCheck) }
	table["date"] = date
	table["cut"] = lettered("bcdf", map[byte]*check{'b': fieldsCheck, 'c': fieldsCheck, 'f': fieldsCheck}, nil)
	table["sort"] = lettered("koStT", map[byte]*check{'k': fieldsCheck, 't': separatorCheck}, map[string]*check{"--key": fieldsCheck, "--field-separator": separatorCheck})
	table["paste"] = lettered("d", map[byte]*check{'d': separatorCheck}, map[string]*check{"--delimiters": separatorCheck})
	table["join"] = lettered("12aejotv", map[byte]*check{'o': fieldsCheck, 't': separatorCheck}, nil)
	table["ps"] = lettered("oCGgpstUuOn", map[byte]*check{'o': columnsCheck, 'O': columnsCheck}, map[string]*check{"--format": columnsCheck})
	table["stat"] = lettered("cft", map[byte]*check{'c': formatCheck, 'f': formatCheck}, map[string]*check{"--format": formatCheck, "--printf": formatCheck})
	table["seq"] = lettered("fs", map[byte]*check{'f': formatCheck}, map[string]*check{"--format": formatCheck})
	table["mount"] = lettered("otLUOT", map[byte]*check{'o': mountCheck}, map[string]*check{"--options": mountCheck})
	table["curl"] = curl
}
