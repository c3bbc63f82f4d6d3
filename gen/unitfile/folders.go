package unitfile

import (
	"fmt"
	"path"
	"strings"
	"unicode"

	"palletgen/gen/diag"
	"palletgen/gen/importer"
	"palletgen/gen/systemd"
)

// folders handles the working folder, and those that systemd makes.
func (u *unit) folders() {
	if s, ok := u.one("WorkingDirectory"); ok {
		text, ok := u.text(s)
		folder, lax := strings.CutPrefix(text, "-")
		switch {
		case !ok:
		case folder == "~" && u.user == "" && !u.ofUser:
			u.service.Set("directory", importer.Text("/root"), s.Pos)
		case folder == "~":
			u.lose(s, "directory: its path", "the home of the account is known on the host alone")
		case !isPath(folder):
			u.lose(s, "", "%q is no absolute path without .., or holds what no path can here", folder)
		default:
			u.service.Set("directory", importer.Text(folder), s.Pos)
			if lax {
				u.lose(s, "", "with - the service starts even where the folder is missing; here it does not")
			}
		}
	}
	for _, d := range []struct{ key, root, variable, mode string }{
		{"RuntimeDirectory", "/run", "RUNTIME_DIRECTORY", "RuntimeDirectoryMode"}, {"StateDirectory", "/var/lib", "STATE_DIRECTORY", "StateDirectoryMode"},
		{"CacheDirectory", "/var/cache", "CACHE_DIRECTORY", "CacheDirectoryMode"}, {"LogsDirectory", "/var/log", "LOGS_DIRECTORY", "LogsDirectoryMode"},
		{"ConfigurationDirectory", "/etc", "CONFIGURATION_DIRECTORY", "ConfigurationDirectoryMode"},
	} {
		u.made(d.key, d.root, d.variable, d.mode)
	}
}

// isPath reports whether s can be a path here: absolute, without .., and with
// nothing that a unit file could not say.
func isPath(s string) bool {
	return strings.HasPrefix(s, "/") && !strings.Contains(s+"/", "/../") && len(s) < 4096 && systemd.Fits(s) &&
		!strings.ContainsFunc(s, unicode.IsControl) && !strings.HasSuffix(s, "\\") && !strings.HasSuffix(s, " ")
}

// made handles folders that systemd makes before the start.
func (u *unit) made(key, root, variable, modeKey string) {
	mode := "0755"
	if s, ok := u.one(modeKey); ok {
		mode = s.Value
		if len(u.values("Service", key)) > 0 {
			u.service.Carry(s.Pos)
		}
	}
	var paths []string
	var at diag.Pos
	for _, s := range u.list(key) {
		text, ok := u.text(s)
		if !ok {
			continue
		}
		if u.ofUser {
			u.lose(s, "make the folder, and write its path into environment", "the folder of the account is known on the host alone")
			continue
		}
		var mine []string
		for _, name := range strings.Fields(text) {
			name, _, link := strings.Cut(name, ":")
			if link {
				u.lose(s, "", "a symbolic link to %s is not made", name)
			}
			if p := path.Join(root, name); isPath(p) && !strings.Contains("/"+name+"/", "/../") {
				mine = append(mine, p)
			}
		}
		u.makeFolders(s, key, mode, mine)
		paths, at = append(paths, mine...), s.Pos
	}
	if len(paths) > 0 {
		u.variable(variable, strings.Join(paths, ":"), at)
	}
}

// makeFolders has the folders of one line made. Commands before the start are run
// by the account of the service, so only root's can be made there.
func (u *unit) makeFolders(s systemd.Setting, key, mode string, paths []string) {
	hint := "in the configure.sh.tmpl of a crate of your own:"
	if u.system {
		hint = "a drop-in on the host that says " + s.Key + "=, or in the configure.sh.tmpl of a crate of your own:"
	}
	owner, group := u.user, u.user
	if key == "ConfigurationDirectory" {
		owner, group = "root", "root"
	} else if g, ok := u.service.Get("group").(importer.Text); ok {
		group = string(g)
	}
	for _, p := range paths {
		if u.user == "" {
			u.pre = append(u.pre, importer.Command{Argv: []string{"install", "-d", "-m", mode, p}})
			u.preFrom = append(u.preFrom, s.Pos)
		}
		hint += fmt.Sprintf(" directory %s %s %s %s;", p, owner, group, mode)
	}
	switch {
	case len(paths) == 0:
		u.lose(s, "", "%q names no folder", s.Value)
	case u.user != "" && key == "RuntimeDirectory":
		u.lose(s, strings.TrimSuffix(hint, ";"), "nothing makes the folder before each start, nor removes it after the end")
	case u.user != "":
		u.lose(s, strings.TrimSuffix(hint, ";"), "nothing makes the folder before the start")
	case key == "RuntimeDirectory":
		u.lose(s, "post_stop: [[rm, -rf, FOLDER]] does", "nothing removes the folder after the end")
	}
}
