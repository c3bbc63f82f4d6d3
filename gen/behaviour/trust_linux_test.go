package behaviour

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/lab"
)

// These tests sign bundles with a real ssh-keygen and have hosts check them with theirs.

// A signingKey is a pair of files.
type signingKey struct {
	file   string // of the private key
	public string // what stands in the file of the public one
}

// newKey makes a key.
func newKey(t testing.TB, name string, options ...string) signingKey {
	t.Helper()
	keygen := lab.Need(t, "ssh-keygen")
	k := signingKey{file: filepath.Join(t.TempDir(), name)}
	args := append([]string{"-q", "-N", "", "-C", name, "-f", k.file}, options...)
	if said, err := exec.Command(keygen, args...).CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen: %v\n%s", err, said)
	}
	public, err := os.ReadFile(k.file + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	k.public = string(public)
	return k
}

// trustTest is what all machines of these tests share: two keys, and two bundles signed by the first.
type trustTest struct {
	ours, theirs        signingKey
	first, second, none []byte // archives; the last is not signed
}

const trustGroup = "app-nohup"

func newTrustTest(t testing.TB) *trustTest {
	t.Helper()
	tt := &trustTest{ours: newKey(t, "ours", "-t", "ed25519"), theirs: newKey(t, "theirs", "-t", "ed25519")}
	config := func(argument string) string {
		return appConfig(nohup, "name: app", "command: [/usr/local/bin/lab-server, /srv/app, "+argument+"]", "settle: 0")
	}
	tt.first = build(t, trustGroup, config("one"), "--sign", tt.ours.file)
	tt.second = build(t, trustGroup, config("two"), "--sign", tt.ours.file)
	tt.none = build(t, trustGroup, config("one"))
	return tt
}

// Files of keys on the host.
const (
	oursFile    = "/srv/keys/ours.pub"
	theirsFile  = "/srv/keys/theirs.pub"
	allowedFile = "/srv/keys/allowed_signers"
)

// host starts a machine with the keys and the first bundle.
func (tt *trustTest) host(t testing.TB, shell string) *host {
	t.Helper()
	h := newTarget(t, shell, nohup)
	h.WriteFile(oursFile, tt.ours.public, 0o644)
	h.WriteFile(theirsFile, "# another\n\n"+tt.theirs.public, 0o644)
	h.WriteFile(allowedFile, "# who may\nnobody@example.org "+tt.theirs.public+"builds@example.org,x namespaces=\"palletgen\" "+tt.ours.public, 0o644)
	h.place(trustGroup, tt.first)
	h.must("cp", "-a", h.bundle, "/srv/pristine")
	return h
}

// fresh puts the bundle back as it was.
func (h *host) fresh() { h.must("sh", "-c", "rm -rf "+h.bundle+" && cp -a /srv/pristine "+h.bundle) }

// refuses runs the bundle with trusted keys and checks that it ends before anything was read or done.
func (h *host) refuses(code int, said string, options ...string) {
	h.t.Helper()
	got := h.phase(append(options, "install", "configure")...)
	h.wants(got, code, said)
	if got.Stdout != "" {
		h.t.Errorf("it prints %q", got.Stdout)
	}
	for _, path := range []string{"/srv/evil", "/var/lib/palletgen/" + trustGroup} {
		if h.Exists(path) {
			h.t.Fatalf("%s is there: something was read or changed", path)
		}
	}
}

// evil makes a file do what it should not, where it is read.
func evil(path string) string {
	return `printf '%s\n' 'echo read >/srv/evil' >new && cat ` + path + ` >>new && cat new >` + path + ` && rm new`
}

// tampered are changes to a bundle, as commands in its folder, and what is said of them.
var tampered = []struct{ name, script, said string }{
	{"library changed", evil("lib.sh"), "lib.sh"},
	{"phase changed", evil("phases/install.sh"), "phases/install.sh"},
	{"file changed", "echo x >>root/opt/x 2>/dev/null || echo x >>README", "changed since it was signed"},
	{"several changed", evil("lib.sh") + "; echo x >>README", " README lib.sh"},
	{"sums changed", evil("lib.sh") + "; sha256sum lib.sh phases/* run README manifest.json $(find root -type f) | sort -k 2 >SHA256SUMS", "does not fit SHA256SUMS"},
	{"sums gone", "rm SHA256SUMS", "no file SHA256SUMS"},
	{"signature gone", "rm SHA256SUMS.sig", "not signed"},
	{"signature empty", ": >SHA256SUMS.sig", "does not fit"},
	{"signature damaged", "sed -i 2s/A/B/ SHA256SUMS.sig", "does not fit"},
	{"signature a link", "mv SHA256SUMS.sig /srv/sig && ln -s /srv/sig SHA256SUMS.sig", "not signed"},
	{"file more", "echo x >phases/more.sh", "phases/more.sh is not among"},
	{"hidden file", "echo x >.hidden", ".hidden is not among"},
	{"odd name", "echo x >'phases/ a*'", "phases/ a* is not among"},
	{"name of two lines", "echo x >'lib.sh\nmanifest.json'", "is not among"},
	{"link more", "ln -s /etc/passwd phases/more.sh", "phases/more.sh is a link"},
	{"link instead", "mv lib.sh /srv/lib.sh && ln -s /srv/lib.sh lib.sh", "lib.sh is a link"},
	{"folder a link", "mv phases /srv/phases && ln -s /srv/phases phases", "phases is a link"},
	{"pipe instead", "rm lib.sh && mkfifo lib.sh", "lib.sh is no plain file"},
	{"folder instead", "rm lib.sh && mkdir lib.sh && echo x >lib.sh/x", "lib.sh/x is not among"},
	{"file gone", "rm phases/stop.sh", "phases/stop.sh"},
	{"all gone", "rm -rf phases root lib.sh", "lib.sh"},
}

// TestTrust has a host in every shell check what is signed, and what was tampered with.
func TestTrust(t *testing.T) {
	t.Parallel()
	tt := newTrustTest(t)
	for _, names := range allShells {
		t.Run(names[0], func(t *testing.T) {
			t.Parallel()
			h := tt.host(t, firstOf(t, names))
			for _, c := range tampered {
				h.fresh()
				h.must("sh", "-c", "cd "+h.bundle+" && rm -rf /srv/lib.sh /srv/phases /srv/sig && "+c.script)
				for _, keys := range []string{oursFile, allowedFile} {
					h.refuses(70, c.said, "--trusted", keys)
					if t.Failed() {
						t.Fatalf("that was: %s, with %s", c.name, keys)
					}
				}
			}
			tt.json(h)
			h.fresh()
			tt.keys(h)
			tt.good(h)
		})
	}
}

// json has refusals said in JSON, too.
func (tt *trustTest) json(h *host) {
	h.t.Helper()
	h.fresh()
	end := fmt.Sprintf(`{"bundle":%q,"event":"end","changed":0,"code":70}`, trustGroup) + "\n"
	failed := func(message string) string {
		return fmt.Sprintf(`{"bundle":%q,"event":"failed","code":70,"message":%q}`, trustGroup, message) + "\n"
	}
	for _, c := range []struct{ script, message string }{
		{"echo x >>lib.sh", "not to be trusted: changed since it was signed, or missing: lib.sh"},
		{`echo x >'phases/"\'`, "refused; standard error says why"},
	} {
		h.must("sh", "-c", "cd "+h.bundle+" && "+c.script)
		for _, args := range [][]string{{"--json", "--trusted", oursFile, "status"}, {"--trusted", oursFile, "status", "--json"}} {
			got := h.phase(args...)
			if diff := cmp.Diff(failed(c.message)+end, got.Stdout); diff != "" || got.Code != 70 {
				h.t.Errorf("%v: exit code %d, stdout (-want +got):\n%s", args, got.Code, diff)
			}
		}
	}
}

// keys are files of keys that do not let anybody sign this bundle, or are none.
func (tt *trustTest) keys(h *host) {
	h.t.Helper()
	name := func(line string) string { return line + " " + tt.ours.public }
	files := []struct {
		text string
		code int
		said string
	}{
		{tt.theirs.public, 70, "is not in"},
		{"builds@example.org " + tt.theirs.public, 70, "does not let sign"},
		{name(`x namespaces="git"`), 70, "does not let sign"},
		{name(`x valid-before="20200101"`), 70, "does not let sign"},
		{name(`x valid-after="20990101"`), 70, "does not let sign"},
		{name("# x"), 64, "no key in it"},
		{"", 64, "no key in it"},
		{tt.ours.public + name("x"), 64, "make them alike"},
		{"ssh-ed25519 AAAA\n", 70, "is not in"},
	}
	for _, file := range files {
		h.WriteFile("/srv/keys/some", file.text, 0o644)
		h.refuses(file.code, file.said, "--trusted=/srv/keys/some")
	}
	h.refuses(64, "no such file", "--trusted", "/srv/keys/none")
	h.refuses(64, "no such file", "--trusted", "/srv/keys")
	h.refuses(64, "--trusted needs a value", "--trusted=")
	h.refuses(64, "--trusted needs a value", "--trusted", "--check")
	h.wants(h.phase("status", "--trusted"), 64, "--trusted needs a value")

	h.must("cp", h.bundle+"/SHA256SUMS.sig", "/srv/first.sig")
	h.place(trustGroup, tt.second)
	h.must("cp", "/srv/first.sig", h.bundle+"/SHA256SUMS.sig")
	h.refuses(70, "does not fit", "--trusted", oursFile)
	h.place(trustGroup, tt.none)
	h.refuses(70, "not signed: it was built without --sign", "--trusted", oursFile)
	h.WriteFile("/srv/keys/theirs", readFile(h.t, tt.theirs.file), 0o600)
	h.WriteFile("/srv/keys/ours", readFile(h.t, tt.ours.file), 0o600)
	for _, key := range []struct{ file, namespace, said string }{
		{"theirs", "palletgen", "it is signed by the key SHA256:"}, {"ours", "file", "does not fit"},
	} {
		h.fresh()
		h.must("sh", "-c", fmt.Sprintf("cd %s && rm SHA256SUMS.sig && ssh-keygen -q -Y sign -n %s -f /srv/keys/%s SHA256SUMS 2>/dev/null", h.bundle, key.namespace, key.file))
		h.refuses(70, key.said, "--trusted", oursFile)
	}
	h.fresh()
}

func readFile(t testing.TB, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// good are the ways to say it, of a bundle that is to be trusted.
func (tt *trustTest) good(h *host) {
	h.t.Helper()
	app := h.addService("app", "up")
	h.wants(h.phase("--trusted", theirsFile, "--trusted", oursFile, "status"), 4)
	h.wants(h.phase("--trusted="+allowedFile, "status"), 4)
	h.wants(h.phase("status", "--trusted", oursFile), 4)
	relative := h.RunCommand(lab.Command{Argv: []string{h.bundle + "/run", "--trusted", "ours.pub", "status"}, Dir: "/srv/keys"})
	h.wants(outcome{Result: relative}, 4)
	environment := lab.Command{Argv: []string{h.bundle + "/run", "install", "configure", "start"}, Env: []string{"PALLETGEN_TRUSTED=" + oursFile}}
	got := h.RunCommand(environment)
	h.wants(outcome{Result: got}, 0, "started app\n")
	if app.pid() == 0 {
		h.t.Errorf("nothing runs: %v", got)
	}
	environment.Env = []string{"PALLETGEN_TRUSTED=" + theirsFile}
	h.wants(outcome{Result: h.RunCommand(environment)}, 70, "not in "+theirsFile)
	h.wants(h.ok("--trusted", allowedFile, "stop", "uninstall", "--purge"), 0)
}

// TestTrustEveryFile changes one byte of each file in turn.
func TestTrustEveryFile(t *testing.T) {
	t.Parallel()
	tt := newTrustTest(t)
	h := tt.host(t, "dash")
	files := strings.Fields(h.must("sh", "-c", "cd "+h.bundle+" && find . -type f | sed 's/^..//' | sort"))
	if len(files) < 20 {
		t.Fatalf("the bundle has %d files: %q", len(files), files)
	}
	for _, file := range files {
		if file == "run" {
			continue // which is what checks: see README.md
		}
		h.fresh()
		h.must("sh", "-c", "cd "+h.bundle+` && printf '\001' | dd of=`+file+` bs=1 seek=20 conv=notrunc 2>/dev/null`)
		said := file
		if strings.HasPrefix(file, "SHA256SUMS") {
			said = "does not fit"
		}
		h.refuses(70, said, "--trusted", oursFile)
	}
	h.fresh()
	h.must("sh", "-c", "echo '# one more' >>"+h.bundle+"/run")
	h.refuses(70, "missing: run", "--trusted", oursFile)
}

// TestTrustNeeds hides programs from the bundle.
func TestTrustNeeds(t *testing.T) {
	t.Parallel()
	tt := newTrustTest(t)
	lab.Need(t, "openssl")
	h := tt.host(t, "")
	hide := func(programs ...string) {
		for _, program := range programs {
			h.must("sh", "-c", "for d in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin; do rm -f $d/"+program+"; done")
		}
	}
	hide("sha256sum")
	h.wants(h.phase("--trusted", oursFile, "status"), 4) // by shasum, where it is there
	hide("shasum", "sha256")
	h.wants(h.phase("--trusted", oursFile, "status"), 4) // by openssl
	h.must("sh", "-c", "echo x >>"+h.bundle+"/lib.sh; rm "+h.bundle+"/README")
	h.refuses(70, "missing: README lib.sh", "--trusted", oursFile)
	h.fresh()
	hide("openssl")
	h.refuses(69, "none of sha256sum", "--trusted", oursFile)
	h.must("sh", "-c", `printf '#!/bin/sh\necho "unknown option -- Y" >&2\nexit 1\n' >/usr/local/bin/ssh-keygen; chmod 755 /usr/local/bin/ssh-keygen`)
	h.refuses(69, "OpenSSH 8.2", "--trusted", oursFile)
	hide("ssh-keygen")
	h.refuses(69, "missing on this host: ssh-keygen", "--trusted", oursFile)
}

// TestTrustScript has the bundle that is one script check itself, and leave nothing behind.
func TestTrustScript(t *testing.T) {
	t.Parallel()
	tt := newTrustTest(t)
	h := tt.host(t, "dash")
	config := appConfig(nohup, "name: app", "command: [/usr/local/bin/lab-server, /srv/app]")
	h.WriteFile("/srv/app.sh", string(buildAs(t, ".sh", trustGroup, config, "--format", "sh", "--sign", tt.ours.file)), 0o644)
	run := func(keys, phase string) outcome {
		return outcome{Result: h.Run("sh", "/srv/app.sh", "--trusted", keys, phase)}
	}
	h.wants(run(oursFile, "status"), 4)
	h.wants(run(theirsFile, "status"), 70, "not in "+theirsFile)
	h.wants(run("/srv/none", "status"), 64, "no such file")
	if left := h.must("sh", "-c", "ls -d /tmp/palletgen-* 2>/dev/null || :"); left != "" {
		t.Errorf("it leaves %s", left)
	}
}

// TestTrustMoves has a signed bundle take services over from another supervisor, with the scripts of the old one,
// and put itself into an image.
func TestTrustMoves(t *testing.T) {
	t.Parallel()
	needSupervisor(t, runit)
	key := newKey(t, "builds", "-t", "rsa", "-b", "2048")
	config := func(s supervisor) string {
		return strings.Replace(appConfig(s, "name: app", "command: [/usr/local/bin/lab-server, /srv/app]", "settle: 0"),
			"app-"+s.name+":", "mover:", 1)
	}
	h := newTarget(t, "dash", runit)
	app := h.addService("app", "up")
	h.WriteFile(oursFile, key.public, 0o644)
	const packages = "runit: {packages: {apt: [dash]}}"
	one := build(t, "mover", config(nohup), "--sign", key.file)
	two := build(t, "mover", strings.Replace(config(runit), "- runit\n", "- "+packages+"\n", 1), "--sign", key.file)
	run := func(phases ...string) outcome {
		h.t.Helper()
		got := h.RunCommand(lab.Command{Argv: append([]string{h.bundle + "/run"}, phases...), Env: []string{"PALLETGEN_TRUSTED=" + oursFile}})
		return outcome{Result: got}
	}
	h.place("mover", one)
	h.wants(run("install", "configure", "start"), 0, "started app\n")
	h.place("mover", two)
	h.wants(run("install", "configure", "start"), 0, "took app over")
	if app.pid() == 0 {
		t.Error("nothing runs")
	}
	h.wants(run("status"), 0)
	h.wants(run("uninstall", "--purge"), 0)

	// An image: a copy of the bundle is what runs in there.
	const image = "/mnt/image"
	h.must("sh", "-c", "set -e; mkdir -p "+image+"; cd "+image+`; mkdir -p etc tmp var dev proc; cp -a /etc/passwd /etc/group etc/
for d in bin sbin lib lib64 usr; do
    if [ -L /$d ]; then cp -P /$d .; elif [ -d /$d ]; then mkdir $d; mount --bind /$d $d; fi
done`)
	h.place("mover", one)
	h.wants(run("--root", image, "install", "configure"), 0, "changed")
	h.must("sh", "-c", "echo x >>"+h.bundle+"/lib.sh")
	h.wants(run("--root", image, "install", "configure"), 70, "lib.sh")
}
