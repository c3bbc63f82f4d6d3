package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"palletgen/gen/diag"
	"palletgen/gen/importer"
	"palletgen/gen/lazyregexp"
	"palletgen/gen/plan"
	"palletgen/gen/procfile"
	"palletgen/gen/schema"
	"palletgen/gen/supervisor"
	"palletgen/gen/unitfile"
)

// importOptions are what the flags of import say.
type importOptions struct {
	out, supervisor, group, user, directory, dialect string
	envs, formation                                  []string
	port                                             int
	strict, force                                    bool
}

var importCommand = &command{
	name: "import", args: "FILE…", short: "make a palletgen.yaml of a Procfile, or of systemd's unit files",
	example: `palletgen import Procfile
palletgen import Procfile -e .env -m web=2,worker=1 --directory /srv/shop -o palletgen.yaml
palletgen import /etc/systemd/system/web.service worker@1.service --supervisor runit
palletgen import -e /etc/default/web /lib/systemd/system/web.service`,
	more: `A file whose name ends as those of units do (.service …) is a unit, any other a
Procfile. Units are read with their drop-ins; several become one group. A template
is named with an instance: web@1.service.

Behind each value, a comment says from which line it comes. What cannot be carried
over, or not quite, is named on standard error and in a comment that begins with
LOST; with --strict it is an error, and nothing is written.

Of a Procfile, variables and commands are worked out as foreman does it, with the
.env beside it unless -e names others. Of units, -e FILE is read now where an
EnvironmentFile= has that path or name; others are read on the host by sh.`,
	flags: func(flags *pflag.FlagSet, all *options) {
		o := &all.imports
		flags.StringVarP(&o.out, "output", "o", "-", "write to `FILE` instead of standard output; one that is there is not overwritten")
		flags.BoolVar(&o.force, "overwrite", false, "overwrite the file")
		flags.StringVar(&o.supervisor, "supervisor", "runit", "the `SUPERVISOR` that is to keep the services")
		flags.StringVar(&o.group, "group", "", "`NAME` of the group (the folder of the Procfile, or the first unit)")
		flags.StringSliceVarP(&o.envs, "env", "e", nil, "read variables from `FILE`; may be repeated")
		flags.StringSliceVarP(&o.formation, "formation", "m", nil, "Procfile: how many of each, as `PROCESS=NUMBER`; all=NUMBER for those not named")
		flags.IntVar(&o.port, "port", 0, "Procfile: `PORT` of the first process; the next has 100 more (PORT of the .env, else 5000)")
		flags.StringVar(&o.user, "user", "", "Procfile: `NAME` of the account (the group's name)")
		flags.StringVar(&o.directory, "directory", "", "Procfile: `DIR` on the host where the program is")
		flags.StringVar(&o.dialect, "dialect", "foreman", "Procfile: read it as `PROGRAM` does, foreman or honcho")
		flags.BoolVar(&o.strict, "strict", false, "let what cannot be carried over be an error")
		folderFlags(flags, all)
		flags.BoolVarP(&all.quiet, "quiet", "q", false, "say nothing but errors; the comments stay")
	},
	run: func(a *app, args []string) error {
		if len(args) == 0 {
			return &usageError{msg: "import: no file is given", hint: "palletgen import Procfile, or palletgen import web.service"}
		}
		catalog, err := a.catalog()
		if err != nil {
			return err
		}
		sup, err := a.importSupervisor(catalog)
		if err != nil {
			return err
		}
		group, err := a.imported(args, sup)
		if err != nil {
			return err
		}
		group.Crate = sup.Crate
		return a.writeImported(group, catalog)
	},
}

func (a *app) importSupervisor(catalog *plan.Catalog) (*supervisor.Supervisor, error) {
	sup, err := catalog.Supervisor(a.imports.supervisor)
	if err == nil && sup == nil {
		names, _ := catalog.SupervisorNames()
		err = &usageError{msg: fmt.Sprintf("import: there is no supervisor %q", a.imports.supervisor), hint: diag.DidYouMean(a.imports.supervisor, names)}
	}
	return sup, err
}

// imported reads the files and makes a group of them.
func (a *app) imported(args []string, sup *supervisor.Supervisor) (*importer.Group, error) {
	if p := schema.CheckName(a.imports.group); a.imports.group != "" && p != nil {
		return nil, &usageError{msg: "import: --group: " + p.Msg, hint: p.Hint}
	}
	if err := a.checkImportFlags(); err != nil {
		return nil, err
	}
	units := 0
	for _, name := range args {
		if unitfile.IsUnit(name) {
			units++
		}
	}
	switch {
	case units == len(args):
		return a.importUnits(args, sup)
	case units > 0:
		return nil, &usageError{msg: "import: Procfiles and unit files are imported one kind at a time", hint: "one call for each, with -o files of their own: build -f takes several"}
	case len(args) > 1:
		return nil, &usageError{msg: "import: one Procfile at a time: " + strings.Join(args, " "), hint: "one call for each, with -o files of their own: build -f takes several"}
	}
	return a.importProcfile(args[0], sup)
}

// checkImportFlags refuses values that no service can have.
func (a *app) checkImportFlags() error {
	o := a.imports
	if p := schema.CheckName(o.user); o.user != "" && p != nil {
		return &usageError{msg: "import: --user: " + p.Msg, hint: p.Hint}
	}
	if o.directory != "" && !strings.HasPrefix(o.directory, "/") {
		return &usageError{msg: fmt.Sprintf("import: --directory: %q is not an absolute path", o.directory), hint: "it is the folder on the host: write it from the root, /…"}
	}
	if o.port < 0 || o.port > 65535 {
		return &usageError{msg: fmt.Sprintf("import: --port: %d is not a port", o.port), hint: "ports go from 1 to 65535"}
	}
	return nil
}

func (a *app) importUnits(args []string, sup *supervisor.Supervisor) (*importer.Group, error) {
	o := a.imports
	for flag, set := range map[string]bool{"--formation": o.formation != nil, "--port": o.port != 0, "--user": o.user != "", "--directory": o.directory != ""} {
		if set {
			return nil, &usageError{msg: "import: " + flag + " is for Procfiles", hint: "units say that themselves"}
		}
	}
	var errs diag.List
	var files []unitfile.File
	for _, name := range args {
		file, err := unitfile.Find(name)
		errs.Take(err)
		files = append(files, file)
	}
	envs, err := a.envFiles(o.envs)
	errs.Take(err)
	if err := errs.Err(); err != nil {
		return nil, err
	}
	if o.group == "" {
		o.group = unitfile.GroupName(files)
	}
	return unitfile.Import(files, unitfile.Options{Group: o.group, Supervisor: sup.Name, Possible: sup.Possible, Files: envs})
}

func (a *app) importProcfile(name string, sup *supervisor.Supervisor) (*importer.Group, error) {
	o := a.imports
	src, err := a.source(name)
	if err != nil {
		return nil, err
	}
	if strings.Contains(src.Text, "\x00") {
		return nil, diag.At(diag.Pos{Source: src}, "this is no text, or it is in UTF-16").WithHint("a Procfile is a plain text in UTF-8")
	}
	if unitLine.MatchString(src.Text) {
		return nil, diag.At(diag.Pos{Source: src}, "this looks like a unit file, but its name does not end as those of units do").WithHint("call it NAME.service")
	}
	if ext := filepath.Ext(name); ext == ".yaml" || ext == ".yml" || yamlLine.MatchString(src.Text) {
		return nil, diag.At(diag.Pos{Source: src}, "this looks like YAML, not like a Procfile").
			WithHint("import reads Procfiles and unit files; a palletgen.yaml is for build -f")
	}
	beside := filepath.Join(filepath.Dir(name), ".env")
	if _, err := os.Stat(beside); o.envs == nil && name != "-" && err == nil {
		o.envs = []string{beside}
	}
	envs, err := a.envFiles(o.envs)
	if err != nil {
		return nil, err
	}
	opts := procfile.Options{Group: o.group, Supervisor: sup.Name, User: o.user, Directory: o.directory, Port: o.port}
	if opts.Group == "" {
		opts.Group = folderName(name)
	}
	if opts.Formation, err = formation(o.formation); err != nil {
		return nil, err
	}
	switch o.dialect {
	case procfile.Foreman.String():
	case procfile.Honcho.String():
		opts.Dialect = procfile.Honcho
	default:
		return nil, &usageError{msg: fmt.Sprintf("import: there is no dialect %q", o.dialect), hint: "foreman or honcho"}
	}
	return procfile.Import(src, envs, opts)
}

// yamlLine begins a compose file or a palletgen.yaml; a Procfile has a command there.
var yamlLine = lazyregexp.New(`(?m)^(services|groups|specs):\s*$`)

var unitLine = lazyregexp.New(`(?m)^\[(Unit|Service|Install)\]\s*$`)

// folderName is the name of the folder of a file, as far as it can be one here.
func folderName(name string) string {
	path, err := filepath.Abs(name)
	base := filepath.Base(filepath.Dir(path))
	if err != nil || name == "-" || schema.CheckName(base) != nil {
		return "app"
	}
	return base
}

func (a *app) envFiles(names []string) ([]*diag.Source, error) {
	var sources []*diag.Source
	var errs diag.List
	for _, name := range names {
		src, err := a.source(name)
		errs.Take(err)
		sources = append(sources, src)
	}
	return sources, errs.Err()
}

// formation reads web=2, worker=1.
func formation(texts []string) (map[string]int, error) {
	m := map[string]int{}
	for _, text := range texts {
		name, number, _ := strings.Cut(strings.TrimSpace(text), "=")
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 || n > 1000 {
			return nil, &usageError{msg: fmt.Sprintf("import: -m %q is no PROCESS=NUMBER", text), hint: "-m web=2,worker=1"}
		}
		m[name] = n
	}
	return m, nil
}
