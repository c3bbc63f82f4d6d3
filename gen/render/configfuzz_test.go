package render_test

import (
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"palletgen/gen/plan"
	"palletgen/gen/render"
	"palletgen/gen/schema"
)

// A knob is a setting of text that reaches a server's configuration.
type knob struct {
	at    leaf
	plain string     // a value that the setting takes
	want  [][]string // what the file says with that
	build func(set ...string) (string, error)
	read  func(text string) [][]string
}

// knobs finds them all.
func knobs(f *testing.F) []knob {
	f.Helper()
	catalog, err := plan.NewCatalog(os.DirFS("../.."), nil, nil)
	if err != nil {
		f.Fatal(err)
	}
	renderer := render.New(catalog, "v0")
	var all []knob
	for _, c := range configs {
		described, err := catalog.Crate(c.crate)
		if err != nil {
			f.Fatal(err)
		}
		build := func(set ...string) (string, error) {
			return configOf(catalog, renderer, c.crate, c.settings, c.file, set...)
		}
		for _, at := range leaves(&schema.Type{Kind: "struct", Fields: described.Settings}, c.crate) {
			for _, plain := range []string{"Vq9", "/Vq9", "http://Vq9", "vq9"} {
				if slices.Contains(free, at.name) {
					break
				}
				if text, err := build(at.set(plain)); err == nil && strings.Contains(text, plain) {
					all = append(all, knob{at, plain, c.read(text), build, c.read})
					break
				}
			}
		}
	}
	return all
}

// FuzzConfigs gives any text to a setting of a server: it is refused, or arrives
// as one word, as TestConfigsHoldHostileValues has it for chosen ones.
func FuzzConfigs(f *testing.F) {
	all := knobs(f)
	for i, v := range hostileValues {
		f.Add(uint(i), v)
		f.Add(uint(7*i), "a"+v+"b")
	}
	f.Fuzz(func(t *testing.T, n uint, text string) {
		if !utf8.ValidString(text) || len(text) > 500 {
			return // settings are UTF-8
		}
		k := all[n%uint(len(all))]
		value := k.plain + text
		made, err := k.build(k.at.set(value))
		if err != nil {
			return
		}
		got := k.read(made)
		if strings.Contains(text, ":") { // an address of IPv6 gets marks
			got = unmarked(got)
		}
		for _, value := range []string{value, path.Clean(value), strings.TrimSuffix(value, "/")} { // as paths and addresses are written
			want := filled(k.want, k.plain, value)
			if strings.Contains(text, ":") {
				want = unmarked(want)
			}
			if slices.EqualFunc(got, want, slices.Equal[[]string]) {
				return
			}
		}
		t.Fatalf("%s: %q changes what the file means:\ngot  %q\nwant %q", k.at.name, value, got, filled(k.want, k.plain, value))
	})
}

// unmarked takes the marks of addresses of IPv6 away.
func unmarked(all [][]string) [][]string {
	marks := strings.NewReplacer("ipv6@", "", "[", "", "]", "")
	out := make([][]string, len(all))
	for i, words := range all {
		for _, w := range words {
			out[i] = append(out[i], marks.Replace(w))
		}
	}
	return out
}
