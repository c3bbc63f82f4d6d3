// Package supervisor reads supervisors: folders that say how one program keeps
// services running, and how each action on a service is done with it.
package supervisor

import (
	"maps"
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/folder"
	"palletgen/gen/record"
	"palletgen/gen/schema"
	"palletgen/gen/strictyaml"
)

// Description is the file that makes a folder a supervisor.
const Description = "supervisor.yaml"

// Actions are what every supervisor does with a service, in the order of a
// service's life. Each is a fragment ACTION.sh.tmpl of the folder.
var Actions = []string{"enable", "disable", "start", "stop", "restart", "reload", "status"}

// How a supervisor does a field of the service description.
const (
	Native   = "native"   // by itself
	Launcher = "launcher" // through a script that is generated
)

// A Supervisor is one supervisor, read and checked.
type Supervisor struct {
	Name     string
	Doc      string
	Crate    string   // the crate that installs it; groups must extend it
	Provides []string // commands that come with it
	Folder   *folder.Folder
	Options  *schema.Schema
	Config   *schema.Schema    // the config map
	Service  map[string]string // field of the service description → Native or Launcher
	Files    []*folder.File
	folder.Parts
}

// Load reads the supervisor in f. service is the schema of the neutral service
// description. The error is a diag.List.
func Load(f *folder.Folder, service *schema.Schema, tools folder.Tools) (*Supervisor, error) {
	s := &Supervisor{
		Name: f.Name, Folder: f, Options: &schema.Schema{}, Config: &schema.Schema{}, Service: map[string]string{},
	}
	var errs diag.List
	keys := []string{"config", "crate", "doc", "files", "options", "provides", "service"}
	description := f.Describe(Description, "a supervisor", keys, &errs)
	s.texts(description, &errs)
	s.loadFields(description["service"], service, &errs)
	shape := s.schemas(description, service, tools.Loader, &errs)
	if v, ok := description["files"]; ok {
		s.Files = f.LoadFiles(v, tools.Loader, shape, &errs)
	}
	s.Parts = f.LoadParts(Description, folder.Sources(s.Files, nil), append([]string{"prepare", "configure", "unconfigure"}, Actions...), tools, shape, &errs)
	s.complete(&errs)
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Supervisor) texts(description map[string]strictyaml.Value, errs *diag.List) {
	if v, ok := description["doc"]; ok {
		s.Doc = schema.Text(v, errs)
	}
	if v, ok := description["crate"]; ok {
		s.Crate = schema.Text(v, errs)
	} else if len(*errs) == 0 {
		errs.Add(diag.At(s.Folder.Pos(), "the supervisor names no crate that installs it").WithHint("crate: NAME"))
	}
	if v, ok := description["provides"]; ok {
		s.Provides = schema.Names(v, errs)
	}
}

// loadFields reads which fields of the service description the supervisor can do.
func (s *Supervisor) loadFields(v strictyaml.Value, service *schema.Schema, errs *diag.List) {
	if !v.IsMap() {
		if len(*errs) == 0 {
			errs.Add(diag.At(s.Folder.Pos(), "the supervisor does not say which fields of a service it can do").
				WithHint("service: {command: native, user: launcher, …}"))
		}
		return
	}
	for _, e := range v.Entries() {
		if service.Get(e.Key) == nil {
			errs.Add(diag.At(e.KeyAt, "a service has no field %q", e.Key).WithHint("%s", diag.DidYouMean(e.Key, service.Names())))
			continue
		}
		how := schema.Text(e.Value, errs)
		if how != Native && how != Launcher {
			errs.Add(diag.At(e.Value.Pos(), "%q is no way to do a field", how).
				WithHint("native, or launcher; a field that is not possible is left out"))
		}
		s.Service[e.Key] = how
	}
}

// schemas reads the options and the config map and returns what the
// supervisor's templates see.
func (s *Supervisor) schemas(description map[string]strictyaml.Value, service *schema.Schema, loader *record.Loader, errs *diag.List) record.Shape {
	if v, ok := description["options"]; ok {
		s.Options = schema.Load(v, errs)
	}
	if v, ok := description["config"]; ok {
		s.Config = schema.Load(v, errs)
	}
	shape := record.Shape{"service": service.Shape(), "options": s.Options.Shape(), "bundle": nil}
	s.Options.Compile(loader, shape, "options.", errs)
	shape["config"] = s.Config.Shape()
	s.Config.Compile(loader, shape, "config.", errs)
	return shape
}

// complete reports what is missing in the folder.
func (s *Supervisor) complete(errs *diag.List) {
	for _, file := range s.Files {
		if file.Override != "" && s.Config.Get(file.Override) == nil {
			errs.Add(diag.At(file.Pos, "the config map has no key %q", file.Override).
				WithHint("%s", diag.DidYouMean(file.Override, s.Config.Names())))
		}
		if file.Phase != "configure" {
			errs.Add(diag.At(file.Pos, "a supervisor's files are put by the phase configure").WithHint("remove  phase: %s", file.Phase))
		}
	}
	for _, action := range Actions {
		if s.Phases[action] == nil && len(*errs) == 0 {
			errs.Add(diag.At(s.Folder.Pos(), "the supervisor cannot %s: %s.sh.tmpl is missing", action, action).
				WithHint("every supervisor does %s", strings.Join(Actions, ", ")))
		}
	}
}

// Possible reports whether the supervisor can do the field of a service.
func (s *Supervisor) Possible(field string) bool {
	return slices.Contains([]string{Native, Launcher}, s.Service[field])
}

// Fields lists the fields of a service that the supervisor can do, sorted.
func (s *Supervisor) Fields() []string { return slices.Sorted(maps.Keys(s.Service)) }
