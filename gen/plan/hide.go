package plan

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/schema"
)

// HideSecrets keeps lines out of errors in which somebody wrote a secret: those
// that an error about a secret is in, and those where something is set that has
// the name of a crate's secret. What is wrong in such a line may be that nobody
// can tell of which crate it is.
func (c *Catalog) HideSecrets(errs diag.List) {
	if len(errs) == 0 {
		return
	}
	schema.HideLines(errs, func(at diag.Pos) bool { return c.secrets().MatchString(at.Text()) })
}

// secretLines matches the lines that set a secret of any crate.
func (c *Catalog) secretLines() *regexp.Regexp {
	names := map[string]bool{}
	crates, _ := c.CrateNames() // what is wrong with them is told elsewhere
	for _, name := range crates {
		loaded, _ := c.Crate(name)
		if loaded == nil {
			continue
		}
		for _, setting := range loaded.Settings.Settings {
			if setting.Secret {
				names[regexp.QuoteMeta(setting.Name)] = true
			}
		}
	}
	if len(names) == 0 {
		return regexp.MustCompile(`[^\s\S]`) // nothing
	}
	return regexp.MustCompile(`\b(?:` + strings.Join(slices.Sorted(maps.Keys(names)), "|") + `)["']?\s*[:=]\s*[^\s{]`)
}
