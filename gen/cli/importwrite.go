package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"

	"palletgen/gen/diag"
	"palletgen/gen/importer"
	"palletgen/gen/plan"
	"palletgen/gen/render"
	"palletgen/gen/spec"
)

// writeImported checks that what was made can be built, names what is lost, and
// writes it.
func (a *app) writeImported(group *importer.Group, catalog *plan.Catalog) error {
	o := a.imports
	if o.strict && len(group.Lost) > 0 {
		return group.Lost.Err()
	}
	text := group.YAML()
	if err := a.checkImported(text, catalog); err != nil {
		return err
	}
	if o.out == "-" {
		if _, err := io.WriteString(a.out, text); err != nil {
			return err
		}
	} else if err := writeNew(o.out, text, o.force); err != nil {
		return err
	}
	if !a.quiet {
		lost, _ := group.Lost.Err().(diag.List)
		for part := range slices.Chunk(lost, 100) { // Print shows no more at once
			diag.Print(a.err, part, a.colour)
		}
	}
	settings, indifferent, named := group.Count()
	a.say("lines that became settings: %d; that make no difference here: %d; lost at least in part: %d", settings, indifferent, named)
	return nil
}

// checkImported makes the bundle, and forgets it.
func (a *app) checkImported(text string, catalog *plan.Catalog) error {
	doc, err := spec.Load([]*diag.Source{{Name: "(what import made)", Text: text}})
	if err != nil {
		return err
	}
	planner, err := plan.NewPlanner(catalog, doc, nil)
	if err != nil {
		return err
	}
	renderer := render.New(catalog, Version)
	b := &build{app: a, catalog: catalog, planner: planner, renderer: renderer, groups: planner.Groups(), bundles: make([]told, len(planner.Groups()))}
	return b.check()
}

// writeNew writes a file, which only its owner can read: its values may be
// nobody else's business.
func writeNew(name, text string, overwrite bool) error {
	how := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	if !overwrite {
		how |= os.O_EXCL
	}
	file, err := os.OpenFile(name, how, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return diag.At(diag.Pos{Source: &diag.Source{Name: name}}, "the file is there already, and is not overwritten").WithHint("--overwrite does")
	}
	if err == nil {
		_, err = file.WriteString(text)
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		return diag.At(diag.Pos{Source: &diag.Source{Name: name}}, "cannot write the file: %v", withoutPath(err)).
			WithHint("name a file in a folder that is there, and that you may write to")
	}
	return nil
}
