package cli_test

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/plan"
	"palletgen/gen/posix"
	"palletgen/gen/supervisor"
)

// said is what users can say of each field of a service, by settings of the crate app.
var said = map[string]string{
	"name": "name: web", "command": `command: [web, "it's", "$(x)", "a b"]`, "user": "user: web, create_user: true", "group": "group: web",
	"groups": "groups: [a, b]", "environment": `environment: {A: "x y", B: "it's"}`, "environment_file": "environment_file: /etc/web.env",
	"directory": "directory: /srv/my web", "umask": `umask: "0027"`, "nice": "nice: 5",
	"limits":      "limits: {nofile: 1024, core: 0, memlock: 64KiB, nproc: unlimited}",
	"stop_signal": "stop_signal: INT", "stop_timeout": "stop_timeout: 3", "reload_signal": "reload_signal: USR1", "reload_command": "reload_command: web -s reload",
	"restart_delay": "restart_delay: 2", "pre_start": `pre_start: ["web --check $HOME"]`, "post_stop": "post_stop: [[echo, 'a b']]",
	"readiness": "ready_command: [web, --ready], ready_file: /run/web.ready", "log": "log_dir: /var/log/web", "after": "after: [riemann]", "settle": "settle: 2",
	"restart": "",
}

// everything is a palletgen.yaml with two services, one of which says all that a
// service under the supervisor can say.
func everything(t *testing.T, sup *supervisor.Supervisor) string {
	t.Helper()
	var app []string
	for _, field := range sup.Fields() {
		text, ok := said[field]
		if !ok {
			t.Fatalf("what can be said of the field %s?", field)
		}
		if text != "" {
			app = append(app, text)
		}
	}
	return strings.NewReplacer("SUPERVISOR", sup.Name, "CRATE", sup.Crate, "APP", strings.Join(app, ", ")).Replace(`
groups:
  all-SUPERVISOR:
    extends:
      - CRATE
      - java
      - riemann: {supervisor: SUPERVISOR, need_repl: true, ready_port: 5555}
      - app: {supervisor: SUPERVISOR, packages: {apt: [web]}, APP}
`)
}

// supervisors reads those that come with palletgen.
func supervisors(t *testing.T) []*supervisor.Supervisor {
	t.Helper()
	catalog, err := plan.NewCatalog(os.DirFS(root(t)), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	names, err := catalog.SupervisorNames()
	if err != nil {
		t.Fatal(err)
	}
	var list []*supervisor.Supervisor
	for _, name := range names {
		sup, err := catalog.Supervisor(name)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, sup)
	}
	return list
}

// unpackAll builds the example and the groups of everything into a folder.
func unpackAll(t *testing.T) map[string]string {
	t.Helper()
	dist := t.TempDir()
	palletgen(t, dist, "build", "-q", "-o", dist)
	for _, sup := range supervisors(t) {
		file := filepath.Join(t.TempDir(), sup.Name+".yaml")
		if err := os.WriteFile(file, []byte(everything(t, sup)), 0o644); err != nil {
			t.Fatal(err)
		}
		palletgen(t, dist, "build", "-q", "-f", file, "-o", dist)
	}
	files := map[string]string{}
	for _, archive := range archives(t, dist) {
		for name, data := range unpack(t, archive) {
			files[strings.TrimPrefix(name, "x ")] = data
		}
	}
	return files
}

// TestScriptsAreWhole parses every script of a bundle as it is delivered: it is
// POSIX shell, calls all functions that it holds, and no command that the
// manifest does not name. Phases also have the functions of lib.sh, and run
// calls theirs.
func TestScriptsAreWhole(t *testing.T) {
	files := unpackAll(t)
	scripts := 0
	parsed := map[string]script{}
	together := map[string]map[string]bool{} // bundle → every literal word of run, lib.sh and the phases
	for name, text := range files {
		if !isScript(name, text) {
			continue
		}
		scripts++
		file, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(text), name)
		if err != nil {
			t.Error(err)
			continue
		}
		s := calls(file)
		parsed[name] = s
		bundle, path, _ := strings.Cut(name, "/")
		if together[bundle] == nil {
			together[bundle] = map[string]bool{}
		}
		if !strings.HasPrefix(path, "root/") {
			maps.Copy(together[bundle], s.words)
		}
		if i := strings.IndexFunc(text, func(r rune) bool { return r > 0x7e || r < ' ' && r != '\n' && r != '\t' }); i >= 0 {
			t.Errorf("%s: not ASCII at byte %d: %.20q", name, i, text[i:])
		}
	}
	for name, s := range parsed {
		bundle, path, _ := strings.Cut(name, "/")
		declared := declaredCommands(t, files[bundle+"/manifest.json"], path)
		shared := parsed[bundle+"/lib.sh"].defined
		for function := range s.defined {
			joint := path == "lib.sh" || strings.HasPrefix(function, "phase_") || strings.HasPrefix(function, "look_")
			_, supervisor, _ := strings.Cut(bundle, "-")
			part, isPart := strings.CutPrefix(function, supervisor)
			if !s.words[function] && !(joint && together[bundle][function]) && !(isPart && together[bundle][driven+part]) {
				t.Errorf("%s: nothing calls %s", name, function)
			}
		}
		for command := range s.called {
			if !s.defined[command] && !posix.IsBuiltin(command) && !slices.Contains(declared, command) &&
				!(shared[command] && !strings.HasPrefix(path, "root/")) {
				t.Errorf("%s: calls %s, which manifest.json does not name", name, command)
			}
		}
	}
	if scripts < 80 {
		t.Errorf("%d scripts, want at least 80: are they recognised?", scripts)
	}
}

// driven stands for the name of a supervisor in the words of a script that
// calls its functions by a name that is only known at run time: "${sup}_look".
const driven = "${sup}"

func isScript(name, text string) bool {
	return strings.HasPrefix(text, "#!/bin/sh\n") || strings.HasSuffix(name, ".sh")
}

// A script is the functions that it defines, the commands that it calls by a
// literal name, and every literal word.
type script struct{ defined, called, words map[string]bool }

func calls(file *syntax.File) script {
	s := script{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	syntax.Walk(file, func(node syntax.Node) bool {
		switch node := node.(type) {
		case *syntax.FuncDecl:
			s.defined[node.Name.Value] = true
		case *syntax.CallExpr:
			if len(node.Args) > 0 && node.Args[0].Lit() != "" {
				s.called[node.Args[0].Lit()] = true
			}
		case *syntax.Word:
			s.words[node.Lit()] = true
			if quoted, ok := node.Parts[0].(*syntax.DblQuoted); ok && len(node.Parts) == 1 && len(quoted.Parts) == 2 {
				name, ok := quoted.Parts[0].(*syntax.ParamExp)
				if part, isLit := quoted.Parts[1].(*syntax.Lit); ok && isLit && name.Param.Value == "sup" {
					s.words[driven+part.Value] = true
				}
			}
		}
		return true
	})
	return s
}

func declaredCommands(t *testing.T, manifest, path string) []string {
	t.Helper()
	var m struct {
		Commands map[string]struct{ Required, Optional, Provided, Settings []string }
	}
	if err := json.Unmarshal([]byte(manifest), &m); err != nil {
		t.Fatal(err)
	}
	c := m.Commands[path]
	return slices.Concat(c.Required, c.Optional, c.Provided, c.Settings)
}

// TestShellsParseEveryScript has real shells read each script.
func TestShellsParseEveryScript(t *testing.T) {
	dir := t.TempDir()
	var scripts []string
	for name, text := range unpackAll(t) {
		if isScript(name, text) {
			path := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			scripts = append(scripts, path)
		}
	}
	for _, shell := range [][]string{{"dash"}, {"busybox", "sh"}, {"bash", "--posix"}, {"mksh"}} {
		t.Run(shell[0], func(t *testing.T) {
			need(t, shell[0])
			for _, script := range scripts {
				if out, err := exec.Command(shell[0], append(shell[1:], "-n", script)...).CombinedOutput(); err != nil || len(out) > 0 {
					t.Errorf("%s: %v\n%s", filepath.Base(script), err, out)
				}
			}
		})
	}
}

// need skips the test where a program is missing, by name; it fails where
// every program is required.
func need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err == nil {
		return
	}
	if os.Getenv("PALLETGEN_REQUIRE_ALL") == "1" {
		t.Fatalf("needs %s, which is not here", program)
	}
	t.Skipf("needs %s, which is not here", program)
}
