package plan

import (
	"cmp"
	"slices"

	"palletgen/gen/crate"
	"palletgen/gen/diag"
	"palletgen/gen/schema"
	"palletgen/gen/spec"
	"palletgen/gen/supervisor"
)

// A Group is one bundle to be made, with every value known.
type Group struct {
	Name   string
	Pos    diag.Pos
	Crates []*Crate // in the order in which phases run them
	Notes  []string // what users should know of it

	services []*Crate
	service  *schema.Schema // of the neutral service description
}

// Services lists the crates that have a service, in the order of their start:
// as they stand in the group, but each after those that its `after` names.
func (g *Group) Services() []*Crate { return g.services }

// A Crate is one crate in a group, or one instance of it.
type Crate struct {
	*crate.Crate
	Instance string         // "" for the first
	ID       string         // unique in the group, part of function names: "riemann", "riemann_b"
	Settings map[string]any // what its templates see
	Service  *Service       // nil when it has none
	Pos      diag.Pos       // of its first mention

	layers []schema.Layer // what users set, the farthest first
}

// A Service is one supervised process of a group.
type Service struct {
	Name       string
	Supervisor *supervisor.Supervisor
	Fields     map[string]any // the neutral description
	Options    map[string]any // of the supervisor
	Config     map[string]any // the config map
	Pos        diag.Pos       // where its supervisor was chosen
}

// Data returns what the templates of its supervisor see.
func (s *Service) Data(bundle string) map[string]any {
	return map[string]any{
		"service": s.Fields, "options": s.Options, "config": s.Config, "bundle": bundle, "supervisor": FunctionName(s.Supervisor.Name),
	}
}

// A Planner resolves the groups of a document.
type Planner struct {
	catalog   *Catalog
	doc       *spec.Document
	overrides []spec.Override
	crates    []string // names, sorted
}

// NewPlanner checks the document and the overrides as a whole.
func NewPlanner(catalog *Catalog, doc *spec.Document, overrides []spec.Override) (*Planner, error) {
	crates, err := catalog.CrateNames()
	if err != nil {
		return nil, err
	}
	var errs diag.List
	errs.Take(doc.Check(crates))
	for _, o := range overrides {
		if _, ok := slices.BinarySearch(crates, o.Crate); !ok {
			errs.Add(diag.At(o.Pos, "there is no crate %q", o.Crate).WithHint("%s", diag.DidYouMean(o.Crate, crates)))
		}
		if _, ok := (schema.Layer{Value: o.Settings}).Get(schema.InstanceSetting); ok {
			errs.Add(diag.At(o.Pos, "--set cannot make a second copy of %s: it sets the value of every copy", o.Crate).
				WithHint("write  - %s: {%s: …}  into the extends of a group", o.Crate, schema.InstanceSetting))
		}
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return &Planner{catalog, doc, overrides, crates}, nil
}

// Groups returns the groups of the document.
func (p *Planner) Groups() []*spec.Spec { return p.doc.Groups }

// CheckOverrides reports each --set whose crate no group extends.
func (p *Planner) CheckOverrides() error {
	if len(p.overrides) == 0 {
		return nil
	}
	used := map[string]bool{}
	for _, group := range p.doc.Groups {
		uses, _ := p.doc.Flatten(group, p.crates) // its errors come up when the group is resolved
		for _, use := range uses {
			used[use.Crate] = true
		}
	}
	var errs diag.List
	for _, o := range p.overrides {
		if !used[o.Crate] {
			errs.Add(diag.At(o.Pos, "no group extends the crate %s", o.Crate).WithHint("add  - %s  to the extends of a group", o.Crate))
		}
	}
	return errs.Err()
}

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
