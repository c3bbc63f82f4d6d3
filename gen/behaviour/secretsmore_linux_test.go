package behaviour

import (
	"strings"
	"testing"

	"palletgen/gen/lab"
)

// TestKilledWithSecrets kills the run that replaces secrets at many of its changes: each time the next run ends as
// one that was not disturbed, and nothing is left beside the files.
func TestKilledWithSecrets(t *testing.T) {
	t.Parallel()
	v := newVault(t, shells[0], nohup)
	env := append(lab.DefaultEnv(), vaultEnv, vaultPEMEnv)
	configure := func(password string, trace lab.Trace) lab.TraceReport {
		v.must("sh", "-c", "rm -rf /etc/vault /var/lib/palletgen")
		v.RunCommand(lab.Command{Argv: []string{v.bundle + "/run", "configure"}, Env: append(env, "VAULT_PASSWORD=was")})
		_, report := v.RunTraced(lab.Command{Argv: []string{v.bundle + "/run", "configure"}, Env: append(env, "VAULT_PASSWORD="+password)}, trace)
		return report
	}
	all := len(configure("n3w 0ne", lab.Trace{Kill: lab.AtChange, At: 1 << 20}).Changes)
	if all < 10 {
		t.Fatalf("only %d changes", all)
	}
	for at := 1; at <= all; at += 5 {
		if report := configure("n3w 0ne", lab.Trace{Kill: lab.AtChange, At: at, Group: true}); !report.Killed {
			t.Errorf("at change %d of %d it is not killed", at, all)
		}
		v.wantGuarded()
		v.with([]string{vaultEnv, vaultPEMEnv, "VAULT_PASSWORD=n3w 0ne"}, 0, "configure")
		v.settled("n3w 0ne", vaultToken)
		if left := v.must("find", "/etc/vault", "-name", ".*"); left != "" {
			t.Errorf("killed at change %d, it leaves %s", at, left)
		}
		v.wants(v.with(nil, 0, "verify"), 0, "changed=0\n")
	}
}

// TestSecretsOfApps has the variables of any program come from the host, under every supervisor.
func TestSecretsOfApps(t *testing.T) {
	eachHost(t, supervisors, shells[:1], func(t *testing.T, shell string, s supervisor) {
		h := newHost(t, shell, s)
		app := h.addService("app", "up")
		h.supervise(s)
		h.WriteFile("/etc/app.env", "FROM_FILE=yes\nTOKEN=other\n", 0o644)
		h.WriteFile("/etc/app.pem", vaultPEM+"\n", 0o600)
		h.WriteFile("/root/list", "DATABASE="+vaultPassword+"\nPALLETGEN_SECRET_APP_SECRETS_TOKEN="+vaultToken+"\n", 0o600)
		group := "app-" + s.name
		h.unpack(group, appConfig(s, "command: [/usr/local/bin/lab-server, /srv/app]", "user: riemann", "environment: {PLAIN: x}", "environment_file: /etc/app.env",
			"settle: 0", "secrets: {DATABASE_URL: {env: DATABASE}, TOKEN: {}, PEM: {file: /etc/app.pem}}"))
		h.ok("--secrets=/root/list", "configure", "start")
		lab.Until(t, patience, "the service", func() bool { return app.pid() != 0 })
		got := app.environ()
		if got["DATABASE_URL"] != vaultPassword || got["TOKEN"] != vaultToken || got["PEM"] != vaultPEM || got["PLAIN"] != "x" || got["FROM_FILE"] != "yes" || got["DATABASE"] != "" {
			t.Errorf("the environment of the service: %q", got)
		}
		for _, p := range h.Processes() {
			if strings.Contains(strings.Join(p.Args, " "), vaultToken) || strings.Contains(strings.Join(p.Args, " "), vaultPassword) {
				t.Errorf("a secret is an argument: %v", p)
			}
		}
		h.wants(h.phase("--secrets=/root/list", "configure"), 0, "changed=0\n")
		h.WriteFile("/root/list", "DATABASE=a\nPALLETGEN_SECRET_APP_SECRETS_TOKEN=b\n", 0o600)
		before := app.pid()
		h.ok("--secrets=/root/list", "configure", "ensure-service")
		lab.Until(t, patience, "a new process", func() bool { return app.pid() != 0 && app.pid() != before })
		if got := app.environ(); got["DATABASE_URL"] != "a" || got["TOKEN"] != "b" {
			t.Errorf("the environment of the service: %q", got)
		}
		h.wants(h.phase("configure"), 64, "missing: the secret secrets.DATABASE_URL of app: DATABASE")
		h.ok("uninstall", "--purge")
		if h.Exists("/etc/palletgen-app/app") {
			t.Error("uninstall leaves the secrets")
		}
	})
}

// TestSecretsThatAreRefused holds what cannot be taken, and that it is not shown.
func TestSecretsThatAreRefused(t *testing.T) {
	eachHost(t, []supervisor{nohup}, shells, func(t *testing.T, shell string, s supervisor) {
		v := newVault(t, shell, s)
		list := func(text, mode string, code int, said string) {
			t.Helper()
			v.WriteFile("/root/list", text, 0o600)
			v.must("chmod", mode, "/root/list")
			v.wants(v.with([]string{vaultEnv, "VAULT_PASSWORD=pw"}, code, "--secrets", "/root/list", "configure"), code, said)
		}
		list(vaultList, "0640", 64, "can be read or changed by others")
		list(vaultList, "0604", 64, "can be read or changed by others")
		list("VAULT_PASSWORD", "0600", 64, "line 1 is neither NAME=value")
		list("\nVAULT PASSWORD=pa\"ss", "0600", 64, "line 2 is neither NAME=value")
		list("$(touch /run/bad)=pa\"ss", "0600", 64, "line 1 is neither NAME=value")
		list("=pa\"ss", "0600", 64, "line 1 is neither NAME=value")
		list("A=b\nVAULT_PEM<<EOF\npa\"ss\n", "0600", 64, "line 2 is neither NAME=value nor NAME<<WORD")
		list("VAULT_PEM<<EOF\n\nEOF", "0600", 64, "VAULT_PEM is empty")
		list("VAULT_PEM<<\npa\"ss\n\n", "0600", 64, "line 1 is neither NAME=value nor NAME<<WORD")
		list("VAULT_PEM<<EOF\npa\"ss\nEOF\nVAULT_PEM=x", "0600", 64, "line 4 gives VAULT_PEM again")
		list("VAULT_PASSWORD<<EOF\npa\"ss\nx\nEOF", "0600", 64, "VAULT_PASSWORD has more than one line")
		list("VAULT_PEM<<EOF\npa\"ss\r\nEOF\r\n", "0600", 64, "line 1 is neither NAME=value")
		list("VAULT_PEM<<EOF\npa\"ss\r\nEOF\n", "0600", 64, "VAULT_PEM holds something else than printable ASCII")
		list("VAULT_PASSWORD=n3w\x00 0ne\n", "0600", 64, "")
		list("VAULT_PASSWORD=n3w 0ne\r\n", "0600", 64, "VAULT_PASSWORD holds something else than printable ASCII")
		list("VAULT_PASSWORD=n3w 0ne\nVAULT_PASSWORD=x\n", "0600", 64, "line 2 gives VAULT_PASSWORD again")
		list("VAULT_PASSWORD=\n", "0600", 64, "VAULT_PASSWORD is empty")
		v.must("sh", "-c", "rm -f /root/list; mkdir -m 0600 /root/list")
		v.wants(v.with(nil, 64, "--secrets=/root/list", "configure"), 64, "is no regular file")
		v.must("sh", "-c", "rmdir /root/list; mkfifo -m 0600 /root/list")
		v.wants(v.with(nil, 64, "--secrets=/root/list", "configure"), 64, "is no regular file")
		v.must("sh", "-c", "rm -f /root/list; echo VAULT_PASSWORD=pa >/root/link; chmod 0600 /root/link; ln -s link /root/list")
		v.wants(v.with(nil, 64, "--secrets=/root/list", "configure"), 64, "is no regular file")
		v.must("sh", "-c", "mv -f /root/link /root/list; chown riemann /root/list")
		v.wants(v.with(nil, 64, "--secrets=/root/list", "configure"), 64, "belongs to somebody else")
		v.wants(v.with(nil, 64, "--secrets=/root/none", "configure"), 64, "cannot read the file with secrets /root/none")
		v.wants(v.with(nil, 64, "--secrets"), 64, "--secrets needs a value")
		v.wants(v.with([]string{vaultEnv, "VAULT_PASSWORD=n3w 0ne\x01"}, 64, "configure"), 64, "VAULT_PASSWORD holds something else than printable ASCII")
		v.wants(v.with([]string{vaultEnv, "VAULT_PASSWORD=n3w 0ne\nx"}, 64, "configure"), 64, "VAULT_PASSWORD has more than one line")
		for text, said := range map[string]string{"k3 y": "can hold only letters", "k3\nk3": "has more than one line", "k3\xc3\xa9": "", "k3\x00": "", "\n": "is empty"} {
			v.WriteFile("/etc/vault.key", text, 0o600)
			got := v.with([]string{vaultEnv, vaultPEMEnv, "VAULT_PASSWORD=pw"}, -1, "configure")
			v.wants(got, got.Code, said)
			if got.Code != 78 && (text != "k3 y" || got.Code != 64) {
				t.Errorf("%v", got)
			}
		}
		v.must("chmod", "0644", "/etc/vault.key")
		v.wants(v.with([]string{vaultEnv, "VAULT_PASSWORD=pw"}, 78, "configure"), 78, "can be read or changed by others")
		if v.Exists("/etc/vault") || v.Exists("/run/bad") {
			t.Error("something was done")
		}
	})
}
