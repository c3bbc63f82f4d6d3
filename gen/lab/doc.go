// Package lab makes disposable machines, for tests and for programs that check something on a disposable host. It
// imports no other package of palletgen.
//
// A [Machine] is a set of new namespaces (pid, mount, uts, ipc, net) over a throw-away overlay of the host's own
// root: a test may create users, install files and run supervisors there as root, and nothing of it is left when the
// test ends. It needs root on Linux and nothing beside the program itself, which starts once more as process 1 of the
// machine. A program that uses lab therefore calls [Enter] before anything else, and a package hands its TestMain to
// [Main]:
//
//	func TestMain(m *testing.M) { lab.Main(m, nil) }
//
//	func TestUser(t *testing.T) {
//		m := lab.New(t, lab.Options{Shell: "busybox"})
//		if got := m.Run("/bin/sh", "-c", "adduser -S x"); got.Code != 0 {
//			t.Fatal(got)
//		}
//	}
//
// Process 1 of a machine is this program, as no host's is. [Machine.Boot] starts an init of the test's choice inside, be
// it systemd or sysvinit, and [Machine.Shutdown] ends it, so that a machine can be rebooted:
//
//	m.Boot("/lib/systemd/systemd", "--log-target=null", "--show-status=0", "--unit=multi-user.target")
//	lab.Until(t, time.Minute, "the boot", func() bool { return m.Run("systemctl", "is-active", "multi-user.target").Code == 0 })
//
// [Machine.RunTraced] follows all that a command executes, and can kill it at any point of that; [Machine.Changed] lists
// what a machine's files have that the host's do not.
//
// What is private in a machine: every write to the root file system, /dev, /proc, /run, /tmp, host name, processes,
// System V IPC and, unless asked otherwise, the network, of which only the loopback is there. What it shares with the
// host: the kernel, the clock and the files of the host's root as they are now (file systems mounted below the root are
// not seen). No machine leaves anything behind, whichever way its program ends.
package lab
