package record

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/lazyregexp"
)

// Remedies for what text/template's parser says, by how its message begins.
var parseHints = []struct{ msg, hint string }{
	{"unexpected EOF", "an {{ if }}, {{ range }} or {{ with }} has no {{ end }}"},
	{"unexpected {{end}}", "there is no {{ if }}, {{ range }} or {{ with }} that it could end"},
	{"unexpected {{else}}", "it belongs between {{ if }}, {{ range }} or {{ with }} and its {{ end }}"},
	{"unclosed action", "end it with }}"},
	{"unclosed comment", "write {{/* comment */}}"},
	{"comment ends before closing delimiter", "write {{/* comment */}}"},
	{`unexpected "}"`, "an action ends with two braces: {{ .name }}"},
	{`unexpected "{"`, "an action begins with two braces: {{ .name }}"},
	{"unterminated quoted string", "end the text with a quote before the }}"},
	{"undefined variable", "set it first: {{ $name := … }}; settings are .name"},
	{"missing value for", "write what it is for: {{ if .name }}"},
}

// quotedRE finds what the parser quotes of the template.
var quotedRE = lazyregexp.New(`"(?:[^"\\]|\\.)+"`)

// explainParse is the error msg of text/template's parser at pos, which has a
// line alone, or less: with a column where the text tells one, and a remedy
// where one is known. Where something is open at the end of the file, it points
// to where that begins.
func explainParse(pos diag.Pos, msg string) *diag.Error {
	e := diag.At(pos, "%s", msg)
	if rest, ok := strings.CutPrefix(msg, "unclosed action started at line "); ok {
		e = diag.At(lineOf(pos, rest), "unclosed action")
	} else if msg == "unexpected EOF" {
		e = diag.At(lastOpen(pos.Source), "the template ends too early")
	}
	if at := strings.Index(lineText(e.Pos), "{{"); e.Pos.Col == 0 && at >= 0 && strings.Count(lineText(e.Pos), "{{") == 1 {
		e.Pos.Col = at + 1
	}
	if found := quotedRE.FindString(msg); found != "" { // what is in it is often cut off, but it is there
		if text, err := strconv.Unquote(found); err == nil {
			e.Pos = e.Pos.Find(text)
		}
	}
	if word, ok := strings.CutPrefix(msg, "missing value for "); ok {
		action := regexp.MustCompile(`\{\{-?\s*` + regexp.QuoteMeta(word) + `\s*-?\}\}`)
		e.Pos = e.Pos.Find(action.FindString(lineText(e.Pos)))
	}
	for _, h := range parseHints {
		if strings.HasPrefix(msg, h.msg) {
			return e.WithHint("%s", h.hint)
		}
	}
	return e
}

// lineOf is pos with the line number that text begins with, if it does.
func lineOf(pos diag.Pos, text string) diag.Pos {
	number := 0
	for _, c := range text {
		if c < '0' || c > '9' {
			break
		}
		number = number*10 + int(c-'0')
	}
	if number > 0 {
		pos.Line = number
	}
	return pos
}

// lineText returns the line of pos, "" where it has none.
func lineText(pos diag.Pos) string {
	lines := strings.Split(pos.Source.Text, "\n")
	if pos.Line < 1 || pos.Line > len(lines) {
		return ""
	}
	return lines[pos.Line-1]
}

// lastOpen returns where the action stands that has no {{ end }}: the innermost
// one that is open at the end of src. It looks at the words behind the braces,
// and so takes what stands in texts and comments for actions, too.
func lastOpen(src *diag.Source) diag.Pos {
	var open []int
	for at := 0; ; {
		next := strings.Index(src.Text[at:], "{{")
		if next < 0 {
			break
		}
		at += next
		word := strings.TrimLeft(strings.TrimPrefix(src.Text[at+2:], "-"), " \t\n")
		switch {
		case begins(word, "if"), begins(word, "range"), begins(word, "with"):
			open = append(open, at)
		case begins(word, "end") && len(open) > 0:
			open = open[:len(open)-1]
		}
		at += 2
	}
	if len(open) == 0 {
		return diag.Pos{Source: src}
	}
	return offset(src, open[len(open)-1])
}

// begins reports whether the first word of text is word.
func begins(text, word string) bool {
	rest, ok := strings.CutPrefix(text, word)
	return ok && (rest == "" || strings.ContainsRune(" \t\n-}", rune(rest[0])))
}

// Functions of sprig that would quote what our splices quote by themselves.
var quoting = []string{"quote", "squote", "shellquote", "html", "js", "urlquery", "urlquote"}

// Messages of text/template that speak of Go's types and methods, and plain ones.
var plainer = []struct {
	msg  *lazyregexp.Regexp
	text string
}{
	{lazyregexp.New(`^can't evaluate field (\S+) in type .*$`), "there is no .$1 in this value, which is no map"},
	{lazyregexp.New(`^nil pointer evaluating .*\.(\S+)$`), "there is no .$1 in this value, which is empty"},
	{lazyregexp.New(`^(\S+) is not a method but has arguments$`), ".$1 is no function: it takes nothing behind it"},
	{lazyregexp.New(`^range can't iterate over (?s:.*)$`), "range goes through lists, maps and numbers, and this is none"},
}

// plain is msg without Go's own words, where it is one of those.
func plain(msg string) string {
	for _, p := range plainer {
		if p.msg.MatchString(msg) {
			return p.msg.ReplaceAllString(msg, p.text)
		}
	}
	return msg
}

// functionHint is the remedy for a call of the unknown function name.
func functionHint(name string) string {
	if slices.Contains(quoting, name) {
		return "leave it out: values are quoted as their place wants it"
	}
	if name == "include" {
		return `write {{ template "NAME" . }}`
	}
	near := diag.Suggest(name, FuncNames())
	if near != "" {
		return diag.DidYouMean(name, FuncNames())
	}
	return "a setting is written with a dot: ." + name + "; " + diag.DidYouMean(name, FuncNames())
}
