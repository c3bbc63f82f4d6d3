package cli

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"palletgen/gen/diag"
	"palletgen/gen/pack"
	"palletgen/gen/plan"
	"palletgen/gen/render"
	"palletgen/gen/verify"
)

var explainCommand = &command{
	name: "explain", args: "BUNDLE FILE[:LINE[:COLUMN]]…", short: "tell where a line of a bundle comes from",
	example: `palletgen explain dist/web-1.tar.gz phases/configure.sh:41
palletgen explain -f hosts.yaml dist/web-1.sh /etc/systemd/system/web.service:12
palletgen explain dist/web-1.tar.gz phases/start.sh`,
	more: `Tells the line of the template, the conditions that it stands in, and for each value
on the line the place in YAML that it comes from: where you set it, or its default,
and the settings which that reads. FILE is a path in the bundle or, with a / in front,
one on the host. Without LINE it lists all lines; with COLUMN it tells of the value
there alone, if there is one. The bundle is an archive, a script, or an unpacked folder;
of a file for Packer, the lines are those of the file itself.
Bundles know nothing of the files that they were made from; so explain makes the
bundle once more, from the same -f, --crates, --supervisors and --set as build, and
says where FILE is not what comes out, and which settings are others.`,
	flags: func(flags *pflag.FlagSet, o *options) {
		inputFlags(flags, o)
		flags.BoolVar(&o.json, "json", false, "print one JSON object for each line instead")
	},
	run: (*app).explain,
}

func (a *app) explain(args []string) error {
	if len(args) < 2 {
		return &usageError{msg: "explain: name a bundle, and a line of a file in it", hint: "palletgen explain dist/web-1.tar.gz phases/configure.sh:41"}
	}
	if args[0] == "-" && slices.Contains(a.files, "-") {
		return &usageError{msg: "explain: standard input is named twice", hint: ""}
	}
	e, err := a.explained(args[0])
	if err != nil {
		return err
	}
	if err := e.rebuild(); err != nil {
		return err
	}
	var errs diag.List
	for _, asked := range args[1:] {
		if err := e.tell(asked); err != nil {
			errs.Take(err)
		}
	}
	if len(errs) == 0 {
		e.others()
	}
	return errs.Err()
}

// explained reads the bundle; - is standard input.
func (a *app) explained(name string) (*explanation, error) {
	_, missing := os.Stat(defaultFile)
	e := &explanation{app: a, example: missing != nil}
	var in io.Reader
	if name == "-" {
		in, name = a.in, "standard input"
	} else {
		e.script = scriptOf(name)
	}
	e.source = &diag.Source{Name: name}
	if bundle := e.script.outside(); bundle != "" {
		e.bundle.Name = bundle // and it holds no files
		return e, nil
	}
	var err error
	e.bundle, err = (&verify.Verifier{}).Read(name, in)
	return e, err
}

// An explanation tells of the lines of one bundle.
type explanation struct {
	app    *app
	bundle pack.Bundle
	source *diag.Source // what messages about it begin with
	script *script      // the file that the bundle is, where it is one; else nil
	group  *plan.Group
	made   *render.Explained

	catalog  *plan.Catalog
	renderer *render.Renderer

	example     bool        // it is made from the example
	differences []diag.Note // of what it was made of, when they are known
}

// rebuild makes the bundle once more.
func (e *explanation) rebuild() error {
	catalog, planner, err := e.app.planner()
	if err != nil {
		return err
	}
	e.catalog = catalog
	var known []string
	for _, group := range planner.Groups() {
		known = append(known, group.Name)
		if group.Name != e.bundle.Name {
			continue
		}
		renderer := render.New(catalog, Version)
		e.renderer = renderer
		renderer.Signed = e.data(e.bundle.Files, verify.Signature) != nil
		if e.group, err = planner.Resolve(group); err != nil {
			return err
		}
		e.made, err = renderer.Explain(e.group)
		return err
	}
	return diag.At(diag.Pos{Source: e.source}, "it is the bundle %q, and there is no such group: there are %s", e.bundle.Name, strings.Join(known, ", ")).
		WithHint("name the file that it was built from: -f FILE")
}

// tell tells of what was asked.
func (e *explanation) tell(asked string) error {
	file, line, col := e.place(asked)
	data := e.data(e.bundle.Files, file)
	if name, _, _ := strings.Cut(asked, ":"); data == nil && e.script.named(name) {
		return e.tellScript(line, col)
	}
	if data == nil {
		return e.missing(asked, file)
	}
	if file == verify.Signature {
		return diag.At(diag.Pos{Source: e.source}, "%s is a signature: it comes from the key alone", file)
	}
	if err := e.same(file, data); err != nil {
		return err
	}
	return e.lines(file, line, col, e.made.Lines(file))
}

// lines tells of one line of a file, or of all.
func (e *explanation) lines(file string, line, col int, lines []render.Line) error {
	switch {
	case line > len(lines):
		return diag.At(diag.Pos{Source: e.source}, "there is no line %d in %s: it has %d", line, file, len(lines)).
			WithHint("its last line is %s:%d", file, len(lines))
	case line == 0 && e.app.json:
		for i, one := range lines {
			if err := e.printJSON(file, i+1, one); err != nil {
				return err
			}
		}
		return nil
	case line == 0:
		e.list(lines)
		return nil
	}
	one, err := at(lines[line-1], col)
	if err != nil {
		return diag.At(diag.Pos{Source: e.source}, "there is no column %d in line %d of %s: %v", col, line, file, err)
	}
	if e.app.json {
		return e.printJSON(file, line, one)
	}
	e.line(file, line, one)
	return nil
}

func (e *explanation) input() string {
	switch {
	case len(e.app.files) > 0:
		return strings.Join(e.app.files, ", ")
	case e.example:
		return "the example that comes with palletgen"
	}
	return defaultFile
}

// list tells of each line in one.
func (e *explanation) list(lines []render.Line) {
	for i, line := range lines {
		var names []string
		for _, value := range line.Values {
			names = append(names, settingNames(value.Origins)...)
		}
		slices.Sort(names)
		names = slices.Compact(names)
		from := line.Template.String()
		if line.Template.Source == nil {
			from, names = line.Why+": "+places(line.About), nil
		}
		fmt.Fprintln(e.app.out, diag.Printable(strings.TrimRight(fmt.Sprintf("%d  %s  %s", i+1, from, strings.Join(names, ", ")), " ")))
	}
}

// places are those of origins, the first few.
func places(list []*plan.Origin) string {
	const most = 3
	var names []string
	for _, o := range list {
		if name := o.Pos.String(); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) > most {
		names = append(names[:most], "…")
	}
	return strings.Join(names, ", ")
}

// settingNames are those that values come from, where crates and supervisors do
// not say them by themselves.
func settingNames(list []*plan.Origin) []string {
	var names []string
	for _, o := range list {
		if o.How != plan.WrittenAt {
			names = append(names, o.Name)
			continue
		}
		names = append(names, settingNames(o.From)...)
	}
	return names
}
