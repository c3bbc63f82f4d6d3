package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/pack"
	"palletgen/gen/plan"
	"palletgen/gen/render"
	"palletgen/gen/verify"
)

var explainCommand = &command{
	name: "explain", args: "BUNDLE FILE[:LINE]…", short: "tell where a line of a bundle comes from",
	example: `palletgen explain dist/web-1.tar.gz phases/configure.sh:41
palletgen explain -f hosts.yaml dist/web-1.sh /etc/systemd/system/web.service:12
palletgen explain dist/web-1.tar.gz phases/start.sh`,
	more: `Tells the line of the template, and for each value on the line the place in YAML
that it comes from: where you set it, or its default, and the settings which that
reads. FILE is a path in the bundle or, with a / in front, one on the host. Without
LINE it lists all lines. The bundle is an archive, a script, or an unpacked folder.
Bundles know nothing of the files that they were made from; so explain makes the
bundle once more, from the same -f, --crates, --supervisors and --set as build, and
says where FILE is not what comes out.`,
	flags: inputFlags,
	run:   (*app).explain,
}

func (a *app) explain(args []string) error {
	if len(args) < 2 {
		return &usageError{"explain: name a bundle, and a line of a file in it", "palletgen explain dist/web-1.tar.gz phases/configure.sh:41"}
	}
	if args[0] == "-" && slices.Contains(a.files, "-") {
		return &usageError{"explain: standard input is named twice", ""}
	}
	verifier := &verify.Verifier{}
	var in io.Reader
	name := args[0]
	if name == "-" {
		in, name = a.in, "standard input"
	}
	bundle, err := verifier.Read(name, in)
	if err != nil {
		return err
	}
	_, missing := os.Stat(defaultFile)
	e := &explanation{app: a, bundle: bundle, source: &diag.Source{Name: name}, example: missing != nil}
	if err := e.rebuild(); err != nil {
		return err
	}
	var errs diag.List
	for _, asked := range args[1:] {
		errs.Take(e.tell(asked))
	}
	if len(errs) == 0 {
		e.others(args[1:])
	}
	return errs.Err()
}

// An explanation tells of the lines of one bundle.
type explanation struct {
	app    *app
	bundle pack.Bundle
	source *diag.Source // what messages about it begin with
	group  *plan.Group
	made   *render.Explained

	example bool // it is made from the example
}

// rebuild makes the bundle once more.
func (e *explanation) rebuild() error {
	catalog, planner, err := e.app.planner()
	if err != nil {
		return err
	}
	var known []string
	for _, group := range planner.Groups() {
		known = append(known, group.Name)
		if group.Name != e.bundle.Name {
			continue
		}
		renderer, err := render.New(catalog, Version)
		if err != nil {
			return err
		}
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

// data is the content of a file; nil where there is none.
func (e *explanation) data(files []pack.File, path string) []byte {
	for _, f := range files {
		if f.Path == path {
			return append([]byte{}, f.Data...)
		}
	}
	return nil
}

// place reads FILE[:LINE]; the line is 0 for all.
func (e *explanation) place(asked string) (file string, line int) {
	file = asked
	if name, number, ok := strings.Cut(asked, ":"); ok {
		number, _, _ = strings.Cut(number, ":") // a column, as in a message of a shell
		if n, err := strconv.Atoi(number); err == nil && n > 0 {
			file, line = name, n
		}
	}
	if strings.HasPrefix(file, "/") {
		return "root" + path.Clean(file), line
	}
	return strings.TrimPrefix(path.Clean(file), e.bundle.Name+"/"), line
}

// tell tells of what was asked.
func (e *explanation) tell(asked string) error {
	file, line := e.place(asked)
	data := e.data(e.bundle.Files, file)
	if data == nil {
		var names []string
		for _, f := range e.bundle.Files {
			names = append(names, f.Path)
		}
		return diag.At(diag.Pos{Source: e.source}, "there is no file %q in it", file).WithHint("%s", diag.DidYouMean(file, names))
	}
	if file == verify.Signature {
		return diag.At(diag.Pos{Source: e.source}, "%s is a signature: it comes from the key alone", file)
	}
	if err := e.same(file, data); err != nil {
		return err
	}
	lines := e.made.Lines(file)
	switch {
	case line > len(lines):
		return diag.At(diag.Pos{Source: e.source}, "there is no line %d in %s: it has %d", line, file, len(lines))
	case line == 0:
		e.list(lines)
	default:
		e.line(file, line, lines[line-1])
	}
	return nil
}

// same reports a file that is another one than was made just now.
func (e *explanation) same(file string, data []byte) error {
	made := e.data(e.made.Files, file)
	switch {
	case made == nil:
		return diag.At(diag.Pos{Source: e.source}, "%s does not come out of %s: the bundle was made from other input", file, e.input()).WithHint(otherInput)
	case bytes.Equal(made, data):
		return nil
	}
	n := 0
	was, is := bytes.Split(data, []byte("\n")), bytes.Split(made, []byte("\n"))
	for n < len(was) && n < len(is) && bytes.Equal(was[n], is[n]) {
		n++
	}
	return diag.At(diag.Pos{Source: e.source}, "%s is not what comes out of %s: line %d is another; the bundle was made from other input, by another version of palletgen, or changed", file, e.input(), n+1).
		WithHint(otherInput)
}

const otherInput = "give explain the same -f, --crates, --supervisors and --set as build"

func (e *explanation) input() string {
	switch {
	case len(e.app.files) > 0:
		return strings.Join(e.app.files, ", ")
	case e.example:
		return "the example that comes with palletgen"
	}
	return defaultFile
}

// others says where files that nobody asked for are other ones.
func (e *explanation) others(asked []string) {
	var names []string
	for _, f := range e.bundle.Files {
		if f.Path != verify.Signature && e.same(f.Path, f.Data) != nil {
			names = append(names, f.Path)
		}
	}
	if len(names) > 0 {
		e.app.say("note: other files of the bundle are not what comes out of %s: %s; %s", e.input(), strings.Join(names, ", "), otherInput)
	}
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
		fmt.Fprintln(e.app.out, strings.TrimRight(fmt.Sprintf("%d  %s  %s", i+1, from, strings.Join(names, ", ")), " "))
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
