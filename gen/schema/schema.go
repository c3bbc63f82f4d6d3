package schema

import (
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/lazyregexp"
	"palletgen/gen/record"
	"palletgen/gen/strictyaml"
)

// InstanceSetting is the setting that tells the copies of a crate in one group
// from each other.
const InstanceSetting = "instance_id"

// A Setting is one typed value that users may set.
type Setting struct {
	Name     string
	Doc      string
	Type     *Type
	Required bool
	Secret   bool
	Default  *Expr // nil: the zero value of the type
	Pos      diag.Pos

	defaultValue *strictyaml.Value // as written, until Compile
}

// A Schema is a set of settings, in the order of their description.
type Schema struct {
	Settings []*Setting

	byName map[string]*Setting
	order  []*Setting // each after those that its default reads
	unread bool       // nobody knows what settings there are
	others []string   // names that are none of a setting, but were meant as such
	prefix string     // of its settings in the data of its defaults, see Compile
}

var settingRE = lazyregexp.New(`^[a-z][a-z0-9_]*$`)

// Load reads a map NAME: {type: …, doc: …, default: …, required: …, secret: …}
// and what else the type needs.
func Load(v strictyaml.Value, errs *diag.List) *Schema {
	s := &Schema{}
	if !v.IsMap() {
		s.unread = true
		errs.Add(diag.At(v.Pos(), "%s where a map of settings belongs", v.Describe()).
			WithHint("NAME: {type: string, doc: what it is for}"))
		return s
	}
	for _, e := range v.Entries() {
		if !settingRE.MatchString(e.Key) {
			errs.Add(diag.At(e.KeyAt, "%q is no name of a setting", e.Key).
				WithHint("small letters, digits and _, beginning with a letter"))
			s.others = append(s.others, e.Key)
			loadSetting(e, errs)
			continue
		}
		s.Add(loadSetting(e, errs))
	}
	return s
}

// settingKeys are what describes a setting.
var settingKeys = slices.Sorted(slices.Values(append([]string{"default", "doc", "required", "secret"}, typeKeys...)))

// loadSetting reads one setting. A key that is a slip away from one that is
// missing is taken for that one.
func loadSetting(e strictyaml.Entry, errs *diag.List) *Setting {
	setting := &Setting{Name: e.Key, Type: &Type{}, Pos: e.KeyAt}
	if !e.Value.IsMap() {
		errs.Add(diag.At(e.Value.Pos(), "%s where the description of the setting %s belongs", e.Value.Describe(), e.Key).
			WithHint("%s: {type: string, doc: what it is for}", e.Key))
		setting.Type = &Type{Kind: "string", broken: true}
		return setting
	}
	attributes := typeAttributes{}
	layer := Layer{Value: e.Value}
	for _, a := range e.Value.Entries() {
		if !slices.Contains(settingKeys, a.Key) {
			errs.Add(diag.At(a.KeyAt, "unknown key %q of setting %s", a.Key, e.Key).
				WithHint("%s", diag.DidYouMean(a.Key, settingKeys)))
			if a.Key = diag.Suggest(a.Key, settingKeys); layer.Has(a.Key) {
				continue
			}
		}
		switch a.Key {
		case "doc":
			setting.Doc = Text(a.Value, errs)
		case "default":
			setting.defaultValue = &a.Value
		case "required":
			setting.Required = Bool(a.Value, errs)
		case "secret":
			setting.Secret = Bool(a.Value, errs)
		default:
			attributes.take(a)
		}
	}
	attributes.apply(setting.Type, e.Value, errs)
	if setting.Doc == "" {
		errs.Add(diag.At(e.KeyAt, "setting %s has no doc", e.Key).WithHint("add  doc: what it is for"))
	}
	setting.checkSecret(errs)
	if setting.Required && setting.defaultValue != nil {
		errs.Add(diag.At(e.KeyAt, "setting %s is required and has a default", e.Key).WithHint("remove one of them"))
	}
	return setting
}

// Add puts a setting at the end of the schema; one of the same name that is
// there already stays.
func (s *Schema) Add(setting *Setting) {
	if s.byName == nil {
		s.byName = map[string]*Setting{}
	}
	if s.byName[setting.Name] != nil {
		return
	}
	s.byName[setting.Name] = setting
	s.Settings = append(s.Settings, setting)
}

// Get returns the setting name, nil when there is none.
func (s *Schema) Get(name string) *Setting { return s.byName[name] }

// Names lists the settings, sorted.
func (s *Schema) Names() []string {
	names := make([]string, len(s.Settings))
	for i, setting := range s.Settings {
		names[i] = setting.Name
	}
	slices.Sort(names)
	return names
}

// Unread is a schema whose description could not be read: it may have any
// setting.
func Unread() *Schema { return &Schema{unread: true} }

// Shape returns what templates may read of resolved settings.
func (s *Schema) Shape() record.Shape {
	if s.unread {
		return nil // anything
	}
	shape := record.Shape{}
	for _, name := range s.others {
		shape[name] = nil
	}
	for _, setting := range s.Settings {
		shape[setting.Name] = nil
		if setting.Type.Kind == "struct" {
			shape[setting.Name] = setting.Type.Fields.Shape()
		}
	}
	return shape
}

// Compile parses the defaults. They may be templates over shape; within it the
// values of this schema stand under prefix ("" for the top, else "options.").
// Defaults that need each other in a circle are errors.
func (s *Schema) Compile(loader *record.Loader, shape record.Shape, prefix string, errs *diag.List) {
	for _, setting := range s.Settings {
		for t := setting.Type; t != nil; t = t.Of {
			if t.Kind == "struct" {
				t.Fields.Compile(loader, record.Shape{}, "", errs)
			}
		}
		if setting.defaultValue == nil || setting.Default != nil {
			continue
		}
		setting.Default = NewExpr(*setting.defaultValue, setting.Type, setting.Name, loader, errs)
		setting.Default.Check(shape, errs)
	}
	s.sort(prefix, errs)
}

// sort puts the settings into an order in which each default can be computed.
func (s *Schema) sort(prefix string, errs *diag.List) {
	s.prefix, s.order = prefix, s.order[:0]
	state := map[*Setting]int{} // 1: being visited, 2: done
	var visit func(setting *Setting, path []string)
	visit = func(setting *Setting, path []string) {
		path = append(path, setting.Name)
		switch state[setting] {
		case 1:
			from := slices.Index(path, setting.Name)
			errs.Add(diag.At(setting.Pos, "the defaults need each other in a circle: %s", strings.Join(path[from:], " → ")).
				WithHint("give one of them a default of its own"))
			return
		case 2:
			return
		}
		state[setting] = 1
		if setting.Default != nil {
			for _, read := range setting.Default.Reads() {
				name, _, _ := strings.Cut(strings.TrimPrefix(read, prefix), ".")
				if other := s.byName[name]; other != nil && strings.HasPrefix(read, prefix) {
					visit(other, path)
				}
			}
		}
		state[setting] = 2
		s.order = append(s.order, setting)
	}
	for _, setting := range s.Settings {
		visit(setting, nil)
	}
}

// Text reads a scalar of a description (doc, path …) as it is written.
func Text(v strictyaml.Value, errs *diag.List) string {
	if !v.IsScalar() {
		errs.Add(diag.At(v.Pos(), "%s where a text belongs", v.Describe()).WithHint("write a single text"))
		return ""
	}
	return v.Text()
}

// Bool reads true or false.
func Bool(v strictyaml.Value, errs *diag.List) bool {
	if !v.IsScalar() || !v.Plain() || v.Text() != "true" && v.Text() != "false" {
		errs.Add(diag.At(v.Pos(), "%s where true or false belongs", v.Describe()).WithHint("write true or false, without quotes"))
		return false
	}
	return v.Text() == "true"
}

// Names reads a list of texts.
func Names(v strictyaml.Value, errs *diag.List) []string {
	if !v.IsList() {
		errs.Add(diag.At(v.Pos(), "%s where a list belongs", v.Describe()).WithHint("write [a, b]"))
		return nil
	}
	names := make([]string, 0, len(v.Items()))
	for _, item := range v.Items() {
		names = append(names, Text(item, errs))
	}
	return names
}
