package cli

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/pflag"

	"palletgen/gen/bounded"
	"palletgen/gen/diag"
	"palletgen/gen/plan"
	"palletgen/gen/spec"
)

// defaultFile is what is read where -f does not say otherwise.
const defaultFile = "palletgen.yaml"

// exampleFile is the embedded example.
const exampleFile = "templates/example.yaml"

func inputFlags(flags *pflag.FlagSet, o *options) {
	flags.StringArrayVarP(&o.files, "file", "f", nil, "read specs and groups from `FILE`, - for standard input; may be repeated (default palletgen.yaml)")
	flags.StringArrayVar(&o.set, "set", nil, "set one value in every group, as `CRATE.SETTING=VALUE`; may be repeated")
	folderFlags(flags, o)
}

func folderFlags(flags *pflag.FlagSet, o *options) {
	flags.StringArrayVar(&o.crates, "crates", nil, "take crates from the folders in `DIR` too; may be repeated")
	flags.StringArrayVar(&o.supervisors, "supervisors", nil, "take supervisors from the folders in `DIR` too; may be repeated")
}

// catalog opens the crates and supervisors.
func (a *app) catalog() (*plan.Catalog, error) {
	return plan.NewCatalog(a.assets, a.crates, a.supervisors)
}

// planner reads the specs and groups and all that they need. After an error the
// planner can tell what else is wrong, or it is nil.
func (a *app) planner() (*plan.Catalog, *plan.Planner, error) {
	var errs diag.List
	overrides, err := a.overrides()
	errs.Take(err)
	sources, err := a.sources()
	errs.Take(err)
	doc, err := spec.Load(sources)
	errs.Take(err)
	catalog, err := a.catalog()
	if err != nil {
		return nil, nil, err
	}
	planner, err := plan.NewPlanner(catalog, doc, overrides)
	errs.Take(err)
	return catalog, planner, errs.Err()
}

func (a *app) overrides() ([]spec.Override, error) {
	var overrides []spec.Override
	var errs diag.List
	for _, text := range a.set {
		o, err := spec.ParseSet(text)
		errs.Take(err)
		if err == nil {
			overrides = append(overrides, o)
		}
	}
	return overrides, errs.Err()
}

// sources reads the input files, or the example where there are none. After an
// error those that cannot be read are nil.
func (a *app) sources() ([]*diag.Source, error) {
	if len(a.files) == 0 {
		text, err := bounded.File(defaultFile, bounded.MaxText)
		if errors.Is(err, fs.ErrNotExist) {
			a.say("there is no %s here: building the example that comes with palletgen", defaultFile)
			src, err := plan.Asset(a.assets, exampleFile)
			return []*diag.Source{src}, err
		}
		if err != nil {
			return []*diag.Source{nil}, readError(defaultFile, err)
		}
		return []*diag.Source{{Name: defaultFile, Text: string(text)}}, nil
	}
	var sources []*diag.Source
	var errs diag.List
	for _, name := range a.files {
		src, err := a.source(name)
		if err != nil {
			errs.Take(err)
			src = nil
		}
		sources = append(sources, src)
	}
	return sources, errs.Err()
}

func (a *app) source(name string) (*diag.Source, error) {
	if name == "-" {
		text, err := bounded.All(a.in, bounded.MaxText)
		return &diag.Source{Name: "standard input", Text: string(text)}, readError("standard input", err)
	}
	text, err := bounded.Named(name, bounded.MaxText)
	return &diag.Source{Name: name, Text: string(text)}, readError(name, err)
}

func readError(name string, err error) error {
	if err == nil {
		return nil
	}
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	e := diag.At(diag.Pos{Source: &diag.Source{Name: name}}, "cannot read the file: %v", err)
	var large *bounded.LargeError
	if errors.As(err, &large) {
		return e.WithHint("divide it: -f may be repeated")
	}
	return e
}

// say tells something on standard error, unless -q asked for silence.
func (a *app) say(format string, args ...any) {
	if !a.quiet {
		fmt.Fprintf(a.err, "palletgen: %s\n", diag.Printable(fmt.Sprintf(format, args...)))
	}
}
