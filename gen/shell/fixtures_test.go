package shell_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// services are settings of the crate app; NAME is the group's name.
var services = []string{
	`command: [/bin/x, "a b"]`,
	`
    command: [/bin/x, "it's", "%n $A"]
    user: u
    group: g
    groups: [h, i]
    create_user: true
    packages: {apt: [a, b|c], apk: [a], dnf: [d]}
    directory: /srv/x
    environment: {A: "a b", B: "$x'\"\\ \n%"}
    environment_file: /etc/x/env
    umask: "0027"
    nice: 5
    limits: {nofile: 4096, nproc: 10, core: 0, memlock: unlimited, stack: 1024000, as: unlimited}
    stop_signal: INT
    stop_timeout: 3
    reload_command: [/bin/r, "a b"]
    restart: always
    restart_delay: 4
    pre_start: [[/bin/p, "a b"], "y $z"]
    post_stop: [[/bin/q, "a b"]]
    ready_port: 80
    ready_timeout: 5
    log_dir: /var/log/x
    log_size: 8192
    log_keep: 3
    after: [b, c]
    settle: 0`,
	`
    command: x $y
    user: u
    restart: never
    ready_command: [/bin/t, "a b"]
    environment: {A: b}
    limits: {nofile: 5}
    nice: -5
    reload_signal: USR1`,
	`
    command: [x]
    restart: on-failure
    restart_delay: 2
    ready_file: /run/x
    post_stop: [[/bin/q]]
    umask: "022"
    limits: {core: 0}
    environment_file: /e`,
}

// special are settings of one supervisor: its name, a colon, and crates.
var special = []string{
	`systemd: app: {command: [x], systemd: {protect_system: full, protect_home: tmpfs, read_write_paths: [/a b], read_only_paths: [/r], inaccessible_paths: [/i],
      restrict_address_families: [AF_UNIX], system_call_filter: ["~@a", b], capabilities: [CAP_A], ambient_capabilities: [CAP_B], memory_high: 1, memory_max: 2,
      tasks_max: 3, cpu_quota: 4, cpu_weight: 5, io_weight: 6, wants: [a.target]}, group: g, groups: [h], environment: {A: "b c"}, pre_start: [[p, "a b"]], post_stop: [[q, "a b"]]}`,
	`systemd: app: {command: [x], user: u, log_dir: /var/log/x, systemd: {scope: user}}`,
	`upstart: app: {command: [x], user: u, group: g, environment: {A: "b c"}, pre_start: [[p, "a b"]]}`,
	`upstart: app: {command: [x], user: u, group: g, environment_file: /e, log_dir: /var/log/x, after: [b], pre_start: [p, q]}`,
	`supervisord: app: {command: [x], after: [b], ready_port: 5, supervisord: {config_file: /etc/s.conf}}`,
	`sysvinit: app: {command: [x], after: [b], limits: {memlock: 1024, stack: 1024, as: 1024}}`,
	`rcd: app: {command: [x], user: u, groups: [a], after: [b], environment: {A: b}}`,
	`launchd: app: {command: [x], user: u, groups: [a], environment: {A: b}, pre_start: [p]}`,
	`runit: app: {command: [x], user: u, groups: [a], limits: {memlock: 1024, stack: 1024, as: 1024}}`,
	`runit: app: {command: [x], groups: [a]}`,
	`runit: app: {command: [x], environment: {COLUMNS: "5", A: b}, limits: {stack: unlimited}}`,
	`upstart: app: {command: [x], user: u, group: g, log_dir: /var/log/x}`,
	`daemontools: app: {command: [x], user: u, groups: [a]}`,
	`nohup: java: {dist_url: "https://a/b.tar.gz", sha256: "` + strings.Repeat("0", 64) + `"}`,
	`nohup: java: {}`,
	`nohup: app: {command: [x], secrets: {A: {}}}`,
	`nohup: app: {command: [x], user: u, environment_file: /e, secrets: {A: {}, B: {file: /b}}}`,
	`nohup: riemann: {owner: o, need_repl: true}`,
	`nohup: nginx: {main_extra: a, http_extra: "b\nc", worker_files: 5, temp_dir: /tmp/n, sites: {s: {names: [a], proxy_to: "http://b/"},
      t: {redirect_to: "https://c", extra: "d", certificate: /c, certificate_key: /k}}}`,
	`nohup: nginx: {listen_host: "::1", root: /r}`,
	`nohup: nginx: {listen_host: 127.0.0.1, root: /r}`,
	`nohup: postgresql: {access: [{type: local, options: map=a}, {type: host, address: all, options: b}]}`,
}

// branches are groups of which each goes a branch that no other goes: a
// supervisor, a colon, and the crates below each other.
var branches = []string{
	// Two copies of everything, and two supervisors of a kind.
	`nohup: app: {command: [x], instance_id: b, secrets: {A: {}}}`,
	`nohup: redis: {instance_id: b, ready_command: [redis-cli, ping], append_only: true, protected_mode: false}`,
	`nohup: nginx: {instance_id: b, access_log: false, sites: {s: {port: 8443, root: /r}}}`,
	`nohup: nginx: {instance_id: c, listen_host: "::1", sites: {s: {names: [a], root: /r, certificate: /c, certificate_key: /k}}}`,
	`nohup: haproxy: {instance_id: b, mode: tcp, stats_port: 9, stats_host: "::1", extra: e, frontends: {w: {port: 80, mode: http}}}`,
	`nohup: postgresql: {instance_id: b, listen_hosts: [a, b], access: [{type: local}]}`,
	`nohup: riemann: {instance_id: b, need_instrumentation: false}`,
	`systemd: app: {command: [x], systemd: {instance_id: a}}
app: {name: y, command: [y], supervisor: systemd, instance_id: y, systemd: {instance_id: b}}`,
	// Releases and parts of Java.
	`nohup: java: {version: 8, component: jdk}`,
	`nohup: memcached: {evict: false, listen: ["::1"], options: ["-vv"]}`,
	`nohup: prometheus-node-exporter: {listen_host: "::1", web_config: /w, only_collectors: true, collectors: [a], no_collectors: [b], args: ["--x=y z"]}`,
	// A service that is started again after a failure alone, and what is done around it.
	`launchd: app: {command: [x], restart: on-failure}`,
	`supervisord: app: {command: [x], restart: on-failure}`,
	`upstart: app: {command: [x], restart: on-failure, user: u, log_dir: /var/log/x}`,
	`upstart: app: {command: [x], restart: on-failure, log_dir: /var/log/x, post_stop: [[/q, a]], upstart: {respawn_interval: 0}}`,
	`sysvinit: app: {command: [x], pre_start: [[p, "a b"]]}`,
	`nohup: app: {command: [/x], environment: {COLUMNS: "5"}, pre_start: [p]}`,
	"systemd: app: {command: [/x], reload_command: 'r $HOME'}",
	`systemd: app: {command: [/x], stop_timeout: 0, systemd: {private_tmp: true, private_devices: true, private_network: true, protect_kernel_tunables: true,
      protect_kernel_modules: true, protect_control_groups: true, no_new_privileges: true, restrict_suid_sgid: true, restrict_namespaces: true, memory_deny_write_execute: true}}`,
}

// refused are groups of which each is refused by an action that calls fail.
var refused = []string{
	`systemd: app: {command: [x], log_size: 8192}`,
	`systemd: app: {command: [x], user: u, environment_file: /e, systemd: {capabilities: [CAP_A]}}`,
	`systemd: app: {command: [x], systemd: {scope: user}}`,
	`systemd: app: {command: [x], log_dir: "/var/log/a*"}`,
	`upstart: app: {command: [x], log_size: 8192}`,
	`upstart: app: {command: [x], log_dir: "/var/log/a?"}`,
	`openrc: app: {command: [x], log_dir: "/var/log/[a]"}`,
	`sysvinit: app: {command: [x], log_dir: "/var/log/\"a"}`,
	`s6: app: {command: [x], log_dir: /l, log_size: 1000}`,
	`daemontools: app: {command: [x], log_dir: /l, log_size: 16777216}`,
	`nohup: app: {command: [x], limits: {core: 5}}`,
	`nohup: app: {command: [x], limits: {memlock: 1025}}`,
	`nohup: app: {command: [x], create_user: true}`,
	`nohup: redis: {port: 0}`,
	`nohup: java: {dist_url: "https://a/b.tar.gz"}`,
	`nohup: riemann: {version: "0.3.11"}`,
	`nohup: haproxy: {frontends: {w: {port: 80, backend: b}}}`,
	`nohup: haproxy: {}`,
	`nohup: nginx: {config: "daemon on;\n"}`,
	`nohup: nginx: {sites: {s: {root: /r, proxy_to: "http://b/"}}}`,
	`nohup: nginx: {sites: {s: {port: 80}}}`,
	`nohup: nginx: {sites: {s: {root: /r, certificate: /c}}}`,
	`nohup: postgresql: {access: [{type: local, address: all}]}`,
	`nohup: postgresql: {access: [{type: host}]}`,
	`nohup: postgresql: {parameters: {port: "1"}}`,
}

// supervisors are those that a service can have.
func supervisors(t testing.TB) []string {
	entries, err := os.ReadDir("../../templates/supervisors")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() { // and not the README
			names = append(names, e.Name())
		}
	}
	return names
}

// servers are crates with their settings.
var servers = []string{
	"redis: {}",
	"redis: {password: {}}",
	"redis: {unix_socket: /run/r, include: [/i], directives: [a b], save: [], bind: []}",
	"memcached: {}",
	"memcached: {unix_socket: /run/m}",
	"prometheus-node-exporter: {}",
	"riemann: {}",
	"haproxy: {frontends: {w: {port: 80, backend: b, host: '::', bind_options: tfo, mode: tcp, extra: 'a'}}, backends: {b: {servers: {s: 'h:1'}, mode: tcp, extra: x, http_check: /h}}, threads: 2, stats_port: 9, global_extra: g, defaults_extra: d, extra: e}",
	"haproxy: {config: \"a\\nb\\n\"}",
	"nginx: {}",
	"nginx: {config: \"events {}\\n\"}",
	"postgresql: {parameters: {a: 'b', wal_level: logical}}",
}

// fixtures makes groups of everything.
func fixtures(t testing.TB) string {
	var b strings.Builder
	b.WriteString("groups:\n")
	for _, sup := range supervisors(t) {
		for i, settings := range services {
			fmt.Fprintf(&b, "  app%d-%s:\n    extends:\n    - %s\n    - app:\n        supervisor: %s\n        %s\n", i, sup, sup, sup, strings.ReplaceAll(settings, "\n    ", "\n        "))
		}
		for i, server := range servers {
			name, settings, _ := strings.Cut(server, ": ")
			settings = strings.TrimSuffix(strings.TrimPrefix(settings, "{"), "}")
			if settings != "" {
				settings = ", " + settings
			}
			fmt.Fprintf(&b, "  server%d-%s:\n    extends:\n    - %s\n    - %s: {supervisor: %s%s}\n", i, sup, sup, name, sup, settings)
		}
	}
	for name, list := range map[string][]string{"special": special, "branch": branches, "refused": refused} {
		for i, text := range list {
			fmt.Fprintf(&b, "  %s%d:\n%s", name, i, fixture(text))
		}
	}
	return b.String()
}

// fixture makes the group of a supervisor, a colon, and crates below each other,
// of which the first is to run under it; java runs under none.
func fixture(text string) string {
	sup, text, _ := strings.Cut(text, ": ")
	group := "    extends:\n    - " + sup + "\n"
	for i, crate := range strings.Split(text, "\n"+"app:") {
		if i > 0 {
			crate = "app:" + crate
		}
		name, settings, _ := strings.Cut(crate, ": {")
		if i == 0 && name != "java" {
			settings = strings.TrimSuffix("supervisor: "+sup+", "+settings, ", }")
			if !strings.HasSuffix(settings, "}") {
				settings += "}"
			}
		}
		group += "    - " + name + ": {" + settings + "\n"
	}
	return group
}
