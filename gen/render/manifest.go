package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"palletgen/gen/clojure"
	"palletgen/gen/command"
	"palletgen/gen/pack"
	"palletgen/gen/plan"
	"palletgen/gen/shell"
)

type manifestCrate struct {
	Name     string         `json:"name"`
	Instance string         `json:"instance,omitempty"`
	Settings map[string]any `json:"settings"`
}

type manifestService struct {
	Name       string         `json:"name"`
	Crate      string         `json:"crate"`
	Supervisor string         `json:"supervisor"`
	Options    map[string]any `json:"options"`
	Service    map[string]any `json:"service"`
}

type manifestNeeds struct {
	Required []string `json:"required"`
	Optional []string `json:"optional,omitempty"`
	Provided []string `json:"provided,omitempty"` // comes with the supervisor
	Settings []string `json:"settings,omitempty"` // programs that settings name
}

type manifestFile struct {
	Path   string `json:"path"`
	Mode   string `json:"mode"`
	SHA256 string `json:"sha256"`
	Format string `json:"format,omitempty"` // whose grammar it keeps, of what was made from a template
	Put    *put   `json:"put,omitempty"`
}

// put is where and how a file of root/ lands on the host.
type put struct {
	Path   string `json:"path"`
	Owner  string `json:"owner"`
	Group  string `json:"group"`
	Mode   string `json:"mode"`
	Phase  string `json:"phase"`
	Flag   string `json:"flag,omitempty"`   // set when the file is changed
	Verify any    `json:"verify,omitempty"` // command that judges it first
	// Secrets are the names of those that the host puts into it; SHA256 is that of the file without them.
	Secrets []string `json:"secrets,omitempty"`
}

// manifest writes manifest.json: what the bundle was made of and what it holds.
// Each element of a list has a line of its own.
func (b *builder) manifest(phases []phase, scripts []*phaseScript, files []pack.File, sums map[string]string) ([]byte, error) {
	w := &manifestWriter{}
	w.field("palletgen", b.version)
	w.field("bundle", b.group.Name)
	w.open("crates", '[')
	for _, c := range b.group.Crates {
		w.element("", manifestCrate{c.Name, c.Instance, crateSettings(c)})
	}
	w.open("services", '[')
	for _, c := range b.group.Services() {
		s := c.Service
		w.element("", manifestService{s.Name, c.Name, s.Supervisor.Name, plainMap(s.Options), plainMap(s.Fields)})
	}
	w.open("phases", '[')
	for _, p := range phases {
		w.element("", p)
	}
	w.open("commands", '{')
	w.element("run", manifestNeeds{Required: b.run.required, Optional: b.run.trust.commands(b.Signed)})
	w.element("lib.sh", b.libNeeds(scripts))
	for _, s := range scripts {
		w.element("phases/"+s.name+".sh", b.needsOfPhase(s))
	}
	for _, f := range b.files {
		if f.spec.Format == "shell" {
			w.element("root"+f.path, needsOf(f))
		}
	}
	w.open("files", '[')
	for _, f := range files {
		entry := manifestFile{Path: f.Path, Mode: fmt.Sprintf("%04o", f.Mode), SHA256: sums[f.Path]}
		if h := b.byPath[hostPath(f.Path)]; h != nil {
			entry.Format = h.spec.Format
			entry.Put = &put{Path: h.path, Owner: h.owner, Group: h.group, Mode: h.mode, Phase: h.phase, Flag: h.flag}
			if !h.verify.IsZero() {
				entry.Put.Verify = plain(h.verify)
			}
			entry.Put.Secrets = h.secretNames()
		}
		w.element("", entry)
	}
	return w.close()
}

// A manifestWriter writes an object of plain fields, then of lists and objects.
type manifestWriter struct {
	text []byte
	end  byte // closes the list or object that is open; 0 when none is
	more bool // something stands before in it
	err  error
}

func (w *manifestWriter) field(name string, value any) {
	w.start()
	w.text = append(w.text, "\n  "...)
	w.put(name)
	w.text = append(w.text, ": "...)
	w.put(value)
}

// start begins the object, or puts the comma behind what stands before.
func (w *manifestWriter) start() {
	if w.text == nil {
		w.text = append(make([]byte, 0, 8<<10), '{')
		return
	}
	w.text = append(w.text, ',')
}

func (w *manifestWriter) open(name string, bracket byte) {
	w.finish()
	w.start()
	w.text = append(w.text, "\n  "...)
	w.put(name)
	w.text = append(w.text, ':', ' ', bracket)
	w.end, w.more = bracket+2, false // ] and } stand two behind [ and { in ASCII
}

// element adds a value to the open list, or under name to the open object.
func (w *manifestWriter) element(name string, value any) {
	if w.more {
		w.text = append(w.text, ',')
	}
	w.more = true
	w.text = append(w.text, "\n    "...)
	if name != "" {
		w.put(name)
		w.text = append(w.text, ": "...)
	}
	w.put(value)
}

func (w *manifestWriter) finish() {
	if w.end == 0 {
		return
	}
	if w.more {
		w.text = append(w.text, "\n  "...)
	}
	w.text = append(w.text, w.end)
	w.end = 0
}

func (w *manifestWriter) put(value any) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil && w.err == nil {
		w.err = fmt.Errorf("cannot write the manifest: %w", err)
	}
	if w.err == nil && losesBytes(out.Bytes()) {
		w.err = fmt.Errorf("cannot write the manifest: a value is no UTF-8, which JSON cannot hold: %.100q", value)
	}
	w.text = append(w.text, bytes.TrimSuffix(out.Bytes(), []byte("\n"))...)
}

// losesBytes tells that some text in encoded JSON was no UTF-8: the encoder has
// written an escape in place of its bytes, and writes none for anything else.
func losesBytes(encoded []byte) bool {
	lost := []byte(`\ufffd`)
	for rest := encoded; ; {
		at := bytes.Index(rest, lost)
		if at < 0 {
			return false
		}
		backslashes := 0
		for at-backslashes > 0 && rest[at-backslashes-1] == '\\' {
			backslashes++
		}
		if backslashes%2 == 0 {
			return true
		}
		rest = rest[at+len(lost):]
	}
}

func (w *manifestWriter) close() ([]byte, error) {
	w.finish()
	return append(w.text, "\n}\n"...), w.err
}

// libNeeds tells which commands lib.sh calls: those that run cannot do without,
// and all that its functions use for one phase or another.
func (b *builder) libNeeds(scripts []*phaseScript) manifestNeeds {
	lists := [][]string{b.run.optional}
	for _, s := range scripts {
		lists = append(lists, s.required, s.optional, s.provided)
	}
	optional := slices.Concat(lists...)
	slices.Sort(optional)
	optional = slices.DeleteFunc(slices.Compact(optional), func(name string) bool { return slices.Contains(b.run.required, name) })
	return manifestNeeds{Required: b.run.required, Optional: optional}
}

// needsOf tells which commands a script that runs on the host calls.
func needsOf(f *hostFile) manifestNeeds {
	needs := manifestNeeds{Required: []string{}, Settings: f.commands}
	var provides []string
	if f.service {
		provides = f.crate.Service.Supervisor.Provides
	}
	for _, call := range f.calls {
		if slices.Contains(provides, call.Name) {
			needs.Provided = append(needs.Provided, call.Name)
		} else {
			needs.Required = append(needs.Required, call.Name)
		}
	}
	return needs
}

// hostPath is where the bundle's file path lands; "" for a file outside root.
func hostPath(path string) string {
	const root = "root/"
	if len(path) > len(root) && path[:len(root)] == root {
		return path[len(root)-1:]
	}
	return ""
}

// needsOfPhase tells which commands a phase script calls. What judges its files
// is named by settings too, but it cannot do without.
func (b *builder) needsOfPhase(s *phaseScript) manifestNeeds {
	verify := b.verifyCommands(s.name)
	return manifestNeeds{
		Required: merged(s.required, verify), Optional: s.optional, Provided: s.provided,
		Settings: slices.DeleteFunc(slices.Clone(s.configured), func(name string) bool { return slices.Contains(verify, name) }),
	}
}

// merged returns the names of both lists, sorted, each once; never nil.
func merged(a, b []string) []string {
	list := append(slices.Clone(a), b...)
	slices.Sort(list)
	return append([]string{}, slices.Compact(list)...)
}

// crateSettings leaves out what is secret.
func crateSettings(c *plan.Crate) map[string]any {
	settings := map[string]any{}
	for _, setting := range c.Crate.Settings.Settings {
		if !setting.Secret {
			settings[setting.Name] = plain(c.Settings[setting.Name])
		}
	}
	return settings
}

func plainMap(m map[string]any) map[string]any {
	result := make(map[string]any, len(m))
	for key, value := range m {
		result[key] = plain(value)
	}
	return result
}

// plain makes a value one that JSON can say: commands become what a user would
// write for them, a list of words or one text.
func plain(v any) any {
	switch v := v.(type) {
	case command.Command:
		if argv, ok := v.Argv(); ok {
			return argv
		}
		return v.Shell()
	case shell.Code:
		return string(v)
	case clojure.Code:
		return string(v)
	case map[string]any:
		return plainMap(v)
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = plain(item)
		}
		return list
	}
	return v
}
