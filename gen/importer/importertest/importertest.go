// Package importertest checks what importers make: that it can be built, and that
// no line of the input is lost in silence. It imports gen/diag, gen/importer,
// gen/pack, gen/plan, gen/render and gen/spec.
package importertest

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"

	"palletgen/gen/diag"
	"palletgen/gen/importer"
	"palletgen/gen/pack"
	"palletgen/gen/plan"
	"palletgen/gen/render"
	"palletgen/gen/spec"
)

// catalog opens the crates and supervisors of the checkout, for tests that run in
// a package two folders below its top.
var catalog = sync.OnceValues(func() (*plan.Catalog, error) {
	return plan.NewCatalog(os.DirFS("../.."), nil, nil)
})

// Possible tells what a supervisor can do of a service.
func Possible(supervisor string) (func(field string, value any) bool, error) {
	c, err := catalog()
	if err != nil {
		return nil, err
	}
	sup, err := c.Supervisor(supervisor)
	if err != nil || sup == nil {
		return nil, fmt.Errorf("supervisor %s: %w", supervisor, err)
	}
	return sup.Possible, nil
}

// Build makes the bundles of a palletgen.yaml, and forgets them.
func Build(text string) error {
	c, err := catalog()
	if err != nil {
		return err
	}
	doc, err := spec.Load([]*diag.Source{{Name: "palletgen.yaml", Text: text}})
	if err != nil {
		return err
	}
	planner, err := plan.NewPlanner(c, doc, nil)
	if err != nil {
		return err
	}
	renderer := render.New(c, "test")
	for _, g := range planner.Groups() {
		group, err := planner.Resolve(g)
		if err != nil {
			return err
		}
		bundle, err := renderer.Bundle(group)
		if err != nil {
			return err
		}
		if err := pack.Check(bundle.Bundle); err != nil {
			return err
		}
	}
	return nil
}

// Unsaid lists those of some places that the text does not name, and that are not
// known to the group.
func Unsaid(g *importer.Group, text string, places []diag.Pos) []string {
	var missing []string
	for _, at := range places {
		base := at.Source.Name[strings.LastIndexByte(at.Source.Name, '/')+1:]
		named := regexp.MustCompile(regexp.QuoteMeta(base) + `:([0-9]+, )*` + fmt.Sprint(at.Line) + `\b`)
		if !g.Told(at) || !named.MatchString(text) {
			missing = append(missing, at.String())
		}
	}
	slices.Sort(missing)
	return slices.Compact(missing)
}
