package software

import (
	"strings"
	"testing"
)

var redis = software{
	crate:    "redis",
	process:  "redis-server",
	own:      "redis-server",
	data:     []string{"/var/lib/redis", "/var/log/redis"},
	packages: []string{"redis-server", "redis-tools"},
	settings: []string{"max_memory: 64MiB", "max_memory_policy: allkeys-lru"},
	changed:  []string{"port: 6380", "append_only: true", "directives: [maxmemory-samples 7]"},
	asks: func(h *host, changed bool) {
		h.t.Helper()
		port, policy := "6379", "allkeys-lru"
		if changed {
			port, policy = "6380", "noeviction"
		}
		h.answers("PONG\n", "redis-cli", "-p", port, "ping")
		h.answers("maxmemory-policy\n"+policy+"\n", "redis-cli", "-p", port, "config", "get", "maxmemory-policy")
		h.answers("OK\n", "redis-cli", "-p", port, "set", "greeting", `it's "here"`)
		h.answers("it's \"here\"\n", "redis-cli", "-p", port, "get", "greeting")
	},
}

func TestRedis(t *testing.T) { live(t, redis) }

// answers checks what a program prints on standard output.
func (h *host) answers(want string, argv ...string) {
	h.t.Helper()
	if got := h.Run(argv...); got.Code != 0 || got.Stdout != want {
		h.t.Errorf("%s: want %q: %v", strings.Join(argv, " "), want, got)
	}
}

// Paths with all that redis.conf, or a shell, may take for something else.
const (
	redisSocket = `/var/lib/redis-b/my "s'\x41#;$(id){}%~`
	redisData   = `/var/lib/redis-b/the \data "s'\x41\n#;$(id){}%*?[z]~`
	redisMore   = `/srv/more/\a"b'c\x41#;$(id){}%~/redis.conf`
)

// quoted is a text in YAML.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// TestRedisInstances runs two of them on one host: the second on a socket alone, with a password that only the host knows, and a
// folder whose name has to be quoted.
func TestRedisInstances(t *testing.T) {
	t.Parallel()
	h := newHost(t, "runit", fetch(t, redis.crate, redis.packages...))
	h.WriteFile(redisMore, "maxmemory-samples 7\n", 0o644)
	const password = `s3"c\r et' \x41 $HOME #`
	h.WriteFile("/srv/secrets", "PALLETGEN_SECRET_REDIS_B_PASSWORD="+password+"\n", 0o600)
	before := h.state()
	h.place(redis.config("runit", redis.settings) + `
      - redis:
          supervisor: runit
          instance_id: b
          port: 0
          unix_socket: ` + quoted(redisSocket) + `
          data_dir: ` + quoted(redisData) + `
          save: ["900 1"]
          password: {}
          include: [` + quoted(redisMore) + `]
`)
	h.sh("mkdir -m 0777 /var/lib/redis-b")
	h.ends(64, "missing: the secret password of redis_b", "install", "configure")
	h.ok("--secrets=/srv/secrets", "install", "configure", "enable", "start")
	redis.asks(h, false)
	b := []string{"redis-cli", "-s", redisSocket}
	if got := h.Run(append(b, "ping")...); !strings.Contains(got.Stdout, "NOAUTH") {
		t.Errorf("without a password: %v", got)
	}
	b = append(b, "--no-auth-warning", "-a", password)
	h.answers("PONG\n", append(b, "ping")...)
	h.answers("dir\n"+redisData+"\n", append(b, "config", "get", "dir")...)
	h.answers("save\n900 1\n", append(b, "config", "get", "save")...)
	h.answers("maxmemory-samples\n7\n", append(b, "config", "get", "maxmemory-samples")...)
	h.answers("requirepass\n"+password+"\n", append(b, "config", "get", "requirepass")...)
	h.answers("OK\n", append(b, "set", "a", "b")...)
	h.ok("stop-redis-b")
	if !h.Exists(redisData + "/dump.rdb") {
		t.Error("at its end it has not written its data")
	}
	h.ends(70, "redis reads its configuration only when it starts", "reload-redis")
	h.ok("uninstall", "--purge")
	h.sh("rm -rf /var/lib/redis-b")
	if left := h.left(before); left != "" {
		t.Errorf("uninstall leaves\n%s", left)
	}
}
