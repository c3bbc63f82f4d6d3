package behaviour

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/lab"
)

// These tests hold bundles to what README.md promises of options, exit codes, --check, --diff, --json, flags and
// images. What it promises of rollback and uninstall is in undo_linux_test.go.

// The crate promise has what only these tests need, and each of it only where a setting asks for it.
const promiseCrate = `doc: what only the tests of promises need
settings:
  name: {type: name, default: app, doc: what all is called}
  port: {type: port, default: 5555, doc: where the service listens}
  user: {type: name, doc: its account}
  argument: {type: string, default: first, doc: of its command}
  text: {type: string, default: one, doc: in its configuration}
  hush: {type: string, default: hush-one, doc: in its secret}
  added: {type: boolean, default: false, doc: one file more}
  line: {type: path, doc: a file with a line}
  link: {type: path, doc: a link}
  opaque: {type: boolean, default: false, doc: a fragment that is more than resources}
  remote: {type: sha256, doc: of a file that nobody serves}
files:
  - {path: "/etc/{{ .name }}/config", template: text.tmpl}
  - {path: "/etc/{{ .name }}/secret", template: hush.tmpl, mode: "0600", flag: ""}
  - {path: "/etc/{{ .name }}/added", template: text.tmpl, flag: news, if: "{{ .added }}"}
service:
  name: "{{ .name }}"
  command: [/usr/local/bin/lab-server, "/srv/{{ .name }}", "{{ .argument }}"]
  user: "{{ .user }}"
  stop_timeout: 5
  settle: 0
  readiness: {port: "{{ .port }}"}
`

// promiseFiles are its other files.
var promiseFiles = map[string]string{
	"crate.yaml": promiseCrate,
	"text.tmpl":  "text {{ .text }}\n",
	"hush.tmpl":  "{{ .hush }}\n",
	"install.sh.tmpl": `{{ if .user }}group {{ .user }}
user {{ .user }} {{ .user }} /srv/{{ .name }}
{{ end }}{{ if .remote }}remote_file http://127.0.0.1:9/nobody {{ .remote }} /etc/{{ .name }}/remote root root 0644
{{ end }}`,
	"configure.sh.tmpl": `{{ if .line }}line_in_file {{ .line }} "text={{ .text }}" text=
{{ end }}{{ if .link }}symbolic_link /etc/{{ .name }}/config {{ .link }}
{{ end }}{{ if .opaque }}sed -n 1p /etc/hosts >/dev/null
{{ end }}`,
}

const promiseConfig, promiseSecret = "/etc/app/config", "/etc/app/secret"

// promised is a host for that crate.
type promised struct {
	*host
	app service
}

// newPromised starts a machine with a bundle under nohup, with settings as lines of YAML.
func newPromised(t testing.TB, shell string, settings ...string) *promised {
	t.Helper()
	p := &promised{host: newTarget(t, shell, nohup)}
	p.app = p.serve("app", "5555")
	p.rebuilt(settings...)
	return p
}

// serve makes the folder of a service that listens.
func (h *host) serve(name, port string) service {
	h.t.Helper()
	s := h.addService(name, "up")
	s.WriteFile(s.dir+"/port", port+"\n", 0o644)
	return s
}

// rebuilt puts the bundle in the place of the one before.
func (p *promised) rebuilt(settings ...string) {
	p.t.Helper()
	p.place("promise", promise(p.t, "promise", settings...))
}

// promise builds a bundle.
func promise(t testing.TB, group string, settings ...string) []byte {
	t.Helper()
	crates := t.TempDir()
	if err := os.Mkdir(filepath.Join(crates, "promise"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range promiseFiles {
		if err := os.WriteFile(filepath.Join(crates, "promise", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	config := "groups:\n  " + group + ":\n    extends:\n      - nohup\n      - promise:\n          supervisor: nohup\n"
	for _, setting := range settings {
		config += "          " + setting + "\n"
	}
	return build(t, group, config, "--crates", crates)
}

// everything is all files of the host but the tests' own, and its services' processes.
func (p *promised) everything() map[string]string {
	p.t.Helper()
	state := map[string]string{"processes": fmt.Sprint(p.app.processes())}
	var mounts []string
	if p.Exists("/run/palletgen") {
		mounts = []string{"/run/palletgen"}
	}
	for _, f := range p.Changed(mounts...) {
		if f.Path != "/srv" && !strings.HasPrefix(f.Path, "/srv/") {
			state[f.Path] = strings.TrimPrefix(f.String(), f.Path+" ")
		}
	}
	return state
}

// same checks that nothing is different from before.
func (p *promised) same(what string, before map[string]string) {
	p.t.Helper()
	if diff := cmp.Diff(before, p.everything()); diff != "" {
		p.t.Errorf("%s changed something (-before +after):\n%s", what, diff)
	}
}

// nowhere are outputs that nobody can write to, as shell scripts around a command.
var nowhere = map[string]string{
	"closed":             "%s >&-",
	"full":               "%s >/dev/full",
	"its reader is gone": "{ %s; echo $? >/run/code; } | head -c0; exit $(cat /run/code)",
}

// phaseNowhere runs phases with such an output.
func (h *host) phaseNowhere(output string, phases string) lab.Result {
	h.t.Helper()
	return h.Run("sh", "-c", fmt.Sprintf(nowhere[output], h.bundle+"/run "+phases))
}

func TestCheckWithoutOutput(t *testing.T) {
	eachHost(t, []supervisor{nohup}, shells, func(t *testing.T, shell string, _ supervisor) {
		settings := []string{"link: /etc/app.link", "line: /etc/app.conf", "user: app"}
		p := newPromised(t, shell, settings...)
		p.ok("install", "configure", "start")
		p.rebuilt(append(settings, "text: two")...)
		p.ok("configure")
		p.rebuilt(append(settings, "text: three", "argument: other", "added: true")...)
		p.must("sh", "-c", "chmod 0644 "+promiseSecret+"; rm /etc/app.link")
		before := p.everything()
		for output := range nowhere {
			for _, phases := range []string{
				"--check install configure enable ensure-service stop", "--check --diff --json install configure restart",
				"verify", "--check rollback", "--check --purge uninstall",
			} {
				if got := p.phaseNowhere(output, phases); got.Code != 2 {
					t.Errorf("%s, the output %s: %v", phases, output, got)
				}
			}
			p.same("--check, the output "+output, before)
		}
	})
}

func TestStartWithoutOutput(t *testing.T) {
	eachHost(t, []supervisor{nohup}, shells, func(t *testing.T, shell string, _ supervisor) {
		p := newPromised(t, shell)
		p.ok("install", "configure")
		for output := range nowhere {
			p.ok("stop")
			before := 0
			for _, phase := range []string{"start", "restart", "--json restart"} {
				got := p.phaseNowhere(output, phase)
				now := p.app.pid()
				if got.Code != 0 || now == 0 || now == before {
					t.Errorf("%s, the output %s: pid %d became %d, %v", phase, output, before, now, got)
				}
				before = now
			}
		}
	})
}

func TestDiffKeepsSecrets(t *testing.T) {
	const linked = "/etc/linked" // of root alone, as /etc/shadow
	old := map[string]string{
		"it is secret before and after":  "umask 077; echo hush-zero >" + promiseSecret,
		"it becomes secret":              "umask 022; echo seen >" + promiseSecret,
		"it was secret":                  "umask 077; echo hush-zero >" + promiseConfig,
		"it was the group's":             "umask 027; echo hush-zero >" + promiseConfig,
		"a link to a secret":             "ln -s " + linked + " " + promiseConfig,
		"a link to a secret, of another": "ln -s " + linked + " " + promiseSecret,
		"a link to the accounts":         "ln -s /etc/shadow " + promiseConfig,
	}
	eachHost(t, []supervisor{nohup}, shells[:1], func(t *testing.T, shell string, _ supervisor) {
		p := newPromised(t, shell)
		p.WriteFile(linked, "hush-linked\n", 0o600)
		shown := func(what string, got outcome, code int) {
			t.Helper()
			p.wants(got, code)
			for _, secret := range []string{"hush-", "root:"} {
				if strings.Contains(got.Stdout+got.Stderr, secret) {
					t.Errorf("%s: a secret is shown: %v", what, got)
				}
			}
		}
		for what, script := range old {
			p.must("sh", "-c", "rm -rf /etc/app /var/lib/palletgen; mkdir -p /etc/app; "+script)
			shown(what, p.phase("--check", "--diff", "configure"), 2)
			shown(what, p.phase("--diff", "--overwrite-changes", "configure"), 0)
		}
		// One that was edited, which is shown without being asked; and on the way back.
		p.rebuilt("hush: hush-two", "text: two")
		got := p.phase("--diff", "configure")
		shown("an update", got, 0)
		p.wants(got, 0, "-text one\n+text two")
		p.must("sh", "-c", "echo hush-edited >>"+promiseSecret)
		shown("a file that was edited", p.phase("--check", "--diff", "rollback"), 78)
		p.rebuilt("hush: hush-three", "text: two")
		shown("a file that was edited", p.phase("configure"), 78)
		shown("a file that was edited", p.phase("--json", "configure"), 78)
		shown("a file that was edited", p.phase("--diff", "--overwrite-changes", "configure"), 0)
		shown("the way back", p.phase("--diff", "rollback"), 0)
	})
}

func TestVerifyNamesEverything(t *testing.T) {
	t.Run("an opaque fragment", func(t *testing.T) {
		t.Parallel()
		p := newPromised(t, "dash", "opaque: true", "line: /etc/app.conf")
		p.ok("install", "configure")
		p.wants(p.phase("verify"), 0)
		p.must("sh", "-c", "echo edited >>"+promiseConfig+"; chmod 0644 "+promiseSecret)
		p.wants(p.phase("verify"), 2, promiseConfig, promiseSecret)
		p.wants(p.phase("--check", "configure"), 2, promiseConfig, promiseSecret)
	})
	t.Run("a folder in the place of a file", func(t *testing.T) {
		t.Parallel()
		sum := sha256.Sum256([]byte("remote\n"))
		p := newPromised(t, "dash", "link: /etc/app.link", "remote: "+hex.EncodeToString(sum[:]))
		p.WriteFile("/srv/cache/"+hex.EncodeToString(sum[:]), "remote\n", 0o644)
		p.must("env", "PALLETGEN_CACHE=/srv/cache", p.bundle+"/run", "install", "configure")
		p.wants(p.phase("verify"), 0)
		p.must("sh", "-c", "for f in remote config; do rm /etc/app/$f && mkdir /etc/app/$f || exit; done; chmod 0644 "+promiseSecret)
		p.must("sh", "-c", "rm /etc/app.link && mkdir /etc/app.link")
		p.wants(p.phase("verify"), 2, "/etc/app/remote", promiseConfig, promiseSecret, "/etc/app.link")
	})
}

func TestOptionsNeedValues(t *testing.T) {
	t.Parallel()
	p := newPromised(t, "dash")
	before := p.everything()
	for _, arguments := range []string{
		"--root ''", "--root=", "--root", "--root --check", "--if-flag ''", "--if-flag=", "--wait ''", "--wait=", "--wait soon", "--if-flag a/b",
	} {
		for _, script := range []string{arguments + " install configure", "install configure " + arguments} {
			if script == "--root install configure" {
				continue // that is a folder, which is not there
			}
			if got := p.Run("sh", "-c", p.bundle+"/run "+script); got.Code != 64 {
				t.Errorf("%s: %v", script, got)
			}
		}
	}
	for _, name := range []string{"CHECK", "DIFF", "JSON", "OVERWRITE_CHANGES", "PURGE", "IF_STOPPED"} {
		if got := p.Run("env", "PALLETGEN_"+name+"=yes", p.bundle+"/run", "install", "configure"); got.Code != 64 {
			t.Errorf("PALLETGEN_%s=yes: %v", name, got)
		}
	}
	p.same("a wrong command line", before)
}

func TestFlagIsClearedByWhatWasDone(t *testing.T) {
	eachHost(t, []supervisor{nohup}, shells[:1], func(t *testing.T, shell string, _ supervisor) {
		p := newPromised(t, shell, "added: true")
		p.ok("install", "configure", "start")
		pid := p.app.pid()
		p.wants(p.phase("status", "--if-flag", "news"), 0, "running")
		p.wants(p.phase("restart", "--if-flag", "news", "--if-stopped"), 0, "it is not stopped")
		p.wants(p.phase("restart", "--if-flag", "news", "--check"), 2, "would restart app")
		p.wants(p.phase("restart", "--if-flag", "others"), 0, "the flag others is not set")
		if now := p.app.pid(); now != pid {
			t.Errorf("pid %d became %d", pid, now)
		}
		p.ok("restart", "--if-flag", "news")
		p.app.wantProcess("new", pid)
		pid = p.app.pid()
		p.wants(p.phase("restart", "--if-flag", "news"), 0, "the flag news is not set")
		p.app.wantProcess("same", pid)
	})
}

func TestEnsureServiceOnce(t *testing.T) {
	eachHost(t, []supervisor{nohup}, shells[:1], func(t *testing.T, shell string, _ supervisor) {
		p := newPromised(t, shell)
		p.ok("install", "configure", "start")
		starts, hangups := 1, 0
		for _, update := range []struct {
			settings        []string
			starts, hangups int
		}{
			{[]string{"text: two"}, 0, 1},                      // the configuration: reload
			{[]string{"text: two", "argument: second"}, 1, 0},  // the run file: restart
			{[]string{"text: three", "argument: third"}, 1, 0}, // both: the restart is enough
			{[]string{"text: three", "argument: third", "hush: hush-two"}, 0, 0},
		} {
			p.rebuilt(update.settings...)
			if got := p.ok("configure", "ensure-service"); got.changed == 0 {
				t.Errorf("%v: %v", update.settings, got)
			}
			if flags := p.must("ls", "/var/lib/palletgen/promise/flags"); flags != "" {
				t.Errorf("%v: these flags are left: %s", update.settings, flags)
			}
			starts, hangups = starts+update.starts, hangups+update.hangups
			lab.Until(t, patience, "SIGHUP", func() bool { return p.app.count("signals", "HUP") >= hangups })
			for range 2 {
				if again := p.ok("configure", "ensure-service"); again.changed != 0 {
					t.Errorf("%v, once more: %v", update.settings, again)
				}
			}
			if s, h := len(p.app.lines("starts")), p.app.count("signals", "HUP"); s != starts || h != hangups {
				t.Errorf("%v: it was started %d times and got %d SIGHUP, want %d and %d", update.settings, s, h, starts, hangups)
			}
		}
	})
}

func TestJSON(t *testing.T) {
	eachHost(t, []supervisor{nohup}, shells, func(t *testing.T, shell string, _ supervisor) {
		p := newPromised(t, shell, "line: /etc/app.conf", "link: /etc/app.link")
		sh := func(script string) { p.must("sh", "-c", script) }
		lock := "mkdir -p /var/lib/palletgen/promise/lock && cd /var/lib/palletgen/promise/lock && read -r host </proc/sys/kernel/hostname &&" +
			" read -r boot </proc/sys/kernel/random/boot_id && echo $host $boot 1 $(sed 's/.*) //' /proc/1/stat | cut -d' ' -f20) >owner"
		for _, step := range []struct {
			before string
			phases []string
			code   int
		}{
			{"", []string{"--check", "--diff", "install", "configure"}, 2},
			{"", []string{"status"}, 4},
			{"", []string{"start"}, 78},
			{"", []string{"--diff", "install", "configure"}, 0},
			{"", []string{"status"}, 3},
			{"", []string{"reload"}, 70},
			{"", []string{"start", "status", "restart", "ensure-service"}, 0},
			{"", []string{"no-such-phase"}, 64},
			{"", []string{"--no-such-option"}, 64},
			{"", []string{"--wait", "soon", "configure"}, 64},
			{"", []string{"rollback"}, 70},
			{lock, []string{"--wait", "0", "configure"}, 75},
			{"rm -r /var/lib/palletgen/promise/lock; mv /usr/bin/chown /usr/bin/nworb", []string{"configure"}, 69},
			{`mv /usr/bin/nworb /usr/bin/chown; printf '\t"\\\303\244\377\001\r\177' >>` + promiseConfig, []string{"configure"}, 78},
			{"", []string{"verify"}, 2},
			{"", []string{"--diff", "--overwrite-changes", "configure"}, 0},
			{"mv " + promiseConfig + " /srv/was; mkdir " + promiseConfig, []string{"configure"}, 70},
			{"rmdir " + promiseConfig + "; mv /srv/was " + promiseConfig, []string{"--check", "--purge", "uninstall"}, 2},
			{"", []string{"--root", "/nowhere", "configure"}, 64},
			{"", []string{"uninstall", "--purge"}, 0},
		} {
			if step.before != "" {
				sh(step.before)
			}
			got := p.phaseJSON(append([]string{"--json"}, step.phases...))
			if got.Code != step.code {
				t.Fatalf("%v: exit code %d, want %d: %v", step.phases, got.Code, step.code, got)
			}
		}
	})
}

// phaseJSON runs phases with --json, and checks that every line is an object and the last one says how it ended.
func (h *host) phaseJSON(phases []string) lab.Result {
	h.t.Helper()
	got := h.Run(append([]string{h.bundle + "/run"}, phases...)...)
	var last struct {
		Event         string
		Code, Changed *int
	}
	for line := range strings.Lines(got.Stdout) {
		last.Event, last.Code, last.Changed = "", nil, nil
		var all map[string]any
		err := json.Unmarshal([]byte(line), &all)
		if err == nil {
			err = json.Unmarshal([]byte(line), &last)
		}
		if err != nil || last.Event == "" {
			h.t.Errorf("%v: %q: %v", phases, line, err)
		}
	}
	if last.Event != "end" || last.Code == nil || *last.Code != got.Code || last.Changed == nil {
		h.t.Errorf("%v: the last line does not say how it ended: %v", phases, got)
	}
	return got
}

// TestImageOfHost has the host's own programs in the image.
func TestImageOfHost(t *testing.T) {
	eachHost(t, []supervisor{nohup}, shells, func(t *testing.T, shell string, _ supervisor) {
		sum := sha256.Sum256([]byte("remote\n"))
		remote := hex.EncodeToString(sum[:])
		p := newPromised(t, shell, "remote: "+remote, "user: app")
		p.WriteFile("/srv/cache/"+remote, "remote\n", 0o644)
		p.WriteFile("/srv/cache/other", "other\n", 0o644)
		const left, alive = "/srv/image/.palletgen-99999999", "/srv/image/.palletgen-1"
		p.must("sh", "-c", `set -e; mkdir -p /srv/image/usr /srv/image/etc /srv/image/var/lib `+left+`/phases `+alive+`
			mount --bind /usr /srv/image/usr
			for f in /bin /sbin /lib /lib64; do if [ -L $f ]; then cp -P $f /srv/image; elif [ -d $f ]; then mkdir /srv/image$f; mount --bind $f /srv/image$f; fi; done
			cp -p /etc/passwd /etc/group /etc/shadow /etc/gshadow /srv/image/etc`)
		before := p.everything()
		run := []string{"env", "PALLETGEN_CACHE=/srv/cache", p.bundle + "/run", "--root=/srv/image", "install", "configure", "start"}
		got := p.Run(append(run, "--check")...)
		if got.Code != 2 {
			t.Errorf("--check: %v", got)
		}
		if p.Exists(left) || !p.Exists(alive) {
			t.Errorf("what a run that is gone has left is there: %v; what one that runs has made: %v", p.Exists(left), p.Exists(alive))
		}
		if got = p.Run(run...); got.Code != 0 {
			t.Fatalf("with what it needs in the cache: %v", got)
		}
		if got := p.ReadFile("/srv/image/etc/app/remote"); got != "remote\n" {
			t.Errorf("it got %q", got)
		}
		if again := p.Run(run...); again.Code != 0 || again.Stdout != "app: no start, nothing runs in an image\nchanged=0\n" {
			t.Errorf("the second run: %v", again)
		}
		p.must("rmdir", alive)
		if left := p.must("find", "/srv/image", "-xdev", "-name", ".*palletgen-*", "-o", "-name", remote); left != "" {
			t.Errorf("left in the image: %s", left)
		}
		p.same("a run in an image", before)
	})
}
