package shell_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/pack"
	"palletgen/gen/plan"
	"palletgen/gen/render"
	"palletgen/gen/spec"
)

// buildFixtures builds a group for each fixture, some in every format. It returns
// how many it has built, and what the others are refused for.
func buildFixtures(t *testing.T, catalog *plan.Catalog) (built int, refused []*diag.Error) {
	t.Helper()
	doc, err := spec.Load([]*diag.Source{{Name: "fixtures.yaml", Text: fixtures(t)}})
	if err != nil {
		t.Fatal(err)
	}
	planner, err := plan.NewPlanner(catalog, doc, nil)
	if err != nil {
		t.Fatal(err)
	}
	renderer, signing := render.New(catalog, "v0"), render.New(catalog, "v0")
	signing.Signed = true
	for i, group := range planner.Groups() {
		r := renderer
		if i%10 == 0 {
			r = signing
		}
		g, err := planner.Resolve(group)
		var bundle *render.Bundle
		if err == nil {
			bundle, err = r.Bundle(g)
		}
		wanted := strings.HasPrefix(group.Name, "refused")
		switch {
		case err == nil && wanted:
			t.Errorf("%s is not refused", group.Name)
		case err == nil:
			if built++; built == 1 {
				writeFormats(t, catalog, r, bundle)
			}
		case wanted:
			var list diag.List
			list.Take(err)
			refused = append(refused, list...)
		case !strings.Contains(err.Error(), " cannot "): // what a supervisor cannot do
			t.Errorf("%s: %v", group.Name, err)
		}
	}
	return built, refused
}

// writeFormats writes a bundle in the formats that have templates of their own.
func writeFormats(t *testing.T, catalog *plan.Catalog, r *render.Renderer, bundle *render.Bundle) {
	t.Helper()
	wrapper, err := r.NewWrapper(catalog)
	if err != nil {
		t.Fatal(err)
	}
	packer, err := r.Packer(catalog, []string{"docker.web"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	url := func(name string) string { return fmt.Sprintf("https://example.org/it's $x/%s.tar.gz", name) }
	for _, format := range []pack.Format{
		wrapper.Script(nil), wrapper.Script([]string{"install", "start"}), wrapper.UserData(nil, 1<<20), wrapper.Download(url, nil, 1<<20), packer,
	} {
		err := pack.Write(context.Background(), t.TempDir(), 1, func(int) (pack.Bundle, error) {
			return pack.Bundle{Name: bundle.Name, Files: bundle.Files}, nil
		}, pack.Options{Formats: []pack.Format{format}}, func(pack.Result) {})
		if err != nil {
			t.Fatalf("%s: %v", format.Name, err)
		}
	}
}
