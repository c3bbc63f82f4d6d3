package plist

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/splice"
)

// A parser builds the tree of one file. What follows a mistake in the XML cannot
// be told; others are reported together.
type parser struct {
	text   string
	pos    func(at int) diag.Pos
	marked bool           // the text holds markers
	places map[int]*place // where they are, by their values
	errs   diag.List
	open   []*Node // from a root of its own to the innermost
}

// A place is where a marker stands.
type place struct {
	in    *Node
	alone bool // as all that the element has, or between elements
}

func (p *parser) fail(at int, format string, args ...any) *diag.Error {
	err := diag.At(p.pos(at), format, args...)
	p.errs.Add(err)
	return err
}

// read returns <plist>; nil with an error.
func (p *parser) read() (*Node, error) {
	root := &Node{}
	p.open, p.places = []*Node{root}, map[int]*place{}
	decoder := xml.NewDecoder(strings.NewReader(p.text))
	for {
		from := int(decoder.InputOffset())
		token, err := decoder.RawToken()
		if errors.Is(err, io.EOF) && len(p.open) == 1 {
			break
		}
		if errors.Is(err, io.EOF) {
			inner := p.open[len(p.open)-1]
			p.fail(inner.span.From, "<%s> is never closed", inner.Name)
			return nil, p.errs.Err()
		}
		if err != nil {
			p.fail(from, "this is no XML: %s", reason(err))
			return nil, p.errs.Err()
		}
		if !p.token(from, int(decoder.InputOffset()), token) {
			return nil, p.errs.Err()
		}
	}
	if len(root.Kids) != 1 || root.Kids[0].Name != "plist" {
		p.fail(0, "this file wants one <plist>")
	} else {
		p.check(root.Kids[0])
	}
	if err := p.errs.Err(); err != nil {
		return nil, err
	}
	return root.Kids[0], nil
}

func reason(err error) string {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return syntax.Msg
	}
	return err.Error()
}

// maxDepth bounds how deep elements may be within each other.
const maxDepth = 100

// token adds what the decoder read to the tree; false when that is over.
func (p *parser) token(from, to int, token xml.Token) bool {
	inner := p.open[len(p.open)-1]
	raw := p.text[from:to]
	data, isText := token.(xml.CharData)
	if p.marked && splice.Marked(raw) && (!isText || strings.HasPrefix(raw, "<![CDATA[")) {
		p.fail(from+max(strings.Index(raw, record.Marker(0)[:3]), 0), "a value cannot stand here").WithHint("it can be the text of a <string>, or a part of that")
		return false
	}
	switch token := token.(type) {
	case xml.StartElement:
		node := &Node{span: splice.Span{From: from}, Name: token.Name.Local}
		if len(p.open) > maxDepth {
			p.fail(from, "more than %d elements are within each other", maxDepth)
			return false
		}
		known := texts[node.Name] || containers[node.Name] || empties[node.Name]
		if token.Name.Space != "" || !known || node.Name == "plist" != (len(p.open) == 1) {
			p.fail(from, "<%s> cannot stand here", qualified(token.Name))
		}
		if node.Name == "plist" {
			for _, attr := range token.Attr {
				if qualified(attr.Name) != "version" || attr.Value != "1.0" {
					p.fail(from, `<plist> takes only version="1.0"`)
				}
			}
		} else if len(token.Attr) > 0 {
			p.fail(from, "<%s> takes no attributes", node.Name)
		}
		inner.Kids = append(inner.Kids, node)
		p.open = append(p.open, node)
	case xml.EndElement:
		if len(p.open) == 1 || qualified(token.Name) != inner.Name {
			p.fail(from, "</%s> ends nothing", qualified(token.Name))
			return false
		}
		p.open = p.open[:len(p.open)-1]
	case xml.CharData:
		p.chars(from, string(data))
	case xml.Directive:
		if !strings.HasPrefix(string(token), "DOCTYPE plist") || strings.Contains(string(token), "[") || len(p.open) > 1 {
			p.fail(from, "only <!DOCTYPE plist …> can stand here")
		}
	}
	return true
}

func qualified(name xml.Name) string {
	if name.Space != "" {
		return name.Space + ":" + name.Local
	}
	return name.Local
}

// chars adds text to the innermost element.
func (p *parser) chars(from int, text string) {
	inner := p.open[len(p.open)-1]
	trimmed := strings.TrimSpace(text)
	switch {
	case texts[inner.Name]:
		inner.Text += text
		p.note(inner, text)
	case trimmed == "":
	case inner.Name == "array" && p.marked && splice.Marked(trimmed):
		for field := range strings.FieldsSeq(trimmed) {
			at, i := record.FindMarker(field)
			if at != 0 || field != record.Marker(i) {
				p.fail(from, "text cannot stand in <array>")
				return
			}
			p.places[i] = &place{in: inner, alone: true}
			inner.Kids = append(inner.Kids, &Node{span: splice.Span{From: from}, Text: field})
		}
	case len(p.open) == 1:
		p.fail(from, "text cannot stand outside of <plist>")
	default:
		p.fail(from, "text cannot stand in <%s>", inner.Name)
	}
}

// note keeps the places of the markers in the text of an element.
func (p *parser) note(in *Node, text string) {
	if !p.marked {
		return
	}
	for rest := text; ; {
		at, i := record.FindMarker(rest)
		if at < 0 {
			return
		}
		p.places[i] = &place{in: in, alone: text == record.Marker(i)}
		rest = rest[at+len(record.Marker(i)):]
	}
}

// check judges the structure below an element.
func (p *parser) check(n *Node) {
	for _, kid := range n.Kids {
		p.check(kid)
	}
	wrong := func(n *Node, format string, args ...any) { p.fail(n.span.From, format, args...) }
	switch {
	case n.Name == "plist" && len(n.Kids) != 1:
		wrong(n, "<plist> wants one element")
	case n.Name == "dict":
		p.checkDict(n)
	case containers[n.Name], n.Name == "":
	case len(n.Kids) > 0:
		wrong(n.Kids[0], "no element can stand in <%s>", n.Name)
	}
	for _, kid := range n.Kids {
		if kid.Name == "key" && n.Name != "dict" {
			wrong(kid, "<key> cannot stand in <%s>", n.Name)
		}
	}
	if err := checkText(n); err != nil && !(p.marked && splice.Marked(n.Text)) {
		wrong(n, "%s", err.Msg)
	}
}

// checkDict wants a key before each value.
func (p *parser) checkDict(n *Node) {
	seen := map[string]bool{}
	for i, kid := range n.Kids {
		isKey := kid.Name == "key"
		switch {
		case i%2 == 0 && !isKey:
			p.fail(kid.span.From, "a <key> is missing before this <%s>", kid.Name)
			return
		case i%2 == 1 && isKey, isKey && i == len(n.Kids)-1:
			p.fail(kid.span.From, "<key> wants a value after it")
			return
		case isKey && seen[kid.Text]:
			p.fail(kid.span.From, "the key %q stands there twice", kid.Text)
		case isKey:
			seen[kid.Text] = true
		}
	}
}

// checkText judges the text of a number.
func checkText(n *Node) *diag.Error {
	switch n.Name {
	case "integer":
		if _, err := strconv.ParseInt(n.Text, 10, 64); err != nil || strings.HasPrefix(n.Text, "+") {
			return splice.Problem("%q is no integer", n.Text)
		}
	case "real":
		if _, err := strconv.ParseFloat(n.Text, 64); err != nil {
			return splice.Problem("%q is no number", n.Text)
		}
	}
	return nil
}
