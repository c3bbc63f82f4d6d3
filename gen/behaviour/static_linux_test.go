package behaviour

import (
	"debug/elf"
	"os/exec"
	"strings"
	"testing"

	"palletgen/gen/lab"
)

// staticBusybox is a busybox that needs no other file.
func staticBusybox(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"busybox-static", "busybox"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		f, err := elf.Open(path)
		if err != nil {
			continue
		}
		needs, err := f.ImportedLibraries()
		f.Close()
		if err == nil && len(needs) == 0 {
			return path
		}
	}
	return lab.Need(t, "busybox-static")
}

// TestNothingButBusybox runs a bundle in a root that holds a static busybox and nothing else.
func TestNothingButBusybox(t *testing.T) {
	t.Parallel()
	busybox := staticBusybox(t)
	v := newSurvivor(t, "", nohup)
	const root = "/mnt/root"
	v.must("sh", "-c", `set -e
root=`+root+`
mkdir -p $root && mount -t tmpfs -o mode=0755 tmpfs $root
cd $root
mkdir -p bin sbin usr/bin usr/sbin etc dev proc tmp root srv var
chmod 1777 tmp
cp `+busybox+` bin/busybox
chroot $root /bin/busybox --install -s
printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >etc/passwd
printf 'root:x:0:\nnogroup:x:65534:\n' >etc/group
mount -t proc proc proc
mount --rbind /dev dev
cp -p `+survivorArchive+` srv/
`)
	crates := survivorCrates(t)
	// The service: a program of busybox that listens, and stays on a HUP.
	settings := []string{"command: [/usr/sbin/httpd, -f, -p, '5555', -h, /srv]"}
	run := func(phases ...string) outcome {
		v.t.Helper()
		got := outcome{Result: v.RunCommand(lab.Command{
			Argv: append([]string{"chroot", root, "/srv/" + v.group + "/run"}, phases...),
		}), changed: -1}
		return got
	}
	place := func(archive []byte) {
		v.WriteFile(root+"/srv/bundle.tar.gz", string(archive), 0o644)
		v.must("chroot", root, "/bin/sh", "-c", "cd /srv && rm -rf "+v.group+" && gzip -dc bundle.tar.gz | tar -xf -")
	}
	place(build(t, v.group, survivorConfig(t, nohup, settings...), "--crates", crates))
	v.wants(run(append([]string{"--check"}, flow...)...), 2)
	v.wants(run(flow...), 0, "started app\n")
	v.wants(run(flow...), 0)
	if again := run(flow...); !strings.HasSuffix(again.Stdout, "changed=0\n") {
		t.Errorf("the next run: %v", again)
	}
	v.wants(run("status"), 0, "app: running, pid ")
	v.wants(run("verify"), 0)
	v.wants(run("restart"), 0)
	v.wants(run("reload"), 0)
	v.must("sh", "-c", "chmod 0666 "+root+"/etc/survivor/secret")
	v.wants(run("verify"), 2, "/etc/survivor/secret")
	v.wants(run("configure"), 0, "/etc/survivor/secret")
	place(build(t, v.group, survivorConfig(t, nohup, append(settings, "all: new")...), "--crates", crates))
	v.wants(run("--check", "--diff", "configure"), 2, "+# all new")
	v.wants(run("configure", "ensure-service"), 0)
	v.wants(run("rollback"), 0, "brought back")
	v.wants(run("stop", "disable"), 0, "stopped app\n")
	v.wants(run("status"), 3)
	v.wants(run("uninstall"), 0, "kept")
	v.wants(run("uninstall", "--purge"), 0)
	if left := v.Run("ls", root+"/opt/survivor", root+"/usr/local/survivor", root+"/var/lib/palletgen/"+v.group); left.Stdout != "" {
		t.Errorf("uninstall leaves %v", left)
	}
}
