package software

import (
	"fmt"
	"regexp"
	"testing"
)

// memcached has the name of the distribution's own service, so that both have one file.
var memcached = software{
	crate:    "memcached",
	process:  "memcached",
	packages: []string{"memcached"},
	settings: []string{"memory: 32MiB"},
	changed:  []string{"memory: 16MiB", "port: 11212", "evict: false"},
	asks: func(h *host, changed bool) {
		h.t.Helper()
		port, bytes, evictions := 11211, 32<<20, "on"
		if changed {
			port, bytes, evictions = 11212, 16<<20, "off"
		}
		h.answers("STORED\r\nVALUE a 0 5\r\nhello\r\nEND\r\n", "bash", "-c",
			fmt.Sprintf(`exec 3<>/dev/tcp/127.0.0.1/%d && printf 'set a 0 0 5\r\nhello\r\nget a\r\nquit\r\n' >&3 && cat <&3`, port))
		said := h.sh("/usr/share/memcached/scripts/memcached-tool 127.0.0.1:$1 settings", fmt.Sprint(port))
		for _, want := range []string{fmt.Sprint("maxbytes +", bytes), "evictions +" + evictions} {
			if !regexp.MustCompile(want).MatchString(said) {
				h.t.Errorf("the settings have no %q:\n%s", want, said)
			}
		}
	},
}

func TestMemcached(t *testing.T) { live(t, memcached) }
