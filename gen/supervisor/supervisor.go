// Package supervisor reads supervisors: folders that say how one program keeps
// services running, and how each action on a service is done with it. It
// imports gen/diag, gen/folder, gen/record, gen/schema and gen/strictyaml.
package supervisor

import (
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/folder"
	"palletgen/gen/record"
	"palletgen/gen/schema"
)

// Description is the file that makes a folder a supervisor.
const Description = "supervisor.yaml"

// Actions are what every supervisor does with a service, in the order of a
// service's life. Each is a fragment ACTION.sh.tmpl of the folder.
var Actions = []string{"enable", "disable", "start", "stop", "restart", "reload", "status"}

// serviceFragment says where a service is, for actions that the folder has no
// fragment for: those are done by templates/lib/drive.sh.
const serviceFragment = "service"

// ServiceName is the key of the config map that these actions need: what the
// service is called under the supervisor.
const ServiceName = "service_name"

// LogCommand is the key of the config map that says how to look at the log of a
// service: a command, which the bundle's README tells. Not all have it.
const LogCommand = "log_command"

// A Supervisor is one supervisor, read and checked.
type Supervisor struct {
	Name     string
	Doc      string
	Crate    string   // the crate that installs it; groups must extend it
	CrateAt  diag.Pos // where it is named
	Provides []string // commands that come with it
	Folder   *folder.Folder
	Options  *schema.Schema
	Config   *schema.Schema    // the config map
	Service  map[string]*Field // fields of the service description that it can do
	Unproven string            // why it was not run for real; "" when it was
	Conform  *Conform          // how to bring it up for tests; nil when it does not say
	Files    []*folder.File
	folder.Parts
}

// Load reads the supervisor in f. service is the schema of the neutral service
// description. The error is a diag.List; the supervisor then is what could be
// read, which can do nothing, or nil.
func Load(f *folder.Folder, service *schema.Schema, tools folder.Tools) (*Supervisor, error) {
	s := &Supervisor{
		Name: f.Name, Folder: f, Options: &schema.Schema{}, Config: &schema.Schema{}, Service: map[string]*Field{},
	}
	var errs diag.List
	keys := []string{"config", "conform", "crate", "doc", "files", "options", "provides", "service", "unproven"}
	d := f.Describe(Description, "a supervisor", keys, &errs)
	if d == nil {
		return nil, errs.Err()
	}
	since := len(errs)
	s.texts(d, &errs)
	s.loadFields(d, service, &errs)
	if v, ok := d.Parts["conform"]; ok {
		s.Conform = loadConform(v, &errs)
	}
	shape := s.schemas(d, service, tools.Loader, &errs)
	before := len(errs)
	if v, ok := d.Parts["files"]; ok {
		s.Files = f.LoadFiles(v, tools.Loader, shape, &errs)
	}
	d.Whole = d.Whole && len(errs) == before
	s.Parts = f.LoadParts(d, folder.Sources(s.Files, nil), append([]string{serviceFragment, "prepare", "configure", "unconfigure"}, Actions...), tools, shape, &errs)
	s.complete(d, &errs)
	d.Known(&errs, since)
	return s, errs.Err()
}

func (s *Supervisor) texts(d *folder.Description, errs *diag.List) {
	description := d.Parts
	if v, ok := description["doc"]; ok {
		s.Doc = schema.Text(v, errs)
	}
	if v, ok := description["crate"]; ok {
		s.Crate, s.CrateAt = schema.Text(v, errs), v.Pos()
	} else if d.Whole {
		errs.Add(diag.At(d.At, "the supervisor names no crate that installs it").WithHint("crate: NAME"))
	}
	if v, ok := description["provides"]; ok {
		s.Provides = schema.Names(v, errs)
	}
	if v, ok := description["unproven"]; ok {
		s.Unproven = schema.Text(v, errs)
	}
}

// schemas reads the options and the config map and returns what the
// supervisor's templates see.
func (s *Supervisor) schemas(d *folder.Description, service *schema.Schema, loader *record.Loader, errs *diag.List) record.Shape {
	for key, read := range map[string]**schema.Schema{"options": &s.Options, "config": &s.Config} {
		if v, ok := d.Parts[key]; ok {
			*read = schema.Load(v, errs)
			(*read).RefuseSecrets(errs)
		} else if !d.Whole {
			*read = schema.Unread()
		}
	}
	s.Options.Add(&schema.Setting{
		Name: schema.InstanceSetting, Type: &schema.Type{Kind: "name"},
		Doc: "tells it from others of its kind, where a host has several; for ./run --instance-id",
	})
	shape := record.Shape{"service": service.Shape(), "options": s.Options.Shape(), "bundle": nil, "supervisor": nil}
	s.Options.Compile(loader, shape, "options.", errs)
	shape["config"] = s.Config.Shape()
	s.Config.Compile(loader, shape, "config.", errs)
	return shape
}

// complete reports what is missing in the folder.
func (s *Supervisor) complete(d *folder.Description, errs *diag.List) {
	for _, file := range s.Files {
		if file.Override != "" && s.Config.Get(file.Override) == nil {
			errs.Add(diag.At(file.Pos, "the config map has no key %q", file.Override).
				WithHint("%s", diag.DidYouMean(file.Override, s.Config.Names())))
		}
		if file.Phase != "configure" {
			errs.Add(diag.At(file.Pos, "a supervisor's files are put by the phase configure").WithHint("remove  phase: %s", file.Phase))
		}
	}
	if log := s.Config.Get(LogCommand); log != nil && log.Type.Kind != "command" {
		errs.Add(diag.At(log.Pos, "%s of the config map is of the type %s", LogCommand, log.Type.Kind).
			WithHint("type: command, such as  default: [tail, -F, /var/log/app.log]"))
	}
	driven := slices.ContainsFunc(Actions, func(action string) bool { return !s.There[action] })
	if !driven || !d.Whole {
		return
	}
	if !s.There[serviceFragment] {
		errs.Add(diag.At(d.At, "the supervisor does not say where a service is: %s.sh.tmpl is missing", serviceFragment).
			WithHint("write it, or a fragment for each of the actions %s", strings.Join(Actions, ", ")))
	}
	if _, said := d.Parts["config"]; s.Config.Get(ServiceName) == nil && (!said || d.Parts["config"].IsMap()) {
		errs.Add(diag.At(d.At, "the config map has no key %s", ServiceName).
			WithHint("config: {%s: {type: name, default: \"{{ .service.name }}\", doc: what the service is called}}", ServiceName))
	}
}
