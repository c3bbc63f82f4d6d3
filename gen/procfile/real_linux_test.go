package procfile_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/cli"
	"palletgen/gen/lab"
	"palletgen/gen/procfile"
	"palletgen/gen/splice/splicetest"
)

func TestMain(m *testing.M) { lab.Main(m, lab.Programs{"dump": dump}) }

const dumped = "/run/dumped/"

// A process is what one was given.
type process struct {
	Argv, Env []string
	Folder    string
}

// dump is the program of the Procfile: it writes down what it was given, under
// the name that foreman gives it, and stays.
func dump() int {
	p := process{Argv: os.Args, Env: os.Environ()}
	p.Folder, _ = os.Getwd()
	text, err := json.Marshal(p)
	name := dumped + os.Getenv("PS")
	if err == nil {
		err = os.WriteFile(name+".new", text, 0o644)
	}
	if err == nil {
		err = os.Rename(name+".new", name)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	time.Sleep(time.Hour)
	return 0
}

// TestImportedLikeForeman starts a Procfile with the real foreman, and then what
// import makes of it, built and started: the processes are given the same.
func TestImportedLikeForeman(t *testing.T) {
	lab.Need(t, "foreman")
	m := lab.New(t, lab.Options{Programs: []string{"dump"}, Shell: "dash"})
	text := strings.Join(lines, "\n") + "\r\n"
	for name, text := range map[string]string{"Procfile": text, ".env": environment, "g1": "", "g 2": "", "script": "exec dump script \"$PORT\"\n"} {
		m.WriteFile("/srv/app/"+name, text, 0o644)
	}
	clean(t, m)
	const formation = "all=1,many=2,nobody=0"
	p := m.Start("sh", "-c", "cd /srv/app && unset PORT && LANG=C.UTF-8 exec foreman start -m "+formation+" >/srv/foreman.log 2>&1")
	names := []string{"many.2"}
	for _, line := range lines {
		if name, _, ok := strings.Cut(line, ":"); ok && !strings.Contains(name, " ") && name != "nobody" {
			names = append(names, name+".1")
		}
	}
	want := all(t, m, names)
	m.Signal(p, 15, false)
	m.Wait(p, 20*time.Second)

	yaml := build(t, m, text, formation)
	clean(t, m)
	if r := m.Run("sh", "/srv/app-bundle/run", "install", "configure", "start"); r.Code != 0 {
		t.Fatalf("%v\n%s", r, yaml)
	}
	got := all(t, m, names)
	for _, name := range names {
		if diff := cmp.Diff(want[name], got[name]); diff != "" {
			t.Errorf("%s (-foreman +palletgen):\n%s", name, diff)
		}
	}
	if t.Failed() {
		t.Log(yaml)
	}
}

func clean(t *testing.T, m *lab.Machine) {
	t.Helper()
	if r := m.Run("sh", "-c", "rm -rf "+dumped+" && mkdir -p "+dumped); r.Code != 0 {
		t.Fatal(r)
	}
}

// ours are the variables that the .env and the Procfile are about.
var ours = strings.Fields(`ONE ONEMORE TWO EMPTYV QUOTED EXPORTED INDENTED SPACED HASH NOTE HALF DOUBLE TRAILING BACK CODE PORT PS URL UNICODE A EMPTY B D UNSET`)

func all(t *testing.T, m *lab.Machine, names []string) map[string]process {
	t.Helper()
	found := map[string]process{}
	for _, name := range names {
		lab.Until(t, 20*time.Second, name+" runs:\n"+m.Run("cat", "/srv/foreman.log").Stdout, func() bool { return m.Exists(dumped + name) })
		var p process
		if err := json.Unmarshal([]byte(m.ReadFile(dumped+name)), &p); err != nil {
			t.Fatal(err)
		}
		p.Env = slices.DeleteFunc(p.Env, func(v string) bool {
			name, _, _ := strings.Cut(v, "=")
			return !slices.Contains(ours, name)
		})
		slices.Sort(p.Env)
		found[name] = p
	}
	return found
}

func build(t *testing.T, m *lab.Machine, text, formation string) (yaml string) {
	t.Helper()
	top, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	t.Chdir(dir)
	write(t, "Procfile", text)
	write(t, ".env", environment)
	palletgen := func(args ...string) string {
		var out, errs bytes.Buffer
		if code := cli.Main(args, os.DirFS(top), strings.NewReader(""), &out, &errs); code != 0 {
			t.Fatalf("palletgen %q: %d\n%s", args, code, errs.String())
		}
		return out.String()
	}
	yaml = palletgen("import", "Procfile", "--supervisor", "nohup", "--group", "app", "--user", "root", "--directory", "/srv/app", "-m", formation)
	// foreman gives its own HOME and PATH, with which ~ and dump are found.
	yaml = strings.ReplaceAll(yaml, "environment:\n", "environment:\n            HOME: /root\n")
	write(t, "palletgen.yaml", yaml)
	palletgen("build", "-q", "-o", "dist")
	if out, err := exec.Command("tar", "-xzf", "dist/app.tar.gz").CombinedOutput(); err != nil {
		t.Fatal(err, string(out))
	}
	m.CopyDir(filepath.Join(dir, "app"), "/srv/app-bundle")
	return yaml
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestShlex compares our reading of honcho's .env files with Python's own shlex.
func TestShlex(t *testing.T) {
	python := lab.Need(t, "python3")
	texts := append(strings.Split(strings.TrimSpace(environment), "\n"), splicetest.Awkward...)
	texts = append(texts, `A="x\"y\\z\n"`, `A='x'"y" z`, `A=\`, `A="\`, `A='`, `A=a-b.c/d`, `A==b`, `A=ß`, "A=ÿ€x", `A=""`, `A="" b`, `a''b=c`, `A=x#y`, `A="#"`, `A=\'`)
	const script = `
import json, shlex, sys
out = []
for line in json.load(sys.stdin):
    try:
        out.append(list(shlex.shlex(line, posix=True)))
    except ValueError:
        out.append(None)
json.dump(out, sys.stdout)
`
	texts = slices.DeleteFunc(texts, func(s string) bool {
		return strings.ContainsAny(s, "\n\r") || !json.Valid([]byte(fmt.Sprintf("%q", s)))
	})
	in, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "-c", script)
	cmd.Stdin = bytes.NewReader(in)
	cmd.Stderr = os.Stderr
	answer, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var want [][]string
	if err := json.Unmarshal(answer, &want); err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		got, err := procfile.Shlex(text)
		if (err != nil) != (want[i] == nil) || err == nil && !slices.Equal(got, want[i]) {
			t.Errorf("%q: %q, %v; Python %q", text, got, err, want[i])
		}
	}
	t.Logf("%d lines", len(texts))
}
