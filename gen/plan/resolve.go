package plan

import (
	"slices"

	"palletgen/gen/crate"
	"palletgen/gen/diag"
	"palletgen/gen/schema"
	"palletgen/gen/spec"
)

// Resolve computes everything about one group. The error is a diag.List. After
// an error the group holds what is right in it, for who looks for other errors;
// it is nil where that is nothing.
func (p *Planner) Resolve(group *spec.Spec) (*Group, error) {
	uses, whole, err := p.doc.Flatten(group, p.crates)
	var errs diag.List
	errs.Take(err)
	g := &Group{Name: group.Name, Pos: group.Pos, service: p.catalog.Service, named: map[string]bool{}, whole: whole, part: !whole}
	var crates []*Crate // with their errors
	right := map[*Crate]bool{}
	for _, m := range collect(uses) {
		g.named[m.crate] = true
		since := len(errs)
		c := p.crate(m, g, &errs)
		if c == nil {
			g.part = true
			continue
		}
		crates, right[c] = append(crates, c), len(errs) == since && !m.partial(whole)
	}
	g.checkNames(crates, &errs)
	for _, c := range crates {
		since := len(errs)
		if right[c] {
			p.supervised(c, g, group, &errs)
			right[c] = len(errs) == since
		} else {
			p.checkService(c, g, group, &errs)
		}
		if right[c] {
			g.Crates = append(g.Crates, c)
		}
	}
	g.part = g.part || len(g.Crates) < len(crates)
	g.checkURLs(&errs)
	g.order(&errs)
	p.catalog.HideSecrets(errs)
	if err := p.doc.Known(errs).Err(); err != nil {
		if len(g.Crates) == 0 {
			return nil, err
		}
		return g, err
	}
	return g, nil
}

// mention is every use of one instance of a crate in a group.
type mention struct {
	crate    string
	instance string
	uses     []spec.Use
}

// partial reports whether more may be set of the crate than could be read.
func (m *mention) partial(whole bool) bool {
	return !whole || slices.ContainsFunc(m.uses, func(u spec.Use) bool { return u.Broken })
}

// crate computes the settings of a crate and its service; where these are not
// all known, or the crate itself has errors, it checks those that are said.
func (p *Planner) crate(m *mention, g *Group, errs *diag.List) *Crate {
	loaded, err := p.catalog.Crate(m.crate)
	errs.Take(err)
	if loaded == nil {
		return nil
	}
	c := &Crate{Crate: loaded, Instance: m.instance, ID: FunctionName(m.crate), Pos: m.uses[0].Pos}
	if m.instance != "" {
		c.ID += "_" + FunctionName(m.instance)
	}
	c.layers = p.layers(m)
	var other []string
	if c.Crate.Service != nil {
		// A crate with a service takes overrides of the description, and the
		// options of any supervisor under the supervisor's name.
		names, err := p.catalog.SupervisorNames()
		errs.Take(err)
		other = append(names, crate.ServiceSetting)
	}
	since := len(*errs)
	in := schema.Input{Layers: c.layers, At: c.Pos, Name: m.crate, ID: c.ID, Other: other}
	if err != nil || m.partial(g.whole) {
		loaded.Settings.CheckLayers(in, errs)
		return c
	}
	c.Settings = loaded.Settings.Resolve(in, errs)
	View{Group: g, Crate: c}.blame(*errs, since, defaults(loaded.Settings)...)
	if c.Crate.Service != nil && len(*errs) == since {
		c.Service = p.service(c, g, errs)
	}
	return c
}

// service resolves the neutral description of the crate's service.
func (p *Planner) service(c *Crate, g *Group, errs *diag.List) *Service {
	s, since := &Service{Pos: c.supervisedAt()}, len(*errs)
	overrides := nested(c.layers, crate.ServiceSetting, c.Name, errs)
	s.Fields = p.catalog.Service.Resolve(schema.Input{
		Layers: append([]schema.Layer{c.Crate.Service.Layer(c.Settings)}, overrides...),
		At:     c.Crate.Service.Value.Pos(), Name: c.Name + "." + crate.ServiceSetting,
	}, errs)
	View{Group: g, Crate: c}.blame(*errs, since, c.Crate.Service.Layer(nil))
	s.Name, _ = s.Fields["name"].(string)
	if c.Instance != "" {
		s.Name += "-" + c.Instance
		s.Fields["name"] = s.Name
	}
	return s
}

// chosen returns the supervisor that users chose for the crate, and where; ""
// where none is.
func (c *Crate) chosen() (name string, at diag.Pos) {
	for _, layer := range slices.Backward(c.layers) {
		if v, ok := layer.Get(crate.SupervisorSetting); ok && v.IsScalar() {
			return v.Text(), v.Pos()
		}
	}
	return "", c.Pos
}

// supervisedAt is where the supervisor of the crate was chosen; else where the
// crate is mentioned.
func (c *Crate) supervisedAt() diag.Pos {
	_, at := c.chosen()
	return at
}
