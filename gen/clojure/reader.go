package clojure

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"palletgen/gen/diag"
)

// A reader reads the forms of one text. The first mistake ends it.
type reader struct {
	text  string
	at    int
	depth int
	inFn  bool
	pos   func(at int) diag.Pos
	err   *diag.Error
}

// maxDepth bounds how deep forms may be nested.
const maxDepth = 500

func (r *reader) file() (*Node, error) {
	file := &Node{Kind: File, Pos: r.pos(0), to: len(r.text)}
	for i, c := range r.text {
		if c == utf8.RuneError && !strings.HasPrefix(r.text[i:], "\uFFFD") {
			r.fail(i, "this text is no UTF-8")
		} else if c < ' ' && !isBlank(c) || c == 0x7f {
			r.fail(i, "control character 0x%02x", c)
		}
	}
	for r.err == nil && r.skip() {
		file.Kids = append(file.Kids, r.node())
	}
	if r.err != nil {
		return nil, diag.List{r.err}
	}
	return file, nil
}

// fail keeps the first mistake. It returns a node, so that callers can go on to
// look at err.
func (r *reader) fail(at int, format string, args ...any) *Node {
	if r.err == nil {
		r.err = diag.At(r.pos(at), format, args...)
	}
	return &Node{}
}

// isBlank tells what separates tokens: Java's white space, which has none of
// the blanks that forbid a line break, and the comma.
func isBlank(c rune) bool {
	switch c {
	case ',':
		return true
	case 0x85, 0xa0, 0x2007, 0x202f:
		return false
	}
	return unicode.IsSpace(c)
}

// skip goes to the next token; false at the end of the text.
func (r *reader) skip() bool {
	for r.at < len(r.text) {
		c, size := utf8.DecodeRuneInString(r.text[r.at:])
		if !isBlank(c) {
			return true
		}
		r.at += size
	}
	return false
}

// node reads the form or comment that begins here.
func (r *reader) node() *Node {
	n := &Node{Pos: r.pos(r.at), from: r.at}
	if r.depth++; r.depth > maxDepth {
		return r.fail(r.at, "forms are nested too deeply")
	}
	r.dispatch(n)
	r.depth--
	n.to = r.at
	return n
}

// sequence reads forms up to the closing bracket.
func (r *reader) sequence(n *Node, kind Kind, opening, closing string) {
	n.Kind = kind
	r.at += len(opening)
	for r.err == nil {
		if !r.skip() {
			r.fail(n.from, "this %s is never closed", opening)
			return
		}
		if strings.HasPrefix(r.text[r.at:], closing) {
			r.at++
			break
		}
		n.Kids = append(n.Kids, r.node())
	}
	if kind == Map && forms(n.Kids)%2 != 0 && r.err == nil && !splices(n.Kids) {
		r.fail(n.from, "this map has a key without a value")
	}
}

// splices tells that some form stands for any number of forms.
func splices(nodes []*Node) bool {
	for _, n := range nodes {
		if n.Kind == Condition || n.Kind == Prefix && n.Text == "~@" {
			return true
		}
	}
	return false
}

// some reads up to the count-th form, with the comments before it.
func (r *reader) some(n *Node, count int) []*Node {
	var nodes []*Node
	for found := 0; found < count && r.err == nil; {
		if !r.skip() || strings.IndexByte(")]}", r.text[r.at]) >= 0 {
			r.fail(n.from, "the form after this %s is missing", n.Kind)
			break
		}
		node := r.node()
		nodes = append(nodes, node)
		if node.isForm() {
			found++
		}
	}
	return nodes
}

func (r *reader) prefix(n *Node, text string) {
	n.Kind, n.Text = Prefix, text
	r.at += len(text)
	n.Kids = r.some(n, 1)
}

// pair reads the two forms after a prefix of some bytes.
func (r *reader) pair(n *Node, kind Kind, size int) {
	n.Kind = kind
	r.at += size
	n.Kids = r.some(n, 2)
	if kind != Meta || r.err != nil {
		return
	}
	for _, kid := range n.Kids {
		if kid.isForm() {
			switch kid.Kind {
			case Symbol, Keyword, String, Map, Vector:
			default:
				r.fail(kid.from, "metadata is a keyword, a symbol, a string, a map or a vector, no %s", kid.Kind)
			}
			return
		}
	}
}
