// Package importer holds what is taken over from another system's description of
// services, be it a Procfile or unit files, and writes it as a palletgen.yaml
// whose comments say where each part comes from, and what could not be taken
// over. It imports gen/diag and gen/lazyregexp.
package importer

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"palletgen/gen/diag"
)

// A Group is what becomes one group of a palletgen.yaml.
type Group struct {
	Name       string
	Supervisor string
	Crate      string   // that installs the supervisor; "": of the same name
	Head       []string // comments at the top, a line each
	Services   []*Service
	Lost       diag.List // everything that is not carried over, or not quite
	lines      map[line]outcome
	above      []*item // comments that belong to no service
}

// An item is one setting, or a comment where key is "".
type item struct {
	key   string
	value Value
	from  []diag.Pos
	notes []string // comments above it
}

// A line is a line of an input file.
type line struct {
	src  *diag.Source
	line int
}

// An outcome is what became of a line.
type outcome int

const (
	idle    outcome = iota + 1 // makes no difference here
	carried                    // became a setting
	lost                       // is named as lost
)

// NewGroup begins a group.
func NewGroup(name, supervisor string) *Group {
	return &Group{Name: name, Supervisor: supervisor, lines: map[line]outcome{}}
}

// Add begins a service of the group.
func (g *Group) Add(name, instance string) *Service {
	s := &Service{group: g, Name: name, Instance: instance}
	g.Services = append(g.Services, s)
	return s
}

// mark notes what became of lines. The worst of it counts.
func (g *Group) mark(o outcome, places ...diag.Pos) {
	for _, at := range places {
		if at.Source == nil || at.Line == 0 {
			continue
		}
		l := line{at.Source, at.Line}
		g.lines[l] = max(g.lines[l], o)
	}
}

// Told reports whether it is known what became of the line of a place.
func (g *Group) Told(at diag.Pos) bool { return g.lines[line{at.Source, at.Line}] != 0 }

// Count returns how many lines of the input became settings, make no difference
// here, and are lost at least in part.
func (g *Group) Count() (settings, indifferent, named int) {
	for _, o := range g.lines {
		switch o {
		case idle:
			indifferent++
		case carried:
			settings++
		case lost:
			named++
		}
	}
	return
}

// Lose names what is not carried over, or not quite, above all services.
func (g *Group) Lose(at diag.Pos, hint, format string, args ...any) {
	g.above = append(g.above, g.lose(at, hint, fmt.Sprintf(format, args...)))
}

// Ignore says of a line that it makes no difference here, and why.
func (g *Group) Ignore(at diag.Pos, format string, args ...any) {
	g.mark(idle, at)
	g.above = append(g.above, &item{from: []diag.Pos{at}, notes: []string{place(at) + ": " + fmt.Sprintf(format, args...)}})
}

func (g *Group) lose(at diag.Pos, hint, msg string) *item {
	g.mark(lost, at)
	g.Lost.Add(&diag.Error{Pos: at, Msg: msg, Hint: hint})
	note := "LOST "
	if where := place(at); where != "" {
		note += where + ": "
	}
	note += msg
	if hint != "" {
		note += "; " + hint
	}
	return &item{from: []diag.Pos{at}, notes: []string{note}}
}

// place writes file:line, without the folder of the file: the same input in
// another folder is to give the same text. A drop-in keeps that of its unit.
func place(at diag.Pos) string {
	if at.Source == nil {
		return ""
	}
	name := filepath.ToSlash(at.Source.Name)
	dir, base := path.Split(name)
	if folder := path.Base(dir); strings.HasSuffix(folder, ".d") {
		base = folder + "/" + base
	}
	if at.Line == 0 {
		return base
	}
	return fmt.Sprintf("%s:%d", base, at.Line)
}

// places writes where a setting comes from: file:1, 2, 3.
func places(list []diag.Pos) string {
	var b strings.Builder
	var last diag.Pos
	for _, at := range list {
		switch {
		case at.Source == nil, at.Source == last.Source && at.Line == last.Line:
			continue
		case at.Source == last.Source:
			fmt.Fprintf(&b, ", %d", at.Line)
		default:
			if b.Len() > 0 {
				b.WriteString(", ")
			}
			b.WriteString(place(at))
		}
		last = at
	}
	return b.String()
}

// Cover notes that a line is lost together with something that was named.
func (g *Group) Cover(at diag.Pos) { g.mark(lost, at) }
