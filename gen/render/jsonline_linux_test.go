package render

import (
	"encoding/hex"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"palletgen/gen/lab"
	"palletgen/gen/splice/splicetest"
)

// readJSON has Python take a manifest apart, into the bytes of its names and
// texts in hex, in the order of the text.
const readJSON = `
def texts(v):
    if isinstance(v, str):
        return [v.encode("utf-8").hex()]
    if isinstance(v, list):
        return [text for item in v for text in texts(item)]
    if isinstance(v, dict):
        return [text for name, value in v.items() for text in texts(name) + texts(value)]
    return [repr(v).encode().hex()]
def answer(question):
    return texts(json.loads(question.decode("utf-8")))
`

// oddText are texts that JSON writes in ways of its own, beside splicetest's.
var oddText = []string{"\u2028\u2029", "\ufffd", `\ufffd`, `\\ufffd`, "\xed\xa0\x80", "\xff", "\x00\x1f\x7f", "\b\f", "<&>", "\U0010ffff", "😀", "\u0085", "\ufeff", "1.10", "null"}

// jsonShells are those that FuzzJSONLine asks.
var jsonShells = [][]string{{"dash"}, {"bash", "--posix"}, {"busybox", "sh"}}

// said is what --json has for a text: bytes that are no printable ASCII, no line
// end and no tab are told as question marks.
func said(text string) string {
	b := []byte(text)
	for i, c := range b {
		if (c < ' ' || c > '~') && c != '\n' && c != '\t' {
			b[i] = '?'
		}
	}
	return string(b)
}

// FuzzJSONLine has real shells print a line of --json, and Python read it.
func FuzzJSONLine(f *testing.F) {
	server := splicetest.Serve(f, lab.Need(f, "python3"), readJSON)
	for _, shell := range jsonShells {
		lab.Need(f, shell[0])
	}
	library, err := os.ReadFile("../../templates/lib/base.sh")
	if err != nil {
		f.Fatal(err)
	}
	script := f.TempDir() + "/line"
	text := "LC_ALL=C\nnl='\n'\nrun_phase=p\nbundle_name=b\n" + string(library) + "\njson_line said message \"$1\" code 5 state \"$2\"\n"
	if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
		f.Fatal(err)
	}
	for _, v := range append(slices.Clone(splicetest.Awkward), oddText...) {
		f.Add(v, "x"+v)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if strings.Contains(a+b, "\x00") || len(a)+len(b) > 2000 {
			return
		}
		want := []string{"bundle", "b", "phase", "p", "event", "said"}
		for _, pair := range [][2]string{{"message", a}, {"code", "5"}, {"state", b}} {
			if pair[1] != "" {
				want = append(want, pair[0], said(pair[1]))
			}
		}
		for i, text := range want {
			want[i] = hex.EncodeToString([]byte(text))
		}
		for _, shell := range jsonShells {
			line, err := exec.Command(shell[0], append(slices.Clone(shell[1:]), script, a, b)...).Output()
			if err != nil || strings.Count(string(line), "\n") != 1 {
				t.Fatalf("%s: %q: %q, %v", shell[0], a, line, err)
			}
			var got []string
			server.Ask(t, line, &got)
			if !slices.Equal(got, want) {
				t.Fatalf("%s prints %q: Python reads %v, not %v", shell[0], line, got, want)
			}
		}
	})
}
