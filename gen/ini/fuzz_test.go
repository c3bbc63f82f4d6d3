package ini_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/ini"
	"palletgen/gen/lab"
	"palletgen/gen/splice/splicetest"
)

// readValue is a model of how configparser and supervisord read the value of a
// line, in their own terms; false where supervisord would fail.
func readValue(line string) (string, bool) {
	const blanks = " \t\n\r\v\f\x1c\x1d\x1e\x1f\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
	text := []rune(line)
	for i, c := range text {
		if (c == ';' || c == '#') && (i == 0 || strings.ContainsRune(blanks, text[i-1])) {
			text = text[:i]
			break
		}
	}
	_, value, _ := strings.Cut(strings.Trim(string(text), blanks), "=")
	value = strings.Trim(value, blanks)
	var out []byte
	for i := 0; i < len(value); i++ {
		if value[i] == '%' {
			if i++; i == len(value) || value[i] != '%' {
				return "", false
			}
		}
		out = append(out, value[i])
	}
	return string(out), true
}

func FuzzParse(f *testing.F) {
	f.Add("; a\n[program:x]\ncommand = %(here)s/%%x\n# b\n\n[b]\nx=\n")
	f.Fuzz(func(t *testing.T, text string) {
		_, err := ini.Parse(&diag.Source{Name: "x", Text: text})
		if err != nil && len(err.(diag.List)) == 0 {
			t.Error("an empty list of errors")
		}
	})
}

// FuzzSplice puts values after a key and reads them back with the model.
func FuzzSplice(f *testing.F) {
	for _, v := range splicetest.Awkward {
		f.Add(v, v)
		f.Add("x "+v, v+" x")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, place := range []struct{ text, want string }{{"user=§§", a + b}, {"directory = x§ §x", "x" + a + " " + b + "x"}} {
			text, err := ini.Splice(marked("[a]\n"+place.text, a, b))
			if err != nil {
				if strings.Trim(a+b, "abcdefghijklmnopqrstuvwxyz%/'\"\\;#") == "" && a != "" && b != "" && strings.Trim(a, ";#") == a && strings.Trim(b, ";#") == b && a+b != `""` && a != `""` && b != `""` {
					t.Fatalf("%q: %v", place.text, err)
				}
				continue
			}
			line, rest, _ := strings.Cut(strings.TrimPrefix(string(text), "[a]\n"), "\n")
			if got, ok := readValue(line); !ok || rest != "" || got != place.want {
				t.Fatalf("%q: supervisord reads %q, not %q", text, got, place.want)
			}
		}
	})
}

// supervisordPython is the Python that the host's supervisord is run by.
func supervisordPython(tb testing.TB) string {
	tb.Helper()
	script, err := os.ReadFile(lab.Need(tb, "supervisord"))
	if err != nil {
		tb.Fatal(err)
	}
	first, _, _ := strings.Cut(string(script), "\n")
	interpreter, ok := strings.CutPrefix(first, "#!")
	if !ok {
		tb.Fatal("supervisord is no script")
	}
	return strings.TrimSpace(interpreter)
}

// readConfig is a Python function that has the real supervisord read a file.
const readConfig = `
import io
from supervisor import options
class Options(options.ServerOptions):
    def open(self, *args):
        return io.StringIO(self.text)
    def exists(self, *args):
        return True
def read_config(text):
    o = Options()
    o.configfile, o.here, o.text = "/here/x", "/here", text.decode("utf-8")
    return o.read_config("/here/x")
`

// FuzzSupervisord puts values into a program's section and has the reader of the
// real supervisord read them back.
func FuzzSupervisord(f *testing.F) {
	server := splicetest.Serve(f, supervisordPython(f), readConfig+`
import shlex
def answer(question):
    p = read_config(question).process_group_configs[0].process_configs[0]
    return [p.name, p.directory, p.serverurl] + shlex.split(p.command) + [p.environment["A"], p.environment["B"]]
`)
	for _, v := range splicetest.Awkward {
		f.Add(v, v)
		f.Add("x "+v, v+"%")
	}
	f.Add("a", "b")
	f.Fuzz(func(t *testing.T, a, b string) {
		// Words are stricter than lines: a place that takes no value gets a plain one.
		word := b
		if _, err := ini.Splice(marked("[program:x]\ncommand=/x §\nenvironment=A=\"§\"", word, word)); err != nil || word == "" {
			word = "b"
		}
		line := a
		if _, err := ini.Splice(marked("[program:x]\ndirectory=§", line)); err != nil {
			line = "/a"
		}
		text, err := ini.Splice(marked("[supervisord]\n[program:x]\ndirectory=§\nserverurl=x §\ncommand=/x §\nenvironment=A=\"§\",B='§'\n", line, "y"+line, word, word, word))
		if err != nil {
			return
		}
		var got []string
		server.Ask(t, text, &got)
		if want := []string{"x", line, "x y" + line, "/x", word, word, word}; !slices.Equal(got, want) {
			t.Fatalf("%q: supervisord reads %q, not %q", text, got, want)
		}
	})
}
