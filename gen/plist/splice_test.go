package plist_test

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/command"
	"palletgen/gen/plist"
	"palletgen/gen/record"
	"palletgen/gen/splice/splicetest"
)

// marked stands in for a template: each § of text is the place of a value.
func marked(text string, values ...any) *record.Marked {
	return splicetest.Marked("§", text, values...)
}

const head = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
`

const job = head + `<!-- a job -->
<dict>
	<key>Label</key><string>a.§</string>
	<key>ProgramArguments</key>
	<array>
		<string>/bin/env</string>
		§
	</array>
	<key>Nice</key><integer>§</integer>
	<key>RunAtLoad</key><true/>
	<key>Sockets</key><dict><key>x</key><real>1.5</real></dict>
</dict>
</plist>
`

func TestSplice(t *testing.T) {
	got, err := plist.Splice(marked(job, `<&>"']]>`, splicetest.Exact("a", "", " b\n\tc "), -5))
	if err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer("a.§", `a.&lt;&amp;&gt;"']]&gt;`, "\t\t§", "\t\t<string>a</string>\n\t\t<string></string>\n\t\t<string> b\n\tc </string>",
		"§", "-5").Replace(job)
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSpliceErrors(t *testing.T) {
	for _, tc := range []struct {
		text   string
		values []any
		want   string
	}{
		{"<string>§</string>", []any{"a\x00"}, "t:1:1: a property list cannot hold the character U+0000 | test it with fits"},
		{"<string>§</string>", []any{"a\r"}, "t:1:1: a property list cannot hold the character U+000D"},
		{"<string>§</string>", []any{"\ufffe"}, "t:1:1: a property list cannot hold the character U+FFFE"},
		{"<string>§</string>", []any{"\xff"}, "t:1:1: a property list cannot hold a value that is no UTF-8"},
		{"<string>§</string>", []any{true}, "t:1:1: a boolean is an element of its own | {{ if"},
		{"<string>§</string>", []any{[]any{"a"}}, "t:1:1: a list or a map cannot stand in the text of an element"},
		{"<string>§</string>", []any{splicetest.Exact("a")}, "t:1:1: a command cannot stand here"},
		{"<integer>§</integer>", []any{"5x"}, `t:1:1: "5x" is no integer`},
		{"<integer>1§</integer>", []any{""}, ""},
		{"<real>§</real>", []any{"x"}, `t:1:1: "x" is no number`},
		{"<array>§</array>", []any{"a"}, "t:1:1: only a command or a list can stand in <array> | <string>"},
		{"<array>§</array>", []any{command.Command{}}, "t:1:1: only a command of exact words"},
		{"<array>§</array>", []any{command.Command{Args: []command.Arg{{Src: "$x"}}}}, "t:1:1: only a command of exact words"},
		{"<array>§ x</array>", []any{[]any{"a"}}, "t:4: text cannot stand in <array>"},
		{"<array>§ §</array>", []any{[]any{"a", 1}, []string{}}, ""},
		{"<dict><key>§</key><true/></dict>", []any{"a"}, "t:1:1: a value cannot stand in <key>"},
		{"<dict>§</dict>", []any{"a"}, "t:4: text cannot stand in <dict>"},
		{"<data>§</data>", []any{"a"}, "t:1:1: a value cannot stand in <data>"},
		{"\n<§/>", []any{"true"}, "t:5: a value cannot stand here | it can be the text"},
		{"<string x='§'/>", []any{"a"}, "t:4: a value cannot stand here"},
		{"\n<!-- \n§ --><true/>", []any{"a"}, "t:6: a value cannot stand here"},
		{"<string><![CDATA[§]]></string>", []any{"a"}, "t:4: a value cannot stand here"},
		{"<dict><key>a</key></dict>", nil, "t:4: <key> wants a value after it"},
		{"<dict><true/></dict>", nil, "t:4: a <key> is missing before this <true>"},
		{"<dict><key>a</key><key>b</key></dict>", nil, "t:4: <key> wants a value after it"},
		{"<dict><key>a</key><true/><key>a</key><true/></dict>", nil, `t:4: the key "a" stands there twice`},
		{"<array><key>a</key></array>", nil, "t:4: <key> cannot stand in <array>"},
		{"<true/><true/>", nil, "t:3: <plist> wants one element"},
		{"<true>a</true>", nil, "t:4: text cannot stand in <true>"},
		{"<string><true/></string>", nil, "t:4: no element can stand in <string>"},
		{"<strin/>", nil, "t:4: <strin> cannot stand here"},
		{"<plist/>", nil, "t:4: <plist> cannot stand here"},
		{"<string x='a'/>", nil, "t:4: <string> takes no attributes"},
		{"<string>", nil, "t:5: </plist> ends nothing"},
		{"<string>&x;</string>", nil, "t:4: this is no XML: invalid character entity &x;"},
	} {
		_, err := plist.Splice(marked(head+tc.text+"\n</plist>", tc.values...))
		if tc.want == "" {
			if err != nil {
				t.Errorf("%q: %v", tc.text, err)
			}
		} else if got := splicetest.First(err); !strings.HasPrefix(got, tc.want) {
			t.Errorf("%q:\n got %s\nwant %s", tc.text, got, tc.want)
		}
	}
	for text, want := range map[string]string{
		"": "t:1: this file wants one <plist>", "<dict/>": "t:1: <dict> cannot stand here", "<plist><dict>": "t:1: <dict> is never closed", "x": "t:1: text cannot stand outside",
		"<!DOCTYPE plist [<!ENTITY a 'b'>]><plist><true/></plist>": "t:1: only <!DOCTYPE plist …>", "<plist version='2'><true/></plist>": "t:1: <plist> takes only version",
	} {
		if _, err := plist.Splice(marked(text)); !strings.HasPrefix(splicetest.First(err), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestFits(t *testing.T) {
	for _, tc := range []struct {
		v    any
		want bool
	}{
		{"", true}, {" \n\t<&]]>é\u2028\u0085", true}, {"\x01", false}, {"\r", false}, {"\xff", false}, {splicetest.Exact("a", "\n"), true},
		{splicetest.Exact("a", "\x1b"), false}, {command.Command{Args: []command.Arg{{Src: "$x"}}}, false}, {[]any{"\x01"}, false}, {5, true}, {1.5, false},
	} {
		if got := plist.Fits(tc.v); got != tc.want {
			t.Errorf("Fits(%q) = %t", tc.v, got)
		}
	}
}

// FuzzSplice puts a text into two places and reads it back with the decoder of
// encoding/xml, which knows nothing of property lists.
func FuzzSplice(f *testing.F) {
	for _, v := range splicetest.Awkward {
		f.Add(v)
	}
	f.Add("<&>]]>&amp;")
	f.Fuzz(func(t *testing.T, v string) {
		text, err := plist.Splice(marked(head+"<array><string>x§y</string>§</array></plist>", v, []string{v, v}))
		if (err == nil) != plist.Fits(v) {
			t.Fatalf("%q: %v", v, err)
		}
		if err != nil {
			return
		}
		var got struct {
			Strings []string `xml:"array>string"`
		}
		if err := xml.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"x" + v + "y", v, v}, got.Strings); diff != "" {
			t.Fatal(diff)
		}
	})
}
