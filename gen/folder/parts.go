package folder

import (
	"path"
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/schema"
	"palletgen/gen/shell"
	"palletgen/gen/strictyaml"
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
// what it sees. A file that is nothing of all this is an error.
func (f *Folder) LoadParts(description string, others, phases []string, tools Tools, shape record.Shape, errs *diag.List) Parts {
	parts := Parts{Phases: map[string]*Fragment{}}
	names, err := f.Files()
	if err != nil {
		errs.Take(err)
		return parts
	}
	before := len(*errs)
	used := map[string]bool{description: true}
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
			if before == 0 { // else it may well be the template of a file that has an error
				errs.Add(diag.At(diag.Pos{Source: &diag.Source{Name: f.show + "/" + name}}, "nothing uses this file").
					WithHint("name it under files: in %s; fragments are called %s.sh.tmpl", description, strings.Join(phases, ".sh.tmpl, ")))
			}
			continue
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

// Describe parses the description of the folder, which may have the given
// keys; what names the kind of folder in messages.
func (f *Folder) Describe(file, what string, keys []string, errs *diag.List) map[string]strictyaml.Value {
	parts := map[string]strictyaml.Value{}
	src, err := f.Read(file)
	if err != nil {
		errs.Add(diag.At(f.Pos(), "cannot read %s: %s", file, reason(err)))
		return parts
	}
	doc, err := strictyaml.Parse(src)
	if err != nil {
		errs.Take(err)
		return parts
	}
	if !doc.IsMap() {
		errs.Add(diag.At(doc.Pos(), "%s where the description of %s belongs", doc.Describe(), what).
			WithHint("doc: what it is for"))
		return parts
	}
	for _, e := range doc.Entries() {
		if !slices.Contains(keys, e.Key) {
			errs.Add(diag.At(e.KeyAt, "unknown key %q of %s", e.Key, what).WithHint("%s", diag.DidYouMean(e.Key, keys)))
		}
		parts[e.Key] = e.Value
	}
	if _, ok := parts["doc"]; !ok {
		errs.Add(diag.At(doc.Pos(), "%s has no doc", f.Name).WithHint("doc: what it is for"))
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
