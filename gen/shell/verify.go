package shell

import (
	"encoding/binary"
	"reflect"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// verify parses the text of a segment, values put in, and compares it with the
// marked one. The refusal says that they differ; it is empty when they do not.
func (c *comparer) verify(seg *segment, text string) refusal {
	file, err := c.parsers.Parse(spell(text))
	if err != nil {
		msg, _ := posix.SyntaxError(err)
		return refusal{"with the values on this line the script would not be valid shell: " + msg, "put quotes around the value's place"}
	}
	c.comments = c.comments[:0]
	if !c.sameStmtsOf(seg, file) || !c.sameComments(seg, file) {
		return refusal{"with the values on this line the script would mean something else", "put quotes around the value's place"}
	}
	return refusal{}
}

// sameStmtsOf compares the statements.
func (c *comparer) sameStmtsOf(seg *segment, file *syntax.File) bool {
	if c.plan.hasAlone {
		return c.sameStmts(seg.stmts, file.Stmts)
	}
	if len(seg.stmts) != len(file.Stmts) {
		return false
	}
	for i, stmt := range seg.stmts {
		if !c.same(reflect.ValueOf(stmt), reflect.ValueOf(file.Stmts[i])) {
			return false
		}
	}
	return true
}

// sameComments compares all comments, those that came along with statements and
// those after the last, in the order of the text. Comments of code from settings
// are expected where the code stands.
func (c *comparer) sameComments(seg *segment, file *syntax.File) bool {
	got := append(c.comments, file.Last...)
	sortComments(got)
	code := seg.places
	for i := 0; ; i++ {
		end := seg.end
		if i < len(seg.comments) {
			end = int(seg.comments[i].Hash.Offset())
		}
		for ; len(code) > 0 && c.plan.places[code[0]].offset < end; code = code[1:] {
			if parsed := c.values[code[0]].code; parsed != nil {
				own := commentsOf(parsed.file)
				if len(got) < len(own) {
					return false
				}
				for j := range own {
					if own[j].Text != got[j].Text {
						return false
					}
				}
				got = got[len(own):]
			}
		}
		if i == len(seg.comments) {
			return len(got) == 0
		}
		if len(got) == 0 || got[0].Text != c.comment(seg.comments[i].Text) {
			return false
		}
		got = got[1:]
	}
}

// comment returns a comment of the marked text with the values in it.
func (c *comparer) comment(text string) string {
	found := appendMarkers(nil, text)
	if len(found) == 0 {
		return text
	}
	var b strings.Builder
	for _, value := range found {
		at := strings.Index(text, c.plan.markerOf(value))
		b.WriteString(text[:at])
		b.WriteString(c.spelled[c.plan.byValue[value]])
		text = text[at+markerLen:]
	}
	b.WriteString(text)
	return b.String()
}

// markerOf returns the marker of a value.
func (p *plan) markerOf(value int) string {
	at := p.places[p.byValue[value]].offset
	return p.text[at : at+markerLen]
}

// losesByte returns the place of a value in a here-document from which dash would
// lose a byte, or -1: of a line that begins like the delimiter it drops the next
// byte when that is above 127. It looks at all lines of the segment, which is
// simpler than to find the here-document's, and refuses hardly more.
func (s *splicer) losesByte(seg *segment, text string) int {
	if posix.Inert(text) {
		return -1
	}
	for _, at := range seg.places {
		p := &s.plan.places[at]
		if p.kind != placeHeredoc && p.kind != placeRaw {
			continue
		}
		for line := range strings.Lines(text) {
			n := 0
			for n < len(line) && n < len(p.delimiter) && line[n] == p.delimiter[n] {
				n++
			}
			if n > 0 && n < len(line) && line[n] >= 0x80 {
				return at
			}
		}
	}
	return -1
}

// maxVerified bounds how many sets of values a segment remembers. Values that
// repeat, such as a user or a path all groups share, come early and often.
const maxVerified = 64

// maxKey bounds the length of values that are remembered.
const maxKey = 1 << 12

// isVerified reports whether the segment was verified with the same values.
func (seg *segment) isVerified(s *splicer) bool {
	seg.mu.Lock()
	defer seg.mu.Unlock()
	if len(seg.verified) == 0 {
		return false
	}
	_, ok := seg.verified[string(seg.key(s))]
	return ok
}

// remember notes that the segment was verified with the values of s.
func (seg *segment) remember(s *splicer) {
	seg.mu.Lock()
	defer seg.mu.Unlock()
	if seg.verified == nil {
		seg.verified = map[string]struct{}{}
	}
	if len(seg.verified) >= maxVerified {
		return
	}
	if key := seg.key(s); len(key) <= maxKey {
		seg.verified[string(key)] = struct{}{}
	}
}

// key returns the values of the segment in one string, different for different
// values.
func (seg *segment) key(s *splicer) []byte {
	key := make([]byte, 0, 64*len(seg.places))
	add := func(kind byte, text string) {
		key = append(key, kind)
		key = binary.AppendUvarint(key, uint64(len(text)))
		key = append(key, text...)
	}
	for _, at := range seg.places {
		v := &s.values[at]
		switch {
		case v.code != nil:
			add('o', v.code.text)
		case !v.cmd.IsZero():
			key = append(key, 'c')
			key = binary.AppendUvarint(key, uint64(len(v.cmd.Args)))
			for _, arg := range v.cmd.Args {
				add('l', arg.Lit)
				add('s', arg.Src)
			}
		default:
			add('t', v.text)
		}
	}
	return key
}
