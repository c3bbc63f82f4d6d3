package clojure

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// dispatch reads one form, by what it begins with.
func (r *reader) dispatch(n *Node) {
	rest := r.text[r.at:]
	switch c := rest[0]; c {
	case '(':
		r.sequence(n, List, "(", ")")
	case '[':
		r.sequence(n, Vector, "[", "]")
	case '{':
		r.sequence(n, Map, "{", "}")
	case ')', ']', '}':
		r.fail(r.at, "this %c was never opened", c)
	case '"':
		r.string(n)
	case ';':
		r.comment(n)
	case '\\':
		r.char(n)
	case '\'', '`', '@':
		r.prefix(n, rest[:1])
	case '~':
		if strings.HasPrefix(rest, "~@") {
			r.prefix(n, "~@")
		} else {
			r.prefix(n, "~")
		}
	case '^':
		r.pair(n, Meta, 1)
	case '#':
		r.hash(n, rest)
	default:
		r.token(n)
	}
}

// hash reads what begins with #.
func (r *reader) hash(n *Node, rest string) {
	second, _ := utf8.DecodeRuneInString(rest[1:])
	switch {
	case strings.HasPrefix(rest, "#("):
		r.function(n)
	case second == '{':
		r.sequence(n, Set, "#{", "}")
	case second == '"':
		r.regex(n)
	case second == '!':
		r.comment(n)
	case second == '\'':
		r.prefix(n, "#'")
	case second == '^':
		r.pair(n, Meta, 2)
	case second == '_':
		n.Kind = Discard
		r.at += 2
		n.Kids = r.some(n, 1)
	case second == ':':
		r.namespaceMap(n)
	case second == '#':
		r.symbolicValue(n)
	case second == '?':
		r.condition(n, rest)
	case unicode.IsLetter(second):
		r.pair(n, Tagged, 1)
		if r.err == nil && n.Kids[0].Kind != Symbol {
			r.fail(n.from, "a tag is a symbol")
		}
	default:
		r.fail(r.at, "no form begins like this")
	}
}

func (r *reader) function(n *Node) {
	if r.inFn {
		r.fail(r.at, "a #( ) cannot stand within another")
		return
	}
	r.inFn = true
	r.sequence(n, Fn, "#(", ")")
	r.inFn = false
}

// namespaceMap reads #:ns{…}, #::ns{…} and #::{…}.
func (r *reader) namespaceMap(n *Node) {
	start := r.at
	r.at++
	text := r.word()
	r.skip()
	if !strings.HasPrefix(r.text[r.at:], "{") || text != "::" && !isKeyword(text) || strings.Contains(text, "/") {
		r.fail(start, "a map with a namespace is written #:name{…}")
		return
	}
	r.sequence(n, Map, "{", "}")
	n.Text = "#" + text
}

func (r *reader) symbolicValue(n *Node) {
	r.at += 2
	n.Kind, n.Text = Number, "##"+r.word()
	if n.Text != "##Inf" && n.Text != "##-Inf" && n.Text != "##NaN" {
		r.fail(n.from, "%s is no number", n.Text)
	}
}

func (r *reader) condition(n *Node, rest string) {
	n.Kind, n.Text = Condition, "#?"
	if strings.HasPrefix(rest, "#?@") {
		n.Text = "#?@"
	}
	r.at += len(n.Text)
	n.Kids = r.some(n, 1)
	if r.err == nil && n.Kids[len(n.Kids)-1].Kind != List {
		r.fail(n.from, "after %s stands a list", n.Text)
	}
}

// comment reads up to the end of the line. A carriage return ends it too.
func (r *reader) comment(n *Node) {
	n.Kind = Comment
	end := strings.IndexAny(r.text[r.at:], "\n\r")
	if end < 0 {
		end = len(r.text) - r.at
	}
	n.Text = r.text[r.at : r.at+end]
	r.at += end
}
