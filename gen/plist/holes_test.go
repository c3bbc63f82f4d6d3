package plist_test

import (
	"strings"
	"testing"

	"palletgen/gen/plist"
)

// TestReadAgain: a shell that a property list starts reads the value again.
func TestReadAgain(t *testing.T) {
	list := func(words string) string {
		return "<plist version=\"1.0\"><dict><key>ProgramArguments</key><array>" + words + "</array></dict></plist>\n"
	}
	for words, refused := range map[string]bool{
		"<string>/bin/sh</string><string>-c</string><string>x §</string>":                                           true,
		"<string>su</string><string>a</string><string>-c</string><string>§</string>":                                true,
		"<string>/bin/sh</string><string>-c</string><string>x \"$1\"</string><string>sh</string><string>§</string>": false,
	} {
		text, err := plist.Splice(marked(list(words), "; id"))
		if (err != nil) != refused || refused && !strings.Contains(err.Error(), "the value would be read as shell code") {
			t.Errorf("%s: got %q, %v", words, text, err)
		}
	}
}
