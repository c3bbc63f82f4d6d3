// Package cli is the command line of palletgen. It may import all others.
package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"golang.org/x/term"

	"palletgen/gen/diag"
	"palletgen/gen/lazyregexp"
)

// Version is palletgen's version. Bundles carry it.
const Version = "0.1.0"

// Exit codes.
const (
	exitOK    = 0
	exitInput = 1 // wrong input: a file that palletgen reads, or where it writes
	exitUsage = 2 // wrong command line
)

// A command is one word of the command line.
type command struct {
	name    string
	args    string // what stands behind it: "[GROUP…]"
	short   string
	example string
	more    string // a paragraph for its help; "" for none
	flags   func(*pflag.FlagSet, *options)
	run     func(*app, []string) error
}

// commands is the table of all commands, in the order of the help.
func commands() []*command {
	return []*command{buildCommand, packerCommand, checkCommand, explainCommand, verifyCommand, listCommand, describeCommand, importCommand, conformCommand, versionCommand, helpCommand()}
}

// options are what the flags say.
type options struct {
	files       []string
	out         string
	set         []string
	formats     []string
	phases      string
	from        string
	limit       int
	images      []string
	crates      []string
	supervisors []string
	quiet       bool
	verbose     bool
	json        bool
	shell       string
	only        string
	key         string
	trusted     string
	digests     []string
	rules       bool
	help        bool
	imports     importOptions
}

// An app is one call of palletgen.
type app struct {
	options
	assets   fs.FS
	in       io.Reader
	out, err io.Writer
	colour   bool
}

// usageError is a wrong command line.
type usageError struct {
	msg, hint string
	told      diag.List // instead of these
}

func (e *usageError) Error() string { return e.list().Error() }

func (e *usageError) list() diag.List {
	if e.told != nil {
		return e.told
	}
	return diag.List{{Msg: e.msg, Hint: e.hint}}
}

// Main runs palletgen with the arguments behind the program's name and returns
// its exit code. assets holds the folders crates and templates.
func Main(args []string, assets fs.FS, in io.Reader, out, err io.Writer) int {
	a := &app{assets: assets, in: in, out: out, err: err, colour: wantsColour(err)}
	failure := a.main(args)
	var usage *usageError
	switch {
	case failure == nil:
		return exitOK
	case errors.As(failure, &usage):
		diag.Print(err, usage.list(), a.colour)
		return exitUsage
	}
	diag.Print(err, failure, a.colour)
	return exitInput
}

// wantsColour reports whether w is a terminal whose user has not said no.
func wantsColour(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(file.Fd()))
}

func (a *app) main(args []string) error {
	if len(args) == 0 {
		return &usageError{msg: "no command is given", hint: "palletgen build -o dist/, or palletgen help"}
	}
	switch args[0] {
	case "-h", "--help":
		args[0] = "help"
	case "--version":
		args[0] = "version"
	}
	cmd := find(args[0])
	if cmd == nil {
		return &usageError{msg: fmt.Sprintf("unknown command %q", args[0]), hint: diag.DidYouMean(args[0], commandNames())}
	}
	flags := cmd.flagSet(&a.options)
	if err := flags.Parse(args[1:]); err != nil {
		return &usageError{msg: cmd.name + ": " + parsing.ReplaceAllString(err.Error(), ": "), hint: flagHint(cmd, flags, err)}
	}
	if a.help {
		return cmd.printHelp(a.out)
	}
	return cmd.run(a, flags.Args())
}

// flagHint is the remedy for a wrong flag.
func flagHint(cmd *command, flags *pflag.FlagSet, err error) string {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		var names []string
		flags.VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if near := diag.Suggest(unknown.GetSpecifiedName(), names); near != "" {
			return "did you mean --" + near + "?"
		}
	}
	return "palletgen help " + cmd.name
}

// parsing is how the standard library names its function in an error about a number.
var parsing = lazyregexp.New(`: strconv\.\w+: parsing "[^"]*": `)

func find(name string) *command {
	for _, cmd := range commands() {
		if cmd.name == name {
			return cmd
		}
	}
	return nil
}

func commandNames() []string {
	var names []string
	for _, cmd := range commands() {
		names = append(names, cmd.name)
	}
	slices.Sort(names)
	return names
}

// flagSet makes the command's flags, which write into o.
func (c *command) flagSet(o *options) *pflag.FlagSet {
	flags := pflag.NewFlagSet(c.name, pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	flags.SortFlags = false
	if c.flags != nil {
		c.flags(flags, o)
	}
	flags.BoolVarP(&o.help, "help", "h", false, "show this help")
	return flags
}

// noArgs refuses arguments behind a command that takes none.
func noArgs(cmd string, args []string) error {
	if len(args) > 0 {
		return &usageError{msg: fmt.Sprintf("%s takes no arguments: %s", cmd, strings.Join(args, " ")), hint: "palletgen help " + cmd}
	}
	return nil
}

var versionCommand = &command{
	name: "version", short: "print palletgen's version",
	example: "palletgen version",
	run: func(a *app, args []string) error {
		if err := noArgs("version", args); err != nil {
			return err
		}
		_, err := fmt.Fprintln(a.out, "palletgen", Version)
		return err
	},
}
