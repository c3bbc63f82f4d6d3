// Package plan resolves groups: which crates with which settings, which
// services under which supervisors. Its result holds every value that the
// templates see. It may import all but gen/render, gen/pack, gen/verify,
// gen/conform and gen/cli.
package plan

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"text/template"

	"palletgen/gen/crate"
	"palletgen/gen/diag"
	"palletgen/gen/folder"
	"palletgen/gen/record"
	"palletgen/gen/schema"
	"palletgen/gen/shell"
	"palletgen/gen/supervisor"
)

// Index is the embedded index of what the embedded shell functions call. They
// are parsed where it does not have them; a test compares it with them.
const Index = "templates/calls.txt"

// A Catalog is every crate and supervisor there is. They are read when they
// are first needed. It is safe for concurrent use.
type Catalog struct {
	Tools   folder.Tools
	Service *schema.Schema // of the neutral service description

	assets      fs.FS
	crates      *folder.Shelf
	supervisors *folder.Shelf

	mu                sync.Mutex
	loadedCrates      map[string]*loaded[*crate.Crate]
	loadedSupervisors map[string]*loaded[*supervisor.Supervisor]
}

type loaded[T any] struct {
	once  sync.Once
	value T
	err   error
}

// NewCatalog makes a catalog of the embedded folders crates and
// templates/supervisors in assets, overlaid by the users' folders of crates and
// of supervisors.
func NewCatalog(assets fs.FS, crateDirs, supervisorDirs []string) (*Catalog, error) {
	c := &Catalog{
		assets:            assets,
		crates:            folder.NewShelf(assets, "crates", crate.Description, crateDirs),
		supervisors:       folder.NewShelf(assets, "templates/supervisors", supervisor.Description, supervisorDirs),
		loadedCrates:      map[string]*loaded[*crate.Crate]{},
		loadedSupervisors: map[string]*loaded[*supervisor.Supervisor]{},
	}
	partials, err := readPartials(assets)
	if err != nil {
		return nil, err
	}
	c.Tools = folder.Tools{
		Loader: &record.Loader{Partials: partials, Funcs: template.FuncMap{"fits": fits}},
		Engine: shell.NewEngine(),
	}
	if index, err := Asset(assets, Index); err == nil { // without it all are parsed
		c.Tools.Engine.Index = shell.ReadIndex(index.Text)
	}
	c.Service, err = readService(assets, c.Tools.Loader)
	return c, err
}

// Library returns the functions of templates/lib. Those that no script calls are
// not even parsed; a test reads them all.
func (c *Catalog) Library() ([]shell.Function, error) {
	names, err := fs.Glob(c.assets, "templates/lib/*.sh")
	if err != nil {
		return nil, err
	}
	var functions []shell.Function
	var errs diag.List
	for _, name := range names {
		src, err := Asset(c.assets, name)
		if err != nil {
			return nil, err
		}
		part, ok := c.Tools.Engine.Outline(src)
		if !ok {
			part, err = c.Tools.Engine.Library(src)
			errs.Take(err)
		}
		functions = append(functions, part...)
	}
	return functions, errs.Err()
}

// Actions reads templates/actions: how each action is done on a service whose
// supervisor has no fragment of its own for it; and "service", which comes first.
func (c *Catalog) Actions() (map[string]*folder.Fragment, error) {
	actions := map[string]*folder.Fragment{}
	for _, action := range append([]string{"service"}, supervisor.Actions...) {
		name := action + ".sh.tmpl"
		tmpl, err := c.Template("templates/actions/" + name)
		if err != nil {
			return nil, err
		}
		actions[action] = &folder.Fragment{Template: tmpl, Label: "actions/" + name}
	}
	return actions, nil
}

// Template reads one of the embedded templates that are no crate's and no
// supervisor's, such as templates/run.sh.tmpl.
func (c *Catalog) Template(name string) (*record.Template, error) {
	src, err := Asset(c.assets, name)
	if err != nil {
		return nil, err
	}
	return c.Tools.Loader.Parse(src)
}

// CrateNames and SupervisorNames list what there is, sorted.
func (c *Catalog) CrateNames() ([]string, error)      { return c.crates.Names() }
func (c *Catalog) SupervisorNames() ([]string, error) { return c.supervisors.Names() }

// Crate reads the crate name; nil when there is none.
func (c *Catalog) Crate(name string) (*crate.Crate, error) {
	return load(&c.mu, c.loadedCrates, c.crates, name, func(f *folder.Folder) (*crate.Crate, error) {
		loaded, err := crate.Load(f, c.Tools)
		if err != nil {
			return nil, err
		}
		return loaded, c.checkSupervisors(loaded)
	})
}

// Supervisor reads the supervisor name; nil when there is none.
func (c *Catalog) Supervisor(name string) (*supervisor.Supervisor, error) {
	return load(&c.mu, c.loadedSupervisors, c.supervisors, name, func(f *folder.Folder) (*supervisor.Supervisor, error) {
		s, err := supervisor.Load(f, c.Service, c.Tools)
		if err != nil {
			return nil, err
		}
		if crate, err := c.crates.Get(s.Crate); err != nil || crate == nil {
			names, _ := c.crates.Names()
			return nil, diag.At(f.Pos(), "supervisor %s is installed by the crate %q, which does not exist", name, s.Crate).
				WithHint("%s", diag.DidYouMean(s.Crate, names))
		}
		return s, nil
	})
}

// checkSupervisors reports names in refuses and supervisor_config that are a
// slip away from a supervisor's. Others may be of supervisors that are not here.
func (c *Catalog) checkSupervisors(loaded *crate.Crate) error {
	names, err := c.supervisors.Names()
	if err != nil {
		return err
	}
	var errs diag.List
	for _, name := range slices.Concat(slices.Sorted(maps.Keys(loaded.Refuses)), slices.Sorted(maps.Keys(loaded.Config))) {
		if near := diag.Suggest(name, names); near != "" && near != name {
			errs.Add(diag.At(loaded.Folder.Pos(), "the crate %s names a supervisor %q, which does not exist", loaded.Name, name).
				WithHint("did you mean %q?", near))
		}
	}
	return errs.Err()
}

func load[T any](mu *sync.Mutex, cache map[string]*loaded[T], shelf *folder.Shelf, name string, read func(*folder.Folder) (T, error)) (T, error) {
	var none T
	f, err := shelf.Get(name)
	if err != nil || f == nil {
		return none, err
	}
	mu.Lock()
	entry := cache[name]
	if entry == nil {
		entry = &loaded[T]{}
		cache[name] = entry
	}
	mu.Unlock()
	entry.once.Do(func() { entry.value, entry.err = read(f) })
	return entry.value, entry.err
}

// FunctionName makes a name fit to be part of the name of a shell function.
func FunctionName(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '.' {
			return '_'
		}
		return r
	}, name)
}
