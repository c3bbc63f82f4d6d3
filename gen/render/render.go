// Package render turns a resolved group into the files of its bundle. It may
// import all but gen/verify, gen/conform and gen/cli.
package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"palletgen/gen/diag"
	"palletgen/gen/folder"
	"palletgen/gen/manifest"
	"palletgen/gen/pack"
	"palletgen/gen/plan"
	"palletgen/gen/record"
	"palletgen/gen/shell"
)

// A Bundle is the files of one group, and what is to be told about them.
type Bundle struct {
	pack.Bundle
	Warnings []string // of its crates, each once
	Notes    []string // fallbacks that were taken
	Phases   []string // the words that ./run takes

	Variables map[string][]string // by phase, the secrets that it takes from variables or from the file of --secrets
}

// A Renderer makes bundles. It is safe for concurrent use.
type Renderer struct {
	// Signed: the bundles will be signed, and check that themselves where they are
	// asked to. It is to be set before the first bundle is made.
	Signed bool

	version string
	catalog *plan.Catalog
	ready   func() error // reads what follows
	engine  *shell.Engine
	phases  *phaseMaker
	indent  indenter
	run     *runMaker
	readme  *record.Template
	drive   map[string]*folder.Fragment // the library's own way to do an action, see Catalog.Actions
}

// New makes a renderer that stamps bundles with version. It begins to read the
// library beside the caller's work.
func New(catalog *plan.Catalog, version string) *Renderer {
	r := &Renderer{version: version, catalog: catalog, engine: catalog.Tools.Engine}
	r.ready = sync.OnceValue(r.load)
	go r.ready()
	return r
}

// load reads what all bundles need of the embedded files.
func (r *Renderer) load() error {
	lib, err := r.catalog.Library()
	if err != nil {
		return err
	}
	if r.phases, err = newPhaseMaker(lib); err != nil {
		return err
	}
	run, err := r.catalog.Template("templates/run.sh.tmpl")
	if err != nil {
		return err
	}
	if r.run, err = newRunMaker(run, r.engine, r.phases); err != nil {
		return err
	}
	if r.readme, err = r.catalog.Template("templates/readme.txt.tmpl"); err != nil {
		return err
	}
	r.drive, err = r.catalog.Actions()
	return err
}

// Bundle renders the group. The error is a diag.List.
func (r *Renderer) Bundle(g *plan.Group) (*Bundle, error) {
	bundle, err := r.bundle(g, nil)
	if err != nil { // once more, to tell whose values are wrong
		bundle, err = r.bundle(g, newTrace())
	}
	return bundle, err
}

func (r *Renderer) bundle(g *plan.Group, trace *trace) (*Bundle, error) {
	if err := r.ready(); err != nil {
		return nil, err
	}
	b := &builder{Renderer: r, group: g, byPath: map[string]*hostFile{}, folders: map[string]*hostFile{}, spellings: spellings{}, refused: map[badFolder]bool{},
		actions: map[serviceAction]*function{}, notes: g.Notes, trace: trace}
	for _, c := range g.Crates {
		b.crateFiles(c)
	}
	b.payload = b.payloadFiles()
	if b.full || len(b.errs) > maxErrors {
		return nil, b.errs.Err()
	}
	scripts := b.scripts()
	if err := b.errs.Err(); err != nil {
		return nil, err
	}
	return b.bundle(scripts)
}

// A builder holds what is known of one bundle while it is made.
type builder struct {
	*Renderer
	group     *plan.Group
	files     []*hostFile
	byPath    map[string]*hostFile
	folders   map[string]*hostFile // by each folder above a file, the last such file
	payload   []pack.File
	spellings spellings
	refused   map[badFolder]bool
	actions   map[serviceAction]*function
	count     int  // of the files and payloads
	size      int  // of these, in bytes
	full      bool // they are too many, or too large: there is no use in making more
	cost      int  // of all templates; see record.Marked
	warnings  []string
	notes     []string
	errs      diag.List
	trace     *trace // nil: nobody asks where lines come from
}

// bundle puts everything together: run, phases, root, README, manifest, sums.
func (b *builder) bundle(scripts []*phaseScript) (*Bundle, error) {
	out := &Bundle{Warnings: b.warnings, Notes: b.notes, Variables: b.secretVariables()}
	out.Name = b.group.Name
	add := func(name string, mode uint32, data []byte) {
		out.Files = append(out.Files, pack.File{Path: name, Mode: mode, Data: data})
	}
	phases := b.phaseList(scripts)
	for _, p := range phases {
		out.Phases = append(out.Phases, p.Name)
	}
	out.Phases = append(out.Phases, "verify")
	add("run", 0o755, []byte(b.runScript(scripts)))
	add("README", 0o644, []byte(b.readmeText(scripts)))
	frames := make([]*frame, len(scripts))
	for i, s := range scripts {
		frames[i] = s.frame
	}
	layout, err := b.phases.layout(frames)
	if err != nil {
		return nil, err
	}
	add("lib.sh", 0o644, append(fmt.Appendf(make([]byte, 0, len(layout.lib)+256),
		"# lib.sh of the bundle %s: functions that several of its scripts use; run reads it.\n# Made by palletgen %s.\n",
		b.group.Name, b.version), layout.lib...))
	for i, s := range scripts {
		add("phases/"+s.name+".sh", 0o644, s.write(b, layout.scripts[i]))
	}
	b.traceScripts(scripts, layout)
	for _, f := range b.files {
		mode := uint32(0o644)
		if f.executable() {
			mode = 0o755
		}
		add("root"+f.path, mode, f.data)
	}
	out.Files = append(out.Files, b.payload...)
	slices.SortFunc(out.Files, func(x, y pack.File) int { return cmp.Compare(x.Path, y.Path) })
	sums := sumFiles(out.Files)
	listed, err := b.manifest(phases, scripts, out.Files, sums)
	if err != nil {
		return nil, err
	}
	add(manifest.Name, 0o644, listed)
	sums[manifest.Name] = sum(listed)
	add("SHA256SUMS", 0o644, sumsFile(sums))
	slices.SortFunc(out.Files, func(x, y pack.File) int { return cmp.Compare(x.Path, y.Path) })
	b.traceRest(out.Files)
	return out, b.errs.Err()
}

// text makes a file from a template whose format has no quoting: values are one
// line each.
func (b *builder) text(file string, tmpl *record.Template, data map[string]any) string {
	marked, err := tmpl.Execute(data)
	if err != nil {
		b.errs.Take(err)
		return ""
	}
	b.track(marked)
	text, err := spliceText(marked)
	b.errs.Take(err)
	b.traceWhole(file, marked, text, tmpl, data)
	return text
}

func toList(names []string) []any {
	list := make([]any, len(names))
	for i, name := range names {
		list[i] = name
	}
	return list
}

// provenance is the comment that says where a part of a script comes from.
func provenance(sources ...string) string {
	return fmt.Sprintf("# from %s\n", strings.Join(sources, ", "))
}
