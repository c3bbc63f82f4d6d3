package software

import (
	"strings"
	"testing"

	"palletgen/gen/lab"
)

// nginx serves a folder, and is its own reverse proxy.
var nginx = software{
	crate:    "nginx",
	process:  "nginx",
	packages: []string{"nginx"},
	settings: []string{
		"port: 8080",
		"sites:",
		"  files: {root: /srv/www}",
		`  proxy: {port: 8081, proxy_to: "http://127.0.0.1:8080"}`,
	},
	changed: []string{
		"port: 8090",
		"sites:",
		`  files: {root: /srv/www, extra: "limit_rate 30k;"}`,
		"  other:",
		"    port: 8091",
		"    extra: |",
		"      location / {",
		`          return 200 "it's $remote_addr;\n";`,
		"      }",
	},
	reloads: true,
	prepare: func(h *host) {
		// Debian's package leaves that behind.
		h.WriteFile("/var/www/html/index.nginx-debian.html", "", 0o644)
		h.WriteFile("/srv/www/index.html", "hello\n", 0o644)
		h.WriteFile("/srv/www/slow", strings.Repeat("1234567\n", 10_000), 0o644)
	},
	asks: func(h *host, changed bool) {
		h.t.Helper()
		if changed {
			h.gets("hello\n", "http://127.0.0.1:8090/")
			h.gets("it's 127.0.0.1;\n", "http://127.0.0.1:8091/")
			h.onceMore("nginx", h.stopsSlowly)
			return
		}
		h.gets("hello\n", "http://127.0.0.1:8080/index.html")
		h.gets("hello\n", "http://127.0.0.1:8081/")
	},
}

func TestNginx(t *testing.T) {
	lab.Need(t, "busybox")
	live(t, nginx)
}

// stopsSlowly stops nginx while a client gets a file that takes two seconds and a half: it gets all of it.
func (h *host) stopsSlowly() {
	h.t.Helper()
	h.sh(`busybox wget -q -O /srv/got http://127.0.0.1:8090/slow </dev/null >/dev/null 2>&1 & until [ -s /srv/got ]; do sleep 0.1; done`)
	h.ok("stop")
	if got := len(h.ReadFile("/srv/got")); got != 80_000 {
		h.t.Errorf("the client got %d bytes of 80000", got)
	}
	h.sh("rm /srv/got")
	h.ok("start")
}

// What nginx itself does not accept is not put in place, and what runs goes on.
func TestNginxRefuses(t *testing.T) {
	lab.Need(t, "busybox")
	refuses(t, nginx, []string{"port: 8080", "http_extra: no_directive on;"}, "unknown directive")
}
