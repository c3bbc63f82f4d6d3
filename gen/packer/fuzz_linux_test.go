package packer

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"palletgen/gen/lab"
)

// pieces are what means something to HCL, of which hostile texts are made.
var pieces = []string{"", " ", "$", "{", "}", "${", "$${", "$$", "%", "%{", "%%{", `"`, `\`, `\n`, `\u0041`, "\n", "\t", "\r", "\x01", "\x7f", "EOT", "<<EOT", "#", "//",
	"/*", "*/", "'", "`", "(", ")", "[", "]", ",", "=", "é", "😀", "\u2028", "\ufeff", "x", "if", "~", "{ {", "local.a"}

// readHCL is a model of how HCL reads what stands between the quotes of a text,
// or the lines of a here-document; false where there would be a value or a
// directive in it.
func readHCL(text string, quoted bool) (string, bool) {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		rest := text[i:]
		switch {
		case strings.HasPrefix(rest, "$${"), strings.HasPrefix(rest, "%%{"):
			out.WriteString(rest[1:3])
			i += 2
		case strings.HasPrefix(rest, "${"), strings.HasPrefix(rest, "%{"), quoted && (rest[0] == '"' || rest[0] == '\n' || rest[0] == '\r'):
			return "", false
		case quoted && rest[0] == '\\' && len(rest) > 1 && rest[1] == 'u' && len(rest) > 5:
			var c rune
			if n, err := fmt.Sscanf(rest[2:6], "%04x", &c); n != 1 || err != nil {
				return "", false
			}
			out.WriteRune(c)
			i += 5
		case quoted && rest[0] == '\\' && len(rest) > 1:
			c, known := map[byte]byte{'n': '\n', 'r': '\r', 't': '\t', '"': '"', '\\': '\\'}[rest[1]]
			if !known {
				return "", false
			}
			out.WriteByte(c)
			i++
		default:
			out.WriteByte(rest[0])
		}
	}
	return out.String(), true
}

// FuzzQuote reads quoted texts and here-documents back with the model.
func FuzzQuote(f *testing.F) {
	for _, piece := range pieces {
		f.Add(piece)
		f.Add("$" + piece + "{" + piece)
		f.Add(hostile + piece)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return // names of bundles, and scripts of ours, are UTF-8
		}
		quoted := quote(text)
		inner := strings.TrimSuffix(strings.TrimPrefix(quoted, `"`), `"`)
		if got, ok := readHCL(inner, true); !ok || got != text || len(inner) != len(quoted)-2 {
			t.Fatalf("%q: HCL reads %q as %q", text, quoted, got)
		}
		if got, ok := readHCL(heredoc(text), false); !ok || got != text {
			t.Fatalf("%q: HCL reads the here-document %q as %q", text, heredoc(text), got)
		}
	})
}

// TestPackerReadsTheSame has the real Packer read some hundred hostile texts, as
// quoted texts and as here-documents, in one go.
func TestPackerReadsTheSame(t *testing.T) {
	program := lab.Need(t, "packer")
	random := rand.New(rand.NewPCG(1, 2))
	var texts []string
	for _, a := range pieces {
		texts = append(texts, a, a+a, "$"+a, a+"{", "\\"+a, hostile+a)
	}
	for range 200 {
		text := ""
		for range 1 + random.IntN(6) {
			text += pieces[random.IntN(len(pieces))]
		}
		texts = append(texts, text)
	}
	var hcl strings.Builder
	var want []string
	hcl.WriteString("locals {\n  all = [\n")
	for _, text := range texts {
		fmt.Fprintf(&hcl, "    %s,\n", quote(text))
		want = append(want, text)
		if script := "a\n" + text + "\nb"; !strings.Contains("\n"+script+"\n", "\nEOT\n") && !strings.ContainsAny(text, "\r\x01\x7f\ufeff") {
			fmt.Fprintf(&hcl, "    <<EOT\n%s\nEOT\n    ,\n", heredoc(script))
			want = append(want, script+"\n")
		}
	}
	hcl.WriteString("  ]\n}\n")
	file := filepath.Join(t.TempDir(), "x.pkr.hcl")
	if err := os.WriteFile(file, []byte(hcl.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "console", file)
	cmd.Stdin = strings.NewReader("jsonencode(local.all)\n")
	cmd.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "HOME="+filepath.Dir(file))
	said, err := cmd.Output()
	var got []string
	if err == nil {
		err = json.Unmarshal(said, &got)
	}
	if err != nil || len(got) != len(want) {
		t.Fatalf("%v: %d of %d texts: %.2000s", err, len(got), len(want), said)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("Packer reads %q, not %q", got[i], want[i])
		}
	}
	t.Logf("%d texts", len(want))
}
