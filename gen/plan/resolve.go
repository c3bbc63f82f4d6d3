package plan

import (
	"cmp"
	"slices"

	"palletgen/gen/crate"
	"palletgen/gen/diag"
	"palletgen/gen/schema"
	"palletgen/gen/spec"
)

// mention is every use of one instance of a crate in a group.
type mention struct {
	crate    string
	instance string
	uses     []spec.Use
}

// Resolve computes everything about one group. The error is a diag.List.
func (p *Planner) Resolve(group *spec.Spec) (*Group, error) {
	uses, err := p.doc.Flatten(group, p.crates)
	if err != nil {
		return nil, err
	}
	g := &Group{Name: group.Name, Pos: group.Pos, service: p.catalog.Service}
	var errs diag.List
	for _, m := range collect(uses) {
		if c := p.crate(m, g, &errs); c != nil {
			g.Crates = append(g.Crates, c)
		}
	}
	if len(errs) == 0 {
		for _, c := range g.Crates {
			p.supervised(c, g, group, &errs)
		}
	}
	if len(errs) == 0 {
		g.checkURLs(&errs)
	}
	g.checkNames(&errs)
	g.order(&errs)
	schema.HideSecrets(errs)
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return g, nil
}

// collect groups the uses by crate and instance, in the order of the first.
func collect(uses []spec.Use) []*mention {
	var list []*mention
	for _, use := range uses {
		instance := use.Instance()
		at := slices.IndexFunc(list, func(m *mention) bool { return m.crate == use.Crate && m.instance == instance })
		if at < 0 {
			at = len(list)
			list = append(list, &mention{crate: use.Crate, instance: instance})
		}
		list[at].uses = append(list[at].uses, use)
	}
	return list
}

// layers returns the settings of a crate from the farthest to the nearest:
// deeper specs first, later mentions after earlier ones, --set last.
func (p *Planner) layers(m *mention) []schema.Layer {
	uses := slices.Clone(m.uses)
	slices.SortStableFunc(uses, func(a, b spec.Use) int { return cmp.Compare(b.Depth, a.Depth) })
	var layers []schema.Layer
	for _, use := range uses {
		if use.Settings.Node != nil {
			layers = append(layers, schema.Layer{Value: use.Settings})
		}
	}
	for _, o := range p.overrides {
		if o.Crate == m.crate {
			layers = append(layers, schema.Layer{Value: o.Settings})
		}
	}
	return layers
}

func (p *Planner) crate(m *mention, g *Group, errs *diag.List) *Crate {
	loaded, err := p.catalog.Crate(m.crate)
	if err != nil {
		errs.Take(err)
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
	c.Settings = loaded.Settings.Resolve(schema.Input{Layers: c.layers, At: c.Pos, Name: m.crate, ID: c.ID, Other: other}, errs)
	View{Group: g, Crate: c}.blame(*errs, since, defaults(loaded.Settings)...)
	switch {
	case c.Crate.Service == nil:
	case len(*errs) == 0:
		c.Service = p.service(c, g, errs)
	default:
		p.checkService(c, errs)
	}
	return c
}

// checkService reports what else is wrong with what users set of the service
// and its supervisor, when the settings of the crate are wrong already.
func (p *Planner) checkService(c *Crate, errs *diag.List) {
	overrides := nested(c.layers, crate.ServiceSetting, c.Name, errs)
	p.catalog.Service.CheckLayers(schema.Input{Layers: overrides, Name: c.Name + "." + crate.ServiceSetting}, errs)
	name, _ := c.Settings[crate.SupervisorSetting].(string)
	if sup, err := p.catalog.Supervisor(name); err == nil && sup != nil {
		options := nested(c.layers, name, c.Name, errs)
		sup.Options.CheckLayers(schema.Input{Layers: options, Name: c.Name + "." + name}, errs)
	}
}

// service resolves the neutral description of the crate's service.
func (p *Planner) service(c *Crate, g *Group, errs *diag.List) *Service {
	s, since := &Service{Pos: c.Pos}, len(*errs)
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
	for _, layer := range c.layers {
		if v, ok := layer.Get(crate.SupervisorSetting); ok {
			s.Pos = v.Pos()
		}
	}
	return s
}

// nested returns the maps that the layers of a crate hold under key.
func nested(layers []schema.Layer, key, crate string, errs *diag.List) []schema.Layer {
	var inner []schema.Layer
	for _, layer := range layers {
		v, ok := layer.Get(key)
		switch {
		case !ok:
		case v.IsMap():
			inner = append(inner, schema.Layer{Value: v})
		default:
			errs.Add(diag.At(v.Pos(), "%s.%s: %s where a map belongs", crate, key, v.Describe()).WithHint("%s: {name: value}", key))
		}
	}
	return inner
}

// checkNames reports services that share a name, and crates that share an ID.
func (g *Group) checkNames(errs *diag.List) {
	services, ids := map[string]*Crate{}, map[string]*Crate{}
	for _, c := range g.Crates {
		if before := ids[c.ID]; before != nil {
			errs.Add(diag.At(c.Pos, "two crates of group %s are called %s in its scripts", g.Name, c.ID).
				WithHint("give one of them another instance_id"))
		}
		ids[c.ID] = c
		if c.Service == nil {
			continue
		}
		if before := services[c.Service.Name]; before != nil {
			err := diag.At(c.Pos, "two services of group %s are called %s: of the crates %s and %s", g.Name, c.Service.Name, before.Name, c.Name).
				WithHint("give one of them another name, or an instance_id")
			errs.Add(Told(Told(err, g.origins(before, "name")), g.origins(c, "name")))
		}
		services[c.Service.Name] = c
	}
}

func (g *Group) has(crate string) bool {
	return slices.ContainsFunc(g.Crates, func(c *Crate) bool { return c.Name == crate })
}
