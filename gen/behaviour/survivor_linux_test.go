package behaviour

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"palletgen/gen/lab"
)

// The crate survivor makes one of everything that a bundle can make, and little else: what is not in it cannot be
// broken by a run that is killed, fails, or has company.
const survivorCrate = `doc: one of everything
settings:
  command: {type: command, default: [/usr/local/bin/lab-server, /srv/app], doc: what runs}
  archive: {type: string, required: true, doc: URL of an archive}
  sha256: {type: sha256, required: true, doc: its sum}
  text: {type: string, default: one, doc: something to write}
  all: {type: string, default: same, doc: something to write into every file}
  few: {type: boolean, default: false, doc: "without what is the same under every supervisor"}
files:
  - {path: /etc/survivor/config, template: text.tmpl, owner: survivor, group: survivor, mode: "0640"}
  - {path: /etc/survivor/secret, template: secret.tmpl, owner: root, group: root, mode: "0600", flag: secret, if: "{{ not .few }}"}
  - {path: /etc/survivor/foreign, template: secret.tmpl, owner: root, group: root, mode: "0644", flag: secret, if: "{{ not .few }}"}
  - {path: /opt/deep/er/tool, template: tool.sh.tmpl, owner: root, group: survivor, mode: "4755", flag: secret, if: "{{ not .few }}"}
service:
  name: app
  command: "{{ .command }}"
  user: survivor
  settle: 1
  stop_timeout: 5
  readiness:
    port: 5555
    timeout: 15
`

// survivorFragments are its other files.
var survivorFragments = map[string]string{
	"text.tmpl":    "text {{ .text }}, {{ .all }}\n",
	"secret.tmpl":  strings.Repeat("# all {{ .all }}\n", 700), // some blocks of a disk
	"tool.sh.tmpl": "#!/bin/sh\necho tool {{ .all }}\n",
	"install.sh.tmpl": `group survivor 950
user survivor survivor /srv/survivor 951
{{ if not .few -}}
remote_directory {{ .archive }} {{ .sha256 }} /opt/survivor survivor survivor 1
{{ end -}}
directory /srv/survivor survivor survivor 2750
`,
	"configure.sh.tmpl": `{{ if not .few -}}
directory /srv/survivor/data root survivor 1770
symbolic_link /opt/survivor/bin /usr/local/survivor
line_in_file /etc/survivor.conf "text={{ .text }}" "text="
{{ end -}}
`,
}

// survivorCrates makes a folder with the crate.
func survivorCrates(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	folder := filepath.Join(dir, "survivor")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"crate.yaml": survivorCrate}
	for name, text := range survivorFragments {
		files[name] = text
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// survivorGroup is the name of the group under a supervisor.
func survivorGroup(s supervisor) string { return "survivor-" + s.name }

const survivorArchive = "/srv/survivor.tar.gz"

// survivorConfig is a palletgen.yaml with that group.
func survivorConfig(t testing.TB, s supervisor, settings ...string) string {
	t.Helper()
	sum := sha256.Sum256(archiveOf(t))
	settings = append([]string{"archive: file://" + survivorArchive, "sha256: " + hex.EncodeToString(sum[:])}, settings...)
	var b strings.Builder
	fmt.Fprintf(&b, "groups:\n  %s:\n    extends:\n", survivorGroup(s))
	if s.restarts() {
		// On offer to the machine is what the host of the tests has: no package has to be added.
		fmt.Fprintf(&b, "      - %s: {packages: {apt: [dash]}}\n", s.name)
	} else {
		fmt.Fprintf(&b, "      - %s\n", s.name)
	}
	fmt.Fprintf(&b, "      - survivor:\n          supervisor: %s\n", s.name)
	for _, line := range settings {
		fmt.Fprintf(&b, "          %s\n", line)
	}
	return b.String()
}

// archiveOf is an archive with one folder at its top.
func archiveOf(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	w := tar.NewWriter(z)
	for _, h := range []tar.Header{
		{Name: "survivor-1/", Typeflag: tar.TypeDir, Mode: 0o755},
		{Name: "survivor-1/bin/", Typeflag: tar.TypeDir, Mode: 0o755},
		{Name: "survivor-1/bin/tool", Typeflag: tar.TypeReg, Mode: 0o755},
		{Name: "survivor-1/lib/data", Typeflag: tar.TypeReg, Mode: 0o640},
		{Name: "survivor-1/lib/latest", Typeflag: tar.TypeSymlink, Linkname: "data"},
	} {
		data := strings.Repeat(h.Name, 1000)
		if h.Typeflag == tar.TypeReg {
			h.Size = int64(len(data))
		}
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if h.Typeflag == tar.TypeReg {
			if _, err := w.Write([]byte(data)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// survivor is a host for it.
type survivor struct {
	*host
	app     service
	group   string
	before  int // pid before the update
	hangups int // of that process, before the update
	small   bool
}

// needSupervisor skips where the host has no such supervisor. Jobs beside each other cannot skip.
func needSupervisor(t *testing.T, s supervisor) {
	t.Helper()
	if s.skip != nil {
		s.skip(t)
	}
	for _, program := range s.needs {
		lab.Need(t, program)
	}
}

// newSurvivor starts a machine with a supervisor that runs, and with what the crate finds there.
func newSurvivor(t testing.TB, shell string, s supervisor) *survivor {
	t.Helper()
	return newTarget(t, shell, s).survivor(s)
}

// newTarget starts a machine with a supervisor that runs.
func newTarget(t testing.TB, shell string, s supervisor) *host {
	t.Helper()
	h := &host{Machine: lab.New(t, lab.Options{Shell: shell, Programs: []string{serverName, childName}}), t: t}
	if s.install != nil {
		s.install(h)
	}
	if process := h.supervise(s); process != nil && s.name == runit.name {
		// By itself it looks for new services every five seconds; whatever wakes it makes it look, once a second.
		h.Start("sh", "-c", fmt.Sprintf("while kill -CHLD %d; do sleep 0.3; done", process.PID))
	}
	return h
}

// survivor puts there what the crate finds.
func (h *host) survivor(s supervisor) *survivor {
	h.t.Helper()
	h.WriteFile(survivorArchive, string(archiveOf(h.t)), 0o644)
	h.WriteFile("/etc/survivor.conf", "# kept\ntext=zero\nother=1\n", 0o644)
	h.WriteFile("/etc/survivor/foreign", "somebody else's\n", 0o640)
	app := h.addService("app", "up")
	app.WriteFile(app.dir+"/port", "5555\n", 0o644)
	return &survivor{host: h, app: app, group: survivorGroup(s)}
}

// place unpacks a bundle that was built before.
func (h *host) place(group string, archive []byte) {
	h.t.Helper()
	h.bundle = "/srv/bundles/" + group
	h.WriteFile(h.bundle+".tar.gz", string(archive), 0o644)
	h.must("sh", "-c", "cd /srv/bundles && rm -rf "+group+" && gzip -dc "+group+".tar.gz | tar -xf -")
}

// settled waits until what runs is the service and its supervisor, and nothing that a killed run left behind.
func (v *survivor) settled() {
	v.t.Helper()
	lab.Until(v.t, patience, "one process and its child", func() bool { return len(v.app.processes()) == 2 })
	lab.Until(v.t, patience, "the end of the killed run", func() bool {
		return !slices.ContainsFunc(v.Processes(), func(p lab.ProcessInfo) bool {
			return slices.ContainsFunc(p.Args, func(arg string) bool { return strings.HasPrefix(arg, v.bundle+"/") })
		})
	})
}

// Files of a host that are no concern of the bundle, or that a service and its supervisor write to as they run.
var (
	notTheBundles = regexp.MustCompile(`^/(srv/bundles|srv/app|srv/survivor\.tar\.gz|root|run|usr/bin/sh|bin/sh|var/cache|etc/(passwd|group|shadow|gshadow)-$)(/|$)`)
	everDifferent = regexp.MustCompile(`/supervise/|^/var/log/|^/var/lib/palletgen-nohup/.*log|/configured$|/flags/`)
	versionNumber = regexp.MustCompile(`/versions/[0-9]{6}`)
)

// state is everything that tells one host from another, by path, and "process" for the service's.
func (v *survivor) state() map[string]string {
	v.t.Helper()
	state := map[string]string{}
	var mounts []string
	if v.small {
		mounts = []string{smallDisk}
	}
	for _, f := range v.Changed(mounts...) {
		f.Path = strings.TrimPrefix(f.Path, smallDisk)
		if notTheBundles.MatchString(f.Path) {
			continue
		}
		if strings.HasSuffix(f.Path, "/journal") {
			state[f.Path] = fmt.Sprintf("%04o %s", f.Mode, v.journal(f.Path))
			continue
		}
		// A run that was killed and the one after it have numbers of their own; what they keep is the same.
		path := versionNumber.ReplaceAllString(f.Path, "/versions/N")
		if everDifferent.MatchString(path) {
			f.SHA256 = ""
		}
		state[path] = strings.TrimPrefix(f.String(), f.Path+" ")
	}
	for _, p := range v.app.processes() {
		if p.Name == serverName {
			state["process"] = fmt.Sprintf("uid %d %q", p.UID, p.Args)
		}
	}
	return state
}

// journal is what a journal says: a run that was killed may have said something twice, in a run of its own number.
func (v *survivor) journal(path string) string {
	v.t.Helper()
	var lines []string
	for line := range strings.Lines(v.ReadFile(path)) {
		line = strings.TrimSpace(line)
		if words := strings.Fields(line); strings.HasPrefix(line, "line ") && len(words) > 3 {
			line = "line of " + words[3] + " ;" // what it was before depends on the runs before
		}
		if line != "" && !strings.HasPrefix(line, "run ") && strings.HasSuffix(line, " ;") {
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return strings.Join(slices.Compact(lines), "\n")
}
