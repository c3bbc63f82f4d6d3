package procfile

import (
	"fmt"
	"slices"
	"strconv"

	"palletgen/gen/diag"
	"palletgen/gen/importer"
)

// service makes instance i, from 0, of a process.
func (im *importing) service(p Process, id string, i int) {
	if im.values += len(im.variables); im.values > maxValues {
		im.err = diag.At(p.Pos, "the services have more than %d variables, each of them all", maxValues).WithHint("divide the Procfile, or the .env")
		return
	}
	s := im.group.Add(im.Group, id)
	port := im.base + 100*p.Index + i
	name := fmt.Sprintf("%s.%d", p.Name, i+1)
	variables := im.environment(p, port, name)
	env := map[string]string{}
	for _, v := range variables {
		env[v.Name] = v.Value
	}
	if port > 65535 {
		s.Lose(p.Pos, "choose a lower base: --port", "the port %d is above 65535", port)
	}
	if i >= 100 {
		s.Lose(p.Pos, "", "from the instance 101 on, ports are those of the next process")
	}
	c := im.command(s, p, variables, env)
	if len(c.env) > 0 {
		variables = put(variables, c.env, p.Pos)
	}
	s.Set("command", c.command, p.Pos)
	im.remark(s, p, c)
	s.Set("directory", importer.Text(im.Directory))
	s.Set("user", importer.Text(im.User))
	if im.User != "root" {
		s.Set("create_user", importer.Plain("true"))
	}
	var m importer.Map
	for _, v := range variables {
		m = append(m, importer.Pair{Name: v.Name, Text: v.Value, From: v.Pos})
		s.Carry(v.Pos)
	}
	s.Set("environment", m)
}

// put adds the variables that stand before a command, in place of others of their
// names; the last of a name counts.
func put(variables, more []Variable, at diag.Pos) []Variable {
	last := map[string]int{}
	for i, v := range more {
		last[v.Name] = i
	}
	variables = slices.DeleteFunc(variables, func(old Variable) bool { _, ok := last[old.Name]; return ok })
	for i, v := range more {
		if last[v.Name] == i {
			v.Pos = at
			variables = append(variables, v)
		}
	}
	return variables
}

// environment returns the variables of a process, in the order of foreman's.
func (im *importing) environment(p Process, port int, name string) []Variable {
	variables := slices.Clone(im.variables)
	own := []Variable{{"PORT", strconv.Itoa(port), im.portAt}, {[]string{"PS", "HONCHO_PROCESS_NAME"}[im.Dialect], name, diag.Pos{}}}
	for _, v := range own {
		i := slices.IndexFunc(variables, func(old Variable) bool { return old.Name == v.Name })
		switch {
		case i < 0:
			variables = append(variables, v)
		case v.Name != "HONCHO_PROCESS_NAME": // honcho lets the .env win
			v.Pos = variables[i].Pos
			variables[i] = v
		}
	}
	return variables
}

// remark says what is to be known of a command.
func (im *importing) remark(s *importer.Service, p Process, c converted) {
	at := p.Pos
	at.Col = p.Col
	if c.shell != "" {
		s.Note("command", "a shell runs this line, since %s. It gets the stop signal, too: where it should not outlast what it runs, begin that with exec", c.shell)
	}
	if c.syntax != "" {
		s.Lose(at, "have it run by the shell that it is for: bash -c '…'", "this is no POSIX shell, and /bin/sh may refuse it: %s", c.syntax)
	}
	for _, name := range c.unknown {
		s.Lose(at, "write it into the .env, or into environment", "$%s comes from whoever starts %s; here nobody sets it", name, im.Dialect)
	}
}
