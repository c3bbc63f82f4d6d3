package transport

import (
	"strings"
	"testing"

	"palletgen/gen/lab"
)

// The command lines are read by the login shell of whoever logs in, which need not be like sh.
func TestLoginShells(t *testing.T) {
	t.Parallel()
	bundles := build(t, appConfig("nohup"), "--format", formats)
	h := newHost(t, "dash")
	h.addService("up")
	wants(t, h.run(ways[0], bundles, "host", flow), 0)
	for _, shell := range []string{"csh", "fish", "zsh", "ksh93", "bash"} {
		h.sudoer("has-"+shell, shell, true)
		for _, w := range ways {
			t.Run(shell+"/"+w.name, func(t *testing.T) {
				h := h.in(t)
				got := h.run(w, bundles, "has-"+shell+"@host", flow)
				wants(t, got, 0)
				if got.Stdout != "changed=0\n" {
					t.Errorf("it had something to do: %v", got)
				}
				wants(t, h.run(w, bundles, "has-"+shell+"@host", "dance"), 64, "dance")
			})
		}
	}
}

// What ssh clients send along, and what a host sets, is no matter.
func TestEnvironmentOfTheSession(t *testing.T) {
	t.Parallel()
	bundles := build(t, appConfig("nohup"), "--format", formats)
	h := newHost(t, "bash", "AcceptEnv *")
	h.addService("up")
	wants(t, h.run(ways[0], bundles, "host", flow), 0)
	sent := []string{
		"LANG=tr_TR.UTF-8", "LC_ALL=ja_JP.SJIS", "TERM=no-such", "CDPATH=/etc:/srv", "POSIXLY_CORRECT=1", "GREP_OPTIONS=-v",
		"ENV=/no/such/file", "BASH_ENV=/no/such/file", "TMPDIR=/no/such/folder", "TAR_OPTIONS=--no-same-owner", "COLUMNS=20",
	}
	for _, w := range ways {
		if w.scp {
			continue
		}
		argv := []string{"ssh", "-F", clientConfig}
		argv = append(argv, "-o", "SetEnv="+strings.Join(sent, " "), "host", w.line("host", flow))
		got := h.RunCommand(lab.Command{Argv: argv, Stdin: bundles[w.suffix]})
		wants(t, got, 0)
		if got.Stdout != "changed=0\n" {
			t.Errorf("%s: it had something to do: %v", w.name, got)
		}
	}
}
