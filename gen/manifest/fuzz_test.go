package manifest

import (
	"encoding/hex"
	"os"
	"os/exec"
	"slices"
	"testing"
	"unicode/utf8"

	"palletgen/gen/lab"
	"palletgen/gen/splice/splicetest"
)

// FuzzManifest writes values where a manifest has them, and has Python's json, and
// jq where it is there, read them back byte by byte. What is no UTF-8 is refused.
func FuzzManifest(f *testing.F) {
	server := splicetest.Serve(f, lab.Need(f, "python3"), splicetest.ReadJSON)
	jq, _ := exec.LookPath("jq")
	for _, v := range append(slices.Clone(splicetest.Awkward), splicetest.OddJSON...) {
		f.Add(v, "x"+v)
		f.Add(v+v, "")
	}
	asked := 0
	f.Fuzz(func(t *testing.T, a, b string) {
		settings, err := Encode(map[string]any{"k": []any{a, b, 5, true}})
		var text []byte
		if err == nil {
			m := &Manifest{Palletgen: a, Crates: []Crate{{Name: b, Settings: settings}}, Commands: Commands{{Path: "n" + b, Needs: Needs{Required: []string{a}}}}}
			text, err = m.Text()
		}
		if valid := utf8.ValidString(a) && utf8.ValidString(b); valid != (err == nil) {
			t.Fatalf("%q, %q: %v", a, b, err)
		}
		if err != nil {
			return
		}
		var got []string
		server.Ask(t, text, &got)
		want := []string{"palletgen", a, "bundle", "", "crates", "name", b, "settings", "k", a, b, "5", "True", "services", "phases", "commands", "n" + b, "required", a, "files"}
		for i, text := range want {
			want[i] = hex.EncodeToString([]byte(text))
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%q: Python reads %v, not %v", text, got, want)
		}
		if asked++; jq != "" && asked%20 == 1 {
			askJQ(t, jq, text, a)
		}
	})
}

// askJQ has jq tell the first value. It ends texts at no byte of theirs.
func askJQ(t *testing.T, jq string, text []byte, want string) {
	t.Helper()
	file := t.TempDir() + "/manifest.json"
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := exec.Command(jq, "-j", ".palletgen", file).Output()
	if err != nil || string(got) != want {
		t.Fatalf("%q: jq reads %q, %v", text, got, err)
	}
}
