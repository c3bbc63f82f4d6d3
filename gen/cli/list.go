package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/pflag"

	"palletgen/gen/crate"
	"palletgen/gen/diag"
	"palletgen/gen/schema"
	"palletgen/gen/strictyaml"
	"palletgen/gen/supervisor"
)

var listCommand = &command{
	name: "list", short: "list the crates and supervisors",
	example: "palletgen list\npalletgen list --crates ./my-crates",
	flags:   folderFlags,
	run: func(a *app, args []string) error {
		if err := noArgs("list", args); err != nil {
			return err
		}
		catalog, err := a.catalog()
		if err != nil {
			return err
		}
		crates, err := catalog.CrateNames()
		if err != nil {
			return err
		}
		supervisors, err := catalog.SupervisorNames()
		if err != nil {
			return err
		}
		var errs diag.List
		table := tabwriter.NewWriter(diag.Visible(a.out), 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "crates")
		for _, name := range crates {
			if c, err := catalog.Crate(name); err != nil {
				errs.Take(err)
			} else {
				fmt.Fprintf(table, "  %s\t%s\n", name, oneLine(c.Doc))
			}
		}
		fmt.Fprintln(table, "supervisors")
		for _, name := range supervisors {
			if s, err := catalog.Supervisor(name); err != nil {
				errs.Take(err)
			} else {
				doc := s.Doc
				if s.Unproven != "" {
					doc += " (not run for real: " + s.Unproven + ")"
				}
				fmt.Fprintf(table, "  %s\t%s\n", name, oneLine(doc))
			}
		}
		errs.Take(table.Flush())
		return errs.Err()
	},
}

var describeCommand = &command{
	name: "describe", args: "crate|supervisor NAME", short: "show the settings of a crate or the options of a supervisor",
	example: "palletgen describe crate riemann\npalletgen describe supervisor runit",
	flags:   func(flags *pflag.FlagSet, o *options) { folderFlags(flags, o) },
	run: func(a *app, args []string) error {
		if kinds := []string{"crate", "supervisor"}; len(args) == 2 && !slices.Contains(kinds, args[0]) {
			return &usageError{msg: fmt.Sprintf("describe: %q is neither crate nor supervisor", args[0]), hint: diag.DidYouMean(args[0], kinds)}
		}
		if len(args) != 2 {
			return &usageError{msg: "describe takes what to describe and its name", hint: "palletgen describe crate riemann"}
		}
		catalog, err := a.catalog()
		if err != nil {
			return err
		}
		if args[0] == "crate" {
			c, err := catalog.Crate(args[1])
			if err == nil && c == nil {
				names, _ := catalog.CrateNames()
				err = &usageError{msg: fmt.Sprintf("there is no crate %q", args[1]), hint: diag.DidYouMean(args[1], names)}
			}
			if err != nil {
				return err
			}
			return describeCrate(diag.Visible(a.out), c)
		}
		s, err := catalog.Supervisor(args[1])
		if err == nil && s == nil {
			names, _ := catalog.SupervisorNames()
			err = &usageError{msg: fmt.Sprintf("there is no supervisor %q", args[1]), hint: diag.DidYouMean(args[1], names)}
		}
		if err != nil {
			return err
		}
		return describeSupervisor(diag.Visible(a.out), s, catalog.Service)
	},
}

func describeCrate(w io.Writer, c *crate.Crate) error {
	fmt.Fprintf(w, "crate %s: %s\nfrom %s\n", c.Name, c.Doc, c.Folder)
	if c.Warning != "" {
		fmt.Fprintf(w, "warning: %s\n", c.Warning)
	}
	if len(c.Settings.Settings) > 0 {
		fmt.Fprintf(w, "\nsettings\n")
	}
	if err := describeSettings(w, c.Settings); err != nil {
		return err
	}
	if c.Service != nil {
		fmt.Fprintf(w, "\nIt runs a service: `service: {FIELD: …}` overrides fields of its description,\n"+
			"`SUPERVISOR: {OPTION: …}` sets options of the supervisor; see\n"+
			"palletgen describe supervisor NAME for both.\n")
	}
	return nil
}

func describeSupervisor(w io.Writer, s *supervisor.Supervisor, service *schema.Schema) error {
	fmt.Fprintf(w, "supervisor %s: %s\nfrom %s; installed by the crate %s\n", s.Name, s.Doc, s.Folder, s.Crate)
	if len(s.Options.Settings) > 0 {
		fmt.Fprintf(w, "\noptions, set by  - CRATE: {supervisor: %s, %s: {OPTION: …}}\n", s.Name, s.Name)
		if err := describeSettings(w, s.Options); err != nil {
			return err
		}
	}
	if len(s.Config.Settings) > 0 {
		fmt.Fprintf(w, "\nconfig map, which a crate may override under supervisor_config\n")
		if err := describeSettings(w, s.Config); err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "\nfields of a service\n")
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, field := range service.Settings {
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\n", field.Name, oneLine(describeField(s.Service[field.Name])), field.Type, field.Doc)
	}
	return table.Flush()
}

// oneLine is a text as it can stand in a table.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// describeField tells how a supervisor does a field.
func describeField(f *supervisor.Field) string {
	if f == nil {
		return "not possible"
	}
	how := f.How
	if f.Only != nil {
		how += ", only " + strings.Join(f.Only, ", ")
	}
	if f.Note != "" {
		how += " (" + f.Note + ")"
	}
	return how
}

func describeSettings(w io.Writer, s *schema.Schema) error { return describeFields(w, s, "  ") }

// describeFields describes settings, and below a struct, or a list or map of structs, its fields.
func describeFields(w io.Writer, s *schema.Schema, indent string) error {
	for _, setting := range s.Settings {
		_, err := fmt.Fprintf(w, "%s%s (%s%s): %s\n%s    %s\n", indent, setting.Name, setting.Type, setting.Type.Bounds(), setting.Doc, indent, settingDefault(setting))
		if err != nil {
			return err
		}
		for t := setting.Type; t != nil; t = t.Of {
			if t.Kind != "struct" {
				continue
			}
			if err := describeFields(w, t.Fields, indent+"    "); err != nil {
				return err
			}
		}
	}
	return nil
}

// settingDefault shows what a setting is when nobody sets it.
func settingDefault(s *schema.Setting) string {
	switch {
	case s.Required && s.Secret:
		return "required, secret: given on the target"
	case s.Secret:
		return "secret: given on the target; not set"
	case s.Required:
		return "required"
	case s.Default == nil:
		return "not set"
	}
	return "default: " + short(s.Default.Source())
}

// short writes a YAML value in one line.
func short(v strictyaml.Value) string {
	switch {
	case v.IsMap():
		var parts []string
		for _, e := range v.Entries() {
			parts = append(parts, e.Key+": "+short(e.Value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case v.IsList():
		var parts []string
		for _, item := range v.Items() {
			parts = append(parts, short(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case v.IsNull():
		return ""
	}
	text, more, cut := strings.Cut(strings.TrimRight(v.Text(), "\n"), "\n")
	if cut && more != "" {
		text += " …"
	}
	if text == "" {
		return `""`
	}
	return text
}
