package behaviour

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"palletgen/gen/lab"
)

// vaultFiles are those of a crate with secrets: one from a variable that the user names, one from the standard one, one
// from a file on the host.
var vaultFiles = map[string]string{
	"crate.yaml": `doc: what only the tests of secrets need
settings:
  password: {type: string, secret: true, doc: in its configuration}
  token: {type: string, secret: true, required: true, doc: in its environment}
  key: {type: string, secret: true, doc: in both}
  pem: {type: text, secret: true, doc: of many lines}
  text: {type: string, default: one, doc: no secret}
files:
  - {path: /etc/vault/pem, template: pem.tmpl, mode: "0600"}
  - {path: /etc/vault/json, template: json.tmpl, mode: "0600"}
  - {path: /etc/vault/conf, template: conf.tmpl, group: riemann, mode: "0640", verify: [cat]}
  - {path: /etc/vault/env, template: env.sh.tmpl, mode: "0600", flag: restart}
service:
  name: vault
  command: [/usr/local/bin/lab-server, /srv/vault]
  environment_file: /etc/vault/env
  stop_timeout: 5
  settle: 0
  readiness: {port: 5556}
`,
	"pem.tmpl":    "{{ .pem }}\n",
	"json.tmpl":   "{\"pem\": \"{{ backslashed .pem }}\"}\n",
	"conf.tmpl":   "# {{ .text }}\npassword = \"{{ backslashed .password }}\"\n{{ if .key }}key {{ .key }}, '{{ doubled .password }}'\n{{ end }}\tend\n",
	"env.sh.tmpl": "VAULT_TOKEN={{ .token }}\nVAULT_BOTH='{{ .key }}/'{{ .token }}\nVAULT_PEM={{ .pem }}\nexport VAULT_TOKEN VAULT_BOTH VAULT_PEM\n",
}

const (
	vaultPassword = `pa"ss'wd \$(x) %s # <palletgen:VAULT_PASSWORD:sh>`
	vaultToken    = `to'k"e\n $HOME`
	vaultKey      = "k3y/+="
	vaultPEM      = "-----BEGIN-----\nVAULT_PASSWORD=p3m\n\n  '$(p3m)' \"\\ \n<palletgen:VAULT_PASSWORD:sh>\n-----END-----"
	vaultEnv      = "PALLETGEN_SECRET_VAULT_TOKEN=" + vaultToken
	vaultList     = "# all of them\n\nVAULT_PEM<<EOF\n" + vaultPEM + "\n\nEOF\nMORE<<X\nVAULT_PASSWORD=y\nX\nVAULT_PASSWORD=" + vaultPassword + "\nOTHER=x\nPALLETGEN_SECRET_VAULT_TOKEN=" + vaultToken
	vaultPEMEnv   = "VAULT_PEM=" + vaultPEM + "\n"
)

// vault is a host for that crate.
type vault struct {
	*host
	app service
}

func newVault(t *testing.T, shell string, s supervisor) *vault {
	t.Helper()
	v := &vault{host: newHost(t, shell, s)}
	v.app = v.addService("vault", "up")
	v.app.WriteFile("/srv/vault/port", "5556\n", 0o644)
	v.WriteFile("/etc/vault.key", vaultKey+"\n", 0o600)
	v.WriteFile("/root/list", vaultList, 0o600)
	v.rebuilt("one")
	return v
}

// rebuilt puts a bundle in the place of the one before. While it is built the secrets are in the environment.
func (v *vault) rebuilt(text string) {
	v.t.Helper()
	crates := v.t.TempDir()
	if err := os.Mkdir(filepath.Join(crates, "vault"), 0o755); err != nil {
		v.t.Fatal(err)
	}
	for name, text := range vaultFiles {
		if err := os.WriteFile(filepath.Join(crates, "vault", name), []byte(text), 0o644); err != nil {
			v.t.Fatal(err)
		}
	}
	v.place("vault", build(v.t, "vault", "groups:\n  vault:\n    extends:\n      - nohup\n      - vault: {supervisor: nohup, text: "+text+
		", password: {env: VAULT_PASSWORD}, pem: {env: VAULT_PEM}, key: {file: /etc/vault.key}}\n", "--crates", crates))
}

// with runs phases with these variables and checks that nothing shows a secret: neither what is said, nor the arguments
// of any program.
func (v *vault) with(env []string, code int, phases ...string) outcome {
	v.t.Helper()
	return v.started([]string{v.bundle + "/run"}, env, code, phases...)
}

// started is with, of a run that is called in another way.
func (v *vault) started(run, env []string, code int, phases ...string) outcome {
	v.t.Helper()
	got, report := v.RunTraced(lab.Command{Argv: append(run, phases...), Env: append(lab.DefaultEnv(), env...)}, lab.Trace{})
	shown := got.Stdout + got.Stderr
	for _, argv := range report.Execs {
		shown += strings.Join(argv, "\n")
	}
	for _, secret := range []string{vaultKey, "k3", "pa\"ss", "ss'wd", "to'k", "pass\\", "n3w 0ne", "p3m", "BEGIN"} {
		if strings.Contains(shown, secret) {
			v.t.Errorf("run %v: a secret is shown: %q", phases, shown)
		}
	}
	o := outcome{Result: got, changed: -1}
	if code >= 0 {
		v.wants(o, code)
	}
	return o
}

// TestSecrets is the life of a service with secrets, in every shell.
func TestSecrets(t *testing.T) {
	t.Parallel()
	for _, names := range allShells {
		t.Run(names[0], func(t *testing.T) {
			t.Parallel()
			v := newVault(t, firstOf(t, names), nohup)
			both := []string{vaultEnv, vaultPEMEnv, "VAULT_PASSWORD=" + vaultPassword}

			// What is missing is named, before anything is done.
			v.wants(v.with([]string{vaultEnv, vaultPEMEnv}, 64, "install", "configure"), 64, "missing: the secret password of vault: VAULT_PASSWORD")
			v.must("mv", "/etc/vault.key", "/etc/vault.was")
			v.wants(v.with(both, 78, "configure"), 78, "key of vault: the file /etc/vault.key")
			v.must("mv", "/etc/vault.was", "/etc/vault.key")
			if v.Exists("/var/lib/palletgen") || v.Exists("/etc/vault") {
				t.Error("something was done without the secrets")
			}
			v.wants(v.with(nil, 2, "--check", "--diff", "configure"), 2, "cannot tell whether a secret is another one", "would change /etc/vault/conf")
			v.with(both, 2, "--check", "--diff", "--json", "configure")

			v.with(both, 0, "--diff", "install", "configure")
			v.settled(vaultPassword, vaultToken)
			v.wants(v.with(both, 0, "configure"), 0, "changed=0\n")
			v.wants(v.with(nil, 0, "--secrets", "/root/list", "configure"), 0, "changed=0\n")
			v.wants(v.with(nil, 0, "verify"), 0, "changed=0\n")
			traced := []string{"sh", "-x", v.bundle + "/run"}
			v.wants(v.started(traced, both, 0, "configure"), 0, "not traced any further", "+ umask 022")
			v.started(traced, nil, 0, "--secrets=/root/list", "configure")

			// Services and all other phases do without.
			v.with(nil, 0, "start")
			if got := v.app.environ(); got["VAULT_TOKEN"] != vaultToken || got["VAULT_BOTH"] != vaultKey+"/"+vaultToken || got["VAULT_PEM"] != vaultPEM || got["VAULT_PASSWORD"] != "" {
				t.Errorf("the environment of the service: %q", got)
			}
			v.with(both, 0, "restart", "status")
			if got := v.app.environ(); got["VAULT_PASSWORD"] != "" || got["PALLETGEN_SECRET_VAULT_TOKEN"] != "" {
				t.Errorf("the service inherits variables: %q", got)
			}

			// Another one is taken up.
			before := v.app.pid()
			v.with([]string{"PALLETGEN_SECRETS=/root/list", "VAULT_PASSWORD=ignored"}, 0, "--diff", "--check", "configure")
			v.must("sh", "-c", "{ echo VAULT_PASSWORD=n3w 0ne; echo PALLETGEN_SECRET_VAULT_TOKEN=n3w 0ne; sed -n /VAULT_PEM/,/EOF/p /root/list; } >/root/new; cat /root/new >/root/list; rm /root/new")
			v.wants(v.with(nil, 2, "--diff", "--check", "--secrets=/root/list", "configure"), 2, "/etc/vault/conf differs; it holds a secret")
			v.wants(v.with(nil, 0, "--diff", "--json", "--secrets=/root/list", "configure", "ensure-service"), 0, "/etc/vault/env")
			v.settled("n3w 0ne", "n3w 0ne")
			v.app.wantProcess("new", before)
			if got := v.app.environ(); got["VAULT_TOKEN"] != "n3w 0ne" {
				t.Errorf("the environment of the service: %q", got)
			}

			// A change beside the secrets is seen without them; one by hand is not overwritten, and not shown.
			v.wants(v.with(nil, 0, "verify"), 0)
			v.rebuilt("two")
			v.wants(v.with(nil, 2, "verify"), 2, "would change /etc/vault/conf: its content differs")
			v.must("sh", "-c", "echo edited >>/etc/vault/conf; chmod 0644 /etc/vault/env")
			v.wants(v.with(nil, 2, "verify"), 2, "its mode is 0644, should be 0600")
			v.wants(v.with(nil, 78, "--secrets=/root/list", "configure"), 78, "edited on this host")
			v.with(nil, 0, "--secrets=/root/list", "--overwrite-changes", "configure")

			// What is kept only root can read; and the way back.
			v.wantPrivate()
			v.wantGuarded()
			v.rebuilt("three")
			v.with(nil, 0, "--secrets=/root/list", "configure")
			v.with(nil, 0, "--diff", "rollback")
			v.with(nil, 0, "uninstall", "--purge")
			if v.Exists("/etc/vault/conf") || v.Exists("/etc/vault/env") || v.Exists("/var/lib/palletgen") {
				t.Error("uninstall leaves something")
			}
		})
	}
}

// settled checks what is in the files.
func (v *vault) settled(password, token string) {
	v.t.Helper()
	escaped := strings.NewReplacer(`"`, `\"`, `\`, `\\`).Replace(password)
	want := "# one\npassword = \"" + escaped + "\"\nkey " + vaultKey + ", '" + strings.ReplaceAll(password, "'", "''") + "'\n\tend\n"
	if got := v.ReadFile("/etc/vault/conf"); got != want {
		v.t.Errorf("conf is %q, want %q", got, want)
	}
	if got := v.ReadFile("/etc/vault/pem"); got != vaultPEM+"\n" {
		v.t.Errorf("pem is %q, want %q", got, vaultPEM)
	}
	var decoded map[string]string
	if err := json.Unmarshal([]byte(v.ReadFile("/etc/vault/json")), &decoded); err != nil || decoded["pem"] != vaultPEM {
		v.t.Errorf("json says %q, %v", decoded, err)
	}
	if got := v.must("sh", "-c", ". /etc/vault/env; printf '%s\\n' \"$VAULT_TOKEN\" \"$VAULT_BOTH\""); got != token+"\n"+vaultKey+"/"+token+"\n" {
		v.t.Errorf("env says %q", got)
	}
	if got := v.must("sh", "-c", "stat -c '%a %U %G' /etc/vault/*"); got != "640 root riemann\n600 root root\n600 root root\n600 root root\n" {
		v.t.Errorf("the files are %s", got)
	}
}

// guardedMode is a mode, a user and a group: of a file in the making, the group may come before what it may do.
var guardedMode = regexp.MustCompile(`^([46]00 root (root|riemann)|640 root riemann)\n$`)

// wantGuarded checks that wherever secrets are on the host, only root can read them, or who the file is for.
func (v *vault) wantGuarded() {
	v.t.Helper()
	grep := []string{"grep", "-lsF", "-d", "skip", "-D", "skip", "-e", "n3w 0ne", "-e", "p3m", "-e", vaultKey}
	for _, f := range v.Changed() {
		if !strings.HasPrefix(f.Path, "/usr/local/bin/") {
			grep = append(grep, f.Path)
		}
	}
	found := strings.Fields(v.Run(grep...).Stdout)
	for _, path := range found {
		mode := v.must("stat", "-c", "%a %U %G", path)
		if !guardedMode.MatchString(mode) {
			v.t.Errorf("%s is %s", path, mode)
		}
	}
	if len(found) < 2 { // those that they are given by
		v.t.Errorf("secrets are found in %q alone", found)
	}
}

// wantPrivate checks that nobody else can read what is remembered.
func (v *vault) wantPrivate() {
	v.t.Helper()
	if found := v.must("grep", "-rlF", "n3w 0ne", "/var/lib/palletgen"); found == "" {
		v.t.Error("no version is kept")
	}
	if got := v.Run("setpriv", "--reuid=riemann", "--clear-groups", "grep", "-rF", "-e", "n3w 0ne", "-e", "password", "/var/lib/palletgen", "/srv/bundles"); strings.Contains(got.Stdout, "n3w 0ne") {
		v.t.Errorf("somebody else can read it: %v", got)
	}
	// In /usr/local/bin are programs that are made of this file.
	allowed := regexp.MustCompile("^(/etc/vault/|/var/lib/palletgen/|/root/list$|/usr/local/bin/)")
	find := []string{"grep", "-lsF", "-d", "skip", "-D", "skip", "-e", "n3w 0ne"}
	for _, f := range v.Changed() {
		if !allowed.MatchString(f.Path) {
			find = append(find, f.Path)
		}
	}
	if got := v.Run(find...); got.Code > 1 || got.Stdout != "" {
		v.t.Errorf("left behind: %v", got)
	}
}
