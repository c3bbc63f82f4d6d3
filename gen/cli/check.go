package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"palletgen/gen/diag"
	"palletgen/gen/lazyregexp"
	"palletgen/gen/lint"
	"palletgen/gen/pack"
)

var checkCommand = &command{
	name: "check", args: "[GROUP|FILE…]", short: "do all that build does, but write nothing; check shell files",
	example: `palletgen check -f hosts.yaml
palletgen check ./install.sh hooks/pre-start
palletgen check --rules`,
	more: `What has a / or ends in .sh or .tmpl is a file, - is standard input, all others are
groups. A file may be any shell script: it is checked for what dash, busybox, bash,
mksh, ksh93, yash, posh and zsh do not read alike, by the rules that hold for crates
and supervisors too. Of a template both sides of each condition are checked.
A comment allows a rule at the end of its line, or alone on the line above:
    local x # palletgen: allow local: these hosts have no ksh93`,
	flags: func(flags *pflag.FlagSet, o *options) {
		inputFlags(flags, o)
		flags.BoolVar(&o.rules, "rules", false, "list the rules for shell scripts")
		flags.BoolVarP(&o.quiet, "quiet", "q", false, "say nothing but errors")
		flags.BoolVarP(&o.verbose, "verbose", "v", false, "tell what is in each bundle")
	},
	run: func(a *app, args []string) error {
		if a.rules {
			return a.printRules(args)
		}
		groups, files := splitFiles(args)
		var errs diag.List
		if len(files) > 0 {
			errs.Take(a.checkFiles(files))
		}
		if len(groups) > 0 || len(files) == 0 {
			if err := a.checkGroups(groups); err != nil {
				var usage *usageError
				if errors.As(err, &usage) {
					return err
				}
				errs.Take(err)
			}
		}
		return errs.Err()
	},
}

// splitFiles tells files from groups by their names alone.
func splitFiles(args []string) (groups, files []string) {
	for _, arg := range args {
		if arg == "-" || strings.Contains(arg, "/") || strings.HasSuffix(arg, ".sh") || strings.HasSuffix(arg, ".tmpl") {
			files = append(files, arg)
		} else {
			groups = append(groups, arg)
		}
	}
	return groups, files
}

// checkGroups makes the bundles of the groups and forgets them.
func (a *app) checkGroups(groups []string) error {
	if _, err := pack.Epoch(os.Getenv("SOURCE_DATE_EPOCH")); err != nil {
		return err
	}
	b, err := a.newBuild(groups)
	if err != nil {
		return hintFile(err, groups)
	}
	if err := b.check(); err != nil {
		return err
	}
	b.tell()
	bundles := "bundles"
	if len(b.groups) == 1 {
		bundles = "bundle"
	}
	a.say("%d %s can be made", len(b.groups), bundles)
	return nil
}

// hintFile adds to the error about an unknown group that there is such a file.
func hintFile(err error, groups []string) error {
	var usage *usageError
	if errors.As(err, &usage) && !strings.Contains(usage.hint, " -f ") {
		for _, name := range groups {
			if info, missing := os.Stat(name); missing == nil && info.Mode().IsRegular() {
				usage.hint = fmt.Sprintf("write ./%s to check the file of that name", name)
			}
		}
	}
	return err
}

// checkFiles looks into shell files for what is not portable.
func (a *app) checkFiles(files []string) error {
	var errs diag.List
	for _, name := range files {
		src, err := a.source(name)
		if err == nil {
			err = noShell(src)
		} else {
			err = tooLarge(err)
		}
		switch {
		case err != nil:
			errs.Take(err)
		case strings.HasSuffix(name, ".tmpl"):
			errs.Take(lint.Template(src))
		default:
			errs.Take(lint.Script(src))
		}
	}
	if err := errs.Err(); err != nil {
		return err
	}
	if len(files) == 1 {
		a.say("%s is portable", files[0])
	} else {
		a.say("%d files are portable", len(files))
	}
	return nil
}

// tooLarge is err with the remedy that fits a script: -f takes none.
func tooLarge(err error) error {
	var e *diag.Error
	if errors.As(err, &e) && e.Hint == divideHint {
		return diag.At(e.Pos, "%s", e.Msg).WithHint("no script is that large: is it one?")
	}
	return err
}

var foreign = lazyregexp.New(`^#! *(?:\S*/env +(?:-S +)?)?(\S*/)?((?:python|perl|ruby|node|lua|tclsh|wish|expect|[gm]?awk|sed|make|php|Rscript|guile)[0-9.]*)(?:\s|$)`)

// noShell tells files of another kind, about which the rules would say much that
// helps nobody: binary ones as bash does it, by a NUL byte in their first line,
// and scripts by the interpreter that they name there.
func noShell(src *diag.Source) error {
	first, _, _ := strings.Cut(src.Text, "\n")
	pos := diag.Pos{Source: src, Line: 1}
	if strings.Contains(first, "\x00") {
		pos.Line = 0 // nothing of it can be read
		return diag.At(pos, "this is no shell script but a binary file")
	}
	if m := foreign.FindStringSubmatch(first); m != nil {
		return diag.At(pos, "this is no shell script: it is for %s", m[2])
	}
	return nil
}

// printRules lists the rules for shell scripts.
func (a *app) printRules(args []string) error {
	if len(args) > 0 {
		return &usageError{msg: "check --rules takes no arguments: " + strings.Join(args, " "), hint: "palletgen help check"}
	}
	for _, rule := range lint.Rules() {
		if _, err := fmt.Fprintf(a.out, "%s: %s\n", rule.Name, rule.Reason); err != nil {
			return err
		}
		if rule.Remedy != "" {
			if _, err := fmt.Fprintf(a.out, "    %s\n", rule.Remedy); err != nil {
				return err
			}
		}
	}
	return nil
}
