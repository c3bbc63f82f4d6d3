package splice_test

import (
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/splice"
	"palletgen/gen/splice/splicetest"
)

func TestPutReportsLostAndRepeatedMarkers(t *testing.T) {
	for text, want := range map[string]string{
		"a": "t:1:1: cannot put this value into the file: its marker is lost",
		record.Marker(0) + "\n" + record.Marker(0): "t:2: cannot put values into this file: a marker is not where it was printed",
		record.Marker(7): "t:1: cannot put values into this file: a marker is not where it was printed",
	} {
		m := splicetest.Marked("§", text)
		m.Values = splicetest.Marked("§", "", "x").Values
		_, err := splice.Put(m, func(int, int) (string, *diag.Error) { return "x", nil })
		if got := splicetest.First(err); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
	_, err := splice.Put(splicetest.Marked("§", "a§", 1), func(at, i int) (string, *diag.Error) { return "", splice.Problem("at %d", at) })
	if got := splicetest.First(err); got != "t:1:1: at 1" {
		t.Error(got)
	}
}

type node struct {
	pos  diag.Pos
	span splice.Span
	text string
	kids []*node
}

func TestSame(t *testing.T) {
	a := &node{text: "a", kids: []*node{{text: "b"}, nil}}
	b := &node{text: "a", kids: []*node{{text: "b", span: splice.Span{From: 1}, pos: diag.Pos{Line: 3}}, nil}}
	if !splice.Same(a, b) {
		t.Error("places count")
	}
	for _, other := range []*node{nil, {text: "a"}, {text: "a", kids: []*node{{text: "c"}, nil}}, {text: "a", kids: []*node{nil, nil}}} {
		if splice.Same(a, other) || splice.Same(other, a) {
			t.Errorf("%v is the same", other)
		}
	}
	if splice.Same(a, strings.Clone("a")) {
		t.Error("another type is the same")
	}
}
