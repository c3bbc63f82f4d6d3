package conform

import (
	"fmt"
	"strings"
)

// How a check ended.
const (
	OK         = "ok"
	Failed     = "FAIL"
	Impossible = "-"       // the folder says that the supervisor cannot do it, and so does the build
	Skipped    = "skipped" // this host lacks something
)

// A Result is how one check of one supervisor ended.
type Result struct {
	Group   string  `json:"group"`
	Check   string  `json:"check"`
	State   string  `json:"state"`
	Note    string  `json:"note,omitempty"`    // why it is skipped or not possible, or what was counted
	Details string  `json:"details,omitempty"` // of a failure: what was done, and what came of it
	Seconds float64 `json:"seconds"`
}

// A Column is what one supervisor does.
type Column struct {
	Supervisor string   `json:"supervisor"`
	Skipped    string   `json:"skipped,omitempty"` // why it could not be brought up; "" when it was
	Results    []Result `json:"results"`
}

// A Report is all that was found out.
type Report struct {
	Palletgen string    `json:"palletgen"`
	Shell     string    `json:"shell,omitempty"` // what /bin/sh was; "" for the host's own
	OK        bool      `json:"ok"`
	Seconds   float64   `json:"seconds"`
	Columns   []*Column `json:"supervisors"`
}

// Count returns how many results there are of each state.
func (r *Report) Count() map[string]int {
	count := map[string]int{}
	for _, c := range r.Columns {
		for _, result := range c.Results {
			count[result.State]++
		}
	}
	return count
}

// judge sets OK: everything was tried, and nothing failed.
func (r *Report) judge() {
	r.OK = true
	for _, c := range r.Columns {
		if c.Skipped != "" {
			r.OK = false
		}
		for _, result := range c.Results {
			if result.State == Failed || result.State == Skipped {
				r.OK = false
			}
		}
	}
}

// A row is one check and its results, by column.
type row struct {
	group, check string
	results      []*Result // nil: not among the checks of that column
}

// rows turns the columns into rows, in the order of the checks.
func (r *Report) rows() []row {
	var rows []row
	at := map[[2]string]int{}
	for i, c := range r.Columns {
		for j := range c.Results {
			result := &c.Results[j]
			key := [2]string{result.Group, result.Check}
			if _, ok := at[key]; !ok {
				at[key] = len(rows)
				rows = append(rows, row{result.Group, result.Check, make([]*Result, len(r.Columns))})
			}
			rows[at[key]].results[i] = result
		}
	}
	return rows
}

// Matrix is the report as a table for a terminal.
func (r *Report) Matrix() string {
	var b strings.Builder
	rows := r.rows()
	first := 0
	for _, row := range rows {
		first = max(first, len(row.check)+2)
	}
	fmt.Fprintf(&b, "%-*s", first, "")
	for _, c := range r.Columns {
		fmt.Fprintf(&b, "  %-*s", cellWidth(c), c.Supervisor)
	}
	group := ""
	for _, row := range rows {
		if row.group != group {
			group = row.group
			fmt.Fprintf(&b, "\n%s", group)
		}
		fmt.Fprintf(&b, "\n  %-*s", first-2, row.check)
		for i, result := range row.results {
			state := ""
			if result != nil {
				state = result.State
			}
			fmt.Fprintf(&b, "  %-*s", cellWidth(r.Columns[i]), state)
		}
	}
	return trimLines(b.String()) + "\n"
}

func cellWidth(c *Column) int { return max(len(c.Supervisor), len(Skipped)) }

func trimLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(lines, "\n")
}

// Notes lists what the cells of the matrix have no room for: why something is skipped or not possible, and counts.
func (r *Report) Notes() string {
	var b strings.Builder
	for _, c := range r.Columns {
		if c.Skipped != "" {
			fmt.Fprintf(&b, "%s: skipped: %s\n", c.Supervisor, c.Skipped)
			continue
		}
		for _, result := range c.Results {
			if result.Note != "" {
				fmt.Fprintf(&b, "%s: %s: %s: %s\n", c.Supervisor, result.Group, result.Check, result.Note)
			}
		}
	}
	return b.String()
}

// Failures tells everything about each check that failed.
func (r *Report) Failures() string {
	var b strings.Builder
	for _, c := range r.Columns {
		for _, result := range c.Results {
			if result.State == Failed {
				fmt.Fprintf(&b, "\n%s: %s: %s: FAIL\n%s\n", c.Supervisor, result.Group, result.Check, indent(result.Details, 4))
			}
		}
	}
	return b.String()
}

// indent puts blanks before every line that is not empty.
func indent(text string, blanks int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = strings.Repeat(" ", blanks) + line
		}
	}
	return strings.Join(lines, "\n")
}
