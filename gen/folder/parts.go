package folder

import (
	"path"
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/schema"
	"palletgen/gen/shell"
)

// Tools are what every folder is read with.
type Tools struct {
	Loader *record.Loader
	Engine *shell.Engine
}

// Parts are the scripts of a folder.
type Parts struct {
	Phases map[string]*Fragment // by phase
	Lib    []shell.Function     // functions of lib/*.sh
	There  map[string]bool      // phases that have a fragment, be it right or wrong
}

// A Fragment is what a phase does for one crate or supervisor.
type Fragment struct {
	*record.Template
	Label    string // what bundles call its file: "crates/riemann/install.sh.tmpl"
	Payloads bool   // its text names a payload: "bundle:…"
}

// Sources lists the files of the folder that `files:` and `payload:` name.
func Sources(files []*File, payload []*Blob) []string {
	var names []string
	for _, file := range files {
		names = append(names, path.Clean(file.Source))
	}
	for _, b := range payload {
		names = append(names, b.Name)
	}
	return names
}

// LoadParts reads every file of the folder but its description and those that
// are used otherwise, see Sources. phases are the names that a fragment may have, shape is
// what it sees. A file that is nothing of all this is an error, where all of
// them are known.
func (f *Folder) LoadParts(d *Description, others, phases []string, tools Tools, shape record.Shape, errs *diag.List) Parts {
	parts := Parts{Phases: map[string]*Fragment{}, There: map[string]bool{}}
	names, err := f.Files()
	if err != nil {
		errs.Take(err)
		return parts
	}
	used := map[string]bool{d.File: true}
	for _, name := range others {
		used[name] = true
	}
	for _, name := range names {
		phase, isFragment := strings.CutSuffix(name, ".sh.tmpl")
		isLib := strings.HasPrefix(name, "lib/") && strings.HasSuffix(name, ".sh")
		isFragment = isFragment && slices.Contains(phases, phase)
		switch {
		case used[name], strings.HasPrefix(strings.ToUpper(name), "README"):
			continue
		case !isFragment && !isLib:
			if d.Whole { // else it may well be the template of a file that has an error
				errs.Add(diag.At(diag.Pos{Source: &diag.Source{Name: f.show + "/" + name}}, "nothing uses this file").
					WithHint("name it under files: in %s; fragments are called %s.sh.tmpl", d.File, strings.Join(phases, ".sh.tmpl, ")))
			}
			continue
		}
		if isFragment {
			parts.There[phase] = true
		}
		src, err := f.Read(name)
		if err != nil {
			errs.Add(diag.At(diag.Pos{Source: &diag.Source{Name: path.Join(f.show, name)}}, "cannot read the file: %s", reason(err)).
				WithHint("a script or library is a plain file of %d bytes at most", maxText))
			continue
		}
		if isFragment {
			if tmpl := Template(src, tools.Loader, shape, errs); tmpl != nil {
				parts.Phases[phase] = &Fragment{tmpl, f.Label(name), strings.Contains(src.Text, schema.PayloadScheme)}
			}
			continue
		}
		functions, err := f.functions(src, tools.Engine)
		errs.Take(err)
		parts.Lib = append(parts.Lib, functions...)
	}
	return parts
}

// functions reads a file of the library. Of those that come with palletgen, which
// a test reads in full, only what is called will be parsed.
func (f *Folder) functions(src *diag.Source, engine *shell.Engine) ([]shell.Function, error) {
	if f.embedded {
		if functions, ok := engine.Outline(src); ok {
			return functions, nil
		}
	}
	return engine.Library(src)
}
