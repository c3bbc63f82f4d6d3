// Package strictyaml reads YAML for settings: one document of maps, lists and
// scalars, each with its position and as it was written. What makes a value
// mean another thing than it seems to (anchors, tags, merge keys, repeated
// keys, a second document) is refused. It imports gen/diag.
package strictyaml

import (
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"palletgen/gen/diag"
)

// What a document may have at most. It may be anybody's, and each of its values
// takes many times the memory of its text.
const (
	maxDepth  = 100       // values within values
	maxValues = 1_000_000 // keys and values
	maxErrors = 1_000     // errors that are told of
)

// Parse reads src as one YAML document. The error is a diag.List.
func Parse(src *diag.Source) (Value, error) {
	if err := checkBytes(src); err != nil {
		return Value{}, err
	}
	if err := checkNumber(src); err != nil {
		return Value{}, err
	}
	decoder := yaml.NewDecoder(strings.NewReader(src.Text))
	var document, second yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return Value{}, diag.At(diag.Pos{Source: src}, "the file is empty")
	case err != nil:
		return Value{}, parseError(src, err)
	}
	root := Value{src, document.Content[0]}
	var errs diag.List
	switch err := decoder.Decode(&second); {
	case err == nil:
		errs.Add(diag.At(Value{src, &second}.Pos(), "a second document begins here").
			WithHint("put it into a file of its own"))
	case !errors.Is(err, io.EOF):
		return Value{}, parseError(src, err)
	}
	if root.IsNull() && root.Node.Value == "" {
		return Value{}, diag.At(diag.Pos{Source: src}, "the file is empty")
	}
	check(root, 0, &errs)
	return root, errs.Err()
}

// checkBytes refuses what no YAML file may hold, with its position: the
// parser tells none.
func checkBytes(src *diag.Source) error {
	line, start := 1, 0
	for i := range len(src.Text) {
		switch c := src.Text[i]; {
		case c == '\n':
			line, start = line+1, i+1
		case c < ' ' && c != '\t' && c != '\r' || c == 0x7f:
			return diag.At(diag.Pos{Source: src, Line: line, Col: i - start + 1}, "control character %#02x", c).
				WithHint("remove it")
		}
	}
	return nil
}

var yamlLine = regexp.MustCompile(`^yaml: line (\d+): (.*)`)

// parseError gives a syntax error of the parser, "yaml: line N: …", its
// position. Tabs are the most frequent cause; their message is made plainer.
func parseError(src *diag.Source, err error) error {
	for n, line := range strings.Split(src.Text, "\n") {
		if indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]; strings.Contains(indent, "\t") && strings.TrimSpace(line) != "" {
			return diag.At(diag.Pos{Source: src, Line: n + 1, Col: strings.Index(line, "\t") + 1}, "a tab in the indentation").
				WithHint("YAML is indented with spaces")
		}
	}
	pos, msg := diag.Pos{Source: src}, strings.TrimPrefix(err.Error(), "yaml: ")
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		pos.Line, _ = strconv.Atoi(m[1])
		msg = m[2]
	}
	e := diag.At(pos, "cannot read YAML: %s", msg)
	switch {
	case strings.HasPrefix(msg, "unknown anchor"):
		return e.WithHint("a text that begins with * goes in quotes")
	case strings.HasPrefix(msg, "did not find expected key"):
		return e.WithHint("keys of one map stand in one column, all further in than the map's own")
	case strings.HasPrefix(msg, "did not find expected ',' or"):
		return e.WithHint("within [ ] and { } commas stand between the parts; a text that holds \": \", a comma or a bracket goes in quotes")
	case strings.HasPrefix(msg, "found character that cannot start any token"):
		return e.WithHint("a text that begins with %% @ or ` goes in quotes")
	case strings.HasPrefix(msg, "mapping values are not allowed"):
		return e.WithHint("a text that holds \": \" goes in quotes; or the indentation is wrong")
	}
	return e
}

// checkNumber refuses a text that may have more values than are allowed: none
// begins without a blank, a line or a bracket before it.
func checkNumber(src *diag.Source) error {
	n := 0
	for i := range len(src.Text) {
		switch src.Text[i] {
		case ',', '[', '{', ':', '-', '?':
			n++
		case '\n':
			n++
		}
	}
	if n > 2*maxValues {
		return diag.At(diag.Pos{Source: src}, "the file may have more than %d values", maxValues).WithHint("divide it")
	}
	return nil
}

// check walks the whole document for what is refused.
func check(v Value, depth int, errs *diag.List) {
	if len(*errs) >= maxErrors {
		return
	}
	switch {
	case depth > maxDepth:
		errs.Add(diag.At(v.Pos(), "more than %d maps and lists are within each other", maxDepth).WithHint("no setting is that deep"))
		return
	case v.Node.Kind == yaml.AliasNode:
		errs.Add(diag.At(v.Pos(), "an alias: *%s", v.Node.Value).WithHint("write the value out; a text that begins with * goes in quotes"))
		return
	case v.Node.Anchor != "":
		errs.Add(diag.At(v.Pos(), "an anchor: &%s", v.Node.Anchor).WithHint("write the value out; a text that begins with & goes in quotes"))
	case v.Node.Style&yaml.TaggedStyle != 0:
		errs.Add(diag.At(v.Pos(), "a tag: %s", v.Node.Tag).WithHint("leave it out: each setting has its type; a text that begins with ! goes in quotes"))
	case v.Node.Kind == yaml.ScalarNode && strings.Contains(v.Node.Value, "\x00"):
		errs.Add(diag.At(v.Pos(), "a NUL byte, which no command or file name can hold").WithHint("remove it"))
	}
	switch v.Node.Kind {
	case yaml.MappingNode:
		checkKeys(v, depth, errs)
	case yaml.SequenceNode:
		for _, item := range v.Items() {
			check(item, depth+1, errs)
		}
	}
}

func checkKeys(v Value, depth int, errs *diag.List) {
	first := map[string]diag.Pos{}
	for i := 0; i+1 < len(v.Node.Content) && len(*errs) < maxErrors; i += 2 {
		key := Value{v.Source, v.Node.Content[i]}
		if key.Node.Kind != yaml.ScalarNode {
			errs.Add(diag.At(key.Pos(), "a key that is %s", key.Describe()).WithHint("keys are plain texts; a text that begins with { or [ goes in quotes"))
			continue
		}
		check(key, depth+1, errs)
		if key.Node.Tag == "!!merge" {
			errs.Add(diag.At(key.Pos(), "a merge key: <<").WithHint("write the keys out, or use a spec and extends"))
		}
		if before, ok := first[key.Node.Value]; ok {
			errs.Add(diag.At(key.Pos(), "%q is here a second time, first in line %d", key.Node.Value, before.Line).
				WithHint("keep one of them"))
		}
		first[key.Node.Value] = key.Pos()
		check(Value{v.Source, v.Node.Content[i+1]}, depth+1, errs)
	}
}
