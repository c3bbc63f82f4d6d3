package unitfile

import (
	"fmt"
	"path"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/importer"
	"palletgen/gen/schema"
)

// names gives each service its name. All but one service of a group need an
// instance_id, which becomes the end of the name.
func names(g *importer.Group, units []*unit) {
	imported := map[string]string{}
	taken := map[string]bool{}
	wanted := make([]string, len(units))
	plain := 0 // the unit that has no instance_id
	for i := len(units) - 1; i >= 0; i-- {
		wanted[i] = clean(strings.TrimSuffix(units[i].name, ".service"))
		if !strings.Contains(wanted[i], "-") {
			plain = i
		}
	}
	for i, u := range units {
		name, id, _ := strings.Cut(wanted[i], "-")
		if i == plain {
			name, id = wanted[i], ""
		}
		possible := func() bool {
			return (id != "" || i == plain) && schema.CheckName(name) == nil && (id == "" || schema.CheckName(id) == nil) &&
				len(name+id) < schema.MaxName && !taken[fold("id "+id)] && !taken[fold(name+"-"+id)]
		}
		for n := 1; !possible(); n++ {
			name, id = u.Group, wanted[i][:min(len(wanted[i]), max(1, schema.MaxName-len(u.Group)-5))]
			if n > 1 {
				id = fmt.Sprintf("%s-x%d", id, n)
			}
		}
		taken[fold("id "+id)], taken[fold(name+"-"+id)] = true, true
		u.service = g.Add(name, id)
		imported[u.name] = u.service.FullName()
		if full := u.service.FullName(); full != strings.TrimSuffix(u.name, ".service") {
			u.service.Lose(diag.Pos{Source: u.settings[0].Pos.Source}, "", "the service of %s is called %s: %s", u.name, full, why(wanted[i], u.name))
		}
	}
	for _, u := range units {
		u.names = imported
	}
}

// fold makes names equal that file systems or the names of functions make so.
func fold(name string) string {
	return strings.ToLower(strings.NewReplacer("-", "_", ".", "_").Replace(strings.TrimSuffix(name, "-")))
}

func why(wanted, name string) string {
	if wanted != strings.TrimSuffix(name, ".service") {
		return "letters, digits and _ . - can stand in its name"
	}
	return "all but one service of a group have an instance_id, which is the end of their names"
}

// clean makes a name that is possible here: web@1 becomes web-1.
func clean(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < 0x80 && (isName("a"+string(r)) || r == '.' || r == '-') {
			return r
		}
		return '-'
	}, name)
	name = strings.Trim(name, "-.")
	if name == "" {
		name = "service"
	}
	return name[:min(len(name), schema.MaxName-10)]
}

// GroupName is the name of a group of units, where none was given.
func GroupName(files []File) string {
	name := strings.TrimSuffix(files[0].Name, path.Ext(files[0].Name))
	return clean(name)
}
