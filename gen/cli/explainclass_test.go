package cli_test

import (
	"regexp"
	"strings"

	"palletgen/gen/render"
)

// The classes of lines, by what made them.
const (
	ofTemplate    = "from a template, a library or a copied file"
	ofDescription = "from YAML"
	aboutFiles    = "that palletgen writes, about a place in a file"
	aboutGroup    = "that palletgen writes, about the group as a whole"
)

// groupOnlyRE matches what lines are that can be about nothing but the group.
var groupOnlyRE = regexp.MustCompile(`^(a bracket of the manifest|the name of the group|the version of palletgen, .*|the heading of .*|what the phase \S+ calls|an empty line between parts|what the bundle says of .*|the SHA-256 of .*)$`)

// class is that of a line; the test fails where it is of none.
func (x *explainer) class(what string, line render.Line) string {
	switch {
	case line.Template.Source != nil && strings.Contains(line.Template.Source.Name, ".yaml"):
		return ofDescription
	case line.Template.Source != nil:
		return ofTemplate
	}
	for _, o := range line.About {
		if !strings.HasPrefix(o.Name, "group ") {
			return aboutFiles
		}
	}
	if !groupOnlyRE.MatchString(line.Why) {
		x.t.Errorf("%s is of no class: %s: %s", what, line.Why, line.Text)
	}
	return aboutGroup
}

var blockRE = regexp.MustCompile(`\{\{-? *(if|with|range|end)\b`)

// depths is, of each template that was asked for, how many conditions each of
// its lines begins in.
var depths = map[string][]int{}

// conditions counts the conditions that the template's line begins in, by the
// words of its text alone.
func conditions(line render.Line) int {
	src := line.Template.Source
	if src == nil || !strings.HasSuffix(src.Name, ".tmpl") {
		return 0
	}
	if depths[src.Text] == nil {
		depth := 0
		for text := range strings.SplitSeq(src.Text, "\n") {
			depths[src.Text] = append(depths[src.Text], depth)
			for _, word := range blockRE.FindAllStringSubmatch(text, -1) {
				if depth++; word[1] == "end" {
					depth -= 2
				}
			}
		}
	}
	return depths[src.Text][line.Template.Line-1]
}

// reasonsAt counts the conditions that are told of the line, and stand in its
// template.
func reasonsAt(line render.Line) int {
	n := 0
	for _, because := range line.Because {
		if because.Pos.Source == line.Template.Source && !strings.HasPrefix(because.Text, "{{ template ") {
			n++
		}
	}
	return n
}

var commandRE = regexp.MustCompile(`[\[,]"([^"]+)"(?:[,\]])`)

// unknownCommand is the first command on a line of the manifest that no value
// tells of; "" for none. The line is a member of the object of commands.
func unknownCommand(line render.Line) string {
	told := map[string]bool{}
	for _, v := range line.Values {
		told[line.Text[v.From:v.To]] = len(v.Origins) > 0
	}
	text := strings.ReplaceAll(line.Text, `","`, `",,"`) // since matches cannot share a comma
	for _, m := range commandRE.FindAllStringSubmatch(text, -1) {
		if !told[m[1]] {
			return m[1]
		}
	}
	return ""
}
