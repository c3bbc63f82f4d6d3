package plan

import (
	"fmt"
	"io/fs"
	"path"

	"palletgen/gen/diag"
	"palletgen/gen/ini"
	"palletgen/gen/plist"
	"palletgen/gen/record"
	"palletgen/gen/schema"
	"palletgen/gen/strictyaml"
	"palletgen/gen/systemd"
	"palletgen/gen/upstart"
)

// formats tell whether they can say a value exactly.
var formats = map[string]func(v any) bool{"upstart": upstart.Fits, "systemd": systemd.Fits, "ini": ini.Fits, "plist": plist.Fits}

// fits reports whether the format can say the value exactly.
func fits(format string, v any) (bool, error) {
	of := formats[format]
	if of == nil {
		return false, fmt.Errorf("no format %q is known to fits", format)
	}
	return of(v), nil
}

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
