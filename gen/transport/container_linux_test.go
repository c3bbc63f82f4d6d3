package transport

import (
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/conform"
	"palletgen/gen/debian"
	"palletgen/gen/lab"
)

// slow is how long something may take that downloads or unpacks much.
const slow = 3 * time.Minute

// newMachine is a host without an sshd.
func newMachine(t testing.TB, options lab.Options) *host {
	t.Helper()
	options.Programs = []string{conform.Probe, conform.Child}
	return &host{t: t, Machine: lab.New(t, options)}
}

// What the README has in a Dockerfile, by format of the bundle.
var dockerfiles = map[string]string{
	"tar.gz": `FROM debian:bookworm-slim
ADD app.tar.gz /tmp/
RUN /tmp/app/run --root / install configure enable && rm -rf /tmp/app /var/lib/apt/lists/*
CMD ["s6-svscan", "/etc/s6/scan"]
`,
	"sh": `FROM debian:bookworm-slim
RUN --mount=type=bind,source=app.sh,target=/tmp/app.sh sh /tmp/app.sh --root / install configure enable
CMD ["sh", "-c", "tail -F /var/log/s6/app/current 2>/dev/null & exec s6-svscan /etc/s6/scan"]
`,
}

// baseImage stands for debian:bookworm-slim, and has the service's program.
const baseImage = `FROM scratch
ADD debian.tar /
COPY palletgen-probe palletgen-child /usr/local/bin/
COPY app /srv/app
RUN chmod 0777 /srv/app
`

// context is where images are built.
const context = "/srv/context"

// TestImages works on a Debian that does not run.
func TestImages(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("may have to make a Debian, and installs packages from the network")
	}
	lab.New(t, lab.Options{}).End() // not where there can be no machine
	tree := debian.Tree(t)
	t.Run("container", func(t *testing.T) {
		t.Parallel()
		testContainer(t, tree)
	})
	t.Run("chroot", func(t *testing.T) {
		t.Parallel()
		testChroot(t, tree)
	})
}

// testContainer builds images with buildah, from Dockerfiles and with packages of the distribution, and runs them: what
// is started is process 1 of a process namespace of its own.
func testContainer(t *testing.T, tree string) {
	lab.Need(t, "buildah")
	debian.NeedMirror(t)
	h := newMachine(t, lab.Options{Network: true})
	// Its own file system, on which buildah can lay one layer over the other.
	h.must("sh", "-c", "mkdir -p "+context+" && mount -t tmpfs none "+context+" && mkdir -m 0777 "+context+"/app && echo up >"+context+"/app/mode")
	h.must("tar", "-C", tree, "-cf", context+"/debian.tar", ".")
	h.must("cp", "-L", probePath, "/usr/local/bin/"+conform.Child, context)
	h.image("debian:bookworm-slim", baseImage)
	bundles := build(t, appConfig("s6", "user: web", "create_user: true"), "--format", "tar.gz,sh")
	for format, lines := range dockerfiles {
		t.Run(format, func(t *testing.T) {
			h := h.in(t)
			h.WriteFile(context+"/app."+format, bundles["app."+format], 0o644)
			said := h.image("app-"+format, lines)
			if !strings.Contains(said, "installed s6") || !strings.Contains(said, "enabled app") {
				t.Errorf("the build says: %s", said)
			}
			h.runImage("app-" + format)
		})
	}
}

// buildah runs a command of buildah, which has to succeed.
func (h *host) buildah(argv ...string) string {
	h.t.Helper()
	argv = append([]string{"buildah", "--storage-driver", "overlay", "--root", context + "/store", "--runroot", context + "/run"}, argv...)
	got := h.RunCommand(lab.Command{Argv: argv, Dir: context, Timeout: slow})
	if got.Code != 0 {
		h.t.Fatalf("%q: %v", argv, got)
	}
	return got.Stdout
}

// image builds an image from a Dockerfile.
func (h *host) image(name, lines string) string {
	h.t.Helper()
	h.WriteFile(context+"/Dockerfile", lines, 0o644)
	return h.buildah("build", "--isolation", "chroot", "--tag", name, ".")
}

// runImage runs an image as a container engine does: its command is process 1, and is sent TERM in the end.
func (h *host) runImage(name string) {
	h.t.Helper()
	command := strings.Split(strings.TrimSpace(h.buildah("inspect", "--type", "image", "--format", `{{range .OCIv1.Config.Cmd}}{{.}}{{"\n"}}{{end}}`, name)), "\n")
	root := strings.TrimSpace(h.buildah("mount", strings.TrimSpace(h.buildah("from", name))))
	if left := h.must("find", root+"/tmp", root+"/run", root+"/srv/app", "-mindepth", "1", "-not", "-name", "mode"); strings.Contains(left, "app") || strings.Contains(left, "palletgen") {
		h.t.Errorf("left in the image, or started: %s", left)
	}
	h.must("sh", "-c", "mount --rbind /dev "+root+"/dev")
	engine := h.Start(append([]string{"unshare", "--pid", "--fork", "--mount-proc=" + root + "/proc", "chroot", root}, command...)...)
	lab.Until(h.t, patience, "the service", func() bool { return h.Exists(root + serviceDir + "/starts") })
	if strings.Contains(strings.Join(command, " "), "tail ") {
		lab.Until(h.t, patience, "the log on standard output", func() bool {
			stdout, _ := engine.Output()
			return strings.HasSuffix(stdout, "probe: mode up\n")
		})
	}
	user := strings.TrimSpace(h.must("chroot", root, "id", "-u", "web"))
	for _, p := range h.Processes() {
		if p.Parent == engine.PID {
			h.must("kill", "-TERM", strconv.Itoa(p.PID))
		}
		if strings.HasPrefix(conform.Probe, p.Name) && strconv.Itoa(p.UID) != user {
			h.t.Errorf("it runs as another user than %s: %v", user, p)
		}
	}
	got := h.Wait(engine, patience)
	if got.Signal == syscall.SIGKILL || h.running() {
		h.t.Errorf("it did not end well: %v", got)
	}
	if signals := h.ReadFile(root + serviceDir + "/signals"); signals != "TERM\n" || !h.Exists(root+serviceDir+"/ends") {
		h.t.Errorf("the service got %q", signals)
	}
}

// testChroot is a tree that does not run and has nothing of a running one, neither /proc nor devices: the bundle works from
// inside, as in a container's build, and from outside.
func testChroot(t *testing.T, tree string) {
	h := newMachine(t, lab.Options{})
	bundles := build(t, appConfig("nohup", "user: web", "create_user: true"), "--format", "sh,dir")
	h.WriteFile(tree+"/root/app.sh", bundles["app.sh"], 0o644)
	processes, before := len(h.Processes()), h.outside(tree)
	inside := func(code int, words string, said ...string) {
		t.Helper()
		wants(t, h.Run("chroot", tree, "sh", "-c", "PALLETGEN_ROOT=/ sh /root/app.sh "+words), code, said...)
	}
	outside := func(code int, words string, said ...string) {
		t.Helper()
		wants(t, h.Run("sh", "-c", "sh "+tree+"/root/app.sh --root "+tree+" "+words), code, said...)
	}
	for _, way := range []struct{ do, other func(int, string, ...string) }{{inside, outside}, {outside, inside}} {
		way.do(2, "--check install configure", "would add user web")
		way.do(0, "install configure enable start", "added user web", "nothing runs in an image")
		way.do(0, "install configure enable", "changed=0")
		way.other(0, "install configure enable", "changed=0")
		way.other(0, "verify")
		way.do(0, "uninstall --purge", "removed user web")
	}
	if now := h.Processes(); len(now) != processes {
		t.Errorf("something runs: %v", now)
	}
	if diff := cmp.Diff(before, h.outside(tree)); diff != "" {
		t.Errorf("outside of the tree:\n%s", diff)
	}
	if left := h.must("find", tree, "-xdev", "-name", "*palletgen*", "-not", "-path", tree+"/usr/*"); left != "" {
		t.Errorf("left in the tree: %s", left)
	}
}

// outside lists the files of the machine that are not the host's, but for those in a tree.
func (h *host) outside(tree string) []lab.FileInfo {
	h.t.Helper()
	return slices.DeleteFunc(h.Changed(), func(f lab.FileInfo) bool {
		return strings.HasPrefix(f.Path, tree+"/") || strings.HasPrefix(tree, f.Path)
	})
}
