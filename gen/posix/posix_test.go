package posix_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

func parse(text string, lang syntax.LangVariant) (*syntax.File, error) {
	parser := syntax.NewParser(syntax.Variant(lang), syntax.KeepComments(true))
	if lang == syntax.LangPOSIX {
		return posix.Parse(parser, text)
	}
	return posix.ParseOther(parser, text)
}

func isTooDeep(err error) bool {
	var parse syntax.ParseError
	return errors.As(err, &parse) && parse.Text == "more is nested within each other than palletgen can read"
}

// nests is what can stand within itself: before, again and again, behind.
var nests = [][3]string{
	{"", "(", ""}, {"", "{ ", ""}, {"", "a && ", "a"}, {"", "a || ", "a"}, {"", "a | ", "a"}, {"", "! ", "a"}, {"", "if ", ""}, {"", "a() ", "{ :; }"},
	{"", "while ", ""}, {"", "until ", ""}, {"", "$(", ""}, {"", "`", ""}, {"", `"${a:-`, ""}, {"", "${a:-", ""}, {"", "case x in x) ", ""}, {"", "for a do ", ""},
	{"", "for a in b; do ", ""}, {"", "for ((a; b; c)); do ", ""}, {"", "select a in b; do ", ""}, {"", "[[ ! ", ""}, {"", "[[ ( ", ""}, {"[[ ", "( ", ""}, {"[[ ", "! ", "a ]]"},
	{"[[ ", "a && ", "a ]]"}, {"", "time ", "a"}, {"", "coproc ", "a"}, {"", "function a ", "{ :; }"}, {"", "<(", ""}, {"", "@(", ""}, {"a=", "(", ""}, {"a", "[", ""}, {"", "a[", ""},
	{"", "$[", ""}, {"", "$((", ""}, {"", "((", ""}, {"", "${a[", ""}, {"", "${a:", ""}, {"", "${a/", ""}, {"", "${!", ""}, {"", "if a; then b; el", ""}, {"if a; then b; ", "elif a; then b; ", "fi"},
	{"if a; then b; ", "else if a; then b; ", ""}, {"let ", "- ", "1"}, {"", "a <<E;", ""}, {"", "a & ", ""}, {"", "a;", ""}, {"", "a\n", ""}, {"", "{", "}"},
	{"echo $((", "- ", "1))"}, {"echo $((", "+ ", "1))"}, {"echo $((", "~", "1))"}, {"echo $((", "!", "1))"}, {"echo $((", "1+", "1))"}, {"echo $((", "1-", "1))"}, {"echo $((", "1**", "1))"},
	{"echo $((", "1*", "1))"}, {"echo $((", "1/", "1))"}, {"echo $((", "1%", "1))"}, {"echo $((", "1<", "1))"}, {"echo $((", "1>", "1))"}, {"echo $((", "1^", "1))"}, {"echo $((", "1,", "1))"},
	{"echo $((", "1&", "1))"}, {"echo $((", "1|", "1))"}, {"echo $((", "1?1:", "1))"}, {"echo $((", "1?", "1:1))"}, {"echo $((", "a=", "1))"}, {"echo $((", "(", "1))"}, {"echo $((", "a[", "1))"},
	{"echo $((", "++", "a))"}, {"echo $(( $((", "a[$((", "1))"}, {"((", "- ", "1))"}, {"echo ", `"$(echo `, ""}, {"echo ", "${a:-$(", ""}, {"cat <<E\n", "$(cat <<E\n", ""},
}

// TestNothingIsTooDeep parses what is nested as deep as is allowed, and much deeper: all ends
// in a tree of a depth that can be walked, or in an error, and the parser never
// takes as much of the stack as Go ends a program for.
func TestNothingIsTooDeep(t *testing.T) {
	for _, lang := range []syntax.LangVariant{syntax.LangPOSIX, syntax.LangBash} {
		for _, n := range nests {
			for _, times := range []int{600, 2_100} {
				text := n[0] + strings.Repeat(n[1], times) + n[2]
				file, err := parse(text, lang)
				if err != nil {
					continue
				}
				if depth := depthOf(file); depth > 2_000 {
					t.Errorf("%.40q %d times, %v: a tree of depth %d", n[0]+n[1], times, lang, depth)
				}
			}
			if !nestsForReal(n, lang) {
				continue
			}
			text := n[0] + strings.Repeat(n[1], 1<<21/len(n[1])) + n[2]
			if _, err := parse(text, lang); !isTooDeep(err) {
				t.Errorf("%.40q for 2 MiB, %v: got %v", n[0]+n[1], lang, err)
			}
		}
	}
}

// nestsForReal reports whether the parser, or one who walks the tree, takes more
// of the stack the more often it is repeated: each time, since Go's own stacks are
// counted, too.
func nestsForReal(n [3]string, lang syntax.LangVariant) bool {
	taken := func(times int) int {
		used := make(chan int)
		go func() {
			var before, after runtime.MemStats
			runtime.GC() // gives back the stacks of others
			runtime.ReadMemStats(&before)
			file, err := syntax.NewParser(syntax.Variant(lang)).Parse(strings.NewReader(n[0]+strings.Repeat(n[1], times)+n[2]), "")
			runtime.ReadMemStats(&after)
			depth := 0
			if err == nil {
				depth = depthOf(file)
			}
			used <- max(int(after.StackInuse)-int(before.StackInuse), 400*depth)
		}()
		return <-used
	}
	for range 4 {
		if taken(1_500) <= 200_000 {
			return false
		}
	}
	return true
}

func depthOf(file *syntax.File) int {
	depth, deepest := 0, 0
	syntax.Walk(file, func(node syntax.Node) bool {
		if node == nil {
			depth--
		} else if depth++; depth > deepest {
			deepest = depth
		}
		return true
	})
	return deepest
}

func TestPositions(t *testing.T) {
	for text, want := range map[string]string{
		"a" + strings.Repeat("\n(", 1<<18):           "28763:1: more is nested within each other than palletgen can read",
		"a\n" + strings.Repeat("b && ", 5_000) + "b": "2:1: more is nested within each other than palletgen can read",
		strings.Repeat("if ", 1<<17):                 "1:1: more is nested within each other than palletgen can read",
	} {
		if _, err := parse(text, syntax.LangPOSIX); fmt.Sprint(err) != want {
			t.Errorf("%.20q: got %v, want %s", text, err, want)
		}
	}
}

// TestLongIsNotDeep: length alone is no reason to refuse a text.
func TestLongIsNotDeep(t *testing.T) {
	text := strings.Repeat("if [ \"$(a \"${b:-c}\")\" = d ] && e | f || { g; }; then\n    case $h in i|j) k $((l + 1)) ;; esac\nfi\n", 5_000)
	if _, err := parse(text, syntax.LangPOSIX); err != nil {
		t.Error(err)
	}
}
