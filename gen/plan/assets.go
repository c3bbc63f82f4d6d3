package plan

import (
	"fmt"
	"io/fs"
	"path"

	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/schema"
	"palletgen/gen/strictyaml"
)

func readPartials(assets fs.FS) (map[string]*diag.Source, error) {
	partials := map[string]*diag.Source{}
	names, err := fs.Glob(assets, "templates/partials/*.tmpl")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		src, err := Asset(assets, name)
		if err != nil {
			return nil, err
		}
		partials[path.Base(name)] = src
	}
	return partials, nil
}

// Asset reads one embedded file.
func Asset(assets fs.FS, name string) (*diag.Source, error) {
	data, err := fs.ReadFile(assets, name)
	if err != nil {
		return nil, fmt.Errorf("cannot read an embedded file: %w", err)
	}
	return &diag.Source{Name: name, Text: string(data)}, nil
}

func readService(assets fs.FS, loader *record.Loader) (*schema.Schema, error) {
	src, err := Asset(assets, "templates/service.yaml")
	if err != nil {
		return nil, err
	}
	doc, err := strictyaml.Parse(src)
	if err != nil {
		return nil, err
	}
	var errs diag.List
	service := schema.Load(doc, &errs)
	service.Compile(loader, record.Shape{}, "", &errs)
	return service, errs.Err()
}
