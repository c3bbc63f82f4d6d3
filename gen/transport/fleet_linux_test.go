package transport

import (
	"fmt"
	"strings"
	"testing"

	"palletgen/gen/lab"
)

// fleetSize is how many hosts a fleet has.
const fleetSize = 20

// A fleet is a machine from which hosts h1 … h20 are reached by "ssh h1" and so on. Each is a network namespace at a
// bridge, with processes, mounts and a root of its own, and an sshd that runit keeps, which is process 1 there.
type fleet struct {
	*host
	names []string
}

// layRoot makes /mnt/root, a root of its own, in a mount namespace.
const layRoot = `set -eu
mount -t tmpfs -o mode=0755 none /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work none /mnt/root
`

// bootHost is what a host does before runit runs: $1 is its name, $2 its address. The folder of its service is one of
// the machine, where tests can see it.
const bootHost = `#!/bin/sh
umask 022
` + layRoot + `cd /mnt/root
mount -t proc none proc
mount --rbind /dev dev
mount -t tmpfs -o mode=0755 none run
mount -t tmpfs -o mode=1777 none tmp
: >run/lab
mount --bind /run/lab run/lab # the helper programs
rm -rf etc/service # which may lead out of this root
mkdir -p run/sshd srv/app etc/service/sshd
mount --bind "/srv/fleet/$1" srv/app
hostname "$1"
sed "s/^ListenAddress .*/ListenAddress $2/" /srv/sshd/config >srv/sshd/config
printf '#!/bin/sh\nexec /usr/sbin/sshd -D -f /srv/sshd/config\n' >etc/service/sshd/run
chmod 755 etc/service/sshd/run
exec chroot . runsvdir -P /etc/service
`

// connectHosts makes the network of the hosts, which are the arguments, and lets ssh know them.
const connectHosts = `set -eu
ip link add fleet type bridge
ip address add 10.7.0.1/24 dev fleet
ip link set fleet up
mkdir -p -m 0700 /root/.ssh
n=10
for host; do
    n=$((n + 1))
    ip netns add "$host"
    ip link add "to-$host" type veth peer name eth0 netns "$host"
    ip link set "to-$host" master fleet up
    ip -n "$host" address add "10.7.0.$n/24" dev eth0
    ip -n "$host" link set eth0 up
    ip -n "$host" link set lo up
    mkdir -p -m 0777 "/srv/fleet/$host"
    echo up >"/srv/fleet/$host/mode"
    : >"/srv/fleet/$host/ready"
    echo "10.7.0.$n $host" >>/etc/hosts
    sed "s/^[^ ]*/[$host]:` + sshPort + `/" /srv/client/known_hosts >>/root/.ssh/known_hosts
    printf '%s\n' "$host" >>/root/hosts
done
printf '%s\n' 'Host h*' 'Port ` + sshPort + `' 'IdentityFile ` + clientKey + `' 'CheckHostIP no' >/root/.ssh/config
`

// newFleet starts the hosts, and waits until each answers. In /root of the machine is what whoever works there has: the
// bundles in dist, and the list hosts.
func newFleet(t testing.TB, bundles map[string]string) *fleet {
	t.Helper()
	for _, program := range []string{"ip", "runsvdir", "unshare"} {
		lab.Need(t, program)
	}
	f := &fleet{host: newHost(t, "dash")}
	if got := f.Run("unshare", "--mount", "sh", "-c", layRoot); got.Code != 0 {
		lab.Skip(t, "needs a kernel that lays an overlay over a machine's root, which is one: "+strings.TrimSpace(got.Stderr))
	}
	for i := range fleetSize {
		f.names = append(f.names, fmt.Sprintf("h%d", i+1))
	}
	f.WriteFile("/srv/fleet/boot", bootHost, 0o755)
	f.must(append([]string{"sh", "-c", connectHosts, "sh"}, f.names...)...)
	booted := map[string]*lab.Process{}
	for i, name := range f.names {
		booted[name] = f.Start("ip", "netns", "exec", name, "unshare", "--mount", "--pid", "--uts", "--fork", "/srv/fleet/boot", name, fmt.Sprintf("10.7.0.%d", 11+i))
	}
	for name, data := range bundles {
		f.WriteFile("/root/dist/"+name, data, 0o755)
	}
	for _, name := range f.names {
		lab.Until(t, patience, name, func() bool {
			if !booted[name].Running() {
				t.Fatalf("%s: %v", name, f.Wait(booted[name], patience))
			}
			got := f.Run("ssh", name, "hostname")
			return got.Code == 0 && strings.TrimSpace(got.Stdout) == name
		})
	}
	return f
}
