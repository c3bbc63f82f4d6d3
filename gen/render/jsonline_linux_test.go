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
	server := splicetest.Serve(f, lab.Need(f, "python3"), splicetest.ReadJSON)
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
	for _, v := range append(slices.Clone(splicetest.Awkward), splicetest.OddJSON...) {
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
