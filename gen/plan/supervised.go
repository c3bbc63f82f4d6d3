package plan

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"palletgen/gen/crate"
	"palletgen/gen/diag"
	"palletgen/gen/schema"
	"palletgen/gen/spec"
	"palletgen/gen/supervisor"
)

// supervised puts the service of a crate under its supervisor: options, config
// map, and every reason why that is not possible.
func (p *Planner) supervised(c *Crate, g *Group, group *spec.Spec, errs *diag.List) {
	if c.Service == nil {
		return
	}
	name, _ := c.Settings[crate.SupervisorSetting].(string)
	sup, whole := p.supervisor(name, c, g, group, errs)
	if !whole {
		checkOptions(c, sup, errs)
		return
	}
	c.Service.Supervisor = sup
	p.possible(c, sup, g, errs)
	p.configure(c, sup, g, errs)
}

// checkService reports what else is wrong with what users set of the service
// and its supervisor, when the settings of the crate are wrong already.
func (p *Planner) checkService(c *Crate, g *Group, group *spec.Spec, errs *diag.List) {
	if c.Crate.Service == nil {
		return
	}
	if c.Service == nil { // else that is what has errors
		overrides := nested(c.layers, crate.ServiceSetting, c.Name, errs)
		p.catalog.Service.CheckLayers(schema.Input{Layers: overrides, Name: c.Name + "." + crate.ServiceSetting}, errs)
	}
	name, _ := c.chosen()
	if schema.CheckName(name) != nil {
		return // it is missing, or told already
	}
	sup, _ := p.supervisor(name, c, g, group, errs)
	checkOptions(c, sup, errs)
}

// checkOptions reports what is wrong with the options of the supervisor that
// users set, where nothing can be done with them; nil is no supervisor.
func checkOptions(c *Crate, sup *supervisor.Supervisor, errs *diag.List) {
	if sup != nil {
		sup.Options.CheckLayers(schema.Input{Layers: nested(c.layers, sup.Name, c.Name, errs), Name: c.Name + "." + sup.Name}, errs)
	}
}

// supervisor finds the supervisor that the crate's service is to run under, and
// reports why it cannot. One that is not whole has errors itself.
func (p *Planner) supervisor(name string, c *Crate, g *Group, group *spec.Spec, errs *diag.List) (sup *supervisor.Supervisor, whole bool) {
	at := c.supervisedAt()
	sup, err := p.catalog.Supervisor(name)
	errs.Take(err)
	switch {
	case sup == nil && err != nil:
		return nil, false
	case sup == nil:
		names, err := p.catalog.SupervisorNames()
		errs.Take(err)
		errs.Add(diag.At(at, "there is no supervisor %q", name).WithHint("%s", diag.DidYouMean(name, names)))
		return nil, false
	}
	if !g.named[sup.Crate] && g.whole && slices.Contains(p.crates, sup.Crate) {
		errs.Add(diag.At(at, "%s runs under %s, but the group %s does not extend the crate %s", c.Name, name, g.Name, sup.Crate).
			WithHint("add the line  - %s  to extends at %s", sup.Crate, group.Pos))
	}
	if why, ok := c.Refuses[name]; ok {
		errs.Add(diag.At(at, "the crate %s does not run under %s: %s", c.Name, name, why).
			WithHint("choose another supervisor"))
	}
	return sup, err == nil
}

// possible reports each field that the service sets and the supervisor cannot
// do.
func (p *Planner) possible(c *Crate, sup *supervisor.Supervisor, g *Group, errs *diag.List) {
	for _, field := range p.catalog.Service.Settings {
		value := c.Service.Fields[field.Name]
		if sup.Possible(field.Name, value) || !isSet(field, value) {
			continue
		}
		what, can := field.Name, strings.Join(sup.Fields(), ", ")
		if how := sup.Service[field.Name]; how != nil {
			what, can = fmt.Sprintf("%s: %v", what, value), fmt.Sprintf("%s: %s", what, strings.Join(how.Only, ", "))
			if how.Note != "" {
				can += " (" + how.Note + ")"
			}
		}
		err := diag.At(c.setAt(field.Name), "%s cannot do %s of the service %s", sup.Name, what, c.Service.Name).
			WithHint("leave it out, or choose another supervisor; it can do %s", can)
		errs.Add(Told(err, g.origins(c, field.Name)))
	}
}

// setAt returns where users set the field of the service: under service, or
// by a setting of the crate with its name; else where they chose the supervisor.
func (c *Crate) setAt(field string) diag.Pos {
	for _, layer := range slices.Backward(c.layers) {
		if v, ok := layer.Get(crate.ServiceSetting); ok {
			if v, ok := (schema.Layer{Value: v}).Get(field); ok {
				return v.Pos()
			}
		}
		if v, ok := layer.Get(field); ok {
			return v.Pos()
		}
	}
	return c.Service.Pos
}

// isSet reports whether somebody gave the field another value than it has by
// itself.
func isSet(field *schema.Setting, value any) bool {
	if field.Name == "readiness" { // its timeout alone asks for nothing
		r, _ := value.(map[string]any)
		return r["command"] != nil || r["port"] != 0 || r["file"] != ""
	}
	if reflect.DeepEqual(value, field.Type.Zero()) {
		return false
	}
	return field.Default == nil || !reflect.DeepEqual(value, field.Default.Eval(nil, &diag.List{}))
}

// configure resolves the supervisor's options and config map.
func (p *Planner) configure(c *Crate, sup *supervisor.Supervisor, g *Group, errs *diag.List) {
	s, bundle, since := c.Service, g.Name, len(*errs)
	s.Options = sup.Options.Resolve(schema.Input{
		Layers: nested(c.layers, sup.Name, c.Name, errs), At: s.Pos, Name: c.Name + "." + sup.Name,
		Data: func(values map[string]any) any {
			return map[string]any{"service": s.Fields, "options": values, "bundle": bundle}
		},
	}, errs)
	if len(*errs) > since { // the config map reads them
		View{Group: g, Crate: c, Service: true}.blame(*errs, since, defaults(sup.Options)...)
		return
	}
	var config []schema.Layer
	if own := c.Config[sup.Name]; own != nil {
		config = append(config, own.Layer(c.Settings))
	}
	s.Config = sup.Config.Resolve(schema.Input{
		Layers: config, At: s.Pos, Name: c.Name + ".supervisor_config." + sup.Name,
		Data: func(values map[string]any) any {
			return map[string]any{"service": s.Fields, "options": s.Options, "config": values, "bundle": bundle}
		},
	}, errs)
	for _, layer := range config {
		View{Group: g, Crate: c}.blame(*errs, since, layer)
	}
	View{Group: g, Crate: c, Service: true}.blame(*errs, since, append(defaults(sup.Options), defaults(sup.Config)...)...)
}
