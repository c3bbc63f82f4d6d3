package software

import (
	"testing"

	"palletgen/gen/lab"
)

// postgresPackages are those of which nothing may be there before.
var postgresPackages = []string{"postgresql-15", "postgresql-client-15", "postgresql-common", "postgresql-client-common"}

// logPrefix has in it what postgresql.conf may take for something else.
const logPrefix = `a'b\c\n\x41"d" #%%m ${x} é '`

var postgresql = software{
	crate:    "postgresql",
	service:  "postgres",
	process:  "postgres",
	packages: postgresPackages,
	purge:    append([]string{"postgresql", "postgresql-contrib"}, postgresPackages...),
	settings: []string{"port: 5433", "parameters: {application_name: \"it's \\\\ \\\"x\\\"\", cluster_name: first}", "log_line_prefix: " + quoted(logPrefix)},
	changed:  []string{"port: 5433", "work_mem: 9MB", "parameters: {cluster_name: first, log_min_duration_statement: 250ms}"},
	reloads:  true,
	prepare: func(h *host) {
		// Debian's packages keep their account when they are removed; of those that were purged nothing is to be left.
		h.sh(`id postgres >/dev/null 2>&1 || { groupadd -r postgres && useradd -r -g postgres -d /var/lib/postgresql postgres; }
rm -rf /etc/postgresql* /var/lib/postgresql /var/log/postgresql
# What they need and the host has in an older version stays in the newer one.
apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y upgrade`)
	},
	asks: func(h *host, changed bool) {
		h.t.Helper()
		if h.Exists("/etc/postgresql/15/main") {
			h.t.Error("Debian's packages have made a cluster of their own")
		}
		work, prefix := "4MB", logPrefix
		if changed {
			work, prefix = "9MB", "%m [%p] %q%u@%d "
		}
		h.sh(`until [ "$(` + psql + ` 'show work_mem')" = ` + work + ` ]; do sleep 0.1; done`)
		h.answers(prefix+"\n", "sh", "-c", psql+" 'show log_line_prefix'")
		h.answers("first\n", "sh", "-c", psql+" 'show cluster_name'")
		h.sh(psql + ` 'create table if not exists kept (x int)' 'insert into kept values (1)'`)
		if changed {
			h.onceMore("postgres", h.stopsCleanly)
		}
	},
}

// psql asks the server by its socket, as the account that rules it, and takes SQL.
const psql = `sql() { for q; do setpriv --reuid postgres --regid postgres --clear-groups psql -h /var/lib/postgresql/sockets -p 5433 -XAtqc "$q" postgres </dev/null || exit; done; }; sql`

// stopsCleanly stops PostgreSQL while a client is at something that takes long: the client is sent away, and the cluster is left as it
// should be, under systemd, too, which sends the signal to all processes.
func (h *host) stopsCleanly() {
	h.t.Helper()
	h.sh(`{ ` + psql + ` 'select pg_sleep(100)'; } </dev/null >/dev/null 2>&1 & until ` + psql + ` "select 'sleeps ' || count(*) from pg_stat_activity where query like '%pg_sleep(100)' and pid <> pg_backend_pid()" | grep -qx 'sleeps 1'; do sleep 0.1; done`)
	h.ok("stop")
	h.sh(`/usr/lib/postgresql/15/bin/pg_controldata /var/lib/postgresql/15/data | grep 'cluster state: *shut down$'`)
	h.ok("start")
	h.answers("4\n", "sh", "-c", psql+" 'select count(*) from kept'") // of the start, and after the kill, the reload and the reboot
}

func TestPostgresql(t *testing.T) {
	lab.Need(t, "setpriv")
	live(t, postgresql)
}

func TestPostgresqlRefuses(t *testing.T) {
	lab.Need(t, "setpriv")
	refuses(t, postgresql, []string{"port: 5433", "parameters: {no_parameter: x}"}, `unrecognized configuration parameter "no_parameter"`)
}
