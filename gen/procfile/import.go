package procfile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/importer"
	"palletgen/gen/schema"
)

// Options are what Procfiles do not say.
type Options struct {
	Group      string
	Supervisor string
	User       string         // "" is the group's name
	Directory  string         // folder of the program on the host; "" when it is not known
	Formation  map[string]int // instances of each process; of "all": of those not named
	Port       int            // base of the ports; 0: PORT of the .env, else 5000
	Dialect    Dialect
}

// An importing is the making of one group.
type importing struct {
	Options
	group     *importer.Group
	variables []Variable     // of the .env files, each name once
	at        map[string]int // where a name is in variables
	base      int
	portAt    diag.Pos
	ids       map[string]bool
	next      map[string]int // the number that unique tries next, by the beginning of the name
	work      int            // bytes in which replace has looked for variables
	values    int            // variables of all services
	err       *diag.Error    // what ends the import
}

const (
	maxProcesses = 10_000    // crates of a group; see package spec
	maxValues    = 1_000_000 // variables of all services: a palletgen.yaml holds no more; see package strictyaml
	maxLine      = 1 << 20   // bytes of a command line with the values of its variables
	maxWork      = 1 << 30   // bytes of command lines in which variables are looked for
)

// Import makes a group of the processes of a Procfile, with the variables of
// .env files. The error is a diag.List.
func Import(src *diag.Source, envs []*diag.Source, o Options) (*importer.Group, error) {
	im := &importing{Options: o, group: importer.NewGroup(o.Group, o.Supervisor), ids: map[string]bool{},
		at: map[string]int{}, next: map[string]int{}}
	processes, dropped := Parse(src)
	for _, e := range dropped {
		im.group.Lose(e.Pos, e.Hint, "%s", e.Msg)
	}
	if len(processes) > maxProcesses {
		return nil, diag.List{diag.At(processes[maxProcesses].Pos, "the Procfile has more than %d processes", maxProcesses).WithHint("divide it: a group has as many services")}
	}
	for _, env := range envs {
		variables, named := ParseEnv(env, o.Dialect)
		for _, v := range variables {
			im.set(v)
		}
		for _, e := range named {
			im.group.Lose(e.Pos, e.Hint, "%s", e.Msg)
		}
	}
	if err := im.formation(processes, src); err != nil {
		return nil, err
	}
	if err := im.ports(); err != nil {
		return nil, err
	}
	im.head(src, envs)
	last := map[string]int{}
	for _, p := range processes {
		last[p.Name] = p.Index
	}
	for _, p := range processes {
		im.process(p, last[p.Name] != p.Index)
		if im.err != nil {
			return nil, diag.List{im.err}
		}
	}
	if len(im.group.Services) == 0 {
		return nil, diag.At(diag.Pos{Source: src}, "there is no process in this file that could become a service").
			WithHint("a process is a line NAME: COMMAND")
	}
	return im.group, nil
}

// set keeps a variable; a later one replaces the value, as in a Ruby hash.
func (im *importing) set(v Variable) {
	i, ok := im.at[v.Name]
	if !ok {
		im.at[v.Name] = len(im.variables)
		im.variables = append(im.variables, v)
		return
	}
	if old := im.variables[i]; old.Value != v.Value {
		im.group.Ignore(old.Pos, "%s= of a later line holds instead of this one", v.Name)
	}
	im.variables[i] = v
}

// formation checks that the processes of the formation are there.
func (im *importing) formation(processes []Process, src *diag.Source) error {
	known := []string{"all"}
	for _, p := range processes {
		known = append(known, p.Name)
	}
	for name := range im.Formation {
		if !slices.Contains(known, name) {
			return diag.At(diag.Pos{Source: src}, "there is no process %q for the formation", name).WithHint("%s", diag.DidYouMean(name, known))
		}
	}
	return nil
}

// count returns how many instances of a process there are.
func (im *importing) count(name string) int {
	if n, ok := im.Formation[name]; ok {
		return n
	}
	if n, ok := im.Formation["all"]; ok {
		return n
	}
	return 1
}

// ports finds the base of the ports.
func (im *importing) ports() error {
	im.base = im.Port
	if im.base > 0 {
		return nil
	}
	im.base = 5000
	for _, v := range im.variables {
		if v.Name == "PORT" {
			n, err := strconv.Atoi(v.Value)
			if err != nil || n < 1 || n > 65535 {
				return diag.At(v.Pos, "PORT is the base of the ports, and %q is no port", v.Value).WithHint("PORT=5000, or --port 5000")
			}
			im.base, im.portAt = n, v.Pos
		}
	}
	return nil
}

func (im *importing) head(src *diag.Source, envs []*diag.Source) {
	from := src.Name
	for _, env := range envs {
		from += ", " + env.Name
	}
	im.group.Head = []string{
		"From " + from + ", read as " + im.Dialect.String() + " does. Behind each value stands where it comes from;",
		"LOST is what is not carried over, or not quite.",
		"Of the environment of whoever started " + im.Dialect.String() + ", such as PATH and HOME, nothing is there.",
	}
	if len(envs) > 0 {
		im.group.Head = append(im.group.Head, "Whoever can read this file or the bundle can read the values of "+envs[0].Name+"; secrets are better off",
			"in a file on the host: environment_file: /etc/NAME.env.")
	}
	if im.User == "" {
		im.User = im.Group
		im.group.Head = append(im.group.Head, "The services run as the user "+im.User+", as with foreman export; --user says another.")
	}
	if im.Directory == "" {
		im.Directory = "/srv/" + im.Group
		im.group.Lose(diag.Pos{Source: src}, "--directory DIR says it", "the folder of the program on the host is not known; %s is a guess", im.Directory)
	}
}

// process makes the services of one process. again: there is a later one of that
// name.
func (im *importing) process(p Process, again bool) {
	if again {
		im.group.Lose(p.Pos, "give one of them another name", "%s is here again later, and only that one is taken; honcho refuses such a file", p.Name)
		return
	}
	n := im.count(p.Name)
	_, asked := im.Formation[p.Name]
	switch {
	case n == 0:
		im.group.Ignore(p.Pos, "the formation has no instance of %s", p.Name)
		return
	case p.Name == "release" && !asked:
		im.group.Lose(p.Pos, "run it once by hand, as part of each release; -m release=1 makes a service of it all the same",
			"release is by Heroku's custom a command that runs once and ends, not a service")
		return
	}
	for i := range n {
		instance := p.Name
		if n > 1 {
			instance = fmt.Sprintf("%s-%d", p.Name, i+1)
		}
		im.service(p, im.unique(p, instance), i)
	}
}

// unique makes an instance_id that no other has.
func (im *importing) unique(p Process, id string) string {
	name := strings.TrimLeft(id, "-")
	if name == "" {
		name = "process"
	}
	if most := schema.MaxName - len(im.Group) - 1; len(name) > most {
		name = name[:max(1, most-10)]
	}
	begin := name
	for im.ids[fold(name)] {
		n := max(2, im.next[fold(begin)])
		im.next[fold(begin)] = n + 1
		name = fmt.Sprintf("%s-x%d", begin, n)
	}
	im.ids[fold(name)] = true
	if name != id {
		im.group.Lose(p.Pos, "", "the process is called %s here: another is too much like it, or its name is not possible", name)
	}
	return name
}

// fold makes names equal that file systems or the names of functions make so.
func fold(name string) string { return strings.ToLower(strings.ReplaceAll(name, "-", "_")) }
