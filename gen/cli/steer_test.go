package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"palletgen/gen/cli"
	"palletgen/gen/diag"
)

// steering holds what steers a terminal or hides: as YAML writes it in double
// quotes, and in a template as it is.
const steering = `"\e[31m\a\u009b1m\u202e\u200b\x7f"`

// TestNothingSteers: what a stranger's crate and supervisor say of themselves is
// shown by every command without that it steers the terminal.
func TestNothingSteers(t *testing.T) {
	dir := t.TempDir()
	text := strings.NewReplacer("TEXT", steering)
	for name, content := range map[string]string{
		"crates/odd/crate.yaml": "doc: TEXT\nwarning: TEXT\nsettings:\n  a: {type: string, default: TEXT, doc: TEXT, pattern: '.*'}\n" +
			"  b: {type: enum, values: [TEXT], default: TEXT, doc: x}\n  c: {type: map, keys: \"[\\e]*.*\", doc: x}\n" +
			"files: [{path: /etc/odd, template: odd.sh.tmpl, note: TEXT}]\nservice: {name: odd, command: [x]}\nrefuses: {runit: TEXT}\n",
		"crates/odd/odd.sh.tmpl":         "#!/bin/sh\nprintf '%s\\n' {{ .a }}\n",
		"crates/bad/crate.yaml":          "doc: x\n\"\\e[31m\": TEXT\nsettings: {a: {type: TEXT, doc: x}}\n",
		"crates/bad/install.sh.tmpl":     "note {{ .\u202ex }}\n",
		"sup/mine/supervisor.yaml":       "doc: TEXT\ncrate: nohup\nunproven: TEXT\nservice: {command: {how: native, note: TEXT}, name: native}\nconfig: {service_name: {type: name, default: x, doc: TEXT}}\n",
		"sup/mine/service.sh.tmpl":       "x\n",
		"palletgen.yaml":                 "groups:\n  odd:\n    extends: [nohup, odd: {supervisor: nohup, a: TEXT}]\n",
		"refused.yaml":                   "groups:\n  odd:\n    extends: [runit, odd: {supervisor: runit, TEXT: x, c: {TEXT: [x]}}]\n",
		"broken.yaml":                    "groups:\n  odd:\n    extends: [bad, TEXT]\n",
		"\x1b[31m.yaml":                  "groups: {\"\\e[31m\": ~}\n",
		"procfile/\u202eProcfile\x1b[1m": "web: x \x1b[1m\u202e\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text.Replace(content)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	const folders = " --crates crates --supervisors sup"
	for _, test := range []struct {
		args string
		code int
	}{
		{"build -v -o dist" + folders, 0},
		{"verify dist/odd.tar.gz", 0},
		{"explain dist/odd.tar.gz root/etc/odd:2" + folders, 0},
		{"explain dist/odd.tar.gz root/etc/odd:2 --json" + folders, 0},
		{"explain dist/odd.tar.gz root/etc/odd" + folders, 0},
		{"explain dist/odd.tar.gz root/etc/odd --set 'odd.a=\x1b[2m'" + folders, 1},
		{"explain dist/odd.tar.gz '\x1b[31m:1'" + folders, 1},
		{"describe crate odd" + folders, 0},
		{"describe crate bad" + folders, 1},
		{"describe supervisor mine" + folders, 0},
		{"list" + folders, 1},
		{"check -f refused.yaml" + folders, 1},
		{"check -f broken.yaml" + folders, 1},
		{"check -f '\x1b[31m.yaml'" + folders, 1},
		{"check --set 'odd.\x1b[31m=\u202e'" + folders, 1},
		{"check --set '\x1b[31m'", 2},
		{"check '\x1b[31m'" + folders, 2},
		{"'\x1b[31m'", 2},
		{"build --'\x1b[31m'", 2},
		{"import 'procfile/\u202eProcfile\x1b[1m'", 0},
		{"verify '\x1b[31m.yaml'", 1},
	} {
		var out, said bytes.Buffer
		if code := cli.Main(words(test.args), os.DirFS(root(t)), strings.NewReader(""), &out, &said); code != test.code {
			t.Errorf("%q: exit code %d, want %d\n%s", test.args, code, test.code, &said)
		}
		for _, text := range []string{out.String(), said.String()} {
			if diag.PrintableLines(text) != text {
				t.Errorf("%q steers the terminal:\n%q", test.args, text)
			}
		}
	}
}
