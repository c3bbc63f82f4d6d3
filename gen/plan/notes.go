package plan

import (
	"slices"

	"palletgen/gen/diag"
	"palletgen/gen/schema"
)

// mostNotes bounds how many places an error shows beside its own.
const mostNotes = 12

// Notes point at the settings that values come from in the end, each once:
// first those that somebody set.
func Notes(list []*Origin) []diag.Note {
	var found []diag.Note
	for _, how := range []string{SetAt, DefaultAt, UnsetAt} {
		for _, o := range leaves(list) {
			note := diag.Note{Pos: o.Pos, Msg: "the value of " + o.String()}
			if o.How == how && !slices.Contains(found, note) && len(found) < mostNotes {
				found = append(found, note)
			}
		}
	}
	return found
}

// leaves are the origins that settings are, and that come from no others such.
func leaves(list []*Origin) []*Origin {
	var found []*Origin
	for _, o := range list {
		below := leaves(o.From)
		if len(below) == 0 && (o.How == SetAt || o.How == DefaultAt || o.How == UnsetAt) {
			below = []*Origin{o}
		}
		found = append(found, below...)
	}
	return found
}

// Told returns the error with notes about where values come from.
func Told(e *diag.Error, list []*Origin) *diag.Error {
	told := *e // it may be shared
	for _, note := range Notes(list) {
		if !slices.Contains(told.Also, note) && note.Pos != e.Pos {
			told.Also = append(slices.Clip(told.Also), note)
		}
	}
	return &told
}

// A templated value is one of a crate or supervisor whose texts may be templates.
type templated interface {
	ReadsAt(pos diag.Pos) [][]string
}

// blame adds to the errors that came up since the first `since` of them the
// settings which the templates read that the errors are at.
func (v View) blame(errs diag.List, since int, values ...templated) {
	for i, e := range errs[since:] {
		for _, value := range values {
			if paths := value.ReadsAt(e.Pos); paths != nil {
				errs[since+i] = Told(e, v.each(paths, 1))
				break
			}
		}
	}
}

// defaults are those of the settings.
func defaults(s *schema.Schema) []templated {
	var list []templated
	for _, setting := range s.Settings {
		if setting.Default != nil {
			list = append(list, setting.Default)
		}
	}
	return list
}
