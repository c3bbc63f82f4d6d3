package schema

import (
	"go.yaml.in/yaml/v3"

	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/strictyaml"
)

// Templated is a map in YAML whose texts may be templates, to be decoded by a
// schema later: a crate's service, or its config map for a supervisor.
type Templated struct {
	Value     strictyaml.Value
	templates map[*yaml.Node]*record.Template
}

// NewTemplated parses the templates in v and checks what they read.
func NewTemplated(v strictyaml.Value, loader *record.Loader, shape record.Shape, errs *diag.List) *Templated {
	if !v.IsMap() {
		errs.Add(diag.At(v.Pos(), "%s where a map belongs", v.Describe()).WithHint("write it as a map: {NAME: value}"))
	}
	t := &Templated{Value: v, templates: ParseTemplates(v, loader, errs)}
	CheckTemplates(v, t.templates, shape, errs)
	return t
}

// Layer returns the map as a layer whose templates see data.
func (t *Templated) Layer(data any) Layer {
	return Layer{Value: t.Value, Templates: t.templates, Data: data}
}
