package lab_test

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"palletgen/gen/lab"
)

// bareSystemd takes from a machine all that the host has enabled, so that a boot starts the journal and little else.
const bareSystemd = `
for lib in /lib/systemd /usr/lib/systemd; do
    rm -rf "$lib/system/multi-user.target.wants" "$lib/system-generators"
done
rm -rf /etc/systemd/system/*.wants
`

func TestSystemd(t *testing.T) {
	t.Parallel()
	const systemd = "/lib/systemd/systemd"
	lab.Need(t, systemd)
	lab.Need(t, "systemctl")
	m := lab.New(t, lab.Options{})
	m.Run("sh", "-c", bareSystemd)
	m.WriteFile("/etc/systemd/system/lab-app.service", `
[Service]
ExecStart=/bin/sh -c 'echo begun; exec sleep 1001'
[Install]
WantedBy=multi-user.target
`, 0o644)
	boot := func() {
		begun := time.Now()
		m.Boot(systemd, "--log-target=null", "--show-status=0", "--unit=multi-user.target")
		lab.Until(t, patience, "multi-user.target", func() bool {
			return m.Run("systemctl", "is-active", "multi-user.target").Code == 0
		})
		t.Logf("booted in %v", time.Since(begun))
	}
	state := func(state string, processes string) {
		t.Helper()
		lab.Until(t, patience, "the state "+state, func() bool {
			return m.Run("systemctl", "is-active", "lab-app").Stdout == state+"\n"
		})
		lab.Until(t, patience, "the processes "+processes, func() bool { return strings.Join(names(m), " ") == processes })
	}
	must := func(argv ...string) string {
		t.Helper()
		got := m.Run(argv...)
		if got.Code != 0 {
			t.Fatalf("%q: %v", argv, got)
		}
		return got.Stdout
	}

	boot()
	if got := must("cat", "/proc/1/comm"); got != "systemd\n" {
		t.Errorf("process 1 is %s", got)
	}
	state("inactive", "")
	must("systemctl", "start", "lab-app")
	state("active", "1001")
	main := must("systemctl", "show", "-p", "MainPID", "--value", "lab-app")
	if got := must("pgrep", "-x", "sleep"); got != main {
		t.Errorf("MainPID %s, but the process is %s", main, got)
	}
	for _, p := range m.Processes() {
		if strconv.Itoa(p.PID)+"\n" == main && p.Args[0] != "sleep" {
			t.Errorf("MainPID is %v", p)
		}
	}
	if _, err := exec.LookPath("journalctl"); err == nil {
		lab.Until(t, patience, "the journal", func() bool { // it is written a little later
			return m.Run("journalctl", "-o", "cat", "-u", "lab-app").Stdout == "begun\n"
		})
	}
	must("systemctl", "stop", "lab-app")
	state("inactive", "")

	must("systemctl", "enable", "lab-app")
	m.Shutdown()
	boot()
	state("active", "1001")
	must("systemctl", "--no-block", "poweroff")
	lab.Until(t, patience, "the poweroff", func() bool { return !m.Booted() })
	m.Shutdown()
}

func TestSysvinit(t *testing.T) {
	t.Parallel()
	init := ""
	for _, name := range []string{"sysvinit", "/sbin/init"} {
		if file, err := exec.LookPath(name); err == nil && init == "" {
			if program, err := os.ReadFile(file); err == nil && strings.Contains(string(program), "/etc/inittab") {
				init = file
			}
		}
	}
	if init == "" {
		lab.Skip(t, "needs the init of sysvinit, as sysvinit or /sbin/init")
	}
	m := lab.New(t, lab.Options{})
	m.WriteFile("/etc/inittab", `id:2:initdefault:
si::sysinit:/bin/touch /run/booted
sl:2:respawn:/bin/sleep 1001
`, 0o644)
	for range 2 {
		m.Boot(init)
		lab.Until(t, patience, "the runlevel", func() bool { return strings.Join(names(m), " ") == "1001" })
		if !m.Exists("/run/booted") {
			t.Error("it was not booted anew")
		}
		before := m.Run("pgrep", "-x", "sleep").Stdout
		m.Run("pkill", "-x", "sleep")
		lab.Until(t, patience, "another process", func() bool {
			got := m.Run("pgrep", "-x", "sleep").Stdout
			return got != "" && got != before
		})
		m.Shutdown()
	}
}
