package transport

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/lab"
)

// imageFolder is the folder that Packer is called for.
const imageFolder = "/srv/my images"

// packerFolder writes a Packer folder with the bundle of this palletgen.yaml, and with a source null.web: this host, where
// Packer logs in as the user.
func (h *host) packerFolder(user, config string, args ...string) {
	h.t.Helper()
	dir := h.t.TempDir()
	palletgen(h.t, config, append([]string{"packer", "-q", "-f", "-", "--source", "null.web", "-o", dir}, args...)...)
	h.CopyDir(dir, imageFolder)
	h.packerSource(user)
}

// packerSource writes the source alone, with further lines.
func (h *host) packerSource(user string, lines ...string) {
	h.t.Helper()
	h.WriteFile(imageFolder+"/source.pkr.hcl", fmt.Sprintf(`source "null" "web" {
  communicator         = "ssh"
  ssh_host             = %q
  ssh_port             = %s
  ssh_username         = %q
  ssh_private_key_file = %q
%s}
`, sshHost, sshPort, user, clientKey, strings.Join(lines, "")), 0o644)
}

// packer runs Packer, which puts its own temporary files, those of the client, elsewhere than where the server's are.
func (h *host) packer(argv ...string) lab.Result {
	h.t.Helper()
	h.must("mkdir", "-p", "/srv/client/tmp")
	env := append(lab.DefaultEnv(), "TMPDIR=/srv/client/tmp", "CHECKPOINT_DISABLE=1")
	return h.RunCommand(lab.Command{Argv: append([]string{lab.Need(h.t, "packer")}, argv...), Env: env, Dir: "/srv"})
}

// packerBuild is a build that ends with a code, and leaves nothing where it works.
func (h *host) packerBuild(code int, said ...string) lab.Result {
	h.t.Helper()
	before := h.scratch()
	got := h.packer("build", "-color=false", imageFolder)
	wants(h.t, got, code, said...)
	if diff := cmp.Diff(before, h.scratch()); diff != "" {
		h.t.Errorf("left behind (+):\n%s", diff)
	}
	return got
}

// scratch is what lies in /tmp and in the homes of those who log in, but for what Packer keeps for itself as a client.
func (h *host) scratch() []string {
	h.t.Helper()
	var list []string
	for _, f := range h.Changed() {
		switch top := strings.Split(f.Path, "/")[1]; top {
		case "tmp", "home", "root":
			if !strings.HasPrefix(f.Path, "/root/.packer.d") {
				list = append(list, f.Path)
			}
		}
	}
	return list
}

// eachLogin runs a test for root, and for a user with sudo on a host whose /tmp is noexec.
func eachLogin(t *testing.T, test func(h *host, user string)) {
	t.Parallel()
	lab.Need(t, "packer")
	for _, user := range []string{"root", account} {
		t.Run(user, func(t *testing.T) {
			t.Parallel()
			h := newHost(t, map[string]string{"root": "busybox", account: "dash"}[user])
			h.addService("up")
			if user != "root" {
				h.sudoer(account, "dash", true)
				h.must("mount", "-o", "remount,noexec", "/tmp")
			}
			test(h, user)
		})
	}
}

func TestPacker(t *testing.T) {
	eachLogin(t, func(h *host, user string) {
		for _, program := range []string{"runsvdir", "sv", "chpst", "svlogd"} {
			lab.Need(h.t, program)
		}
		h.packerFolder(user, appConfig("runit", "user: web", "create_user: true"), "--phases", "install configure enable start")
		wants(h.t, h.packer("validate", imageFolder), 0)
		wants(h.t, h.packer("fmt", "-check", imageFolder), 0)

		first := h.packerBuild(0, "would add user web", "added user web", "app: no start, nothing runs in an image", "Builds finished")
		if strings.Contains(first.Stdout, "changed=0\n") {
			h.t.Errorf("nothing was changed: %v", first)
		}
		h.must("id", "web")
		h.must("test", "-L", "/etc/service/app")
		if h.running() || h.starts() > 0 {
			h.t.Error("the service was started")
		}
		again := h.packerBuild(0)
		if strings.Count(again.Stdout, "changed=0\n") != 2 {
			h.t.Errorf("there was something to do again: %v", again)
		}
		// What has the name of the build only.
		wants(h.t, h.packer("build", "-color=false", "-only=app.*", imageFolder), 0, "changed=0")
		// The image boots.
		h.must("chmod", "0777", serviceDir)
		h.runit()
		lab.Until(h.t, patience, "the service of the image", h.running)
	})
}

// TestPackerRefuses has the build fail, and says why, without a change.
func TestPackerRefuses(t *testing.T) {
	eachLogin(t, func(h *host, user string) {
		h.packerFolder(user, appConfig("nohup"))
		archive := imageFolder + "/app.tar.gz"
		good := h.ReadFile(archive)
		other := build(h.t, appConfig("nohup", "umask: '0027'"))["app.tar.gz"]
		half := len(good) / 2
		for _, wrong := range []struct{ text, said string }{
			{other, "refused: this is not the bundle"},
			{good[:half], "did not arrive whole"},
			{good[:half] + "\x00\x00" + good[half+2:], "did not arrive whole"},
		} {
			h.WriteFile(archive, wrong.text, 0o644)
			h.packerBuild(1, wrong.said, "exit status: 70")
		}
		if h.Exists("/var/lib/palletgen") || h.Exists("/var/lib/palletgen-nohup") {
			h.t.Error("something was changed")
		}

		// A phase that fails, behind a preview that does not know it.
		h.WriteFile(archive, good, 0o644)
		h.must("sh", "-c", "mkdir -p /var/lib/palletgen-nohup && mount -t tmpfs -o ro none /var/lib/palletgen-nohup")
		h.packerBuild(1, "exit status: 70", "Read-only file system")
		h.must("umount", "/var/lib/palletgen-nohup")
		h.packerBuild(0)
	})
}

// TestPackerNeedsRoot: a user who cannot become root is told so at once, before anything is sent.
func TestPackerNeedsRoot(t *testing.T) {
	t.Parallel()
	lab.Need(t, "packer")
	h := newHost(t, "")
	h.sudoer(account, "bash", false)
	h.packerFolder(account, appConfig("nohup"))
	h.packerSource(account, "  ssh_pty = true\n") // where a password could be asked for
	got := h.packer("build", "-color=false", imageFolder)
	wants(t, got, 1, "sudo: a password is required")
	if strings.Contains(got.Stdout, "Uploading") || got.Duration > patience {
		t.Errorf("it went on: %v", got)
	}
}

// TestPackerScript is the way of the README without a generated file: the bundle as one script.
func TestPackerScript(t *testing.T) {
	eachLogin(t, func(h *host, user string) {
		h.WriteFile(imageFolder+"/app.sh", build(h.t, appConfig("nohup"), "--format", "sh")["app.sh"], 0o644)
		h.packerSource(user)
		h.WriteFile(imageFolder+"/image.pkr.hcl", packerScript[user], 0o644)
		wants(h.t, h.packer("validate", imageFolder), 0)
		got := h.packerBuild(0, "changed=", "Builds finished")
		if strings.Contains(got.Stdout, "changed=0\n") || !h.Exists("/var/lib/palletgen-nohup/app/run") || h.running() {
			h.t.Errorf("it is not there, or runs: %v", got)
		}
		h.packerBuild(0, "changed=0")
	})
}

// packerScript is what the README says, for root and for a user with sudo.
var packerScript = map[string]string{
	"root": `build {
  sources = ["source.null.web"]
  provisioner "shell" {
    script           = "${path.root}/app.sh"
    environment_vars = ["PALLETGEN_ROOT=/", "PALLETGEN_PHASES=install configure enable"]
    execute_command  = "{{ .Vars }} sh {{ .Path }}"
  }
}
`,
	account: `build {
  sources = ["source.null.web"]
  provisioner "shell" {
    script           = "${path.root}/app.sh"
    environment_vars = ["PALLETGEN_ROOT=/", "PALLETGEN_PHASES=install configure enable"]
    execute_command  = "sudo -n env {{ .Vars }} sh {{ .Path }}"
  }
}
`,
}
