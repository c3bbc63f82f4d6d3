package plan

import (
	"fmt"
	"slices"
	"strings"

	"palletgen/gen/crate"
	"palletgen/gen/diag"
)

// origins tells where a field of the crate's service comes from.
func (g *Group) origins(c *Crate, field string) []*Origin {
	return View{Group: g, Crate: c, Service: true}.Origins([]string{crate.ServiceSetting, field})
}

// order sorts the services for their start. A name in `after` that is no
// service of the group is another bundle's, or the host's: it is left to the
// supervisor.
func (g *Group) order(errs *diag.List) {
	byName := map[string]*Crate{}
	for _, c := range g.Crates {
		if c.Service != nil {
			byName[c.Service.Name] = c
		}
	}
	done := map[*Crate]bool{}
	var visit func(c *Crate, path []string)
	visit = func(c *Crate, path []string) {
		name := c.Service.Name
		if at := slices.Index(path, name); at >= 0 {
			err := diag.At(c.Pos, "the services of group %s wait for each other in a circle: %s", g.Name, strings.Join(append(path[at:], name), " → ")).
				WithHint("remove one of these from `after`")
			for _, name := range path[at:] {
				err = Told(err, g.origins(byName[name], "after"))
			}
			errs.Add(err)
			return
		}
		if done[c] {
			return
		}
		after, _ := c.Service.Fields["after"].([]any)
		for _, other := range after {
			first := byName[other.(string)]
			if first == nil {
				g.Notes = append(g.Notes, fmt.Sprintf("%s is to start after %s, which is no service of this bundle", name, other))
				continue
			}
			visit(first, append(path, name))
		}
		if !done[c] {
			done[c] = true
			g.services = append(g.services, c)
		}
	}
	for _, c := range g.Crates {
		if c.Service != nil {
			visit(c, nil)
		}
	}
}
