// Package crate reads crates: folders that say how to install, configure and run
// one piece of software. It imports gen/diag, gen/folder, gen/lazyregexp,
// gen/record, gen/schema, gen/strictyaml and gen/supervisor.
package crate

import (
	"maps"
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/folder"
	"palletgen/gen/lazyregexp"
	"palletgen/gen/record"
	"palletgen/gen/schema"
	"palletgen/gen/strictyaml"
	"palletgen/gen/supervisor"
)

// Description is the file that makes a folder a crate.
const Description = "crate.yaml"

// Settings that every crate with a service has.
const (
	SupervisorSetting = "supervisor" // the name of the supervisor
	InstanceSetting   = schema.InstanceSetting
	ServiceSetting    = "service" // overrides of the neutral service description
)

// Phases that every crate may have a fragment for, in the order of their run.
var Phases = []string{"install", "configure", "uninstall"}

// A Crate is one crate, read and checked.
type Crate struct {
	Name     string
	Doc      string
	Warning  string // told at each build that uses the crate; "" for none
	Folder   *folder.Folder
	At       diag.Pos // the first line of its description
	Settings *schema.Schema
	Files    []*folder.File
	Payload  []*folder.Blob // carried in the bundle as files/NAME/…
	folder.Parts
	PhaseDocs map[string]string            // its own phases, and what they are for
	PhaseAt   map[string]diag.Pos          // where these are described
	Service   *schema.Templated            // the neutral service description; nil when the crate has none
	Config    map[string]*schema.Templated // overrides of config maps, by supervisor
	Refuses   map[string]string            // supervisors that it cannot run under, and why

	SupervisorAt map[string]diag.Pos // where Config and Refuses name them
}

// Load reads the crate in f. The error is a diag.List; the crate then is what
// could be read, with which no bundle can be made, or nil.
func Load(f *folder.Folder, tools folder.Tools) (*Crate, error) {
	c := &Crate{
		Name: f.Name, Folder: f, Settings: &schema.Schema{},
		PhaseDocs: map[string]string{}, PhaseAt: map[string]diag.Pos{}, SupervisorAt: map[string]diag.Pos{},
		Config: map[string]*schema.Templated{}, Refuses: map[string]string{},
	}
	var errs diag.List
	keys := []string{"doc", "files", "payload", "phases", "refuses", "service", "settings", "supervisor_config", "warning"}
	d := f.Describe(Description, "a crate", keys, &errs)
	if d == nil {
		return nil, errs.Err()
	}
	since := len(errs)
	c.At = d.At
	c.texts(d.Parts, &errs)
	shape := c.settings(d, tools.Loader, &errs)
	c.files(d, tools.Loader, shape, &errs)
	c.service(d.Parts, tools.Loader, shape, &errs)
	c.Parts = f.LoadParts(d, folder.Sources(c.Files, c.Payload), c.PhaseNames(), tools, shape, &errs)
	d.Known(&errs, since)
	return c, errs.Err()
}

// files reads the files and the payload.
func (c *Crate) files(d *folder.Description, loader *record.Loader, shape record.Shape, errs *diag.List) {
	since := len(*errs)
	if v, ok := d.Parts["files"]; ok {
		c.Files = c.Folder.LoadFiles(v, loader, shape, errs)
	}
	if v, ok := d.Parts["payload"]; ok {
		c.Payload = c.Folder.LoadPayload(v, errs)
	}
	d.Whole = d.Whole && len(*errs) == since
	for _, file := range c.Files {
		if !slices.Contains(c.PhaseNames(), file.Phase) {
			errs.Add(diag.At(file.Pos, "unknown phase %q", file.Phase).WithHint("%s", diag.DidYouMean(file.Phase, c.PhaseNames())))
		}
		if file.Override != "" {
			errs.Add(diag.At(file.Pos, "override is for supervisors: a crate has no config map of its own").WithHint("remove it"))
		}
	}
}

// PhaseNames lists the phases that the crate may have fragments for, in the
// order of their run: its own ones come last.
func (c *Crate) PhaseNames() []string {
	return append(slices.Clone(Phases), slices.Sorted(maps.Keys(c.PhaseDocs))...)
}

var phaseRE = lazyregexp.New(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// Phases that every bundle has beside those of crates and
// supervisors. With the name of a service behind it, ensure is one too.
var reserved = []string{"help", "retire", "rollback", "verify"}

const ensure = "ensure-service-"

// isOwnPhase reports whether a crate may give one of its own phases this name.
func isOwnPhase(name string) bool {
	first, _, _ := strings.Cut(name, "-")
	return phaseRE.MatchString(name) && !slices.Contains(Phases, name) && !slices.Contains(reserved, name) &&
		!slices.Contains(supervisor.Actions, first) && first != "retire" && !strings.HasPrefix(name+"-", ensure)
}

// texts reads what is plain text in the description.
func (c *Crate) texts(description map[string]strictyaml.Value, errs *diag.List) {
	for key, target := range map[string]*string{"doc": &c.Doc, "warning": &c.Warning} {
		if v, ok := description[key]; ok {
			*target = schema.Text(v, errs)
		}
	}
	for key, target := range map[string]map[string]string{"phases": c.PhaseDocs, "refuses": c.Refuses} {
		v, ok := description[key]
		if ok && !v.IsMap() {
			errs.Add(diag.At(v.Pos(), "%s where a map belongs", v.Describe()).WithHint("%s: {NAME: why}", key))
		}
		for _, e := range v.Entries() {
			target[e.Key] = schema.Text(e.Value, errs)
			if key == "phases" {
				c.PhaseAt[e.Key] = e.KeyAt
			} else {
				c.SupervisorAt[e.Key] = e.KeyAt
			}
			if key == "phases" && !isOwnPhase(e.Key) {
				errs.Add(diag.At(e.KeyAt, "a phase cannot be called %q", e.Key).
					WithHint("small letters, digits and -, beginning with a letter; not a phase that is there already, nor one for a single service"))
			}
		}
	}
}

// settings reads the settings and returns what the crate's templates see.
func (c *Crate) settings(d *folder.Description, loader *record.Loader, errs *diag.List) record.Shape {
	description := d.Parts
	if v, ok := description["settings"]; ok {
		c.Settings = schema.Load(v, errs)
	} else if !d.Whole {
		c.Settings = schema.Unread()
	}
	if own := c.Settings.Get(ServiceSetting); own != nil {
		errs.Add(diag.At(own.Pos, "every crate has the setting %s already", ServiceSetting).WithHint("give it another name"))
	}
	if _, ok := description["service"]; ok {
		c.Settings.Add(&schema.Setting{
			Name: SupervisorSetting, Type: &schema.Type{Kind: "name"}, Required: true,
			Doc: "what keeps the service running",
		})
		c.Settings.Add(&schema.Setting{
			Name: InstanceSetting, Type: &schema.Type{Kind: "name"},
			Doc: "tells a second copy in one group from the first; its service is called NAME-ID",
		})
	}
	shape := c.Settings.Shape()
	c.Settings.Compile(loader, shape, "", errs)
	return shape
}

func (c *Crate) service(description map[string]strictyaml.Value, loader *record.Loader, shape record.Shape, errs *diag.List) {
	if v, ok := description["service"]; ok {
		c.Service = schema.NewTemplated(v, loader, shape, errs)
	}
	config, ok := description["supervisor_config"]
	if ok && !config.IsMap() {
		errs.Add(diag.At(config.Pos(), "%s where a map belongs", config.Describe()).WithHint("supervisor_config: {SUPERVISOR: {KEY: value}}"))
	}
	for _, e := range config.Entries() {
		c.SupervisorAt[e.Key] = e.KeyAt
		c.Config[e.Key] = schema.NewTemplated(e.Value, loader, shape, errs)
	}
}
