package importer

import (
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/splice/splicetest"
	"palletgen/gen/strictyaml"
)

// readBack writes texts as a list of the file and reads that with our own reader.
func readBack(t *testing.T, texts []string) {
	t.Helper()
	g := NewGroup("g", "runit")
	s := g.Add("a", "")
	src := &diag.Source{Name: "in\nput", Text: "x\n"}
	var env Map
	for i, text := range texts {
		env = append(env, Pair{Name: "V" + strings.Repeat("x", i), Text: text, From: diag.Pos{Source: src, Line: 1}})
	}
	s.Set("command", Command{Argv: texts}, diag.Pos{Source: src, Line: 1})
	s.Set("environment", env)
	s.Set("pre_start", List{Command{Argv: texts}, Command{Text: texts[0]}})
	s.Note("command", "%s", strings.Join(texts, " "))
	s.Lose(diag.Pos{Source: src, Line: 1}, texts[0], "%s", texts[len(texts)-1])
	yaml := g.YAML()
	root, err := strictyaml.Parse(&diag.Source{Name: "out", Text: yaml})
	if err != nil {
		t.Fatalf("%v\n%s", err, yaml)
	}
	app := get(get(get(root, "groups"), "g"), "extends").Items()[1].Entries()[0].Value
	command := get(app, "command").Items()
	for i, text := range texts {
		if got := command[i]; !got.IsScalar() || got.Text() != text {
			t.Fatalf("%q came back as %q\n%s", text, got.Text(), yaml)
		}
		if got := get(app, "environment").Entries()[i].Value; !got.IsScalar() || got.Text() != text {
			t.Fatalf("%q came back as %q\n%s", text, got.Text(), yaml)
		}
	}
	pre := get(app, "pre_start").Items()
	if len(pre) != 2 || len(pre[0].Items()) != len(texts) || pre[1].Text() != texts[0] {
		t.Fatal(yaml)
	}
}

func get(v strictyaml.Value, key string) strictyaml.Value {
	for _, e := range v.Entries() {
		if e.Key == key {
			return e.Value
		}
	}
	return strictyaml.Value{}
}

func TestQuoting(t *testing.T) {
	texts := []string{"", "~", "null", "yes", "1", "0x1", "1e3", ".5", "-1", "- a", "a: b", "a #b", "#", "&a", "*a", "!a", "%a", "@a", "`a`",
		"{{ .x }}", "[a]", "{a}", "a,b", "'", `"`, `\`, "\n", " a ", "a\r\nb", "\u0085", "\u2028", "\ufeff", "\U0001f600", "\x7f", "=", "<<", "---", "..", "?", ":", "é", "\x1b[0m"}
	for _, text := range append(texts, splicetest.Awkward...) {
		if Sayable(text) {
			readBack(t, []string{text})
		}
	}
	readBack(t, texts)
}

func FuzzQuoting(f *testing.F) {
	f.Add("a", "b: c")
	f.Fuzz(func(t *testing.T, a, b string) {
		if Sayable(a) && Sayable(b) {
			readBack(t, []string{a, b, a + b, a + "\n" + b})
		}
	})
}
