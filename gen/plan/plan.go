package plan

import (
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
