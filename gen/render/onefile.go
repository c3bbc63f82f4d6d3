package render

import (
	"palletgen/gen/onefile"
	"palletgen/gen/pack"
	"palletgen/gen/plan"
	"palletgen/gen/record"
)

// A Wrapper makes the formats in which a bundle is more than an archive; see
// package onefile. It is safe for concurrent use.
type Wrapper struct {
	r                 *Renderer
	onefile, userdata *record.Template
}

// NewWrapper reads the templates of the formats.
func (r *Renderer) NewWrapper(catalog *plan.Catalog) (*Wrapper, error) {
	w := &Wrapper{r: r}
	var err error
	if w.onefile, err = catalog.Template("templates/onefile.sh.tmpl"); err != nil {
		return nil, err
	}
	w.userdata, err = catalog.Template("templates/userdata.sh.tmpl")
	return w, err
}

// Script is the format of the one script, which runs the phases where it is
// called without any.
func (w *Wrapper) Script(phases []string) pack.Format {
	return onefile.Format(func(b pack.Bundle) (string, error) { return w.Head(b.Name, phases) })
}

// UserData is the format of user data of at most limit bytes that runs the
// phases; where none are given, those of firstBoot that the bundle has.
func (w *Wrapper) UserData(phases []string, limit int) pack.Format {
	return onefile.UserData(func(b pack.Bundle) (string, error) { return w.Head(b.Name, atBoot(b, phases)) }, limit)
}

// Download is UserData that gets a bundle, an archive in TarGz, from what url
// returns for its name.
func (w *Wrapper) Download(url func(bundle string) string, phases []string, limit int) pack.Format {
	return onefile.Download(func(b pack.Bundle, digest string) (string, error) {
		return w.r.script(w.userdata, map[string]any{
			"bundle": b.Name, "version": w.r.version, "url": url(b.Name), "digest": digest, "phases": toList(atBoot(b, phases)),
		})
	}, limit)
}

// firstBoot are the phases of a host that is new.
var firstBoot = []string{"install", "configure", "enable", "start"}

func atBoot(b pack.Bundle, phases []string) []string {
	if len(phases) == 0 {
		return having(b, firstBoot)
	}
	return phases
}

// Head is what stands before the files in the format Script.
func (w *Wrapper) Head(bundle string, phases []string) (string, error) {
	return w.r.script(w.onefile, map[string]any{"bundle": bundle, "version": w.r.version, "phases": toList(phases)})
}

// script makes a script that stands outside the bundle.
func (r *Renderer) script(template *record.Template, data map[string]any) (string, error) {
	marked, err := template.Execute(data)
	if err != nil {
		return "", err
	}
	script, err := r.engine.Splice(marked)
	if err != nil {
		return "", err
	}
	return script.Text, nil
}
