package software

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"palletgen/gen/cli"
	"palletgen/gen/conform"
	"palletgen/gen/lab"
)

// patience bounds every wait for something that takes well under a second on an idle machine.
const patience = 30 * time.Second

// bundle is where the bundle lies on a host.
const bundle = "/srv/bundles/group"

// A host is a machine with a supervisor and an apt that can install the software.
type host struct {
	*conform.Host
	t          *testing.T
	supervisor string
}

// newHost brings up a machine, of which the packages in purge are taken first.
func newHost(t *testing.T, supervisor, repository string, purge ...string) *host {
	t.Helper()
	c, err := catalog()
	if err != nil {
		t.Fatal(err)
	}
	sup, err := c.Supervisor(supervisor)
	if err != nil {
		t.Fatal(err)
	}
	h := &host{Host: conform.Bring(t, sup, ""), t: t, supervisor: supervisor}
	h.sh(`rm -rf /etc/apt/sources.list /etc/apt/sources.list.d /var/lib/apt/lists/* /var/cache/apt/*.bin /usr/sbin/policy-rc.d
printf 'deb [trusted=yes] file:%s ./\n' "$1" >/etc/apt/sources.list
# Nothing here outlives the test.
printf '%s\n' force-unsafe-io 'path-exclude=/usr/share/man/*' 'path-exclude=/usr/share/doc/*' >/etc/dpkg/dpkg.cfg.d/test
# What other packages of the host do when files come and go takes its time, and is not what this is about.
cd /var/lib/dpkg/triggers && sed -i '/ systemd/!d' File && find . -type f ! -name '[A-Z]*' ! -name ldconfig ! -name 'update-ca-*' -delete`, repository)
	if len(purge) > 0 {
		begun := time.Now()
		defer func() { t.Logf("%.1f s: purged %s", time.Since(begun).Seconds(), strings.Join(purge, " ")) }()
		h.sh(`for name; do ! dpkg-query -s "$name" >/dev/null 2>&1 || set -- "$@" "$name"; shift; done
[ $# -eq 0 ] || DEBIAN_FRONTEND=noninteractive apt-get -q -y purge "$@"`, purge...)
	}
	begun := time.Now()
	defer func() { t.Logf("%.1f s: the supervisor", time.Since(begun).Seconds()) }()
	if prepare := asDistributed[supervisor]; prepare != "" {
		h.sh(prepare)
	}
	h.Boot()
	return h
}

// asDistributed makes the machine of a supervisor more like a host that has it as its init: there the scripts of packages start
// what they install, unless they are kept from it. See TestDistribution.
var asDistributed = map[string]string{
	// The units of packages count, too; the host's own are still none of them.
	"systemd":  `rm -rf /lib/systemd/system && mv /srv/units /lib/systemd/system && ln -s /lib/systemd/system /srv/units`,
	"sysvinit": inRunlevel2,
	"openrc":   inRunlevel2,
	"runit":    `rm -f /etc/service/ssh`, // of the host itself
}

const inRunlevel2 = `printf '%s\n' '#!/bin/sh' 'echo N 2' >/sbin/runlevel.new && chmod 0755 /sbin/runlevel.new && mv -f /sbin/runlevel.new /sbin/runlevel`

// place builds the group of a palletgen.yaml and puts its bundle on the host, instead of an older one.
func (h *host) place(config string) {
	h.t.Helper()
	dir := h.t.TempDir()
	var messages bytes.Buffer
	// The folders of the checkout are those that the program embeds.
	if code := cli.Main([]string{"build", "-o", dir, "-f", "-"}, os.DirFS("../.."), strings.NewReader(config), &messages, &messages); code != 0 {
		h.t.Fatalf("palletgen build: exit code %d\n%s\nof\n%s", code, &messages, config)
	}
	archive, err := os.ReadFile(filepath.Join(dir, "group.tar.gz"))
	if err != nil {
		h.t.Fatal(err)
	}
	h.WriteFile(bundle+".tar.gz", string(archive), 0o644)
	h.sh(`cd "${1%/*}" && rm -rf "$1" && gzip -dc "$1.tar.gz" | tar -xf -`, bundle)
}

// outcome is what ./run answered.
type outcome struct {
	lab.Result
	changed int // of the last line changed=N; -1 where there is none
}

var changedLine = regexp.MustCompile(`(?:^|\n)changed=([0-9]+)\n$`)

// phase runs phases of the bundle.
func (h *host) phase(phases ...string) outcome {
	h.t.Helper()
	argv := append([]string{bundle + "/run"}, phases...)
	if *shell != "" { // not as /bin/sh: the scripts of packages do not work in all of them
		argv = append([]string{"bash", "-c", `exec -a sh "$0" "$@"`, lab.Need(h.t, *shell)}, argv...)
	}
	got := outcome{Result: h.RunCommand(lab.Command{Argv: argv, Timeout: 3 * time.Minute}), changed: -1}
	h.t.Logf("%.1f s: run %s", got.Duration.Seconds(), strings.Join(phases, " "))
	if got.Held {
		h.t.Errorf("run %v leaves its output open", phases)
	}
	if match := changedLine.FindStringSubmatch(got.Stdout); match != nil {
		got.changed, _ = strconv.Atoi(match[1])
	}
	return got
}

// ok runs phases that must succeed.
func (h *host) ok(phases ...string) outcome {
	h.t.Helper()
	got := h.phase(phases...)
	if got.Code != 0 {
		h.t.Fatalf("run %v: %v\nthe processes are\n%s", phases, got, h.list())
	}
	return got
}

// ends runs phases that must end with an exit code and say something.
func (h *host) ends(code int, said string, phases ...string) outcome {
	h.t.Helper()
	got := h.phase(phases...)
	if got.Code != code || !strings.Contains(got.Stdout+got.Stderr, said) {
		h.t.Errorf("run %v: want exit code %d and %q: %v", phases, code, said, got)
	}
	return got
}

// sh runs a shell script that has to succeed, with arguments from $1 on, and returns its standard output.
func (h *host) sh(script string, args ...string) string {
	h.t.Helper()
	got := h.RunCommand(lab.Command{Argv: append([]string{"sh", "-c", script, "sh"}, args...), Timeout: 3 * time.Minute})
	if got.Code != 0 {
		h.t.Fatalf("%s: %v", script, got)
	}
	return got.Stdout
}

// until polls done.
func (h *host) until(what string, done func() bool) {
	h.t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(30 * time.Millisecond) {
		if time.Now().After(deadline) {
			h.t.Fatalf("waited %v in vain for %s; the processes are\n%s", patience, what, h.list())
		}
	}
}

// mains are the processes of a name that were started by none of that name: one for each copy of the software that runs.
func (h *host) mains(name string) []lab.ProcessInfo {
	all := slices.DeleteFunc(h.Processes(), func(p lab.ProcessInfo) bool { return p.State == "Z" || p.Name != name })
	return slices.DeleteFunc(slices.Clone(all), func(p lab.ProcessInfo) bool {
		return slices.ContainsFunc(all, func(o lab.ProcessInfo) bool { return o.PID == p.Parent })
	})
}

// runs is the only process of a name.
func (h *host) runs(name string) int {
	h.t.Helper()
	got := h.mains(name)
	if len(got) != 1 {
		h.t.Fatalf("%d copies of %s run, want one; the processes are\n%s", len(got), name, h.list())
	}
	return got[0].PID
}

// list shows the processes.
func (h *host) list() string {
	var b strings.Builder
	for _, p := range h.Processes() {
		b.WriteString("  " + p.String() + "\n")
	}
	return b.String()
}
