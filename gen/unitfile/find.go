// Package unitfile makes services of systemd's unit files: it reads them as
// systemd does, with their drop-ins, works out what the process would be given,
// and names what cannot be carried over. It imports gen/bounded, gen/command,
// gen/diag, gen/importer, gen/lazyregexp, gen/schema and gen/systemd.
package unitfile

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"palletgen/gen/bounded"
	"palletgen/gen/diag"
)

// A File is one unit: its file, and the drop-ins in the order in which they are
// read.
type File struct {
	Name    string // of the unit, with its instance: "web@1.service"
	Sources []*diag.Source
}

// suffixes are the kinds of units.
var suffixes = []string{".service", ".socket", ".timer", ".path", ".target", ".mount", ".automount", ".swap", ".slice", ".scope", ".device"}

// IsUnit reports whether a file is named as a unit is.
func IsUnit(name string) bool { return slices.Contains(suffixes, filepath.Ext(name)) }

// Find reads the unit file of a path and its drop-ins. An instance of a template
// that has no file of its own is read from that of the template.
func Find(path string) (File, error) {
	f := File{Name: filepath.Base(path)}
	text, err := bounded.Named(path, bounded.MaxText)
	if errors.Is(err, fs.ErrNotExist) {
		prefix, instance, suffix := split(f.Name)
		if instance != "" {
			path = filepath.Join(filepath.Dir(path), prefix+"@"+suffix)
			text, err = bounded.Named(path, bounded.MaxText)
		}
	}
	if err != nil {
		return f, readError(path, err)
	}
	f.Sources = []*diag.Source{{Name: path, Text: string(text)}}
	dropins, err := dropIns(filepath.Dir(path), f.Name)
	f.Sources = append(f.Sources, dropins...)
	return f, err
}

func readError(path string, err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	return diag.At(diag.Pos{Source: &diag.Source{Name: path}}, "cannot read the file: %v", err)
}

// dropIns reads the files in the folders NAME.d beside a unit: of its own name, of
// its template, of each shorter name that ends with a dash, and of its kind. One
// file name is read once, from the most special folder, and all in the order of
// their names.
func dropIns(dir, name string) ([]*diag.Source, error) {
	prefix, instance, suffix := split(name)
	folders := []string{name}
	if instance != "" {
		folders = append(folders, prefix+"@"+suffix)
	}
	for i := len(prefix) - 1; i > 0; i-- {
		if prefix[i-1] == '-' {
			folders = append(folders, prefix[:i]+suffix)
		}
	}
	folders = append(folders, strings.TrimPrefix(suffix, "."))
	paths := map[string]string{}
	for _, folder := range folders {
		found, err := filepath.Glob(filepath.Join(escapeGlob(dir), escapeGlob(folder)+".d", "*.conf"))
		if err != nil {
			return nil, err
		}
		for _, path := range found {
			if paths[filepath.Base(path)] == "" {
				paths[filepath.Base(path)] = path
			}
		}
	}
	var names []string
	for name := range paths {
		names = append(names, name)
	}
	slices.Sort(names)
	var sources []*diag.Source
	for _, name := range names {
		text, err := bounded.File(paths[name], bounded.MaxText)
		if err != nil {
			return nil, readError(paths[name], err)
		}
		sources = append(sources, &diag.Source{Name: paths[name], Text: string(text)})
	}
	return sources, nil
}

func escapeGlob(s string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(s)
}

// split takes the name of a unit apart: prefix, instance and suffix. Without an
// instance, or for a template, that is empty.
func split(name string) (prefix, instance, suffix string) {
	suffix = filepath.Ext(name)
	prefix = strings.TrimSuffix(name, suffix)
	prefix, instance, _ = strings.Cut(prefix, "@")
	return
}
