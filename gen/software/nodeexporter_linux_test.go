package software

import (
	"strings"
	"testing"

	"palletgen/gen/lab"
)

// textfiles is a folder whose name a shell, or who reads it as a pattern, would take for something else.
const textfiles = `/srv/text "files" 'x' $(id) ;]{}~#%é`

func TestNodeExporter(t *testing.T) {
	lab.Need(t, "busybox")
	live(t, software{
		crate:    "prometheus-node-exporter",
		process:  "prometheus-node", // of which the kernel keeps 15 bytes
		packages: []string{"prometheus-node-exporter"},
		settings: []string{"no_collectors: [systemd]"},
		changed: []string{
			"port: 9200", "listen_host: 127.0.0.1", "only_collectors: true", "collectors: [loadavg, textfile]", "textfile_dir: " + quoted(textfiles),
		},
		prepare: func(h *host) {
			// Debian's package keeps its account when it is removed.
			h.sh("groupadd -r prometheus && useradd -r -g prometheus -d /var/lib/prometheus prometheus")
			h.WriteFile(textfiles+"/greeting.prom", "greeting 42\n", 0o644)
		},
		asks: func(h *host, changed bool) {
			h.t.Helper()
			url, has, lacks := "http://127.0.0.1:9100/metrics", "\nnode_memory_MemTotal_bytes ", "\ngreeting 42\n"
			if changed {
				url, has, lacks = "http://127.0.0.1:9200/metrics", lacks, has
			}
			got := h.Run("busybox", "wget", "-q", "-O", "-", url)
			if got.Code != 0 || !strings.Contains(got.Stdout, has) || strings.Contains(got.Stdout, lacks) {
				h.t.Errorf("%s: want %q, and no %q: exit code %d\n%.2000s", url, has, lacks, got.Code, got.Stdout+got.Stderr)
			}
		},
	})
}
