package cli

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/manifest"
	"palletgen/gen/plan"
	"palletgen/gen/verify"
)

// mostDifferences is how many settings are named that are others now.
const mostDifferences = 8

const otherInput = "give explain the same -f, --crates, --supervisors and --set as build"

// same reports a file that is another one than was made just now.
func (e *explanation) same(file string, data []byte) *diag.Error {
	made := e.data(e.made.Files, file)
	switch {
	case made == nil:
		return e.why(diag.At(diag.Pos{Source: e.source}, "%s does not come out of %s: the bundle was made from other input", file, e.input()))
	case bytes.Equal(made, data):
		return nil
	}
	n := 0
	was, is := bytes.Split(data, []byte("\n")), bytes.Split(made, []byte("\n"))
	for n < len(was) && n < len(is) && bytes.Equal(was[n], is[n]) {
		n++
	}
	if e.changed(file, data) {
		return diag.At(diag.Pos{Source: e.source}, "%s was changed after the bundle was made: the sum in SHA256SUMS is another; line %d is not what comes out of %s", file, n+1, e.input()).
			WithHint("explain the bundle as it was built")
	}
	return e.why(diag.At(diag.Pos{Source: e.source}, "%s is not what comes out of %s: line %d is another", file, e.input(), n+1))
}

// changed tells whether the bundle itself says that the file is another one.
func (e *explanation) changed(file string, data []byte) bool {
	sum := sha256.Sum256(data)
	for line := range strings.SplitSeq(string(e.data(e.bundle.Files, "SHA256SUMS")), "\n") {
		if want, name, ok := strings.Cut(line, "  "); ok && name == file {
			return want != hex.EncodeToString(sum[:])
		}
	}
	return false
}

// why adds to an error about a bundle that was made from other input what is
// another: palletgen's version, crates, settings.
func (e *explanation) why(err *diag.Error) *diag.Error {
	if e.differences == nil {
		e.differences = e.differ()
	}
	err.Also = e.differences
	if len(err.Also) == 0 {
		err.Msg += "; palletgen's version and all settings are the same, so the files of a crate, a supervisor or palletgen itself are others"
	}
	return err.WithHint(otherInput)
}

// values are those of settings, as JSON.
type values map[string]json.RawMessage

// valuesOf takes apart what a manifest has of settings.
func valuesOf(settings manifest.Value) values {
	var v values
	if json.Unmarshal(settings, &v) != nil {
		return nil // it is not ours: then all settings differ
	}
	return v
}

// settingsIn are the settings of a crate, nil where the manifest has none.
func settingsIn(m *manifest.Manifest, name, instance string) values {
	for _, c := range m.Crates {
		if c.Name == name && c.Instance == instance {
			return valuesOf(c.Settings)
		}
	}
	return nil
}

func serviceIn(m *manifest.Manifest, name string) (supervisor string, options, fields values) {
	for _, s := range m.Services {
		if s.Name == name {
			return s.Supervisor, valuesOf(s.Options), valuesOf(s.Service)
		}
	}
	return "", nil, nil
}

// differ compares the manifests. It is never nil.
func (e *explanation) differ() []diag.Note {
	d := &differences{notes: []diag.Note{}}
	var was, is manifest.Manifest
	if json.Unmarshal(e.data(e.bundle.Files, manifest.Name), &was) != nil || json.Unmarshal(e.data(e.made.Files, manifest.Name), &is) != nil {
		d.note(diag.Pos{}, "its manifest.json cannot be read")
		return d.notes
	}
	if was.Palletgen != is.Palletgen {
		d.note(diag.Pos{}, "palletgen %s made the bundle, and this is palletgen %s: explain it with that one", was.Palletgen, is.Palletgen)
	}
	for _, c := range was.Crates {
		if settingsIn(&is, c.Name, c.Instance) == nil {
			d.note(diag.Pos{}, "the crate %s is in the bundle, and not in the group now", copyName(c.Name, c.Instance))
		}
	}
	for _, c := range e.group.Crates {
		before := settingsIn(&was, c.Name, c.Instance)
		if before == nil {
			d.note(c.Pos, "the crate %s is not in the bundle; it is named at %s", copyName(c.Name, c.Instance), c.Pos)
			continue
		}
		view := plan.View{Group: e.group, Crate: c}
		d.compare(c.Name, before, settingsIn(&is, c.Name, c.Instance), func(name string) []*plan.Origin { return view.Origins([]string{name}) })
		if c.Service == nil {
			continue
		}
		supervisor, options, fields := serviceIn(&was, c.Service.Name)
		now, nowOptions, nowFields := serviceIn(&is, c.Service.Name)
		view.Service = true
		if supervisor == now { // else they are the options of another one
			d.compare(c.Name+"."+now, options, nowOptions, func(name string) []*plan.Origin { return view.Origins([]string{"options", name}) })
		}
		d.compare(c.Name+".service", fields, nowFields, func(name string) []*plan.Origin { return view.Origins([]string{"service", name}) })
	}
	if len(d.notes) > mostDifferences {
		d.notes = append(d.notes[:mostDifferences], diag.Note{Msg: fmt.Sprintf("… and %d more", len(d.notes)-mostDifferences)})
	}
	return d.notes
}

type differences struct{ notes []diag.Note }

func (d *differences) note(pos diag.Pos, format string, args ...any) {
	d.notes = append(d.notes, diag.Note{Pos: pos, Msg: fmt.Sprintf(format, args...)})
}

// compare notes the settings of prefix that were others, and where they come from now.
func (d *differences) compare(prefix string, was, is values, from func(name string) []*plan.Origin) {
	for _, name := range slices.Sorted(maps.Keys(is)) {
		if bytes.Equal(was[name], is[name]) {
			continue
		}
		before := "it was not there"
		if was[name] != nil {
			before = "it was " + shortJSON(was[name])
		}
		told, pos := "", diag.Pos{}
		if list := from(name); len(list) > 0 {
			told, pos = ", "+list[0].How+" "+list[0].Pos.String(), list[0].Pos
		}
		d.note(pos, "%s.%s is %s now%s; when the bundle was made, %s", prefix, name, shortJSON(is[name]), told, before)
	}
}

// shortJSON is a value for a message.
func shortJSON(value json.RawMessage) string {
	const longest = 60
	if len(value) > longest {
		return string(value[:longest]) + "…"
	}
	return string(value)
}

func copyName(crate, instance string) string {
	if instance == "" {
		return crate
	}
	return crate + " (" + instance + ")"
}

// others says where files that nobody asked for are other ones.
func (e *explanation) others() {
	var names []string
	for _, f := range e.bundle.Files {
		if f.Path != verify.Signature && e.same(f.Path, f.Data) != nil {
			names = append(names, f.Path)
		}
	}
	if len(names) == 0 {
		return
	}
	e.app.say("note: other files of the bundle are not what comes out of %s: %s; %s", e.input(), strings.Join(names, ", "), otherInput)
	for _, d := range e.differences {
		e.app.say("note: %s", diag.Printable(d.Msg))
	}
}
