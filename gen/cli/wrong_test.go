package cli_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/cli"
	"palletgen/gen/diag"
)

// wrongFiles are what new users may have beside a palletgen.yaml.
var wrongFiles = map[string]string{
	"folder.yaml":  "groups: {a: {extends: [x]}}\n",
	"good.yaml":    "groups:\n  web:\n    extends: [nohup, app: {supervisor: nohup, command: [sleep, \"1\"], user: root}]\n",
	"empty":        "",
	"comment.yaml": "# nothing\n",
	"null.yaml":    "~\n",
	"nul.yaml":     "groups: a\x00b\n",
	"utf16.yaml":   "\xff\xfeg\x00r\x00o\x00",
	"latin1.yaml":  "groups: {w\xe9b: {extends: [java]}}\n",
	"bom.yaml":     "\ufeffgroups: {web: {extends: [jaav]}}\n",
	"crlf.yaml":    "groups:\r\n  web:\r\n    extends: [jaav]\r\n",
	"mac.yaml":     "groups:\r  web:\r    extends: [jaav]\r",
	"tabs.yaml":    "groups:\n  web:\n\textends:\n\t- java\n",
	"indent.yaml":  "groups:\n  web:\n    extends:\n      - java\n     - nohup\n",
	"sunk.yaml":    "groups:\n  web:\n    extends:\n      - nohup\n      - app:\n        supervisor: nohup\n        command: [x]\n",
	"nocolon.yaml": "groups:\n  web\n    extends: [java]\n",
	"quote.yaml":   "groups:\n  web: {extends: [app: {command: \"x]}]}\n",
	"anchor.yaml":  "groups:\n  web: {extends: [java: &x {}, runit: *x]}\n",
	"merge.yaml":   "groups:\n  web: {extends: [app: {<<: {user: x}}]}\n",
	"twice.yaml":   "groups:\n  web: {extends: [java]}\n  web: {extends: [java]}\n",
	"two.yaml":     "groups: {web: {extends: [java]}}\n---\ngroups: {}\n",
	"list.yaml":    "- groups\n",
	"text.yaml":    "hello\n",
	"keys.yaml":    "group:\n  web:\n    extend:\n      - javaa\n",
	"settings.yaml": "groups:\n  web:\n    extends: [nohup, app: {supervisor: nohup, comand: x, user: [a], environment: x, create_user: yes, stop_timeout: -1, groups: a}]\n" +
		"    settings: {}\n",
	"types.yaml":   "groups: {web: 3, db: [a], c: {extends: 4}, d: {extends: []}, e: {extends: [[a], ~, 3, {}]}, 'a/b': {extends: [java]}, '': ~}\n",
	"text2.yaml":   "groups:\n  web:\n    extends: nohup, java\n",
	"beside.yaml":  "groups:\nweb:\n  extends: [javaa]\n",
	"beside2.yaml": "groups:\n  web:\n  extends: [javaa]\n",
	"bare.yaml":    "groups:\n  web: [java, nohupp]\n",
	"capital.yaml": "groups:\n  web: {extends: [Java, app: {Supervisor: nohup}]}\n",
	"steer.yaml":   "groups: {web: {extends: [\"\\e[31mjava\\u202e\", java: {\"\\u009b1m\": 1}]}}\n",
	"Procfile":     "web: sleep 1\n",
	"a.service":    "[Service]\nExecStart=/bin/sleep 1\n",
	"text.sh":      "echo -e x\n",
	"cut.tar.gz":   "\x1f\x8b\x08\x00",
}

// TestWrongInput: whatever is wrong ends with the right code, says where, and
// what to do; it leaves no file behind and does not steer the terminal.
func TestWrongInput(t *testing.T) {
	assets := os.DirFS(root(t))
	dir := t.TempDir()
	for name, text := range wrongFiles {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"dir/nocrate", "crates/x/crate.yaml", "templates/x/install.sh.tmpl"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "templates", "x", "crate.yaml"), []byte("doc: x\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	before := tree(t, dir)
	const input, usage = 1, 2
	for _, test := range []struct {
		args string // words; what stands in 'single quotes' is one
		code int
		want []string // each in what is said
	}{
		{"", usage, []string{"no command is given", "palletgen help"}},
		{"biuld", usage, []string{`unknown command "biuld"`, `did you mean "build"?`}},
		{"--verison", usage, []string{`did you mean "version"?`}},
		{"help nosuch", usage, []string{`unknown command "nosuch"`, "known are: build"}},
		{"help build check", usage, []string{"help takes one command: build check"}},
		{"version x", usage, []string{"version takes no arguments: x"}},
		{"build --outptu x", usage, []string{"unknown flag: --outptu", "did you mean --output?"}},
		{"build -x", usage, []string{"unknown shorthand flag: 'x'", "palletgen help build"}},
		{"build -f", usage, []string{"flag needs an argument: 'f'"}},
		{"build -f ''", usage, []string{"-f names no file"}},
		{"build -f good.yaml -f good.yaml", usage, []string{"-f good.yaml is given twice"}},
		{"build -f - -f -", usage, []string{"-f - is given twice"}},
		{"build -f good.yaml nosuch", usage, []string{`there is no group "nosuch"`, "known are: web"}},
		{"build -f good.yaml -o ''", usage, []string{"the output folder has no name"}},
		{"build -f good.yaml --format zip", usage, []string{`there is no format "zip"`, "known are: tar.gz"}},
		{"build -f good.yaml --set app", usage, []string{"--set:1:1: cannot read --set app", "--set CRATE.SETTING=VALUE"}},
		{"build -f good.yaml --set app.command=[a", usage, []string{"--set:1:13: cannot read YAML", "all others are taken as they are"}},
		{"build -f good.yaml --set ap.user=x", input, []string{`--set:1:1: there is no crate "ap"`, `did you mean "app"?`}},
		{"build -f good.yaml --set app.usr=x", input, []string{`--set:1:5: app has no setting "usr"`, `did you mean "user"?`}},
		{"build -f good.yaml --set app.user.x=y", input, []string{"--set:1:10: app.user: a map where a name belongs"}},
		{"build -f good.yaml -o good.yaml", input, []string{"cannot write to good.yaml: it is a file", "name a folder"}},
		{"build -f good.yaml --crates nosuch", input, []string{"nosuch: cannot read the folder", "each with a crate.yaml"}},
		{"build -f folder.yaml --crates crates", input, []string{"crates/x: cannot read crate.yaml: it is no plain file", "a plain file"}},
		{"build -f folder.yaml --crates templates", input, []string{"templates/x/install.sh.tmpl: a folder where a template belongs", "rename it"}},
		{"build -f good.yaml --crates dir", input, []string{"dir/nocrate: no crate.yaml in this folder"}},
		{"build -f good.yaml --supervisors good.yaml", input, []string{"good.yaml: cannot read the folder", "each with a supervisor.yaml"}},
		{"build -f goood.yaml", input, []string{"goood.yaml: cannot read the file", "did you mean good.yaml?"}},
		{"build -f nosuch/x.yaml", input, []string{"nosuch/x.yaml: cannot read the file", "there is no folder nosuch"}},
		{"build -f dir", input, []string{"dir: cannot read the file", "name a file in it"}},
		{"build -f empty", input, []string{"empty: the file is empty", "groups: {NAME:"}},
		{"build -f comment.yaml", input, []string{"comment.yaml: the file is empty", "groups: {NAME:"}},
		{"build -f null.yaml", input, []string{"null.yaml:1:1: nothing where specs and groups belong", "groups: {NAME:"}},
		{"build -f nul.yaml", input, []string{"nul.yaml:1:10: control character 0x00", "remove it"}},
		{"build -f utf16.yaml", input, []string{"utf16.yaml: the file is in UTF-16", "save it as UTF-8"}},
		{"build -f latin1.yaml", input, []string{"latin1.yaml:1:11: the byte 0xe9 is no UTF-8", "save the file as UTF-8"}},
		{"build -f bom.yaml", input, []string{"bom.yaml:1:29: there is no crate", `did you mean "java"?`}},
		{"build -f crlf.yaml", input, []string{"crlf.yaml:3:15: there is no crate", `did you mean "java"?`}},
		{"build -f mac.yaml", input, []string{"mac.yaml:1:8: a carriage return", "line feed"}},
		{"build -f tabs.yaml", input, []string{"tabs.yaml:3:1: a tab", "tabs.yaml:4:1: a tab", "with spaces"}},
		{"build -f indent.yaml", input, []string{"indent.yaml:5: cannot read YAML", "in one column"}},
		{"build -f sunk.yaml", input, []string{"sunk.yaml:5:9: a map where one name belongs", "- app: {supervisor: …}"}},
		{"build -f nocolon.yaml", input, []string{"nocolon.yaml:3: cannot read YAML", `": " goes in quotes`}},
		{"build -f quote.yaml", input, []string{"quote.yaml:2: cannot read YAML", "has to end with the same one"}},
		{"build -f anchor.yaml", input, []string{"anchor.yaml:2:25: an anchor", "anchor.yaml:2:39: an alias", "write the value out"}},
		{"build -f merge.yaml", input, []string{"merge.yaml:2:25: a merge key", "use a spec and extends"}},
		{"build -f twice.yaml", input, []string{`twice.yaml:3:3: "web" is here a second time, first in line 2`}},
		{"build -f two.yaml", input, []string{"two.yaml:2:1: a second document", "a file of its own"}},
		{"build -f list.yaml", input, []string{"list.yaml:1:1: a list where specs and groups belong"}},
		{"build -f text.yaml", input, []string{"text.yaml:1:1: a text where specs and groups belong"}},
		{"build -f keys.yaml", input, []string{`:1:1: unknown key "group"`, `:3:5: unknown key "extend"`, `:4:9: there is no crate or spec "javaa"`}},
		{"build -f settings.yaml", input, []string{`"comand"`, "app.user: a list", "app.environment: a text", "app.create_user", "app.stop_timeout", "app.groups: a text", `unknown key "settings"`}},
		{"build -f types.yaml", input, []string{":1:15: a number", ":1:22: a list", ":1:40: a number", ":1:57: an empty list", ":1:76: a list where", ":1:81: nothing", ":1:87: a map", `"a/b" is not allowed`, `"" is not allowed`}},
		{"build -f text2.yaml", input, []string{":3:14: a text where a list", "write it as a list: [nohup, java]"}},
		{"build -f beside.yaml", input, []string{`:2:1: unknown key "web"`, "it stands below  groups:", ":3:13: there is no crate"}},
		{"build -f beside2.yaml", input, []string{":3:3: extends stands beside web", "indent it further than web", ":3:13: there is no crate"}},
		{"build -f bare.yaml", input, []string{":2:8: a list where a map with extends", ":2:15: there is no crate"}},
		{"build -f capital.yaml", input, []string{`did you mean "java"?`, `did you mean "supervisor"?`}},
		{"build -f steer.yaml", input, []string{"there is no crate or spec", "java has no setting"}},
		{"build -f good.yaml --phases x", usage, []string{"--phases is for the formats"}},
		{"build -f good.yaml --format sh --phases strat", input, []string{`no phase "strat"`, `did you mean "start"?`}},
		{"build -f good.yaml --sign nosuch", input, []string{"cannot sign with nosuch", "name a private key"}},
		{"build -f good.yaml --format cloud-init --user-data-limit many", usage, []string{`invalid argument "many"`}},
		{"check good.yaml", usage, []string{"-f good.yaml"}},
		{"check ./text.sh", input, []string{"./text.sh:1:"}},
		{"check ./txt.sh", input, []string{"./txt.sh: cannot read the file", "did you mean ./text.sh?"}},
		{"check -f merge.yaml", input, []string{"merge.yaml:2:25: a merge key"}},
		{"describe", usage, []string{"palletgen describe crate riemann"}},
		{"describe crat app", usage, []string{`"crat" is neither`, `did you mean "crate"?`}},
		{"describe supervisor runnit", usage, []string{`did you mean "runit"?`}},
		{"list x", usage, []string{"list takes no arguments: x"}},
		{"explain good.yaml", usage, []string{"name a bundle, and a line"}},
		{"explain -f good.yaml cut.tar.gz run:1", input, []string{"cut.tar.gz: it is cut off", "copy it again"}},
		{"explain -f good.yaml nosuch.tar.gz run:1", input, []string{"nosuch.tar.gz: cannot read the bundle"}},
		{"verify", usage, []string{"no bundle is named", "palletgen verify dist/*.tar.gz"}},
		{"verify good.yaml dir", input, []string{"good.yaml: it is no bundle", "dir: it is no bundle"}},
		{"verify --digest x good.yaml", usage, []string{"that is no SHA-256", "64 hex digits"}},
		{"import", usage, []string{"no file is given"}},
		{"import good.yaml", input, []string{"this looks like YAML", "build -f"}},
		{"import utf16.yaml", input, []string{"utf16.yaml: this is no text", "plain text in UTF-8"}},
		{"import Profcile", input, []string{"did you mean Procfile?"}},
		{"import Procfile a.service", usage, []string{"one kind at a time"}},
		{"import Procfile --port 99999", usage, []string{"99999 is not a port"}},
		{"import Procfile --user 'a b'", usage, []string{`--user: "a b" is not allowed`}},
		{"import Procfile --directory x", usage, []string{`"x" is not an absolute path`}},
		{"import Procfile -m web=x", usage, []string{"is no PROCESS=NUMBER"}},
		{"import Procfile -o good.yaml", input, []string{"good.yaml: the file is there already", "--overwrite"}},
		{"import Procfile -o dir --overwrite", input, []string{"dir: cannot write the file: is a directory", "name a file"}},
		{"conform", usage, []string{"no supervisor is named"}},
		{"conform --only '(' runit", usage, []string{"--only: missing closing )"}},
		{"packer -f good.yaml", usage, []string{"no --source is given"}},
		{"packer -f good.yaml --source x", usage, []string{"is not of the form TYPE.NAME"}},
	} {
		var out, said bytes.Buffer
		code := cli.Main(words(test.args), assets, strings.NewReader(""), &out, &said)
		if code != test.code {
			t.Errorf("%s: exit code %d, want %d", test.args, code, test.code)
		}
		for _, want := range test.want {
			if !strings.Contains(said.String(), want) {
				t.Errorf("%s: not told: %s\n%s", test.args, want, &said)
			}
		}
		if text := said.String(); diag.PrintableLines(text) != text {
			t.Errorf("%s: steers the terminal: %q", test.args, text)
		}
		if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
			t.Fatalf("%s: files (-before +after)\n%s", test.args, diff)
		}
	}
}

// words takes apart a command line whose single quotes hold no others.
func words(line string) []string {
	var list []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			list = append(list, part)
		} else {
			list = append(list, strings.Fields(part)...)
		}
	}
	return list
}

// tree lists what is in a folder, with the content of the files.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			found[path] = "folder"
			return err
		}
		data, err := os.ReadFile(path)
		found[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
