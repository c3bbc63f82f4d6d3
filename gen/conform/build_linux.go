package conform

import (
	"context"
	"os"

	"palletgen/gen/diag"
	"palletgen/gen/pack"
	"palletgen/gen/plan"
	"palletgen/gen/render"
	"palletgen/gen/spec"
)

// A builder makes bundles. It is safe for concurrent use.
type builder struct {
	catalog  *plan.Catalog
	renderer *render.Renderer
}

func newBuilder(catalog *plan.Catalog, version string) (*builder, error) {
	renderer := render.New(catalog, version)
	return &builder{catalog, renderer}, nil
}

// archive builds the only group of a palletgen.yaml.
func (b *builder) archive(config string) ([]byte, error) {
	doc, err := spec.Load([]*diag.Source{{Name: "palletgen.yaml", Text: config}})
	if err != nil {
		return nil, err
	}
	planner, err := plan.NewPlanner(b.catalog, doc, nil)
	if err != nil {
		return nil, err
	}
	group, err := planner.Resolve(doc.Groups[0])
	if err != nil {
		return nil, err
	}
	bundle, err := b.renderer.Bundle(group)
	if err != nil {
		return nil, err
	}
	return packed(bundle.Bundle)
}

// packed is the archive of a bundle.
func packed(bundle pack.Bundle) ([]byte, error) {
	dir, err := os.MkdirTemp("", "palletgen-conform-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	var file string
	one := func(int) (pack.Bundle, error) { return bundle, nil }
	err = pack.Write(context.Background(), dir, 1, one, pack.Options{}, func(r pack.Result) { file = r.File })
	if err != nil {
		return nil, err
	}
	return os.ReadFile(file)
}
