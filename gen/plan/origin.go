package plan

import (
	"slices"

	"palletgen/gen/crate"
	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/schema"
	"palletgen/gen/strictyaml"
)

// An Origin says where a value comes from.
type Origin struct {
	Name string    // "riemann.tcp_host", "riemann.service.command", "group web"
	How  string    // what is at Pos: SetAt …
	Pos  diag.Pos  // its place in YAML
	From []*Origin // what the template at Pos reads
}

// What an origin has at its place.
const (
	SetAt     = "set at"
	DefaultAt = "default at"
	UnsetAt   = "not set; described at"
	NotIn     = "not set in"
	NamedAt   = "named at"
	WrittenAt = "written at"
	BeginsAt  = "begins at"
	GoesOnAt  = "goes on at"
	CalledAt  = "called at"
	MadeFor   = "made by palletgen for the group at"
)

// String tells the origin itself: "riemann.tcp_host, set at palletgen.yaml:12:20".
func (o *Origin) String() string { return o.Name + ", " + o.How + " " + o.Pos.String() }

// A View is what a template sees: the settings of a crate or, of the templates
// of supervisors, its service with its supervisor.
type View struct {
	Group   *Group
	Crate   *Crate
	Service bool
	Value   string // the value that is asked for; of a list or map that is written out, the place that says it is told
}

// Data is what the templates are run with.
func (v View) Data() map[string]any {
	if v.Service {
		return v.Crate.Service.Data(v.Group.Name)
	}
	return v.Crate.Settings
}

// maxOrigins bounds how far defaults are followed.
const maxOrigins = 12

// Origins tells where the value at a path of the data comes from: of a map that
// several places add to, each of them, the one that wins first.
func (v View) Origins(path []string) []*Origin { return v.origins(path, 0) }

// Expr tells where the value of an expression comes from that stands in the
// crate or supervisor itself.
func (v View) Expr(name string, e *schema.Expr) *Origin {
	return &Origin{Name: name, How: WrittenAt, Pos: e.Source().Pos(), From: v.each(e.ReadsIn(e.Source()), 1)}
}

func (v View) each(paths [][]string, depth int) []*Origin {
	if depth > maxOrigins {
		return nil
	}
	var list []*Origin
	for _, path := range paths {
		list = append(list, v.origins(path, depth)...)
	}
	return list
}

func (v View) origins(path []string, depth int) []*Origin {
	c, s := v.Crate, v.Crate.Service
	settings := View{Group: v.Group, Crate: c, Value: v.Value}
	r := reach{name: c.Name, layers: c.layers, layered: settings, defaults: v, depth: depth}
	if !v.Service {
		r.schema = c.Crate.Settings
		return r.find(path)
	}
	if len(path) == 0 {
		return []*Origin{{Name: "service " + s.Name, How: NamedAt, Pos: c.Pos}}
	}
	var ignored diag.List // it was told when the group was resolved
	switch rest := path[1:]; path[0] {
	case "service":
		r.name, r.schema = c.Name+"."+crate.ServiceSetting, v.Group.service
		r.layers = append([]schema.Layer{c.Crate.Service.Layer(nil)}, nested(c.layers, crate.ServiceSetting, c.Name, &ignored)...)
		found := r.find(rest)
		if c.Instance != "" && len(rest) > 0 && rest[0] == "name" {
			found = append(found, settings.origins([]string{crate.InstanceSetting}, depth)...)
		}
		return found
	case "options":
		r.name, r.schema = c.Name+"."+s.Supervisor.Name, s.Supervisor.Options
		r.layers = nested(c.layers, s.Supervisor.Name, c.Name, &ignored)
		return r.find(rest)
	case "config":
		r.name, r.schema, r.layers = c.Name+".supervisor_config."+s.Supervisor.Name, s.Supervisor.Config, nil
		if own := c.Config[s.Supervisor.Name]; own != nil {
			r.layers = []schema.Layer{own.Layer(nil)}
		}
		return r.find(rest)
	case "supervisor":
		return settings.origins([]string{crate.SupervisorSetting}, depth)
	}
	return []*Origin{v.Group.Origin()}
}

// Origin is where the group itself comes from.
func (g *Group) Origin() *Origin { return &Origin{Name: "group " + g.Name, How: NamedAt, Pos: g.Pos} }

// Origin is where the crate comes into its group.
func (c *Crate) Origin() *Origin { return &Origin{Name: "crate " + c.Name, How: NamedAt, Pos: c.Pos} }

// within is the place of the value that is asked for in a list or map, where
// only one is such; else that of the whole.
func (v View) within(written strictyaml.Value) diag.Pos {
	if v.Value == "" || !written.IsMap() && !written.IsList() {
		return written.Pos()
	}
	if places := schema.Places(written, v.Value); len(places) == 1 {
		return places[0]
	}
	return written.Pos()
}

// A reach is the settings of one schema, with all that sets them.
type reach struct {
	name     string // what the settings belong to: "riemann.service"
	schema   *schema.Schema
	layers   []schema.Layer // the farthest first
	layered  View           // what templates in them see
	defaults View           // what those of defaults see
	depth    int
}

// find tells where the value at a path comes from.
func (r reach) find(path []string) []*Origin {
	if len(path) == 0 || path[0] == record.Each {
		return r.all()
	}
	setting := r.schema.Get(path[0])
	if setting == nil {
		return nil // get and the like ask for what another supervisor has
	}
	name := r.name
	for _, part := range path {
		if part != record.Each {
			name += "." + part
		}
	}
	merged := setting.Type.Kind == "map" || setting.Type.Kind == "struct"
	var found []*Origin
	set := false
	for _, layer := range slices.Backward(r.layers) {
		whole, ok := layer.Get(path[0])
		if !ok {
			continue
		}
		set = true
		v, ok := schema.Below(whole, path[1:])
		if !ok {
			continue // another layer, or the default, has this key
		}
		found = append(found, &Origin{name, SetAt, r.defaults.within(v), r.layered.each(layer.Reads(v), r.depth+1)})
		if !merged || !v.IsMap() {
			return found
		}
	}
	if set && setting.Type.Kind == "struct" && len(found) > 0 {
		return found
	}
	return append(found, r.unset(setting, name, path, set, len(found) > 0)...)
}

// unset tells where that comes from which nobody sets: of a map that is set, the
// part that its default has.
func (r reach) unset(setting *schema.Setting, name string, path []string, set, found bool) []*Origin {
	if d := setting.Default; d != nil && !(set && setting.Type.Kind == "struct") {
		if v, ok := schema.Below(d.Source(), path[1:]); ok {
			return []*Origin{{name, DefaultAt, r.defaults.within(v), r.defaults.each(d.ReadsIn(v), r.depth+1)}}
		}
	}
	if setting.Type.Kind == "struct" && len(path) > 1 {
		inner := reach{name: r.name + "." + path[0], schema: setting.Type.Fields, layered: r.layered, defaults: r.defaults, depth: r.depth + 1}
		return inner.find(path[1:])
	}
	switch {
	case found:
		return nil
	case setting.Pos.Source == nil: // palletgen's own, such as instance_id
		return []*Origin{{Name: name, How: NotIn, Pos: r.layered.Crate.Pos}}
	}
	return []*Origin{{Name: name, How: UnsetAt, Pos: setting.Pos}}
}

// all tells of the settings as a whole: each place that sets some.
func (r reach) all() []*Origin {
	found := []*Origin{r.layered.Crate.Origin()}
	for _, layer := range slices.Backward(r.layers) {
		if layer.Value.Node != nil {
			found = append(found, &Origin{Name: r.name, How: SetAt, Pos: layer.Value.Pos()})
		}
	}
	return found
}

// Supervised tells where the supervisor of the crate's service was chosen.
func (c *Crate) Supervised(g *Group) []*Origin {
	return View{Group: g, Crate: c}.Origins([]string{crate.SupervisorSetting})
}
