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
	Flag     *Flag        // set on the host when the file is changed; nil: the one that its owner chooses
	Verify   *schema.Expr // command that judges the file before it is put in place; nil: none
	Template *record.Template
	Copy     *Blob  // instead of Template: what to put, byte for byte
	Source   string // file in the folder of the template or copy: "riemann.config.tmpl"
	Format   string // one of Formats; "" for a copy
	Phase    string // the phase that puts it: "configure"
	Override string // key of the config map whose shell text stands instead of the template, "" for none
}

// A Flag is the name that `flag:` computes, "" for none.
type Flag struct {
	Pos  diag.Pos
	name *schema.Expr // nil: none
}

// Expr is what computes the name; nil for none.
func (f *Flag) Expr() *schema.Expr { return f.name }

// Eval computes the name.
func (f *Flag) Eval(data any, errs *diag.List) string {
	if f.name == nil {
		return ""
	}
	name, _ := f.name.Eval(data, errs).(string)
	return name
}

// Formats are the formats that values are spliced into.
var Formats = []string{"shell", "systemd", "upstart", "ini", "plist", "clojure", "text"}

var fileKeys = []string{
	"copy", "flag", "format", "group", "if", "mode", "note", "override", "owner", "path", "phase", "template", "verify",
}

const fileHint = "- {path: /…, template: NAME.tmpl}  or  - {path: /…, copy: NAME}"

// LoadFiles reads `files:`; shape is what its templates see.
func (f *Folder) LoadFiles(v strictyaml.Value, loader *record.Loader, shape record.Shape, errs *diag.List) []*File {
	if !v.IsList() {
		errs.Add(diag.At(v.Pos(), "%s where a list of files belongs", v.Describe()).
			WithHint(fileHint))
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
	keys := map[string]strictyaml.Value{}
	layer := schema.Layer{Value: v}
	for _, e := range v.Entries() {
		if !slices.Contains(fileKeys, e.Key) {
			errs.Add(diag.At(e.KeyAt, "unknown key %q of a file", e.Key).WithHint("%s", diag.DidYouMean(e.Key, fileKeys)))
			if e.Key = diag.Suggest(e.Key, fileKeys); e.Key == "" || layer.Has(e.Key) {
				continue
			}
		}
		keys[e.Key] = e.Value
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
		case "flag":
			file.Flag = &Flag{Pos: e.Value.Pos()}
			if !e.Value.IsScalar() || e.Value.IsNull() || e.Value.Text() != "" {
				file.Flag.name = expr("name")
			}
		case "verify":
			file.Verify = expr("command")
		case "template":
			if file.Source = schema.Text(e.Value, errs); e.Value.IsScalar() {
				f.loadTemplate(file, file.Source, e.Value.Pos(), loader, shape, errs)
			}
		case "copy":
			if file.Source = schema.Text(e.Value, errs); e.Value.IsScalar() {
				file.Copy = f.blob(file.Source, e.Value.Pos(), errs)
			}
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
		}
	}
	if !file.complete(v, keys, errs) {
		return nil
	}
	return file
}

// complete reports which keys are missing, or cannot stand together; false
// when the file cannot be made.
func (file *File) complete(v strictyaml.Value, keys map[string]strictyaml.Value, errs *diag.List) bool {
	_, hasPath := keys["path"]
	_, isTemplate := keys["template"]
	_, isCopy := keys["copy"]
	switch {
	case isTemplate && isCopy:
		errs.Add(diag.At(keys["copy"].Pos(), "a file is made of a template or is a copy, not both").WithHint("remove one of them"))
		return false
	case !hasPath, !isTemplate && !isCopy:
		errs.Add(diag.At(v.Pos(), "a file needs a path, and a template or a copy").WithHint(fileHint))
		return false
	case isTemplate && file.Format == "":
		file.Format = formatOf(file.Source)
	}
	for _, key := range []string{"format", "override"} {
		if value, ok := keys[key]; ok && isCopy {
			errs.Add(diag.At(value.Pos(), "%s is for templates: a copy is taken byte for byte", key).WithHint("remove it"))
		}
	}
	return file.Template != nil || file.Copy != nil
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
