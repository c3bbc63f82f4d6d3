package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

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
	if err != nil {
		return nil, nil, err
	}
	sources, err := a.sources()
	if usage := (*usageError)(nil); errors.As(err, &usage) {
		return nil, nil, err
	}
	errs.Take(err)
	doc, err := spec.Load(sources)
	errs.Take(err)
	catalog, err := a.catalog()
	if err != nil {
		return nil, nil, err
	}
	planner, err := plan.NewPlanner(catalog, doc, overrides)
	errs.Take(err)
	catalog.HideSecrets(errs)
	return catalog, planner, errs.Err()
}

func (a *app) overrides() ([]spec.Override, error) {
	var overrides []spec.Override
	var errs diag.List
	for _, text := range a.set {
		o, err := spec.ParseSet(text)
		errs.Take(err)
		overrides = append(overrides, o)
	}
	if len(errs) > 0 {
		return nil, &usageError{told: errs}
	}
	return overrides, nil
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
	for i, name := range a.files {
		switch {
		case name == "":
			return nil, &usageError{msg: "-f names no file", hint: "-f FILE, or -f - for standard input"}
		case slices.Contains(a.files[:i], name):
			return nil, &usageError{msg: "-f " + name + " is given twice", hint: "remove one of them"}
		}
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

// divideHint is the remedy for a file of -f that is too large.
const divideHint = "divide it: -f may be repeated"

func readError(name string, err error) error {
	if err == nil {
		return nil
	}
	e := diag.At(diag.Pos{Source: &diag.Source{Name: name}}, "cannot read the file: %v", withoutPath(err))
	var large *bounded.LargeError
	switch {
	case errors.As(err, &large):
		return e.WithHint(divideHint)
	case errors.Is(err, fs.ErrNotExist):
		return e.WithHint("%s", nearFile(name))
	case errors.Is(err, fs.ErrPermission):
		return e.WithHint("only others may read it: chmod, or sudo")
	case errors.Is(err, syscall.EISDIR), errors.Is(err, bounded.ErrNoFile):
		return e.WithHint("name a file in it")
	}
	return e
}

// withoutPath is an error of the file system without the path, which its position
// tells already.
func withoutPath(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}

// nearFile is the remedy for a file that is not there: the one beside it whose
// name is a slip away, or what is there.
func nearFile(name string) string {
	dir, base := filepath.Split(name)
	entries, err := os.ReadDir(cmp.Or(dir, "."))
	if err != nil {
		return fmt.Sprintf("there is no folder %s", filepath.Clean(dir))
	}
	const most = 1_000 // comparing more would take long
	var names []string
	for _, entry := range entries[:min(len(entries), most)] {
		if !strings.HasPrefix(entry.Name(), ".") {
			names = append(names, entry.Name())
		}
	}
	if near := diag.Suggest(base, names); near != "" {
		return fmt.Sprintf("did you mean %s?", dir+near)
	}
	return "name a file that is there, or - for standard input"
}

// say tells something on standard error, unless -q asked for silence.
func (a *app) say(format string, args ...any) {
	if !a.quiet {
		fmt.Fprintf(a.err, "palletgen: %s\n", diag.Printable(fmt.Sprintf(format, args...)))
	}
}
