package shell

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/command"
	"palletgen/gen/record"
)

// Words that hold values cannot be compared node by node: the unquoted literal
// a_pg0000_b becomes a'…'b, three nodes. They are compared as streams, in which
// it does not matter how a byte is quoted, but whether it is.
//
// A stream is made of bytes and of the tokens below. Bytes that mean nothing to
// a shell are the same quoted and unquoted.
const (
	quotedByte uint32 = 0x100 // added to a quoted byte that would mean something unquoted

	tokenRun     uint32 = iota + 0x200 // a run of literal parts begins; even an empty one makes a word
	tokenRunEnd                        //
	tokenOpen                          // double quotes open
	tokenClose                         //
	tokenNode                          // the next of the stream's nodes: an expansion
	tokenHeredoc                       // begins the body of a here-document

	tokenPlace uint32 = 1 << 31 // added to the number of a place: its value's bytes, quoted
)

// streamKind tells how the literals of a word are to be read.
type streamKind uint8

const (
	streamWord    streamKind = iota // unquoted
	streamHeredoc                   // body of a here-document in which expansions happen
	streamRaw                       // body of a here-document whose delimiter is quoted
)

// streamWriter builds the stream of a word. With places set, markers in
// literals become tokens.
type streamWriter struct {
	out    []uint32
	nodes  []syntax.Node
	places []int // number of a value → its place; nil where no markers are
}

// word appends the stream of w.
func (s *streamWriter) word(w *syntax.Word, kind streamKind) {
	if kind != streamWord {
		s.out = append(s.out, tokenHeredoc)
		for _, part := range w.Parts {
			s.heredocPart(part, kind)
		}
		return
	}
	inRun := false
	for _, part := range w.Parts {
		_, isLit := part.(*syntax.Lit)
		_, isSingle := part.(*syntax.SglQuoted)
		if literal := isLit || isSingle; literal != inRun {
			if inRun = literal; literal {
				s.out = append(s.out, tokenRun)
			} else {
				s.out = append(s.out, tokenRunEnd)
			}
		}
		s.wordPart(part)
	}
	if inRun {
		s.out = append(s.out, tokenRunEnd)
	}
}

func (s *streamWriter) wordPart(part syntax.WordPart) {
	switch part := part.(type) {
	case *syntax.Lit:
		s.bare(part.Value)
	case *syntax.SglQuoted:
		if part.Dollar {
			s.node(part)
		} else {
			s.quoted(part.Value)
		}
	case *syntax.DblQuoted:
		if part.Dollar {
			s.node(part)
			return
		}
		s.out = append(s.out, tokenOpen)
		for _, inner := range part.Parts {
			if lit, ok := inner.(*syntax.Lit); ok {
				s.escaped(lit.Value, "\\\"$`")
			} else {
				s.node(inner)
			}
		}
		s.out = append(s.out, tokenClose)
	default:
		s.node(part)
	}
}

func (s *streamWriter) heredocPart(part syntax.WordPart, kind streamKind) {
	lit, ok := part.(*syntax.Lit)
	switch {
	case !ok:
		s.node(part)
	case kind == streamRaw:
		s.quoted(lit.Value)
	default:
		s.escaped(lit.Value, "\\$`")
	}
}

func (s *streamWriter) node(n syntax.Node) {
	s.out = append(s.out, tokenNode)
	s.nodes = append(s.nodes, n)
}

// bare appends an unquoted literal; a backslash quotes the byte after it.
func (s *streamWriter) bare(lit string) {
	for {
		at, value := s.find(lit)
		if at < 0 {
			break
		}
		s.bareBytes(lit[:at])
		s.place(value)
		lit = lit[at+markerLen:]
	}
	s.bareBytes(lit)
}

func (s *streamWriter) bareBytes(lit string) {
	for i := 0; i < len(lit); i++ {
		if lit[i] == '\\' && i+1 < len(lit) {
			i++
			s.quotedByte(lit[i])
		} else {
			s.out = append(s.out, uint32(lit[i]))
		}
	}
}

// escaped appends a literal in which a backslash quotes only the bytes of
// special, and joins lines.
func (s *streamWriter) escaped(lit, special string) {
	for {
		at, value := s.find(lit)
		if at < 0 {
			break
		}
		s.escapedBytes(lit[:at], special)
		s.place(value)
		lit = lit[at+markerLen:]
	}
	s.escapedBytes(lit, special)
}

func (s *streamWriter) escapedBytes(lit, special string) {
	for i := 0; i < len(lit); i++ {
		if lit[i] == '\\' && i+1 < len(lit) {
			if lit[i+1] == '\n' {
				i++
				continue
			}
			if strings.IndexByte(special, lit[i+1]) >= 0 {
				i++
			}
		}
		s.quotedByte(lit[i])
	}
}

// quoted appends a literal in which every byte stands for itself.
func (s *streamWriter) quoted(lit string) {
	for {
		at, value := s.find(lit)
		if at < 0 {
			break
		}
		s.quotedBytes(lit[:at])
		s.place(value)
		lit = lit[at+markerLen:]
	}
	s.quotedBytes(lit)
}

func (s *streamWriter) quotedBytes(lit string) {
	for i := 0; i < len(lit); i++ {
		s.quotedByte(lit[i])
	}
}

func (s *streamWriter) quotedByte(c byte) {
	if command.Plain(c) {
		s.out = append(s.out, uint32(c))
	} else {
		s.out = append(s.out, quotedByte|uint32(c))
	}
}

func (s *streamWriter) find(lit string) (at, value int) {
	if s.places == nil {
		return -1, 0
	}
	return record.FindMarker(lit)
}

func (s *streamWriter) place(value int) {
	s.out = append(s.out, tokenPlace|uint32(s.places[value]))
}
