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

// Parse reads src as one YAML document. The error is a diag.List. After an error
// the value has no node where nothing can be read.
func Parse(src *diag.Source) (Value, error) {
	root, _, err := ParseBroken(src)
	return root, err
}

// ParseBroken is Parse for who goes on after an error, with what can be read.
func ParseBroken(src *diag.Source) (Value, Broken, error) {
	none := Value{}
	if err := checkBytes(src); err != nil {
		return none, nil, err
	}
	if err := checkNumber(src); err != nil {
		return none, nil, err
	}
	decoder := yaml.NewDecoder(strings.NewReader(src.Text))
	var document, second yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return none, nil, empty(src)
	case err != nil:
		return none, nil, parseError(src, err)
	}
	root := Value{src, document.Content[0]}
	c := &checker{broken: Broken{}}
	switch err := decoder.Decode(&second); {
	case err == nil:
		c.errs.Add(diag.At(Value{src, &second}.Pos(), "a second document begins here").
			WithHint("put it into a file of its own"))
	case !errors.Is(err, io.EOF):
		return none, nil, parseError(src, err)
	}
	if root.IsNull() && root.Node.Value == "" {
		return none, nil, empty(src)
	}
	if c.check(root, 0); c.hopeless() {
		return none, nil, c.errs.Err()
	}
	return root, c.broken, c.errs.Err()
}

func empty(src *diag.Source) error { return diag.At(diag.Pos{Source: src}, "the file is empty") }

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
