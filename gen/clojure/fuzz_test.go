package clojure_test

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"palletgen/gen/clojure"
	"palletgen/gen/diag"
)

func FuzzParse(f *testing.F) {
	for _, text := range []string{
		`(a [1 2.5 0x1F] {:b "c\n\u00e9"} #{\d} #(f %) 'g @h ~i ~@j ^:k l #'m #"n" #_ o #p q #?(:clj r) #:s{:t 1})`,
		"; x\n#!y\r(z)", `"\377\u12"`, "##Inf 1/2 36rZ :a/b",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if clojure.CheckCode(text) != nil {
			return
		}
		// Complete forms stay complete, and the same, next to others.
		tree, err := clojure.Parse(&diag.Source{Text: "(" + text + "\n)"})
		if err != nil || len(tree.Kids) != 1 {
			t.Fatalf("%q: %v", text, err)
		}
		if _, err := clojure.Splice(marked("(a § b)", clojure.Code(text))); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
	})
}

// FuzzSplice puts a text into a string and where a form stands, and reads it
// back with the JSON decoder: what we write is within both languages.
func FuzzSplice(f *testing.F) {
	for _, v := range []string{"", `"`, `\`, `\"`, "\n", "\r\t\x00\x7f", "é😀\u2028", "_pg0000_", "; x", `\u0041`, "\xff"} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v string) {
		text, err := clojure.Splice(marked("[§ \"x§y\"]", v, v))
		if (err == nil) != utf8.ValidString(v) {
			t.Fatalf("%q: %v", v, err)
		}
		if err != nil {
			return
		}
		var got []string
		for _, part := range splitStrings(string(text)) {
			var s string
			if err := json.Unmarshal([]byte(part), &s); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			got = append(got, s)
		}
		if len(got) != 2 || got[0] != v || got[1] != "x"+v+"y" {
			t.Fatalf("%q became %s, which is %q", v, text, got)
		}
	})
}

// splitStrings returns the two string literals of "[… …]".
func splitStrings(text string) []string {
	text = text[1 : len(text)-1]
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return []string{text[:i+1], text[i+2:]}
		}
	}
	return nil
}
