package clojure_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/clojure"
	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/splice/splicetest"
)

// marked stands in for a template: each § of text is the place of a value.
func marked(text string, values ...any) *record.Marked {
	return splicetest.Marked("§", text, values...)
}

// outline writes a tree as kinds and texts.
func outline(n *clojure.Node) string {
	s := string(n.Kind)
	if n.Text != "" {
		s += "<" + n.Text + ">"
	}
	if len(n.Kids) == 0 {
		return s
	}
	var kids []string
	for _, kid := range n.Kids {
		kids = append(kids, outline(kid))
	}
	return s + "(" + strings.Join(kids, " ") + ")"
}

func TestParse(t *testing.T) {
	for _, tc := range []struct{ src, want string }{
		{"", "file"},
		{"; -*- mode: clojure -*-\n(logging/init {:file \"/var/log/x\"})", `file(comment<; -*- mode: clojure -*-> list(symbol<logging/init> map(keyword<:file> string</var/log/x>)))`},
		{`(let [x 5, y -5.5e3M] (/ x 0x1F 017 36rZZ 1/2 7N ##Inf))`, "file(list(symbol<let> vector(symbol<x> number<5> symbol<y> number<-5.5e3M>) " +
			"list(symbol</> symbol<x> number<0x1F> number<017> number<36rZZ> number<1/2> number<7N> number<##Inf>)))"},
		{`"a\tb\"\\\u00e9\ud83d\ude00\0\377"`, "file(string<a\tb\"\\é😀\x00ÿ>)"},
		{"\"two\nlines \uFFFD\"", "file(string<two\nlines \uFFFD>)"},
		{`[\a \newline \u0041 \o101 \( \" \,]`, `file(vector(character<a> character<newline> character<u0041> character<o101> character<(> character<"> character<,>))`},
		{`'a @b ~c ~@d #'e ^:f g #^h i`, "file(prefix<'>(symbol<a>) prefix<@>(symbol<b>) prefix<~>(symbol<c>) prefix<~@>(symbol<d>) prefix<#'>(symbol<e>) metadata(keyword<:f> symbol<g>) metadata(symbol<h> symbol<i>))"},
		{`#{1} #(f %1 %&) #"a\"b" #_ ; c` + "\n" + `#_x y #inst "2020" #?(:clj 1) #:a{:b 1} #::{:c 2}`,
			`file(set(number<1>) function(symbol<f> symbol<%1> symbol<%&>) regular expression<a\"b> discarded form(comment<; c> discarded form(symbol<x>) symbol<y>) ` +
				`tagged literal(symbol<inst> string<2020>) reader condition<#?>(list(keyword<:clj> number<1>)) map<#:a>(keyword<:b> number<1>) map<#::>(keyword<:c> number<2>))`},
		{"x' a#b foo->bar ::k :a/b :1 + - -x .5 nil", "file(symbol<x'> symbol<a#b> symbol<foo->bar> keyword<::k> keyword<:a/b> keyword<:1> symbol<+> symbol<-> symbol<-x> symbol<.5> symbol<nil>)"},
		{"#!/usr/bin/clj\ra", "file(comment<#!/usr/bin/clj> symbol<a>)"},
	} {
		tree, err := clojure.Parse(&diag.Source{Name: "x", Text: tc.src})
		if err != nil {
			t.Errorf("%q: %v", tc.src, err)
		} else if diff := cmp.Diff(tc.want, outline(tree)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tc.src, diff)
		}
	}
}

func TestCheckCodeErrors(t *testing.T) {
	for _, tc := range []struct{ src, want string }{
		{"(a\n (b", "code:2:2: this ( is never closed"},
		{"a)", "code:1:2: this ) was never opened"},
		{"[(])", "code:1:3: this ] was never opened"},
		{"{:a}", "code:1:1: this map has a key without a value"},
		{`"abc`, "code:1:1: this string is never closed"},
		{`"a\qb"`, "code:1:3: strings have no such escape"},
		{`"\u12"`, "code:1:2: strings have no such escape"},
		{`"\ud83d"`, "code:1:2: half of a character"},
		{`"\400"`, "code:1:2: an octal escape goes up to"},
		{"(quote ')", "code:1:8: the form after this prefix is missing"},
		{"#_", "code:1:1: the form after this discarded form is missing"},
		{"^a", "code:1:1: the form after this metadata is missing"},
		{"1a", "code:1:1: 1a is no number"},
		{"08", "code:1:1: 08 is no number"},
		{"1/0", "code:1:1: 1/0 is no number"},
		{"2r12", "code:1:1: 2r12 is no number"},
		{":", "code:1:1: : is no keyword"},
		{":a:", "code:1:1: :a: is no keyword"},
		{"a/", "code:1:1: a/ is no symbol"},
		{`\foo`, `code:1:1: \foo is no character`},
		{`\ud800`, `code:1:1: \ud800 is no character`},
		{`\`, "code:1:1: a character is missing"},
		{"a/1", "code:1:1: a/1 is no symbol"},
		{"^(a) b", "code:1:2: metadata is a keyword"},
		{"#(#())", "code:1:3: a #( ) cannot stand within another"},
		{"#<x>", "code:1:1: no form begins like this"},
		{"#5 x", "code:1:1: no form begins like this"},
		{"##x", "code:1:1: ##x is no number"},
		{"#? x", "code:1:1: after #? stands a list"},
		{"#:a x", "code:1:1: a map with a namespace"},
		{"a\x00", "code:1:2: control character 0x00"},
		{"a\xff", "code:1:2: this text is no UTF-8"},
		{strings.Repeat("(", 600), "code:1:501: forms are nested too deeply"},
	} {
		err := clojure.CheckCode(tc.src)
		if err == nil || !strings.HasPrefix(err.Error(), tc.want) {
			t.Errorf("%q:\n got %v\nwant %s", tc.src, err, tc.want)
		}
	}
	if err := clojure.CheckCode("(a) ; b"); err != nil {
		t.Error(err)
	}
}

func TestSplice(t *testing.T) {
	for _, tc := range []struct {
		text   string
		values []any
		want   string
	}{
		{`{:host "§" :port § :tls § :name §}`, []any{"0.0.0.0", 5555, true, `a "b" \ c`}, `{:host "0.0.0.0" :port 5555 :tls true :name "a \"b\" \\ c"}`},
		{`"§:§/§"`, []any{"a\n\t\r\x00é😀\uFFFD", int64(5), false}, `"a\n\t\r\u0000\u00e9\ud83d\ude00\ufffd:5/false"`},
		{"; § §\n(a)", []any{"any ) thing", 7}, "; any ) thing 7\n(a)"},
		{"(streams §)", []any{clojure.Code("(a) ; b\n\"c\" ; d")}, "(streams (a) ; b\n\"c\" ; d\n)"},
		{"(a §)", []any{clojure.Code("")}, "(a )"},
		{"'§ {:a §}", []any{clojure.Code("(x)"), clojure.Code("1")}, "'(x) {:a 1}"},
		{":role-§", []any{"web-1"}, ":role-web-1"},
		{"(f §)", []any{-5}, "(f -5)"},
		{"(f §)", []any{"_pg0000_"}, `(f "_pg0000_")`},
	} {
		got, err := clojure.Splice(marked(tc.text, tc.values...))
		if err != nil {
			t.Errorf("%q: %v", tc.text, err)
		} else if diff := cmp.Diff(tc.want, string(got)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tc.text, diff)
		}
	}
}

func TestSpliceErrors(t *testing.T) {
	for _, tc := range []struct {
		text   string
		values []any
		want   string
	}{
		{"; §", []any{"a\n(b)"}, "t:1:1: a comment cannot hold a value with a line end"},
		{"; §", []any{"a\r(b)"}, "t:1:1: a comment cannot hold a value with a line end"},
		{`"§"`, []any{"\xff"}, "t:1:1: this value is no UTF-8"},
		{`#"§"`, []any{"a"}, "t:1:1: a value cannot stand in a regular expression"},
		{"x§", []any{"a"}, `t:1:1: a value cannot be part of the word "x{{ … }}"`},
		{"(a)\n#§ b", []any{"a"}, "t:1:1: a value cannot stand here"},
		{"#:§{:a 1}", []any{"a"}, "t:1:1: a value cannot stand here"},
		{`\§`, []any{"a"}, `t:1: \_pg0000_ is no character`},
		{`5§`, []any{"a"}, "t:1: 5_pg0000_ is no number"},
		{`"\§"`, []any{"a"}, "t:1: strings have no such escape"},
		{":a§", []any{"b c"}, `t:1:1: a keyword cannot hold the value "b c"`},
		{"(a §)", []any{clojure.Code("b) (c")}, "t:1:1: this value is no Clojure: code:1:2: this ) was never opened"},
		{"(a §)", []any{clojure.Code("#_")}, "t:1:1: this value is no Clojure"},
		{"'§ x", []any{clojure.Code("a b")}, "t:1:1: one form is wanted here, and this value has 2"},
		{"'§ x", []any{clojure.Code("; a")}, "t:1:1: one form is wanted here, and this value has 0"},
		{"`(a ~§)", []any{clojure.Code("@b")}, "t:1: cannot put values into this file: one of them would change its structure"},
		{"\n{:a §}", []any{clojure.Code("b c")}, "t:2: this map has a key without a value"},
		{`"§"`, []any{clojure.Code("a")}, "t:1:1: code can stand only where a form stands"},
		{"§", []any{[]any{"a"}}, "t:1:1: a list or a map cannot stand"},
		{"§", []any{1.5}, "t:1:1: a value of type float64 cannot stand"},
		{"(a\n(b", nil, "t:2: this ( is never closed"},
	} {
		_, err := clojure.Splice(marked(tc.text, tc.values...))
		if err == nil || !strings.HasPrefix(err.Error(), tc.want) {
			t.Errorf("%q:\n got %v\nwant %s", tc.text, err, tc.want)
		}
	}
}
