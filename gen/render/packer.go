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
	templates, err := packerTemplates(catalog)
	if err != nil {
		return pack.Format{}, err
	}
	encode := func(w io.Writer, b pack.Bundle, digest string) error {
		run := phases
		if len(run) == 0 {
			run = having(b, imagePhases)
		}
		build := r.packerBuild(b.Name, sources)
		build.Folder = packerFolder(b.Name, digest)
		data := packerData(build, digest, run)
		for i, script := range []*string{&build.Place, &build.Preview, &build.Run} {
			if *script, err = r.script(templates[i], data); err != nil {
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

// packerTemplates are those of packerScripts.
func packerTemplates(catalog *plan.Catalog) ([]*record.Template, error) {
	var templates []*record.Template
	for _, name := range packerScripts {
		tmpl, err := catalog.Template("templates/packer/" + name + ".sh.tmpl")
		if err != nil {
			return nil, err
		}
		templates = append(templates, tmpl)
	}
	return templates, nil
}

func (r *Renderer) packerBuild(bundle string, sources []string) packer.Build {
	return packer.Build{Version: r.version, Bundle: bundle, Archive: bundle + pack.TarGz.Suffix, Sources: sources}
}

// packerFolder is where a bundle goes on the host. With the digest in its name, it
// is the folder of no other bundle. The digest has 64 digits.
func packerFolder(bundle, digest string) string {
	return "/tmp/palletgen-" + bundle + "-" + digest[:12]
}

// packerData is what the templates see.
func packerData(build packer.Build, digest string, phases []string) map[string]any {
	return map[string]any{"bundle": build.Bundle, "folder": build.Folder, "digest": digest, "phases": toList(phases)}
}

// having returns those of the phases that the bundle has: one without services
// has none to enable.
func having(b pack.Bundle, phases []string) []string {
	return slices.DeleteFunc(slices.Clone(phases), func(phase string) bool {
		return !slices.ContainsFunc(b.Files, func(f pack.File) bool { return f.Path == "phases/"+phase+".sh" })
	})
}
