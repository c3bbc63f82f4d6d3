package software

import (
	"testing"

	"palletgen/gen/lab"
)

var haproxy = software{
	crate:    "haproxy",
	process:  "haproxy",
	packages: []string{"haproxy"},
	settings: []string{
		"frontends: {www: {port: 8080, backend: web}}",
		`backends: {web: {servers: {a: "127.0.0.1:8001"}, http_check: /index.html}}`,
	},
	changed: []string{
		"stats_port: 8099",
		"frontends:",
		"  www:",
		`    host: "::"`,
		"    port: 8090",
		"    backend: web",
		"    extra: |",
		"      acl own path /own",
		`      http-request return status 200 content-type text/plain string "it's own" if own`,
		"backends:",
		"  web:",
		"    balance: leastconn",
		`    servers: {a: "127.0.0.1:8001", b: "127.0.0.1:1 backup"}`,
	},
	reloads: true,
	prepare: func(h *host) {
		h.WriteFile("/srv/www/index.html", "hello\n", 0o644)
	},
	asks: func(h *host, changed bool) {
		h.t.Helper()
		// A server of its own, which a boot has ended.
		h.sh(`busybox wget -q -O /dev/null http://127.0.0.1:8001/ || busybox httpd -p 127.0.0.1:8001 -h /srv/www`)
		if changed {
			h.gets("hello\n", "http://127.0.0.1:8090/index.html")
			h.gets("it's own", "http://127.0.0.1:8090/own")
			return
		}
		h.gets("hello\n", "http://127.0.0.1:8080/index.html")
	},
}

func TestHaproxy(t *testing.T) {
	lab.Need(t, "busybox")
	live(t, haproxy)
}

func TestHaproxyRefuses(t *testing.T) {
	lab.Need(t, "busybox")
	refuses(t, haproxy, append([]string{"global_extra: no-directive on"}, haproxy.settings...), "unknown keyword 'no-directive'")
}
