package schema

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/strictyaml"
)

// A Layer is one map of settings. What a nearer layer sets wins; maps are
// merged key by key.
type Layer struct {
	Value     strictyaml.Value
	Templates map[*yaml.Node]*record.Template // of the texts in it that are templates; nil for users' files
	Data      any                             // what these templates see
}

// Input is what Resolve computes settings from.
type Input struct {
	Layers []Layer                         // the farthest first
	Data   func(values map[string]any) any // what the templates of defaults see; nil: the values themselves
	At     diag.Pos                        // where a required setting would have been set
	Name   string                          // what the settings belong to: "riemann"
	ID     string                          // that of the crate, unique in its group; "" where they are no crate's
	Other  []string                        // keys that may stand beside them; they are left alone

	left *int // see decoder; nil: as much as one may
}

// Resolve computes the value of every setting. Errors go to errs; a setting
// with an error has its zero value, and so has one whose default reads it.
func (s *Schema) Resolve(in Input, errs *diag.List) map[string]any {
	if in.left == nil {
		in.left = new(maxMade)
	}
	meant := s.checkKeys(in, errs)
	values := make(map[string]any, len(s.Settings)+1)
	var data any = values
	if in.Data != nil {
		data = in.Data(values)
	}
	broken := map[string]bool{}
	for _, setting := range s.order {
		if (meant.has(setting.Name) || s.readsAny(setting, broken)) && !in.sets(setting.Name) {
			broken[setting.Name] = true
			values[setting.Name] = setting.Type.Zero()
			continue
		}
		since := len(*errs)
		values[setting.Name] = s.resolve(setting, in, data, errs)
		if len(*errs) > since {
			broken[setting.Name] = true
		}
	}
	return values
}

// sets reports whether a layer sets the setting.
func (in Input) sets(name string) bool {
	return slices.ContainsFunc(in.Layers, func(l Layer) bool { return l.Has(name) })
}

// readsAny reports whether the default of the setting reads one of the broken
// settings.
func (s *Schema) readsAny(setting *Setting, broken map[string]bool) bool {
	if len(broken) == 0 || setting.Default == nil {
		return false
	}
	return slices.ContainsFunc(setting.Default.Reads(), func(read string) bool {
		inner, own := strings.CutPrefix(read, s.prefix)
		name, _, _ := strings.Cut(inner, ".")
		return own && broken[name]
	})
}

// CheckLayers reports what is wrong with the layers alone, without computing
// any value: for settings whose templates cannot be run, since what they read
// has errors.
func (s *Schema) CheckLayers(in Input, errs *diag.List) {
	s.checkKeys(in, errs)
	for _, layer := range in.Layers {
		d := &decoder{errs: errs}
		for _, e := range layer.Value.Entries() {
			switch setting := s.byName[e.Key]; {
			case setting == nil:
			case setting.Secret:
				setting.secretValue(e.Value, nil, in, errs)
			default:
				d.value(setting.Type, e.Value, in.Name+"."+e.Key)
			}
		}
	}
}

func (s *Schema) resolve(setting *Setting, in Input, data any, errs *diag.List) any {
	var value any
	set := false
	name := in.Name + "." + setting.Name
	for _, layer := range in.Layers {
		v, ok := layer.Get(setting.Name)
		if !ok {
			continue
		}
		if setting.Secret {
			value, set = setting.secretValue(v, value, in, errs), true
			continue
		}
		d := &decoder{templates: layer.Templates, data: layer.Data, left: in.left, errs: errs}
		next := d.value(setting.Type, v, name)
		if set {
			next = merge(setting.Type, v, value, next)
		}
		value, set = next, true
	}
	switch {
	case set:
		if base, ok := defaultMap(setting, data, in.left, errs); ok {
			return mergeMaps(base, value.(map[string]any))
		}
		return value
	case setting.Required && setting.Secret:
		return setting.secretValue(strictyaml.Value{}, nil, in, errs)
	case setting.Required:
		errs.Add(diag.At(in.At, "%s.%s is missing: %s", in.Name, setting.Name, setting.Doc).
			WithHint("set it:  %s: {%s: …}", in.Name, setting.Name))
	case setting.Default != nil:
		return setting.Default.eval(data, in.left, errs)
	}
	return setting.Type.Zero()
}

// defaultMap returns the default of a map, which what users set is added to.
func defaultMap(setting *Setting, data any, left *int, errs *diag.List) (map[string]any, bool) {
	if setting.Type.Kind != "map" || setting.Default == nil {
		return nil, false
	}
	base, ok := setting.Default.eval(data, left, errs).(map[string]any)
	return base, ok
}

func mergeMaps(base, over map[string]any) map[string]any {
	merged := maps.Clone(base)
	maps.Copy(merged, over)
	return merged
}

// merge puts next, which was written as v, over value: of maps and structs
// only the keys that v holds, of all else the whole.
func merge(t *Type, v strictyaml.Value, value, next any) any {
	if t.Kind != "map" && t.Kind != "struct" || !v.IsMap() {
		return next
	}
	merged, over := maps.Clone(value.(map[string]any)), next.(map[string]any)
	for _, e := range v.Entries() {
		inner, ok := over[e.Key]
		if !ok {
			continue // an unknown key: its error is told already
		}
		if t.Kind == "struct" {
			inner = merge(t.Fields.Get(e.Key).Type, e.Value, merged[e.Key], inner)
		}
		merged[e.Key] = inner
	}
	return merged
}

// Get returns what the layer holds under name.
func (l Layer) Get(name string) (strictyaml.Value, bool) {
	if l.Value.Node == nil {
		return strictyaml.Value{}, false
	}
	content := l.Value.Node.Content
	for i := 0; i+1 < len(content); i += 2 {
		if content[i].Value == name {
			return strictyaml.Value{Source: l.Value.Source, Node: content[i+1]}, true
		}
	}
	return strictyaml.Value{}, false
}

// Has reports whether the layer holds something under name.
func (l Layer) Has(name string) bool {
	_, ok := l.Get(name)
	return ok
}

// misspelt are the keys that are no settings, each as the setting that is
// probably meant. What is not set may be one of these.
type misspelt map[string]bool

// anything stands for every setting.
const anything = "*"

func (m misspelt) has(name string) bool { return m[name] || m[anything] }

// checkKeys reports the keys that are no settings.
func (s *Schema) checkKeys(in Input, errs *diag.List) misspelt {
	var meant misspelt
	for _, layer := range in.Layers {
		for _, e := range layer.Value.Entries() {
			if s.unread || s.byName[e.Key] != nil || slices.Contains(in.Other, e.Key) {
				continue
			}
			known := append(s.Names(), in.Other...)
			slices.Sort(known)
			at, near := e.KeyAt, diag.Suggest(e.Key, known)
			if s.byName[near] != nil && s.byName[near].Secret {
				at = hidden(at)
			}
			errs.Add(diag.At(at, "%s has no setting %q", in.Name, e.Key).
				WithHint("%s", cmp.Or(diag.DidYouMean(e.Key, known), "it has none at all: remove it")))
			if meant == nil {
				meant = misspelt{}
			}
			if e.Key == "<<" { // what it takes in is not known
				meant[anything] = true
			}
			meant[near] = true
		}
	}
	return meant
}
