package folder

import (
	"io/fs"
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/schema"
	"palletgen/gen/strictyaml"
)

// A File is one entry of `files:`: a file that the bundle puts on the host.
type File struct {
	Pos      diag.Pos
	Path     *schema.Expr // absolute, on the host
	Owner    *schema.Expr
	Group    *schema.Expr
	Mode     *schema.Expr
	If       *schema.Expr // nil: always
	Note     *schema.Expr // told at build when the file is made; nil: nothing
	Template *record.Template
	Source   string // the template's file in the folder: "riemann.config.tmpl"
	Format   string // one of Formats
	Phase    string // the phase that puts it: "configure"
	Override string // key of the config map whose shell text stands instead of the template, "" for none
}

// Formats are the formats that values are spliced into.
var Formats = []string{"shell", "upstart", "clojure", "text"}

var fileKeys = []string{"format", "group", "if", "mode", "note", "override", "owner", "path", "phase", "template"}

// LoadFiles reads `files:`; shape is what its templates see.
func (f *Folder) LoadFiles(v strictyaml.Value, loader *record.Loader, shape record.Shape, errs *diag.List) []*File {
	if !v.IsList() {
		errs.Add(diag.At(v.Pos(), "%s where a list of files belongs", v.Describe()).
			WithHint("- {path: /…, template: NAME.tmpl}"))
		return nil
	}
	var files []*File
	for _, item := range v.Items() {
		if file := f.loadFile(item, loader, shape, errs); file != nil {
			files = append(files, file)
		}
	}
	return files
}

func (f *Folder) loadFile(v strictyaml.Value, loader *record.Loader, shape record.Shape, errs *diag.List) *File {
	file := &File{Pos: v.Pos(), Phase: "configure"}
	template := ""
	for _, e := range v.Entries() {
		expr := func(kind string) *schema.Expr {
			x := schema.NewExpr(e.Value, &schema.Type{Kind: kind}, e.Key, loader, errs)
			x.Check(shape, errs)
			return x
		}
		switch e.Key {
		case "path":
			file.Path = expr("path")
		case "owner":
			file.Owner = expr("name")
		case "group":
			file.Group = expr("name")
		case "mode":
			file.Mode = expr("mode")
		case "if":
			file.If = expr("text")
		case "note":
			file.Note = expr("string")
		case "template":
			template = schema.Text(e.Value, errs)
			f.loadTemplate(file, template, e.Value.Pos(), loader, shape, errs)
		case "format":
			file.Format = schema.Text(e.Value, errs)
			if !slices.Contains(Formats, file.Format) {
				errs.Add(diag.At(e.Value.Pos(), "unknown format %q", file.Format).
					WithHint("%s", diag.DidYouMean(file.Format, Formats)))
			}
		case "phase":
			file.Phase = schema.Text(e.Value, errs)
		case "override":
			file.Override = schema.Text(e.Value, errs)
		default:
			errs.Add(diag.At(e.KeyAt, "unknown key %q of a file", e.Key).WithHint("%s", diag.DidYouMean(e.Key, fileKeys)))
		}
	}
	if file.Path == nil || template == "" {
		errs.Add(diag.At(v.Pos(), "a file needs a path and a template").WithHint("- {path: /…, template: NAME.tmpl}"))
		return nil
	}
	if file.Format == "" {
		file.Format = formatOf(template)
	}
	if file.Template == nil {
		return nil
	}
	return file
}

// formatOf is the format of a template that says none.
func formatOf(template string) string {
	if strings.HasSuffix(template, ".sh.tmpl") {
		return "shell"
	}
	return "text"
}

func (f *Folder) loadTemplate(file *File, name string, at diag.Pos, loader *record.Loader, shape record.Shape, errs *diag.List) {
	if !fs.ValidPath(name) {
		errs.Add(diag.At(at, "%q is no file of this folder", name).WithHint("templates lie in %s", f))
		return
	}
	src, err := f.Read(name)
	if err != nil {
		errs.Add(diag.At(at, "cannot read the template: %s", reason(err)).WithHint("it is looked for in %s", f))
		return
	}
	file.Source = name
	file.Template = Template(src, loader, shape, errs)
}

// Template parses and checks one template; nil when it has errors.
func Template(src *diag.Source, loader *record.Loader, shape record.Shape, errs *diag.List) *record.Template {
	tmpl, err := loader.Parse(src)
	if err != nil {
		errs.Take(err)
		return nil
	}
	errs.Add(tmpl.Check(shape)...)
	return tmpl
}
