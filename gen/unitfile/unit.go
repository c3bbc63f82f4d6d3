package unitfile

import (
	"path/filepath"
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/importer"
	"palletgen/gen/systemd"
)

// Options are what unit files do not say.
type Options struct {
	Group      string
	Supervisor string
	Possible   func(field string, value any) bool // what the supervisor can do of a service
	Files      []*diag.Source                     // what files of EnvironmentFile= hold
}

// A unit is one service as it is made.
type unit struct {
	Options
	name     string
	group    *importer.Group
	service  *importer.Service
	settings []systemd.Setting
	names    map[string]string // units that are imported: what their services are called
	ofUser   bool              // of a user's own systemd
	known    map[byte]string   // see specifiers

	byKey   map[[2]string][]systemd.Setting // settings, by section and key; see all
	env     map[string]string               // what the process is given
	pairs   importer.Map                    // that part of it that goes into the setting environment
	pairOf  map[string]int                  // where a variable is in pairs
	dynamic bool                            // more of it is known when it starts
	system  bool                            // the supervisor is systemd
	user    string
	pre     importer.List // commands before the start, and where they come from
	preFrom []diag.Pos

	first     []string // services that say that they come before this one
	firstFrom []diag.Pos
	comes     map[string][]string // of all services: after which others they come
}

// Import makes a group of units. The error is a diag.List.
func Import(files []File, o Options) (*importer.Group, error) {
	g := importer.NewGroup(o.Group, o.Supervisor)
	var units []*unit
	var from []string
	for _, f := range files {
		u := &unit{Options: o, name: f.Name, group: g, env: map[string]string{}, pairOf: map[string]int{}, system: o.Supervisor == "systemd"}
		for _, src := range f.Sources {
			if !slices.Contains(from, src.Name) {
				from = append(from, src.Name)
			}
			settings, ignored := systemd.Read(src)
			u.settings = append(u.settings, canonical(settings)...)
			for _, e := range ignored {
				g.Lose(e.Pos, e.Hint, "%s", e.Msg)
			}
		}
		if u.becomesService(f) {
			units = append(units, u)
		}
	}
	g.Head = []string{
		"From " + strings.Join(from, ", ") + ". Behind each value stands where it comes from;",
		"LOST is what is not carried over, or not quite.",
	}
	if len(units) == 0 {
		errs := diag.List(slices.Clone(g.Lost))
		errs.Add(diag.At(diag.Pos{}, "there is no unit that could become a service").WithHint("a .service with ExecStart= whose process stays"))
		return nil, errs.Err()
	}
	names(g, units)
	for _, u := range units {
		u.convert()
	}
	precede(units)
	comes := map[string][]string{}
	for _, u := range units {
		u.comes = comes
		u.order()
	}
	return g, nil
}

// obsolete are names that systemd still takes for newer ones.
var obsolete = map[string]string{
	"ReadWriteDirectories": "ReadWritePaths", "ReadOnlyDirectories": "ReadOnlyPaths", "InaccessibleDirectories": "InaccessiblePaths",
	"StartLimitInterval": "StartLimitIntervalSec", "MemoryLimit": "MemoryMax", "OnFailureIsolate": "OnFailureJobMode",
}

// canonical gives settings the newest name and section that they have.
func canonical(settings []systemd.Setting) []systemd.Setting {
	for i, s := range settings {
		if name := obsolete[s.Key]; name != "" {
			settings[i].Key = name
		}
		if s.Section == "Service" && strings.HasPrefix(settings[i].Key, "StartLimit") {
			settings[i].Section = "Unit"
		}
	}
	return settings
}

// whole says why units of other kinds are left out as a whole.
var whole = map[string][2]string{
	".timer":  {"a timer: nothing here starts a service by the clock", "a line in /etc/cron.d does, put there by a crate of your own"},
	".socket": {"a socket: no process here is handed sockets that are open already", "have the program listen by itself"},
	".path":   {"a path unit: nothing here starts a service when a file changes", "a program such as inotifywait can"},
	".target": {"a target: a group is what is started together here", "name its services in one call of import"},
}

// becomesService tells whether a unit can; else it says why not.
func (u *unit) becomesService(f File) bool {
	at := diag.Pos{Source: f.Sources[0]}
	prefix, instance, suffix := split(u.name)
	if suffix != ".service" {
		why, ok := whole[suffix]
		if !ok {
			why = [2]string{"no unit of a service", "leave it to the host's init"}
		}
		return u.leaveOut(at, why[1], "this is "+why[0])
	}
	if instance == "" && strings.Contains(u.name, "@") {
		return u.leaveOut(at, "name an instance: palletgen import "+prefix+"@1.service", "this is a template")
	}
	if strings.TrimSpace(f.Sources[0].Text) == "" {
		return u.leaveOut(at, "", "the file is empty: systemd starts no such unit")
	}
	for _, s := range u.settings {
		if s.Section == "Install" && s.Key == "WantedBy" && slices.Contains(strings.Fields(s.Value), "default.target") &&
			!slices.ContainsFunc(u.settings, func(s systemd.Setting) bool { return s.Key == "User" }) {
			u.ofUser = true
		}
	}
	if slices.Contains(strings.Split(filepath.ToSlash(f.Sources[0].Name), "/"), "user") {
		u.ofUser = true
	}
	if t, ok := u.last("Service", "Type"); ok && t.Value == "oneshot" {
		return u.leaveOut(t.Pos, "call it in a fragment of a crate, or put a line into /etc/cron.d", "%s runs and ends; services here are processes that stay", u.name)
	}
	if len(u.values("Service", "ExecStart")) == 0 {
		return u.leaveOut(at, "", "%s has no ExecStart=, so there is no process to keep", u.name)
	}
	return true
}

// leaveOut names a unit, all of whose lines are lost.
func (u *unit) leaveOut(at diag.Pos, hint, format string, args ...any) bool {
	u.group.Lose(at, hint, format+"; it is left out as a whole", args...)
	for _, s := range u.settings {
		u.group.Cover(s.Pos)
	}
	return false
}

// all returns the settings of a key in their order.
func (u *unit) all(section, key string) []systemd.Setting {
	if u.byKey == nil {
		u.byKey = map[[2]string][]systemd.Setting{}
		for _, s := range u.settings {
			at := [2]string{s.Section, s.Key}
			u.byKey[at] = append(u.byKey[at], s)
		}
	}
	return u.byKey[[2]string{section, key}]
}

// values returns the settings of a list since it was last emptied.
func (u *unit) values(section, key string) []systemd.Setting {
	all := u.all(section, key)
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Value == "" {
			return all[i+1:]
		}
	}
	return all
}

// list is values, and says of the others that they make no difference.
func (u *unit) list(key string) []systemd.Setting { return u.sectionList("Service", key) }

func (u *unit) sectionList(section, key string) []systemd.Setting {
	values := u.values(section, key)
	for _, s := range u.all(section, key)[:len(u.all(section, key))-len(values)] {
		u.service.Ignore(s.Pos, "%s=%s: an empty %s= begins the list anew", s.Key, s.Value, s.Key)
	}
	return values
}

// last returns the setting of a key that holds; false where none does.
func (u *unit) last(section, key string) (systemd.Setting, bool) {
	all := u.all(section, key)
	if len(all) == 0 || all[len(all)-1].Value == "" {
		return systemd.Setting{}, false
	}
	return all[len(all)-1], true
}

// one is last, and says of the others that they make no difference.
func (u *unit) one(key string) (systemd.Setting, bool) { return u.sectionOne("Service", key) }

func (u *unit) sectionOne(section, key string) (systemd.Setting, bool) {
	s, ok := u.last(section, key)
	all := u.all(section, key)
	for i, other := range all {
		if i < len(all)-1 || !ok {
			u.service.Ignore(other.Pos, "%s=%s: the last %s= holds", other.Key, other.Value, other.Key)
		}
	}
	return s, ok
}

// lose names a setting as lost.
func (u *unit) lose(s systemd.Setting, hint, format string, args ...any) {
	u.loseAt(s.Pos, s, hint, format, args...)
}

func (u *unit) loseAt(at diag.Pos, s systemd.Setting, hint, format string, args ...any) {
	u.service.Lose(at, hint, "%s=: "+format, append([]any{s.Key}, args...)...)
}
