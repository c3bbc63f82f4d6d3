package cli

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"golang.org/x/term"

	"palletgen/gen/conform"
	"palletgen/gen/diag"
	"palletgen/gen/lab"
	"palletgen/gen/plan"
)

var conformCommand = &command{
	name: "conform", args: "SUPERVISOR…", short: "try supervisors for real, and show what they do",
	example: `palletgen conform runit nohup
palletgen conform --supervisors ./my-supervisors mine
palletgen conform --only '^log: |settle' --shell busybox mine
palletgen conform --json mine >mine.json`,
	more: `Brings each supervisor up on a disposable copy of this host, as the section
conform of its supervisor.yaml says, runs services there, and prints a matrix:
ok, FAIL, - for what the supervisor cannot do by its own account (and the build
refuses), skipped where this host lacks something. Details of failures are
below it. Needs Linux and root; nothing is left of it. Ends with 0 when all
is ok, with 1 when something failed or could not be tried.`,
	flags: func(flags *pflag.FlagSet, o *options) {
		flags.BoolVar(&o.json, "json", false, "print one JSON object with everything instead")
		flags.StringVar(&o.shell, "shell", "", "let /bin/sh be `PROGRAM`: dash, busybox, bash …")
		flags.StringVar(&o.only, "only", "", "only the checks, as GROUP: NAME, that match `REGEXP`")
		folderFlags(flags, o)
		flags.BoolVarP(&o.quiet, "quiet", "q", false, "do not tell how far it is")
		flags.BoolVarP(&o.verbose, "verbose", "v", false, "tell of each check when it ends")
	},
	run: func(a *app, args []string) error {
		catalog, err := a.catalog()
		if err != nil {
			return err
		}
		if err := checkSupervisors(catalog, args); err != nil {
			return err
		}
		if _, err := regexp.Compile(a.only); err != nil {
			return &usageError{msg: "conform: --only: " + strings.TrimPrefix(err.Error(), "error parsing regexp: "), hint: "palletgen help conform"}
		}
		if err := lab.Available(); err != nil {
			return fmt.Errorf("conform tries supervisors in disposable machines, which this host cannot make: %w", err)
		}
		report, err := conform.Run(conform.Options{
			Catalog: catalog, Version: Version, Supervisors: args, Shell: a.shell, Only: a.only, Progress: a.progress(),
		})
		if err != nil {
			return err
		}
		return a.tellReport(report)
	},
}

// checkSupervisors refuses names that are none of a supervisor, and supervisors that are not whole.
func checkSupervisors(catalog *plan.Catalog, args []string) error {
	known, err := catalog.SupervisorNames()
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return &usageError{msg: "conform: no supervisor is named", hint: diag.DidYouMean("", known)}
	}
	var errs diag.List
	for i, name := range args {
		if !slices.Contains(known, name) {
			return &usageError{msg: fmt.Sprintf("there is no supervisor %q", name), hint: diag.DidYouMean(name, known)}
		}
		if slices.Contains(args[:i], name) {
			return &usageError{msg: fmt.Sprintf("conform: %s is named twice", name), hint: "palletgen help conform"}
		}
		_, err := catalog.Supervisor(name)
		errs.Take(err)
	}
	return errs.Err()
}

// progress tells how far it is where somebody watches, nil where nobody does.
func (a *app) progress() func(conform.Progress) {
	if a.verbose {
		return func(p conform.Progress) {
			fmt.Fprintf(a.err, "%-7s  %5.1f s  %s: %s: %s\n", p.Result.State, p.Result.Seconds, p.Supervisor, p.Result.Group, p.Result.Check)
		}
	}
	file, ok := a.err.(*os.File)
	if a.quiet || !ok || !term.IsTerminal(int(file.Fd())) {
		return nil
	}
	failed := 0
	return func(p conform.Progress) {
		if p.Result.State == conform.Failed {
			failed++
		}
		fmt.Fprintf(file, "\r\x1b[K%d of %d checks, %d failed; %s: %s: %s", p.Done, p.Total, failed, p.Supervisor, p.Result.Group, p.Result.Check)
		if p.Done == p.Total {
			fmt.Fprint(file, "\r\x1b[K")
		}
	}
}

// tellReport prints what was found out.
func (a *app) tellReport(report *conform.Report) error {
	var err error
	if a.json {
		err = writeJSON(a.out, report)
	} else {
		_, err = fmt.Fprintf(diag.Visible(a.out), "%s\n%s%s", report.Matrix(), report.Notes(), report.Failures())
	}
	if err != nil {
		return err
	}
	if report.OK {
		return nil
	}
	count := report.Count()
	return fmt.Errorf("%d checks are ok, %d failed, %d were skipped", count[conform.OK], count[conform.Failed], count[conform.Skipped])
}
