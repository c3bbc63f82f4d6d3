package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"palletgen/gen/diag"
)

// helpCommand is a function, since it needs the table that it is part of.
func helpCommand() *command {
	return &command{
		name: "help", args: "[COMMAND]", short: "show how palletgen is used",
		example: "palletgen help build",
		run:     help,
	}
}

func help(a *app, args []string) error {
	if len(args) == 0 {
		return printHelp(a.out)
	}
	if len(args) > 1 {
		return &usageError{msg: "help takes one command: " + strings.Join(args, " "), hint: "palletgen help " + args[0]}
	}
	cmd := find(args[0])
	if cmd == nil {
		return &usageError{msg: fmt.Sprintf("unknown command %q", args[0]), hint: diag.DidYouMean(args[0], commandNames())}
	}
	return cmd.printHelp(a.out)
}

func printHelp(w io.Writer) error {
	fmt.Fprint(w, `palletgen compiles settings and a choice of supervisor into shell bundles that
put services on hosts and control them there.

examples
  palletgen build -o dist/                   bundles of the groups in palletgen.yaml
  scp dist/web.tar.gz host: && ssh host 'tar -xzf web.tar.gz && web/run install configure enable start'
  palletgen describe crate riemann           what can be set

commands
`)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, cmd := range commands() {
		fmt.Fprintf(table, "  %s\t%s\n", strings.TrimSpace(cmd.name+" "+cmd.args), cmd.short)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprint(w, `
palletgen help COMMAND tells more. Exit codes: 0 done, 1 wrong input, 2 wrong usage.
`)
	return err
}

func (c *command) printHelp(w io.Writer) error {
	fmt.Fprintf(w, "palletgen %s: %s\n\nexamples\n", c.name, c.short)
	for line := range strings.SplitSeq(c.example, "\n") {
		fmt.Fprintf(w, "  %s\n", line)
	}
	fmt.Fprintf(w, "\nusage\n  palletgen %s [flags]\n", strings.TrimSpace(c.name+" "+c.args))
	if c.more != "" {
		fmt.Fprintf(w, "\n%s\n", c.more)
	}
	_, err := fmt.Fprintf(w, "\nflags\n%s", c.flagSet(&options{}).FlagUsages())
	return err
}
