package conform

import (
	"fmt"
	"slices"
	"strings"

	"palletgen/gen/plan"
	"palletgen/gen/schema"
	"palletgen/gen/supervisor"
)

// The tables of a document stand between two comments of these names, <!-- NAME --> and <!-- /NAME -->.
const (
	MatrixBlock      = "matrix"      // see Report.Markdown
	FieldsBlock      = "fields"      // see Fields
	SupervisorsBlock = "supervisors" // see Supervisors
)

// Block finds what stands between the comments of a name.
func Block(text, name string) (before, block, after string, err error) {
	before, rest, begins := strings.Cut(text, "<!-- "+name+" -->\n")
	block, after, ends := strings.Cut(rest, "<!-- /"+name+" -->\n")
	if !begins || !ends {
		return "", "", "", fmt.Errorf("there are no lines <!-- %s --> and <!-- /%s -->", name, name)
	}
	return before + "<!-- " + name + " -->\n", block, "<!-- /" + name + " -->\n" + after, nil
}

// Markdown is the report as a table of Markdown. Columns of supervisors that were not tried are taken over from known, an
// older table.
func (r *Report) Markdown(known string) string {
	cells := map[string]map[string]string{} // supervisor → row → cell
	var names []string
	take := func(name string) map[string]string {
		if cells[name] == nil {
			names = append(names, name)
			cells[name] = map[string]string{}
		}
		return cells[name]
	}
	rows := readTable(known)
	for _, row := range rows {
		for i, name := range rows[0] {
			if i > 0 && i < len(row) {
				take(name)[row[0]] = row[i]
			}
		}
	}
	for _, c := range r.Columns {
		if c.Skipped != "" {
			continue
		}
		column := take(c.Supervisor)
		for _, result := range c.Results {
			column[result.Group+": "+result.Check] = result.State
		}
	}
	slices.Sort(names)
	table := [][]string{append([]string{"check"}, names...)}
	for _, row := range r.rows() {
		line := []string{row.group + ": " + row.check}
		for _, name := range names {
			line = append(line, cells[name][line[0]])
		}
		table = append(table, line)
	}
	return writeTable(table)
}

// Supervisors is a table of what each supervisor is, and which fields of the service description it cannot do.
func Supervisors(catalog *plan.Catalog) (string, error) {
	supervisors, err := allOf(catalog)
	if err != nil {
		return "", err
	}
	table := [][]string{{"supervisor", "", "cannot do"}}
	for _, s := range supervisors {
		doc := s.Doc
		if s.Unproven != "" {
			doc += " (not run for real)"
		}
		var lacks []string
		for _, field := range catalog.Service.Settings {
			switch f := s.Service[field.Name]; {
			case f == nil:
				lacks = append(lacks, "`"+field.Name+"`")
			case f.Only != nil:
				lacks = append(lacks, "`"+field.Name+"` but "+strings.Join(f.Only, ", "))
			}
		}
		table = append(table, []string{s.Name, doc, strings.Join(lacks, "; ")})
	}
	return writeTable(table), nil
}

// allOf reads all supervisors, by name.
func allOf(catalog *plan.Catalog) ([]*supervisor.Supervisor, error) {
	names, err := catalog.SupervisorNames()
	if err != nil {
		return nil, err
	}
	var supervisors []*supervisor.Supervisor
	for _, name := range names {
		s, err := catalog.Supervisor(name)
		if err != nil {
			return nil, err
		}
		supervisors = append(supervisors, s)
	}
	return supervisors, nil
}

// Fields is a table of what each supervisor makes of each field of the service description, as their folders say.
func Fields(catalog *plan.Catalog) (string, error) {
	supervisors, err := allOf(catalog)
	if err != nil {
		return "", err
	}
	var notes footnotes
	head := []string{"field"}
	for _, s := range supervisors {
		head = append(head, s.Name+notes.mark(s.Name, s.Unproven, "not run for real: "))
	}
	table := [][]string{head}
	for _, field := range catalog.Service.Settings {
		line := []string{"`" + field.Name + "`"}
		for _, s := range supervisors {
			line = append(line, how(s, field, &notes))
		}
		table = append(table, line)
	}
	return writeTable(table) + notes.String(), nil
}

// how says how a supervisor does a field.
func how(s *supervisor.Supervisor, field *schema.Setting, notes *footnotes) string {
	f := s.Service[field.Name]
	if f == nil {
		return "-"
	}
	note := f.Note
	if f.Only != nil {
		note = strings.TrimSuffix("only "+strings.Join(f.Only, ", ")+"; "+f.Note, "; ")
	}
	return f.How + notes.mark(s.Name+", `"+field.Name+"`", note, "")
}

// footnotes are what is told below a table.
type footnotes []string

// mark adds a footnote and returns its mark, "" where there is nothing to tell.
func (n *footnotes) mark(about, text, prefix string) string {
	if text == "" {
		return ""
	}
	*n = append(*n, about+": "+prefix+text)
	return fmt.Sprintf(" <sup>%d</sup>", len(*n))
}

func (n footnotes) String() string {
	if len(n) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteByte('\n')
	for i, text := range n {
		fmt.Fprintf(&b, "%d. %s\n", i+1, text)
	}
	return b.String()
}

// writeTable writes a table whose first row is its head.
func writeTable(rows [][]string) string {
	var b strings.Builder
	for i, row := range rows {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
		if i == 0 {
			fmt.Fprintf(&b, "|%s\n", strings.Repeat(" --- |", len(row)))
		}
	}
	return b.String()
}

// readTable reads what writeTable has written.
func readTable(text string) [][]string {
	var rows [][]string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| ---") {
			rows = append(rows, strings.Split(strings.Trim(line, "| "), " | "))
		}
	}
	return rows
}
