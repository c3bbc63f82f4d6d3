package render

import (
	"io"
	"slices"

	"palletgen/gen/pack"
	"palletgen/gen/packer"
	"palletgen/gen/plan"
	"palletgen/gen/record"
)

// packerScripts are the scripts in a file for Packer, in templates/packer.
var packerScripts = []string{"place", "preview", "run"}

// imagePhases are the phases that put a bundle into an image.
var imagePhases = []string{"install", "configure", "enable"}

// Packer is the format of a file for Packer, which lies beside the bundle as an
// archive in TarGz and puts it into an image of each of the sources (TYPE.NAME)
// by running the phases; where none are given, by those of imagePhases that the
// bundle has.
func (r *Renderer) Packer(catalog *plan.Catalog, sources, phases []string) (pack.Format, error) {
	templates := map[string]*record.Template{}
	for _, name := range packerScripts {
		tmpl, err := catalog.Template("templates/packer/" + name + ".sh.tmpl")
		if err != nil {
			return pack.Format{}, err
		}
		templates[name] = tmpl
	}
	encode := func(w io.Writer, b pack.Bundle, digest string) error {
		build := packer.Build{
			Version: r.version, Bundle: b.Name, Archive: b.Name + pack.TarGz.Suffix, Sources: sources,
			// With the digest in its name, it is the folder of no other bundle.
			Folder: "/tmp/palletgen-" + b.Name + "-" + digest[:12],
		}
		run := phases
		if len(run) == 0 {
			run = having(b, imagePhases)
		}
		data := map[string]any{"bundle": b.Name, "folder": build.Folder, "digest": digest, "phases": toList(run)}
		for name, script := range map[string]*string{"place": &build.Place, "preview": &build.Preview, "run": &build.Run} {
			var err error
			if *script, err = r.script(templates[name], data); err != nil {
				return err
			}
		}
		text, err := build.HCL()
		if err != nil {
			return err
		}
		_, err = w.Write(text)
		return err
	}
	return pack.Other("packer", ".pkr.hcl", 0o666, encode), nil
}

// having returns those of the phases that the bundle has: one without services
// has none to enable.
func having(b pack.Bundle, phases []string) []string {
	return slices.DeleteFunc(slices.Clone(phases), func(phase string) bool {
		return !slices.ContainsFunc(b.Files, func(f pack.File) bool { return f.Path == "phases/"+phase+".sh" })
	})
}
