package software

import (
	"os"
	"regexp"
	"slices"
	"strings"

	"palletgen/gen/lab"
)

// forgotten is what package managers, inits and logs keep for themselves, whatever was there and is gone.
var forgotten = []string{
	"/var/lib/dpkg", "/var/lib/apt", "/var/cache", "/var/log/apt", "/var/log/dpkg.log", "/var/log/alternatives.log", "/var/log/journal",
	"/etc/ld.so.cache", "/etc/.pwd.lock", "/var/lib/systemd", "/etc/systemd/system.control", "/srv/bundles", "/var/lib/misc", "/var/lib/swcatalog",
	"/etc/passwd-", "/etc/group-", "/etc/shadow", "/etc/gshadow", "/etc/shadow-", "/etc/gshadow-", "/var/lib/ucf", "/etc/subuid", "/etc/subgid", "/etc/init.d/.depend.start",
	"/etc/init.d/.depend.stop", "/etc/init.d/.depend.boot", "/var/log/wtmp", "/var/log/btmp", "/var/log/lastlog", "/root/.cache",
}

// transient is what services leave in /tmp when they are killed.
var transient = regexp.MustCompile(`/tmp/(systemd-private-|hsperfdata_)`)

// state is all in which the files of the host differ from those of the machine's own host, by path.
func (h *host) state() map[string]string {
	h.t.Helper()
	state := map[string]string{}
	for _, f := range h.Changed() {
		if within(f.Path, forgotten) || transient.MatchString(f.Path) || same(f) {
			continue
		}
		state[f.Path] = f.String()
	}
	return state
}

// within says whether a path is one of the folders and files, or below one.
func within(path string, folders []string) bool {
	return slices.ContainsFunc(folders, func(p string) bool { return path == p || strings.HasPrefix(path, p+"/") })
}

// same says whether a folder is listed only for what is or was in it: the machine's own host has it as well.
func same(f lab.FileInfo) bool {
	info, err := os.Lstat(f.Path)
	return f.Kind == "folder" && err == nil && info.IsDir()
}

// left lists what is not as it was before, but for some folders; "" for nothing.
func (h *host) left(before map[string]string, except ...string) string {
	h.t.Helper()
	now := h.state()
	var lines []string
	for path, was := range before {
		if is, ok := now[path]; is != was && !within(path, except) {
			if !ok {
				is = "as on any host"
			}
			lines = append(lines, "was "+was+"\n  is "+is)
		}
	}
	for path, is := range now {
		if _, ok := before[path]; !ok && !within(path, except) {
			lines = append(lines, "new "+is)
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
