package render

import (
	"fmt"
	"slices"

	"palletgen/gen/clojure"
	"palletgen/gen/command"
	"palletgen/gen/manifest"
	"palletgen/gen/pack"
	"palletgen/gen/plan"
	"palletgen/gen/shell"
)

// manifest is manifest.json: what the bundle was made of and what it holds.
func (b *builder) manifest(phases []manifest.Phase, scripts []*phaseScript, files []pack.File, sums map[string]string) ([]byte, error) {
	m := &manifest.Manifest{Palletgen: b.version, Bundle: b.group.Name, Phases: phases, Commands: b.commands(scripts)}
	var first error
	value := func(v any) manifest.Value {
		text, err := manifest.Encode(v)
		if first == nil {
			first = err
		}
		return text
	}
	for _, c := range b.group.Crates {
		m.Crates = append(m.Crates, manifest.Crate{Name: c.Name, Instance: c.Instance, Settings: value(crateSettings(c))})
	}
	for _, c := range b.group.Services() {
		s := c.Service
		m.Services = append(m.Services, manifest.Service{Name: s.Name, Crate: c.Name, Supervisor: s.Supervisor.Name,
			Options: value(plainMap(s.Options)), Service: value(plainMap(s.Fields))})
	}
	for _, f := range files {
		entry := manifest.File{Path: f.Path, Mode: fmt.Sprintf("%04o", f.Mode), SHA256: sums[f.Path]}
		if h := b.byPath[hostPath(f.Path)]; h != nil {
			entry.Format = h.spec.Format
			entry.Put = &manifest.Put{Path: h.path, Owner: h.owner, Group: h.group, Mode: h.mode, Phase: h.phase, Flag: h.flag, Secrets: h.secretNames()}
			if !h.verify.IsZero() {
				entry.Put.Verify = value(plain(h.verify))
			}
		}
		m.Files = append(m.Files, entry)
	}
	if first != nil {
		return nil, first
	}
	return m.Text()
}

// commands tells what every script of the bundle calls.
func (b *builder) commands(scripts []*phaseScript) manifest.Commands {
	list := manifest.Commands{
		{Path: "run", Needs: manifest.Needs{Required: b.run.required, Optional: b.run.trust.commands(b.Signed)}},
		{Path: "lib.sh", Needs: b.libNeeds(scripts)},
	}
	for _, s := range scripts {
		list = append(list, manifest.Script{Path: "phases/" + s.name + ".sh", Needs: b.needsOfPhase(s)})
	}
	for _, f := range b.files {
		if f.spec.Format == "shell" {
			list = append(list, manifest.Script{Path: "root" + f.path, Needs: needsOf(f)})
		}
	}
	return list
}

// libNeeds tells which commands lib.sh calls: those that run cannot do without,
// and all that its functions use for one phase or another.
func (b *builder) libNeeds(scripts []*phaseScript) manifest.Needs {
	lists := [][]string{b.run.optional}
	for _, s := range scripts {
		lists = append(lists, s.required, s.optional, s.provided)
	}
	optional := slices.Concat(lists...)
	slices.Sort(optional)
	optional = slices.DeleteFunc(slices.Compact(optional), func(name string) bool { return slices.Contains(b.run.required, name) })
	return manifest.Needs{Required: b.run.required, Optional: optional}
}

// needsOf tells which commands a script that runs on the host calls.
func needsOf(f *hostFile) manifest.Needs {
	needs := manifest.Needs{Required: []string{}, Settings: f.commands}
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
func (b *builder) needsOfPhase(s *phaseScript) manifest.Needs {
	verify := b.verifyCommands(s.name)
	return manifest.Needs{
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
