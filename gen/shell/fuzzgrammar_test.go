package shell_test

import (
	"strings"
	"testing"

	"palletgen/gen/shell"
)

// FuzzGrammar makes a template of any form, splices values into it, and lets real
// shells run the script: each byte has to arrive, and nothing else may happen.
func FuzzGrammar(f *testing.F) {
	for i := range 64 {
		shape := []byte{byte(i), byte(i * 7), byte(i * 31), byte(i / 3), byte(i * 11), byte(i * 5), byte(i * 13), byte(i)}
		f.Add(append(shape, shape...), "a b'\"$x\\", "\n`id`~*")
	}
	engine, server := shell.NewEngine(), newShellServer(f)
	f.Fuzz(func(t *testing.T, shape []byte, a, b string) {
		if len(a)+len(b) > 2048 || len(shape) > 256 || strings.Contains(a+b, "\x00") {
			t.Skip("too long to be of use, or refused anyway")
		}
		m, want := makeTemplate(t, shape, a, b, a+b)
		script, err := engine.Splice(m)
		if err != nil {
			if strings.Contains(err.Error(), "with the values on this line") && !strings.Contains(m.Text, "lines <<") {
				t.Errorf("%q, %q: quoting failed: %v\n%s", a, b, err, m.Text)
			}
			return
		}
		server.check(t, script.Text, want)
	})
}

// TestGrammarIsAccepted makes sure that the grammar is tested at all: most of its
// templates are valid, with values that hold everything.
func TestGrammarIsAccepted(t *testing.T) {
	engine, server := shell.NewEngine(), newShellServer(t)
	accepted, reasons := 0, map[string]int{}
	const all = 1000
	state := uint32(1)
	for range all {
		shape := make([]byte, 40)
		for i := range shape {
			state = state*1664525 + 1013904223
			shape[i] = byte(state >> 24)
		}
		m, want := makeTemplate(t, shape, "a b'\"$x\\", "x`id`~*{}[]!#", "-\t\r\x01\x7f\xff\xc3")
		script, err := engine.Splice(m)
		if err != nil {
			reasons[err.Error()]++
			continue
		}
		accepted++
		if server.check(t, script.Text, want); t.Failed() {
			return
		}
	}
	t.Logf("%d of %d templates were accepted; refused: %v", accepted, all, reasons)
	if accepted < all/2 {
		t.Errorf("only %d of %d templates were accepted", accepted, all)
	}
}
