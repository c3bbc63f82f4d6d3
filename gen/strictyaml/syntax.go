package strictyaml

import (
	"regexp"
	"sort"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"palletgen/gen/diag"
	"palletgen/gen/lazyregexp"
)

var yamlLine = lazyregexp.New(`^yaml: line (\d+): (.*)`)

// Remedies for what the parser says, by how its message begins.
var syntaxHints = []struct{ msg, hint string }{
	{"unknown anchor", "a text that begins with * goes in quotes"},
	{"did not find expected alphabetic", "a text that begins with * or & goes in quotes"},
	{"did not find expected key", "keys of one map stand in one column, all further in than the map's own"},
	{"did not find expected '-'", "all items of one list begin with - in one column; what belongs to an item stands further in"},
	{"did not find expected ',' or", "within [ ] and { } commas stand between the parts, and each bracket has to be closed; a text that holds \": \", a comma or a bracket goes in quotes"},
	{"did not find expected node content", "a value is missing between commas; a text that begins with a comma goes in quotes"},
	{"found character that cannot start any token", "a text that begins with % @ or ` goes in quotes"},
	{"mapping values are not allowed", "a text that holds \": \" goes in quotes; what belongs to a key goes in { }, or on the next lines, further in"},
	{"block sequence entries are not allowed", "a list begins below its key: KEY: on one line, - ITEM on the next"},
	{"could not find expected ':'", "write KEY: VALUE, with a blank behind the colon"},
	{"found unexpected end of stream", "a text that begins with a quote has to end with the same one"},
	{"found unknown escape", `in double quotes \ begins an escape: write \\, or use single quotes`},
	{"did not find expected hexdecimal", `in double quotes \ begins an escape: write \\, or use single quotes`},
	{"did not find expected <document start>", "what stands here belongs to nothing: is it indented, or a bracket too many?"},
	{"did not find URI", "a text that begins with ! or % goes in quotes"},
	{"found undefined tag", "a text that begins with ! goes in quotes"},
	{"did not find expected tag", "a text that begins with ! goes in quotes"},
	{"did not find expected comment or line break", "behind | and > a text begins on the next line; a text that begins with them goes in quotes"},
	{"did not find expected digit or", "a text that begins with % goes in quotes"},
	{"found unknown directive", "a text that begins with % goes in quotes"},
	{"did not find expected whitespace or line break", "a text that begins with & * ! or % goes in quotes"},
	{"exceeded max depth", "no setting is that deep"},
}

const otherHint = "a text with any of : # { } [ ] , & * ! | > ' \" % @ ` goes in quotes"

// parseError gives a syntax error of the parser, "yaml: line N: …", its
// position. Tabs are the most frequent cause; their message is made plainer.
func parseError(src *diag.Source, err error) error {
	line, msg := lineOf(err)
	if msg == "did not find expected key" || strings.HasPrefix(msg, "did not find expected '-'") {
		line = firstLine(src.Text, msg, line) // it tells where the map or list begins
	}
	line = min(line, strings.Count(strings.TrimRight(src.Text, " \r\n"), "\n")+1)
	if tabs := indentedByTabs(src); len(tabs) > 0 && tabs[0].Pos.Line <= line+1 {
		return tabs.Err()
	}
	pos := diag.Pos{Source: src, Line: line}
	if m := unknownAnchor.FindStringSubmatch(msg); m != nil {
		pos = aliasAt(src, m[1])
	}
	e := diag.At(pos, "cannot read YAML: %s", msg)
	for _, h := range syntaxHints {
		if strings.HasPrefix(msg, h.msg) {
			return e.WithHint("%s", h.hint)
		}
	}
	return e.WithHint("%s", otherHint)
}

// lineOf takes apart an error of the parser. It tells no line for the first one,
// and of some errors the line before.
func lineOf(err error) (line int, msg string) {
	m := yamlLine.FindStringSubmatch(err.Error())
	switch {
	case m == nil && strings.HasPrefix(err.Error(), "yaml: exceeded"):
		return 0, strings.TrimPrefix(err.Error(), "yaml: ")
	case m == nil:
		return 1, strings.TrimPrefix(err.Error(), "yaml: ")
	}
	line, _ = strconv.Atoi(m[1])
	if lineBefore.MatchString(m[2]) {
		line++
	}
	return line, m[2]
}

// lineBefore are the errors that the parser finds, and not its scanner.
var lineBefore = lazyregexp.New(`^(did not find expected (key|node content|'-'|',' or|<)|found (undefined tag|duplicate|incompatible))`)

// firstLine returns the first line of text at whose end the parser says msg, from
// that of the beginning on.
func firstLine(text, msg string, from int) int {
	lines := strings.SplitAfter(text, "\n")
	found := sort.Search(len(lines)-from, func(n int) bool {
		_, err := decode(strings.Join(lines[:from+n], ""))
		if err == nil {
			return false
		}
		_, told := lineOf(err)
		return told == msg
	})
	return from + found
}

func decode(text string) (node yaml.Node, err error) {
	err = yaml.NewDecoder(strings.NewReader(text)).Decode(&node)
	return node, err
}

var unknownAnchor = lazyregexp.New(`^unknown anchor '(.*)' referenced`)

// aliasAt returns the first place of *name.
func aliasAt(src *diag.Source, name string) diag.Pos {
	before := regexp.MustCompile(`(?:^|[\s\[{,:])\*` + regexp.QuoteMeta(name))
	for n, line := range strings.Split(src.Text, "\n") {
		if at := before.FindStringIndex(line); at != nil {
			return diag.Pos{Source: src, Line: n + 1, Col: at[1] - len(name)}
		}
	}
	return diag.Pos{Source: src, Line: 1}
}

// blockText is the end of a line below which a text of several lines stands.
var blockText = lazyregexp.New(`(?:^|[\s:-])[|>][-+0-9]*\s*(?:#.*)?$`)

// maxTabs is how many lines with tabs are told of.
const maxTabs = 20

// indentedByTabs reports the lines that begin with a tab. Within texts of
// several lines tabs may be.
func indentedByTabs(src *diag.Source) diag.List {
	var tabs diag.List
	block := -1 // indentation of the key whose text this is
	for n, line := range strings.Split(src.Text, "\n") {
		spaces := len(line) - len(strings.TrimLeft(line, " "))
		if strings.TrimSpace(line) == "" || block >= 0 && spaces > block {
			continue
		}
		block = -1
		if line[spaces] == '\t' && len(tabs) < maxTabs {
			tabs.Add(diag.At(diag.Pos{Source: src, Line: n + 1, Col: spaces + 1}, "a tab in the indentation").
				WithHint("YAML is indented with spaces"))
		}
		if blockText.MatchString(line) {
			block = spaces
		}
	}
	return tabs
}
