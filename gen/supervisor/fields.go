package supervisor

import (
	"maps"
	"slices"

	"palletgen/gen/diag"
	"palletgen/gen/folder"
	"palletgen/gen/schema"
	"palletgen/gen/strictyaml"
)

// How a supervisor does a field of the service description.
const (
	Native   = "native"   // by itself
	Launcher = "launcher" // through a script that is generated
)

// A Field says how a supervisor does one field of the service description.
type Field struct {
	How  string   // Native or Launcher
	Only []string // of an enumeration, the values that it can do; nil: all
	Note string   // what users have to know about it; "" for nothing
}

// loadFields reads which fields of the service description the supervisor can do.
func (s *Supervisor) loadFields(d *folder.Description, service *schema.Schema, errs *diag.List) {
	const hint = "service: {command: native, user: launcher, …}"
	v, said := d.Parts["service"]
	switch {
	case !said && d.Whole:
		errs.Add(diag.At(d.At, "the supervisor does not say which fields of a service it can do").WithHint(hint))
	case said && !v.IsMap():
		errs.Add(diag.At(v.Pos(), "%s where a map of fields belongs", v.Describe()).WithHint(hint))
	}
	for _, e := range v.Entries() {
		setting := service.Get(e.Key)
		if setting == nil {
			errs.Add(diag.At(e.KeyAt, "a service has no field %q", e.Key).WithHint("%s", diag.DidYouMean(e.Key, service.Names())))
			continue
		}
		s.Service[e.Key] = loadField(e.Value, setting, errs)
	}
}

// loadField reads a way to do a field, or {how: …, only: […], note: …}.
func loadField(v strictyaml.Value, setting *schema.Setting, errs *diag.List) *Field {
	f, at := &Field{}, v.Pos()
	if !v.IsMap() {
		f.How = schema.Text(v, errs)
	}
	for _, e := range v.Entries() {
		switch e.Key {
		case "how":
			f.How, at = schema.Text(e.Value, errs), e.Value.Pos()
		case "note":
			f.Note = schema.Text(e.Value, errs)
		case "only":
			f.Only = schema.Names(e.Value, errs)
			for _, value := range f.Only {
				if !slices.Contains(setting.Type.Values, value) {
					errs.Add(diag.At(e.Value.Pos(), "%q is none of the possible values of %s", value, setting.Name).
						WithHint("%s", diag.DidYouMean(value, setting.Type.Values)))
				}
			}
		default:
			errs.Add(diag.At(e.KeyAt, "unknown key %q of a field", e.Key).WithHint("{how: native, only: [a], note: why}"))
		}
	}
	if f.How != Native && f.How != Launcher {
		errs.Add(diag.At(at, "%q is no way to do a field", f.How).
			WithHint("native, or launcher; a field that is not possible is left out"))
	}
	return f
}

// Possible reports whether the supervisor can do the field of a service, with
// that value.
func (s *Supervisor) Possible(field string, value any) bool {
	f := s.Service[field]
	if f == nil {
		return false
	}
	text, isText := value.(string)
	return f.Only == nil || !isText || text == "" || slices.Contains(f.Only, text)
}

// Fields lists the fields of a service that the supervisor can do, sorted.
func (s *Supervisor) Fields() []string { return slices.Sorted(maps.Keys(s.Service)) }
