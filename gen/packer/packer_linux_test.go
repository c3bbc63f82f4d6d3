package packer

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/lab"
)

func TestSource(t *testing.T) {
	for text, want := range map[string]string{
		"null.web": "null.web", "source.null.web": "null.web", "amazon-ebs.my_web-1": "amazon-ebs.my_web-1",
		"web": "", "null.": "", "null.a.b": "", "null.a b": "", `null.${x}`: "", "null.web\n": "", "": "", "1.a": "",
	} {
		got, ok := Source(text)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q %v", text, got, ok)
		}
	}
}

// hostile is a name, or a word of a script, of what means something to HCL or to a shell.
const hostile = "a \"b\" \\c ${d} %{e} $${f} %%{g} 'h' #i é"

// TestPackerReadsIt has Packer run a file in which nothing is a plain word, on this host, which needs no login.
func TestPackerReadsIt(t *testing.T) {
	program := lab.Need(t, "packer")
	dir := t.TempDir()
	script := "printf '%s\\n' \"" + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`).Replace(hostile) + "\" >out\n"
	text, err := Build{Bundle: hostile, Archive: hostile + ".tar.gz", Sources: []string{"null.x"}, Folder: "/tmp/" + hostile, Place: script, Preview: "exit 2", Run: "exit 0"}.HCL()
	if err != nil {
		t.Fatal(err)
	}
	local := strings.NewReplacer(`provisioner "shell"`, `provisioner "shell-local"`, quote(execute), `["sh", "{{ .Script }}"]`).Replace(string(text))
	begin, end := strings.Index(local, "  provisioner \"file\""), strings.Index(local, "  provisioner \"shell-local\" {\n    execute_command  =")
	if begin < 0 || end < begin {
		t.Fatalf("there is no upload, or no preview:\n%s", local)
	}
	for name, text := range map[string]string{
		"whole/a.pkr.hcl": string(text), "whole/" + hostile + ".tar.gz": "",
		"local/a.pkr.hcl": local[:begin] + local[end:],
		"whole/b.pkr.hcl": none, "local/b.pkr.hcl": none,
	} {
		file := filepath.Join(dir, name)
		err := os.MkdirAll(filepath.Dir(file), 0o755)
		if err == nil {
			err = os.WriteFile(file, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, argv := range [][]string{{"fmt", "-check", "whole"}, {"validate", "whole"}, {"build", "-color=false", "local"}} {
		cmd := exec.Command(program, argv...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "HOME="+dir, "TMPDIR="+dir)
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("packer %q: %v\n%s\nof\n%s", argv, err, said, text)
		}
	}
	said, err := os.ReadFile(filepath.Join(dir, "out"))
	if diff := cmp.Diff(hostile+"\n", string(said)); err != nil || diff != "" {
		t.Errorf("%v: the script's word (-want +got):\n%s", err, diff)
	}
}

// none is a source that is not logged in to.
const none = "source \"null\" \"x\" {\n  communicator = \"none\"\n}\n"

func TestWhatPackerTakesForATemplate(t *testing.T) {
	if text, err := (Build{Bundle: "a{{b"}).HCL(); err == nil {
		t.Errorf("no error:\n%s", text)
	}
}

// TestWhatNoHeredocHolds: a script that would end its here-document, or holds what
// HCL would not keep, is refused.
func TestWhatNoHeredocHolds(t *testing.T) {
	for _, script := range []string{"a\nEOT\nb", "EOT", " EOT\t\n", "a\rb", "a\x01", "\ufeffa"} {
		for _, b := range []Build{{Bundle: "a", Place: script}, {Bundle: "a", Preview: script}, {Bundle: "a", Run: script}} {
			if text, err := b.HCL(); err == nil {
				t.Errorf("%q: no error:\n%s", script, text)
			}
		}
	}
	if _, err := (Build{Bundle: "a", Run: "x <<EOT\ty\nEOTA\n"}).HCL(); err != nil {
		t.Error(err)
	}
}
