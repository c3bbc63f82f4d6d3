// Package transport tests the ways in which bundles reach a host, with the real programs of each: a real sshd, sudo,
// pdsh, ansible … in disposable machines. It holds tests only.
package transport

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"palletgen/gen/conform"
	"palletgen/gen/lab"
)

func TestMain(m *testing.M) {
	// The tests mostly wait, for supervisors and for other machines: see gen/behaviour.
	if err := flag.Set("test.parallel", "4"); err != nil {
		panic(err)
	}
	programs := conform.Programs()
	programs[stopwatchName] = stopwatch
	lab.Main(m, programs)
}

// patience bounds every wait for something that takes well under a second on an idle machine.
const patience = 20 * time.Second

// Where a host's sshd is reached, and with what.
const (
	sshHost      = "127.0.0.1"
	sshPort      = "2222"
	clientKey    = "/srv/client/key"    // private key without a passphrase, which root and every addUser accepts
	clientConfig = "/srv/client/config" // of ssh -F, scp -F: the host is called "host"
	account      = "deploy"             // of tests that do not work as root
)

// host is a machine with a running sshd, which is client and server at once. Its network is its own.
type host struct {
	*lab.Machine
	t    testing.TB
	sshd *lab.Process // it logs to its standard error
}

// newHost starts a machine with this /bin/sh, "" for the host's, and an sshd to which root may log in with clientKey.
// Lines of sshd_config can be added. The programs of gen/conform and the
// stopwatch are there.
func newHost(t testing.TB, shell string, settings ...string) *host {
	t.Helper()
	for _, program := range []string{"ssh", "ssh-keygen", "scp", "/usr/sbin/sshd"} {
		lab.Need(t, program)
	}
	programs := []string{conform.Probe, conform.Child, stopwatchName}
	h := &host{t: t, Machine: lab.New(t, lab.Options{Shell: shell, Programs: programs})}
	h.makeKeys()
	h.WriteFile("/srv/sshd/config", sshdConfig(sshHost, settings...), 0o644)
	h.WriteFile(clientConfig, fmt.Sprintf(`Host host
    HostName %s
    Port %s
    User root
    IdentityFile %s
    IdentitiesOnly yes
    UserKnownHostsFile /srv/client/known_hosts
    GlobalKnownHostsFile none
`, sshHost, sshPort, clientKey), 0o644)
	// Without PAM, sshd lets in nobody whose account is locked, as root's is on many hosts. What root of this host has
	// bash do at its start is no matter of the tests.
	h.must("sh", "-c", "mkdir -p -m 0755 /run/sshd && usermod -p '*' -s /bin/bash root && cd /root && rm -f .bashrc .profile .bash_*")
	h.sshd = h.Start("/usr/sbin/sshd", "-D", "-e", "-f", "/srv/sshd/config")
	lab.Until(t, patience, "sshd", func() bool { return strings.Contains(h.sshdLog(), "Server listening") })
	return h
}

// sshdConfig is a sshd_config with no more than it takes. The last of the settings wins over nothing: sshd takes the
// first value that it reads.
func sshdConfig(address string, settings ...string) string {
	return strings.Join(append(slices.Clone(settings),
		"ListenAddress "+address,
		"Port "+sshPort,
		"HostKey /srv/sshd/key",
		"AuthorizedKeysFile /srv/sshd/authorized_keys",
		"PermitRootLogin prohibit-password",
		"PasswordAuthentication no",
		"KbdInteractiveAuthentication no",
		"UsePAM no",
		"PidFile none",
		"LogLevel VERBOSE",
		"MaxStartups 100",
		"Subsystem sftp internal-sftp", // what scp speaks
	), "\n") + "\n"
}

// makeKeys makes a key of the server and one of the client, and lets each know the other.
func (h *host) makeKeys() {
	h.t.Helper()
	h.must("sh", "-c", `mkdir -p /srv/sshd /srv/client && cd /srv || exit
ssh-keygen -q -t ed25519 -N '' -C server -f sshd/key </dev/null &&
    ssh-keygen -q -t ed25519 -N '' -C client -f client/key </dev/null &&
    cp client/key.pub sshd/authorized_keys &&
    printf '[%s]:%s %s\n' "$1" "$2" "$(cat sshd/key.pub)" >client/known_hosts`, "sh", sshHost, sshPort)
}

// addUser makes an account with a home folder, this login shell and no password, that may log in with clientKey.
func (h *host) addUser(name, shell string) {
	h.t.Helper()
	h.must("useradd", "-m", "-s", lab.Need(h.t, shell), "-p", "*", name)
}

// ssh runs a command line on the host by "ssh host", as whom the destination says ("host" is root, "deploy@host" …),
// with a text as its standard input.
func (h *host) ssh(destination, stdin, command string) lab.Result {
	h.t.Helper()
	return h.RunCommand(lab.Command{Argv: sshArgv(destination, command), Stdin: stdin})
}

// sshArgv is the command line of the client.
func sshArgv(destination, command string) []string {
	return []string{"ssh", "-F", clientConfig, destination, command}
}

// sshdLog is what sshd has logged so far.
func (h *host) sshdLog() string {
	_, stderr := h.sshd.Output()
	return stderr
}

// connections counts those that sshd has accepted so far.
func (h *host) connections() int { return strings.Count(h.sshdLog(), "\nConnection from ") }

// must runs a command that has to succeed and returns its standard output.
func (h *host) must(argv ...string) string {
	h.t.Helper()
	got := h.Run(argv...)
	if got.Code != 0 {
		h.t.Fatalf("%q: %v", argv, got)
	}
	return got.Stdout
}

// in is the same host for a subtest.
func (h *host) in(t testing.TB) *host { return &host{Machine: h.Machine.In(t), t: t, sshd: h.sshd} }

// wants checks how something ended, and that everything said is there, on standard output or standard error.
func wants(t testing.TB, got lab.Result, code int, said ...string) {
	t.Helper()
	if got.Code != code {
		t.Errorf("exit code %d, want %d: %v", got.Code, code, got)
	}
	if got.Held {
		t.Errorf("something holds the output: %v", got)
	}
	for _, text := range said {
		if !strings.Contains(got.Stdout+got.Stderr, text) {
			t.Errorf("%q is not said: %v", text, got)
		}
	}
}
