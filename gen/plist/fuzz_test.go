package plist_test

import (
	"slices"
	"testing"

	"palletgen/gen/lab"
	"palletgen/gen/plist"
	"palletgen/gen/splice/splicetest"
)

// FuzzPlistlib puts values into every kind of place and has Python's plistlib read
// them back.
func FuzzPlistlib(f *testing.F) {
	server := splicetest.Serve(f, lab.Need(f, "python3"), `
import plistlib
def answer(question):
    return plistlib.loads(question)
`)
	for _, v := range splicetest.Awkward {
		f.Add(v, v)
		f.Add("x "+v, v+"]]>")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		fits := plist.Fits(a) && plist.Fits(b)
		text, err := plist.Splice(marked(head+"<array>\n<string>§</string><string>x§y §</string>\n§\n</array>\n</plist>\n", a, b, a, []string{a, b}))
		if (err == nil) != fits {
			t.Fatalf("%q, %q: fits %t, but error %v", a, b, fits, err)
		}
		if err != nil {
			return
		}
		var got []string
		server.Ask(t, text, &got)
		if want := []string{a, "x" + b + "y " + a, a, b}; !slices.Equal(got, want) {
			t.Fatalf("%q: plistlib reads %q, not %q", text, got, want)
		}
	})
}
