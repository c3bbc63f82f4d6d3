package unitfile

import (
	"regexp"
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/importer"
	"palletgen/gen/lazyregexp"
	"palletgen/gen/systemd"
)

// early are units that are there before any service of a supervisor is started at
// boot.
var early = strings.Fields(`basic.target sysinit.target local-fs.target local-fs-pre.target network.target network-pre.target syslog.target syslog.service
	syslog.socket rsyslog.service systemd-journald.service systemd-journald.socket sockets.target paths.target timers.target remote-fs.target
	systemd-tmpfiles-setup.service systemd-sysctl.service systemd-modules-load.service systemd-udevd.service systemd-udev-settle.service
	swap.target time-set.target nss-user-lookup.target systemd-remount-fs.service systemd-sysusers.service dev-log.socket`)

// late are units before which every service is started, and stopped after.
var late = strings.Fields(`shutdown.target reboot.target halt.target poweroff.target umount.target final.target multi-user.target default.target graphical.target
	rescue.target emergency.target systemd-reboot.service`)

// optionUnit is what the options after and wants of the supervisor systemd take.
var optionUnit = lazyregexp.New(`^[A-Za-z0-9:_.@-]+[.](target|service|socket|mount|path|device|timer)$`)

// An ordering is what After=, Wants= and others of one unit become.
type ordering struct {
	u                    *unit
	after, wants         []string
	afterFrom, wantsFrom []diag.Pos
	services             []string // of the group, that come first
	from                 []diag.Pos
}

// precede tells each unit which others come before it by their own word.
func precede(units []*unit) {
	for _, u := range units {
		for _, s := range u.settings {
			if s.Section != "Unit" || s.Key != "Before" {
				continue
			}
			for _, other := range units {
				if other != u && slices.Contains(strings.Fields(s.Value), other.name) {
					other.first, other.firstFrom = append(other.first, u.service.FullName()), append(other.firstFrom, s.Pos)
				}
			}
		}
	}
}

// order handles how units depend on each other, and when they start at boot.
func (u *unit) order() {
	o := &ordering{u: u, services: u.first, from: u.firstFrom}
	for _, s := range u.settings {
		if s.Section != "Unit" {
			continue
		}
		switch s.Key {
		case "After", "Before", "Wants", "Requires", "Requisite", "BindsTo", "PartOf", "Upholds", "Conflicts":
			o.setting(s)
		case "DefaultDependencies":
			if yes, ok := boolean(s.Value); ok && yes {
				u.service.Ignore(s.Pos, "DefaultDependencies=%s", s.Value)
			}
		}
	}
	o.acyclic()
	if len(o.services) > 0 {
		u.service.Set("after", importer.Texts(o.services), o.from...)
		if !u.Possible("after", "") {
			u.service.Drop("after")
			for _, at := range o.from {
				u.service.Lose(at, "", "%s starts services in no order", u.Supervisor)
			}
		}
	}
	if u.system {
		if len(o.after) > 0 {
			u.service.Option("after", importer.Texts(o.after), o.afterFrom...)
		}
		if len(o.wants) > 0 {
			u.service.Option("wants", importer.Texts(o.wants), o.wantsFrom...)
		}
	}
	u.install()
	u.rest()
}

// acyclic leaves out what would close a circle: systemd, too, drops one of the
// units then.
func (o *ordering) acyclic() {
	var services []string
	var from []diag.Pos
	self := o.u.service.FullName()
	for i, name := range o.services {
		if name == self || o.u.reaches(name, self, map[string]bool{}) {
			o.u.service.Lose(o.from[i], "", "%s and %s are each to come after the other", self, name)
			continue
		}
		services, from = append(services, name), append(from, o.from[i])
	}
	o.services, o.from = services, from
	o.u.comes[self] = services
}

// reaches tells that a service comes after another, by way of any others.
func (u *unit) reaches(name, other string, seen map[string]bool) bool {
	if seen[name] {
		return false
	}
	seen[name] = true
	return slices.ContainsFunc(u.comes[name], func(next string) bool { return next == other || u.reaches(next, other, seen) })
}

// setting handles one line.
func (o *ordering) setting(s systemd.Setting) {
	var lost []string
	for _, name := range strings.Fields(s.Value) {
		name, problem := o.u.specify(name)
		if problem != nil {
			o.u.lose(s, problem.Hint, "%s", problem.Msg)
			continue
		}
		if !strings.Contains(name, ".") {
			name += ".service"
		}
		if !o.dependency(s, name) {
			lost = append(lost, name)
		}
	}
	switch {
	case len(lost) == 0 && !o.u.group.Told(s.Pos):
		o.u.service.Ignore(s.Pos, "%s=%s", s.Key, s.Value)
	case len(lost) == 0:
	case s.Key == "After" || s.Key == "Before":
		o.u.lose(s, "import that unit into the same group; or pre_start: a command that waits", "nothing orders the service and %s", strings.Join(lost, " "))
	default:
		o.u.lose(s, "import those units into the same group, whose services are started and stopped together", "the service does not depend on %s", strings.Join(lost, " "))
	}
}

// dependency handles one unit; false where it is lost.
func (o *ordering) dependency(s systemd.Setting, name string) bool {
	other, imported := o.u.names[name]
	isEarly, isLate := slices.Contains(early, name), slices.Contains(late, name)
	switch {
	case name == o.u.name:
		return true
	case s.Key == "After" && imported:
		o.u.service.Carry(s.Pos)
		if !slices.Contains(o.services, other) {
			o.services, o.from = append(o.services, other), append(o.from, s.Pos)
		}
		return true
	case s.Key == "Before" && imported: // see precede
		o.u.service.Carry(s.Pos)
		return true
	case s.Key == "Before":
		return isLate
	case s.Key == "Conflicts":
		return isLate
	case s.Key == "After" && o.u.system && optionUnit.MatchString(name):
		o.u.service.Carry(s.Pos)
		o.after, o.afterFrom = append(o.after, name), append(o.afterFrom, s.Pos)
		return true
	case s.Key == "Wants" && o.u.system && !imported && optionUnit.MatchString(name):
		o.u.service.Carry(s.Pos)
		o.wants, o.wantsFrom = append(o.wants, name), append(o.wantsFrom, s.Pos)
		return true
	}
	return s.Key == "Wants" && imported || isEarly || s.Key == "After" && isLate
}

// install handles what enables the unit.
func (u *unit) install() {
	for _, s := range u.sectionList("Install", "WantedBy") {
		units := strings.Fields(s.Value)
		switch {
		case len(units) == 1 && slices.Contains(late, units[0]):
			u.service.Ignore(s.Pos, "WantedBy=%s: ./run enable", s.Value)
		case len(units) == 1 && u.system && regexp.MustCompile(`^[A-Za-z0-9:_.@-]+[.](target|service)$`).MatchString(units[0]):
			u.service.Option("wanted_by", importer.Text(units[0]), s.Pos)
		default:
			u.lose(s, "", "enable has it start at boot, not with %s", s.Value)
		}
	}
}
