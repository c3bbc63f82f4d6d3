package unitfile

import (
	"path"
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/importer"
	"palletgen/gen/systemd"
)

// variable gives the process a variable; a later value replaces the first.
func (u *unit) variable(name, value string, from diag.Pos) {
	u.env[name] = value
	u.service.Carry(from)
	if i, ok := u.pairOf[name]; ok {
		u.pairs[i].Text, u.pairs[i].From = value, from
		return
	}
	u.pairOf[name] = len(u.pairs)
	u.pairs = append(u.pairs, importer.Pair{Name: name, Text: value, From: from})
}

// environment handles the variables of the process.
func (u *unit) environment() {
	for _, s := range u.list("Environment") {
		texts, err := systemd.Split(s.Value)
		if err != nil {
			u.lose(s, "systemd leaves such a line out", "%s", err.Msg)
			continue
		}
		for _, text := range texts {
			u.assign(s, text)
		}
	}
	u.files()
	for _, s := range u.list("PassEnvironment") {
		u.lose(s, "write their values into environment", "nothing of the environment of the init reaches the service")
	}
	u.unset()
	if len(u.pairs) > 0 {
		u.service.Set("environment", u.pairs, u.pairs[0].From)
	}
}

// assign takes one NAME=value of Environment=.
func (u *unit) assign(s systemd.Setting, text systemd.Text) {
	at := s.At(text.From)
	assignment, problem := u.specify(text.Text)
	if problem != nil {
		u.loseAt(at, s, problem.Hint, "%s", problem.Msg)
		return
	}
	name, value, found := strings.Cut(assignment, "=")
	switch {
	case !found || !isName(name):
		u.loseAt(at, s, `quotes go around the whole: Environment="NAME=two words"`, "%q is no NAME=value, and systemd leaves it out", assignment)
	case !importer.Sayable(value):
		u.loseAt(at, s, "", "a value that is no UTF-8 text")
	default:
		u.variable(name, value, at)
	}
}

// files handles EnvironmentFile=: those that were given to import are read now,
// of the others the service reads one when it starts.
func (u *unit) files() {
	taken := false
	for _, s := range u.list("EnvironmentFile") {
		text, ok := u.text(s)
		if !ok {
			continue
		}
		file, lax := strings.CutPrefix(text, "-")
		if src := u.given(file); src != nil {
			u.readFile(s, src)
			continue
		}
		u.dynamic = true
		switch {
		case !isPath(file) || strings.ContainsAny(file, `*?[\`):
			u.lose(s, "-e FILE reads one now", "%q is a pattern, or no absolute path", file)
			continue
		case taken:
			u.lose(s, "have the first file read this one, by a line . "+file+"; or -e FILE reads it now", "a service has one such file")
			continue
		}
		taken = true
		u.service.Set("environment_file", importer.Text(file), s.Pos)
		u.lose(s, "put values in single quotes where they have blanks, $, \\ or other characters that mean something to sh; or -e FILE reads it now",
			"%s is read by sh, not by systemd", file)
		if !lax {
			u.lose(s, "", "the service starts even where %s is missing", file)
		}
	}
}

// given returns the file among those given that EnvironmentFile= means.
func (u *unit) given(file string) *diag.Source {
	for _, src := range u.Files {
		if src.Name == file {
			return src
		}
	}
	for _, src := range u.Files {
		if path.Base(src.Name) == path.Base(file) {
			return src
		}
	}
	return nil
}

// readFile takes the variables of a file.
func (u *unit) readFile(s systemd.Setting, src *diag.Source) {
	u.service.Carry(s.Pos)
	for _, a := range parseFile(src) {
		switch {
		case !isName(a.name):
			u.service.Lose(a.pos, "", "%q is not the name of a variable, and systemd leaves the line out", a.name)
		case !importer.Sayable(a.value):
			u.service.Lose(a.pos, "", "%s has a value that is no UTF-8 text", a.name)
		default:
			u.variable(a.name, a.value, a.pos)
		}
	}
}

// unset handles UnsetEnvironment=, which comes after all others.
func (u *unit) unset() {
	for _, s := range u.list("UnsetEnvironment") {
		texts, err := systemd.Split(s.Value)
		if err != nil {
			u.lose(s, "systemd leaves such a line out", "%s", err.Msg)
			continue
		}
		u.service.Ignore(s.Pos, "UnsetEnvironment=%s", s.Value)
		for _, text := range texts {
			name, value, withValue := strings.Cut(text.Text, "=")
			if u.dynamic {
				u.loseAt(s.At(text.From), s, "", "%s stays, where it is in the file", text.Text)
			}
			if old, ok := u.env[name]; ok && (!withValue || old == value) {
				delete(u.env, name)
			}
		}
	}
	u.pairs = slices.DeleteFunc(u.pairs, func(p importer.Pair) bool { _, ok := u.env[p.Name]; return !ok })
	clear(u.pairOf)
	for i, p := range u.pairs {
		u.pairOf[p.Name] = i
	}
}
