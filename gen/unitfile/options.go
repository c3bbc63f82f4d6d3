package unitfile

import (
	"slices"
	"strconv"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/importer"
	"palletgen/gen/lazyregexp"
	"palletgen/gen/systemd"
)

// A form is how the value of an option of the supervisor systemd is written.
type form int

const (
	truth form = iota
	choice
	paths
	matching // words of a pattern
	bytes
	number
	percent
)

// An option is a setting that the supervisor systemd has, too.
type option struct {
	key, name string
	form      form
	pattern   *lazyregexp.Regexp // of matching
	values    map[string]string  // of choice
}

var capability = lazyregexp.New(`^CAP_[A-Z0-9_]+$`)

// options are those of the supervisor systemd.
var options = []option{
	{key: "ProtectSystem", name: "protect_system", form: choice, values: map[string]string{"full": "full", "strict": "strict"}},
	{key: "ProtectHome", name: "protect_home", form: choice, values: map[string]string{"read-only": "read-only", "tmpfs": "tmpfs"}},
	{key: "ReadWritePaths", name: "read_write_paths", form: paths},
	{key: "ReadOnlyPaths", name: "read_only_paths", form: paths},
	{key: "InaccessiblePaths", name: "inaccessible_paths", form: paths},
	{key: "PrivateTmp", name: "private_tmp"},
	{key: "PrivateDevices", name: "private_devices"},
	{key: "PrivateNetwork", name: "private_network"},
	{key: "ProtectKernelTunables", name: "protect_kernel_tunables"},
	{key: "ProtectKernelModules", name: "protect_kernel_modules"},
	{key: "ProtectControlGroups", name: "protect_control_groups"},
	{key: "NoNewPrivileges", name: "no_new_privileges"},
	{key: "RestrictSUIDSGID", name: "restrict_suid_sgid"},
	{key: "RestrictNamespaces", name: "restrict_namespaces"},
	{key: "MemoryDenyWriteExecute", name: "memory_deny_write_execute"},
	{key: "RestrictAddressFamilies", name: "restrict_address_families", form: matching, pattern: lazyregexp.New(`^AF_[A-Z0-9_]+$`)},
	{key: "SystemCallFilter", name: "system_call_filter", form: matching, pattern: lazyregexp.New(`^~?@?[a-z0-9_-]+$`)},
	{key: "CapabilityBoundingSet", name: "capabilities", form: matching, pattern: capability},
	{key: "AmbientCapabilities", name: "ambient_capabilities", form: matching, pattern: capability},
	{key: "MemoryHigh", name: "memory_high", form: bytes},
	{key: "MemoryMax", name: "memory_max", form: bytes},
	{key: "TasksMax", name: "tasks_max", form: number},
	{key: "CPUQuota", name: "cpu_quota", form: percent},
	{key: "CPUWeight", name: "cpu_weight", form: number},
	{key: "IOWeight", name: "io_weight", form: number},
}

// optional tells that the supervisor systemd has a setting as an option.
func optional(key string) bool {
	return slices.ContainsFunc(options, func(o option) bool { return o.key == key })
}

// harden handles what keeps the process from things, and its share of the machine.
func (u *unit) harden() {
	for _, o := range options {
		switch o.form {
		case paths, matching:
			u.listOption(o)
		default:
			if s, ok := u.one(o.key); ok {
				u.option(o, s)
			}
		}
	}
	u.rootReads()
}

// option handles one that has a single value.
func (u *unit) option(o option, s systemd.Setting) {
	value, isTruth := boolean(s.Value)
	n, isSize := size(s.Value)
	switch {
	case (o.form == truth || o.form == choice) && isTruth && !value, o.form >= bytes && s.Value == "infinity":
		u.service.Ignore(s.Pos, "%s=%s, as where it is not said", s.Key, s.Value)
	case !u.system: // rest names it
	case o.form == truth && isTruth:
		u.service.Option(o.name, importer.Plain("true"), s.Pos)
	case o.form == choice && isTruth:
		u.service.Option(o.name, importer.Text("yes"), s.Pos)
	case o.form == choice && o.values[s.Value] != "":
		u.service.Option(o.name, importer.Text(o.values[s.Value]), s.Pos)
	case o.form == bytes && isSize && n > 0:
		u.service.Option(o.name, importer.Number(n), s.Pos)
	case o.form == number && isSize && n > 0 && n < 1<<31 && (n <= 10000 || o.key == "TasksMax") && strings.Trim(s.Value, "0123456789") == "":
		u.service.Option(o.name, importer.Number(n), s.Pos)
	case o.form == percent:
		if n, err := strconv.ParseInt(strings.TrimSuffix(s.Value, "%"), 10, 32); err == nil && n > 0 && strings.HasSuffix(s.Value, "%") {
			u.service.Option(o.name, importer.Number(n), s.Pos)
		}
	}
}

// listOption handles one that is a list.
func (u *unit) listOption(o option) {
	var list []string
	var from []diag.Pos
	if all := u.all("Service", o.key); o.key == "CapabilityBoundingSet" && len(all) > 0 && all[len(all)-1].Value == "" {
		u.lose(all[len(all)-1], tools[o.key], "an empty one takes all capabilities from the process; here it keeps them")
	}
	for _, s := range u.list(o.key) {
		if !u.system {
			continue // rest names it
		}
		words, ok := u.optionWords(o, s)
		if ok {
			list, from = append(list, words...), append(from, s.Pos)
		}
	}
	if len(list) > 0 {
		u.service.Option(o.name, importer.Texts(list), from...)
	}
}

// optionWords reads one line of a list; false where the option cannot say it, which
// is told then.
func (u *unit) optionWords(o option, s systemd.Setting) ([]string, bool) {
	text, ok := u.text(s)
	if !ok {
		return nil, false
	}
	inverse := ""
	if rest, not := strings.CutPrefix(text, "~"); not && o.key == "SystemCallFilter" {
		text, inverse = rest, "~"
	}
	texts, err := systemd.Split(text)
	if err != nil {
		u.lose(s, "", "%s", err.Msg)
		return nil, false
	}
	var words []string
	for _, t := range texts {
		word := inverse + t.Text
		if rest, lax := strings.CutPrefix(word, "-"); lax && o.form == paths && isPath(rest) {
			word = rest
			u.lose(s, "", "with - it does not matter when %s is missing; here the service does not start then", rest)
		}
		switch {
		case o.form == paths && !isPath(word), o.form == matching && !o.pattern.MatchString(word), !systemd.Takes(o.key, word):
			u.lose(s, "a drop-in on the host: /etc/systemd/system/"+u.service.FullName()+".service.d/more.conf", "the option %s cannot say %q", o.name, word)
			if o.form == matching { // a list of what is allowed must not become shorter in silence, nor an inverse one its opposite
				return nil, false
			}
		default:
			words = append(words, word)
		}
	}
	return words, true
}

// rootReads takes back capabilities where root has to read a file first.
func (u *unit) rootReads() {
	if u.service.Get("environment_file") == nil || u.user == "" && u.service.Get("group") == nil && u.service.Get("groups") == nil {
		return
	}
	for key, name := range map[string]string{"CapabilityBoundingSet": "capabilities", "AmbientCapabilities": "ambient_capabilities"} {
		u.service.Drop(name)
		for _, s := range u.values("Service", key) {
			if u.system {
				u.lose(s, "-e FILE reads EnvironmentFile= now", "root reads environment_file and then becomes the user, which leaves it no capabilities")
			}
		}
	}
}
