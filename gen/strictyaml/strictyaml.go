// Package strictyaml reads YAML for settings: one document of maps, lists and
// scalars, each with its position and as it was written. What makes a value mean
// another thing than it seems to (anchors, tags, merge keys, repeated keys, a
// second document) is refused. It imports gen/diag and gen/lazyregexp.
package strictyaml

import (
	"errors"
	"io"
	"path"
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
	newColumns(src).fix(&document)
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

func empty(src *diag.Source) error {
	return diag.At(diag.Pos{Source: src}, "the file is empty").WithHint("%s", example(src.Name))
}

// example is what a file of that name begins with.
func example(name string) string {
	switch path.Base(name) {
	case "crate.yaml", "supervisor.yaml":
		return "doc: what it is for"
	}
	return "groups: {NAME: {extends: [CRATE, …]}}"
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
