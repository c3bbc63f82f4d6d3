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
	named    map[string]bool
	whole    bool // named are all crates that it extends
	part     bool // its crates are not all: the others have errors
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

// NewPlanner checks the document and the overrides as a whole. After an error
// the planner can tell what else is wrong; it is nil where the crates cannot be
// listed.
func NewPlanner(catalog *Catalog, doc *spec.Document, overrides []spec.Override) (*Planner, error) {
	crates, err := catalog.CrateNames()
	if err != nil {
		return nil, err
	}
	var errs diag.List
	errs.Take(doc.Check(crates))
	for _, o := range overrides {
		if !slices.Contains(crates, o.Crate) {
			errs.Add(diag.At(o.Pos, "there is no crate %q", o.Crate).WithHint("%s", diag.DidYouMean(o.Crate, crates)))
		}
		if _, ok := (schema.Layer{Value: o.Settings}).Get(schema.InstanceSetting); ok {
			errs.Add(diag.At(o.Pos, "--set cannot make a second copy of %s: it sets the value of every copy", o.Crate).
				WithHint("write  - %s: {%s: …}  into the extends of a group", o.Crate, schema.InstanceSetting))
		}
	}
	catalog.HideSecrets(errs)
	return &Planner{catalog, doc, overrides, crates}, errs.Err()
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
		uses, whole, _ := p.doc.Flatten(group, p.crates) // its errors come up when the group is resolved
		if !whole {
			return nil
		}
		for _, use := range uses {
			used[use.Crate] = true
		}
	}
	var errs diag.List
	for _, o := range p.overrides {
		if !used[o.Crate] && slices.Contains(p.crates, o.Crate) {
			errs.Add(diag.At(o.Pos, "no group extends the crate %s", o.Crate).WithHint("add  - %s  to the extends of a group", o.Crate))
		}
	}
	return errs.Err()
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
func (g *Group) checkNames(crates []*Crate, errs *diag.List) {
	services, ids := map[string]*Crate{}, map[string]*Crate{}
	for _, c := range crates {
		if before := ids[c.ID]; before != nil {
			errs.Add(diag.At(c.Pos, "two crates of group %s are called %s in its scripts", g.Name, c.ID).
				WithHint("give one of them another instance_id"))
		}
		ids[c.ID] = c
		if c.Service == nil || c.Service.Name == "" {
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
