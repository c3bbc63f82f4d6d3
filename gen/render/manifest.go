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

// A manifest is manifest.json: what the bundle was made of and what it holds.
type manifest struct {
	Palletgen string                   `json:"palletgen"` // version
	Bundle    string                   `json:"bundle"`
	Crates    []manifestCrate          `json:"crates"`
	Services  []manifestService        `json:"services"`
	Phases    []phase                  `json:"phases"`
	Commands  map[string]manifestNeeds `json:"commands"` // by phases/X.sh and root/X
	Files     []manifestFile           `json:"files"`
}

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
	Put    *put   `json:"put,omitempty"`
}

// put is where and how a file of root/ lands on the host.
type put struct {
	Path  string `json:"path"`
	Owner string `json:"owner"`
	Group string `json:"group"`
	Mode  string `json:"mode"`
	Phase string `json:"phase"`
}

func (b *builder) manifest(phases []phase, scripts []*phaseScript, files []pack.File, sums map[string]string) (string, error) {
	m := manifest{Palletgen: b.version, Bundle: b.group.Name, Phases: phases, Commands: map[string]manifestNeeds{}, Services: []manifestService{}}
	for _, c := range b.group.Crates {
		m.Crates = append(m.Crates, manifestCrate{c.Name, c.Instance, crateSettings(c)})
		if s := c.Service; s != nil {
			m.Services = append(m.Services, manifestService{s.Name, c.Name, s.Supervisor.Name, plainMap(s.Options), plainMap(s.Fields)})
		}
	}
	for _, s := range scripts {
		m.Commands["phases/"+s.name+".sh"] = manifestNeeds{Required: orEmpty(s.required), Optional: s.optional, Provided: s.provided, Settings: s.configured}
	}
	for _, f := range b.files {
		if f.spec.Format == "shell" {
			m.Commands["root"+f.path] = needsOf(f)
		}
	}
	for _, f := range files {
		entry := manifestFile{Path: f.Path, Mode: fmt.Sprintf("%04o", f.Mode), SHA256: sums[f.Path]}
		if h := b.byPath[hostPath(f.Path)]; h != nil {
			entry.Put = &put{h.path, h.owner, h.group, h.mode, h.phase}
		}
		m.Files = append(m.Files, entry)
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(m); err != nil {
		return "", fmt.Errorf("cannot write the manifest: %w", err)
	}
	return out.String(), nil
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

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
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
