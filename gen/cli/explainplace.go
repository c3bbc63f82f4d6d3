package cli

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/pack"
	"palletgen/gen/render"
)

// place reads FILE[:LINE[:COLUMN]]; line and column are 0 for all.
func (e *explanation) place(asked string) (file string, line, col int) {
	file = asked
	if name, numbers, ok := strings.Cut(asked, ":"); ok {
		number, column, _ := strings.Cut(numbers, ":")
		number = strings.TrimPrefix(strings.TrimSpace(number), "line ") // as shells say it
		if n, err := strconv.Atoi(number); err == nil && n > 0 {
			file, line = name, n
			col, _ = strconv.Atoi(strings.TrimSuffix(column, ":")) // what messages put behind it may follow
		}
	}
	return e.path(file), line, max(col, 0)
}

// path is where a file is in the bundle; with a / in front it is one on the host
// or, in a folder of the bundle's name, one of the bundle that was unpacked there.
func (e *explanation) path(file string) string {
	if strings.HasPrefix(file, "/") {
		host := "root" + path.Clean(file)
		_, inside, ok := strings.Cut(path.Clean(file), "/"+e.bundle.Name+"/")
		if ok && e.data(e.bundle.Files, host) == nil && e.data(e.bundle.Files, inside) != nil {
			return inside
		}
		return host
	}
	return strings.TrimPrefix(path.Clean(file), e.bundle.Name+"/")
}

// missing reports a file that the bundle has not, with what may be meant.
func (e *explanation) missing(asked, file string) *diag.Error {
	var names []string
	for _, f := range e.bundle.Files {
		names = append(names, f.Path)
	}
	if name, line, ok := strings.Cut(asked, ":"); ok && slices.Contains(names, e.path(name)) {
		return diag.At(diag.Pos{Source: e.source}, "%q is no line of %s", line, e.path(name)).WithHint("FILE:LINE, where the first line is 1; FILE alone lists all")
	}
	err := diag.At(diag.Pos{Source: e.source}, "there is no file %q in it", file)
	if len(names) == 0 {
		return err.WithHint("it only says where the bundle %s is to be had: explain that one; its own lines are %s:LINE", e.bundle.Name, filepath.Base(e.script.name))
	}
	var ends []string
	for _, name := range names {
		if strings.HasSuffix(name, "/"+strings.TrimPrefix(strings.TrimPrefix(file, "root/"), "/")) {
			ends = append(ends, fmt.Sprintf("%q", name))
		}
	}
	if len(ends) > 0 {
		return err.WithHint("did you mean %s?", strings.Join(ends, " or "))
	}
	return err.WithHint("%s", diag.DidYouMean(file, names))
}

// data is the content of a file; nil where there is none.
func (e *explanation) data(files []pack.File, path string) []byte {
	for _, f := range files {
		if f.Path == path {
			return append([]byte{}, f.Data...)
		}
	}
	return nil
}

// at leaves of a line's values those at a column, from 1; all for 0, or where
// there are none.
func at(line render.Line, col int) (render.Line, error) {
	if col == 0 {
		return line, nil
	}
	if col > len(line.Text)+1 {
		return line, fmt.Errorf("it has %d columns", len(line.Text))
	}
	var values []render.LineValue
	for _, v := range line.Values {
		if v.From <= col-1 && col-1 < max(v.To, v.From+1) {
			values = append(values, v)
		}
	}
	if len(values) > 0 {
		line.Values = values
	}
	return line, nil
}
