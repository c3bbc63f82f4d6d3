package strictyaml

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"palletgen/gen/diag"
)

// Broken are the places of values and keys that a document cannot have. What
// else is wrong at one of them is no second error.
type Broken map[diag.Pos]bool

// Drop removes from errs those behind the first since that are at a broken place.
func (b Broken) Drop(errs *diag.List, since int) {
	if len(b) == 0 {
		return
	}
	kept := slices.DeleteFunc((*errs)[since:], func(e *diag.Error) bool { return b[e.Pos] })
	*errs = (*errs)[:since+len(kept)]
}

type checker struct {
	errs   diag.List
	broken Broken
	deep   bool // some values are too deep for who goes through it
}

func (c *checker) wrong(e *diag.Error) {
	c.errs.Add(e)
	c.broken[e.Pos] = true
}

// hopeless tells whether there is no use in going on with the document.
func (c *checker) hopeless() bool { return c.deep || len(c.errs) >= maxErrors }

// check walks the whole document for what is refused.
func (c *checker) check(v Value, depth int) {
	if len(c.errs) >= maxErrors {
		return
	}
	switch {
	case depth > maxDepth:
		c.deep = true
		c.wrong(diag.At(v.Pos(), "more than %d maps and lists are within each other", maxDepth).WithHint("no setting is that deep"))
		return
	case v.Node.Kind == yaml.AliasNode:
		c.wrong(diag.At(v.Pos(), "an alias: *%s", v.Node.Value).WithHint("write the value out; a text that begins with * goes in quotes"))
		return
	case v.Node.Anchor != "":
		c.wrong(diag.At(v.Pos(), "an anchor: &%s", v.Node.Anchor).WithHint("write the value out; a text that begins with & goes in quotes"))
	case v.Node.Style&yaml.TaggedStyle != 0:
		c.wrong(diag.At(v.Pos(), "a tag: %s", v.Node.Tag).WithHint("leave it out: each setting has its type; a text that begins with ! goes in quotes"))
	case v.Node.Kind == yaml.ScalarNode && strings.Contains(v.Node.Value, "\x00"):
		c.wrong(diag.At(v.Pos(), "a NUL byte, which no command or file name can hold").WithHint("remove it"))
	}
	switch v.Node.Kind {
	case yaml.MappingNode:
		c.keys(v, depth)
	case yaml.SequenceNode:
		for _, item := range v.Items() {
			c.check(item, depth+1)
		}
	}
}

func (c *checker) keys(v Value, depth int) {
	first := map[string]diag.Pos{}
	for i := 0; i+1 < len(v.Node.Content) && len(c.errs) < maxErrors; i += 2 {
		key := Value{v.Source, v.Node.Content[i]}
		if key.Node.Kind != yaml.ScalarNode {
			c.wrong(diag.At(key.Pos(), "a key that is %s", key.Describe()).WithHint("keys are plain texts; a text that begins with { or [ goes in quotes"))
			if v.Node.Style&yaml.FlowStyle != 0 { // {{ .x }} without quotes
				c.broken[v.Pos()] = true
			}
			continue
		}
		c.check(key, depth+1)
		if key.Node.Tag == "!!merge" {
			c.wrong(diag.At(key.Pos(), "a merge key: <<").WithHint("write the keys out, or use a spec and extends"))
		}
		if before, ok := first[key.Node.Value]; ok {
			c.wrong(diag.At(key.Pos(), "%q is here a second time, first in line %d", key.Node.Value, before.Line).
				WithHint("keep one of them"))
		}
		first[key.Node.Value] = key.Pos()
		c.check(Value{v.Source, v.Node.Content[i+1]}, depth+1)
	}
}
