package transport

import (
	"strings"
	"testing"

	"palletgen/gen/lab"
)

// bundleServer is where the bundles of a host are to be had by HTTP: its own loopback.
const bundleServer = "http://127.0.0.1:8080"

// cloudHost is a machine as a cloud's image is at its first boot, as far as cloud-init sees it: with user data and runit.
func cloudHost(t testing.TB, userData string) *host {
	t.Helper()
	lab.Need(t, "cloud-init")
	h := newMachine(t, lab.Options{})
	// A host that is no cloud's, as that of the tests, may have cloud-init switched off.
	h.must("sh", "-c", "rm -rf /etc/cloud/cloud-init.disabled /var/lib/cloud")
	h.WriteFile("/etc/cloud/cloud.cfg.d/99-test.cfg", "datasource_list: [NoCloud]\nlocale: C.UTF-8\nssh_genkeytypes: [ed25519]\n", 0o644)
	h.WriteFile("/var/lib/cloud/seed/nocloud/meta-data", "instance-id: one\n", 0o644)
	h.WriteFile("/var/lib/cloud/seed/nocloud/user-data", userData, 0o600)
	h.addService("up")
	h.runit()
	return h
}

// boot runs what the units of cloud-init do at a boot, and returns the last that fails, or else the last.
func (h *host) boot() lab.Result {
	h.t.Helper()
	var got lab.Result
	for _, stage := range []string{"init --local", "init", "modules --mode=config", "modules --mode=final"} {
		argv := append([]string{"cloud-init"}, strings.Fields(stage)...)
		if now := h.RunCommand(lab.Command{Argv: argv, Timeout: slow}); now.Code != 0 || got.Code == 0 {
			got = now
		}
	}
	return got
}

// cloudConfig is the group of these tests.
func cloudConfig() string { return appConfig("runit", "user: web", "create_user: true") }

// booted checks that the first boot has brought the service up, and what that leaves.
func (h *host) booted() {
	h.t.Helper()
	wants(h.t, h.boot(), 0)
	wants(h.t, h.Run("cloud-init", "status", "--long"), 0, "status: done", "DataSourceNoCloud")
	if log := h.ReadFile("/var/log/cloud-init-output.log"); !strings.Contains(log, "added user web") || !strings.Contains(log, "enabled app") {
		h.t.Errorf("the log of cloud-init: %s", log)
	}
	if !h.running() || h.starts() != 1 {
		h.t.Errorf("started %d times", h.starts())
	}
	if left := h.must("find", "/tmp", "/var/tmp", "/run", "-maxdepth", "1", "-name", "palletgen-[0-9]*", "-newer", "/var/lib/cloud/seed/nocloud/user-data"); left != "" {
		h.t.Errorf("left behind: %s", left)
	}
}

func TestCloudInit(t *testing.T) {
	t.Parallel()
	userData := build(t, cloudConfig(), "--format", "cloud-init", "--user-data-limit", "65535")["app.user-data"]
	if !strings.HasPrefix(userData, "\x1f\x8b") {
		t.Errorf("the user data is not compressed: %.20q", userData)
	}
	h := cloudHost(t, userData)
	h.booted()
	// It runs at the first boot alone.
	wants(t, h.boot(), 0)
	if h.starts() != 1 {
		t.Errorf("started %d times", h.starts())
	}
}

func TestCloudInitDownloads(t *testing.T) {
	t.Parallel()
	files := build(t, cloudConfig(), "--format", "tar.gz,cloud-init", "--from", bundleServer+"/my%20bundles")
	h := cloudHost(t, files["app.user-data"])
	h.serve(files["app.tar.gz"])
	h.booted()
}

// TestCloudInitFails: what goes wrong is cloud-init's error, and in its log.
func TestCloudInitFails(t *testing.T) {
	t.Parallel()
	t.Run("another bundle", func(t *testing.T) {
		t.Parallel()
		files := build(t, cloudConfig(), "--format", "tar.gz,cloud-init", "--from", bundleServer+"/my%20bundles")
		h := cloudHost(t, files["app.user-data"])
		h.serve(build(t, appConfig("runit"))["app.tar.gz"])
		h.fails("is not the bundle that was built")
		if h.Exists("/etc/sv/app") || h.Exists("/var/lib/palletgen") {
			t.Error("something was changed")
		}
	})
	t.Run("a service that does not start", func(t *testing.T) {
		t.Parallel()
		h := cloudHost(t, build(t, cloudConfig(), "--format", "cloud-init", "--user-data-limit", "65535")["app.user-data"])
		h.mode("crash")
		h.fails("cannot open the store")
	})
}

// fails is a first boot that fails for a reason.
func (h *host) fails(reason string) {
	h.t.Helper()
	if got := h.boot(); got.Code == 0 {
		h.t.Errorf("it did not fail: %v", got)
	}
	wants(h.t, h.Run("cloud-init", "status", "--long"), 1, "status: error", "scripts")
	if log := h.ReadFile("/var/log/cloud-init-output.log"); !strings.Contains(log, reason) {
		h.t.Errorf("the log of cloud-init does not say %q: %s", reason, log)
	}
}

// serve offers a bundle app below bundleServer, in the folder "my bundles".
func (h *host) serve(bundle string) {
	h.t.Helper()
	h.WriteFile("/srv/www/my bundles/app.tar.gz", bundle, 0o644)
	h.Start("python3", "-m", "http.server", "--bind", "127.0.0.1", "--directory", "/srv/www", "8080")
	lab.Until(h.t, patience, "the web server", func() bool {
		return h.Run("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080").Code == 0
	})
}
