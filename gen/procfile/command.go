package procfile

import (
	"errors"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/command"
	"palletgen/gen/importer"
	"palletgen/gen/lazyregexp"
	"palletgen/gen/posix"
)

// A converted is what a command line of a Procfile becomes.
type converted struct {
	command importer.Command
	env     []Variable // set before the command: A=b command
	shell   string     // why it needs a shell; "" where it does not
	syntax  string     // what no POSIX shell can read in it
	unknown []string   // variables that nobody sets, as far as can be told
}

// inShell is a command line as the programs run it.
func inShell(text string) importer.Command {
	return importer.Command{Argv: []string{"/bin/sh", "-c", text}}
}

// convert turns a command line into an exact argv, where it is one simple command
// whose words are known; else a shell reads it when the service starts.
func convert(text string, env map[string]string) converted {
	file, err := posix.Parse(syntax.NewParser(syntax.Variant(syntax.LangPOSIX)), text)
	if err != nil {
		return converted{command: inShell(text), shell: "it is no POSIX shell", syntax: err.Error()}
	}
	c := converted{unknown: unknown(file, env)}
	call, why := simple(file)
	if why == "" {
		why = c.fill(text, call, env)
	}
	if why != "" {
		c.command, c.env, c.shell = inShell(text), nil, why
	}
	return c
}

// simple returns the only command of a file, or why it is none that is simple.
func simple(file *syntax.File) (*syntax.CallExpr, string) {
	if len(file.Stmts) != 1 {
		return nil, "it is more than one command"
	}
	stmt := file.Stmts[0]
	call, ok := stmt.Cmd.(*syntax.CallExpr)
	switch {
	case stmt.Background, stmt.Negated:
		return nil, "it is no simple command"
	case len(stmt.Redirs) > 0:
		return nil, "it redirects input or output"
	case !ok:
		if binary, ok := stmt.Cmd.(*syntax.BinaryCmd); ok {
			return nil, "it has " + binary.Op.String()
		}
		return nil, "it is no simple command"
	case len(call.Args) == 0:
		return nil, "it has no program"
	}
	return call, ""
}

// builtins are commands that only a shell can run.
var builtins = strings.Fields(`. : alias bg break cd command continue eval exec exit export fc fg getopts hash jobs read readonly
	return set shift source times trap type ulimit umask unalias unset wait`)

// fill sets the command; else it says why only a shell can do that.
func (c *converted) fill(text string, call *syntax.CallExpr, env map[string]string) string {
	if _, ok := env["IFS"]; ok {
		return "IFS is set"
	}
	x := &expander{env: env}
	for _, a := range call.Assigns {
		c.env = append(c.env, Variable{Name: a.Name.Value, Value: x.joined(a)})
	}
	var argv []string
	for _, word := range call.Args {
		argv = append(argv, x.fields(word)...)
	}
	if x.err == errUnknown && len(call.Assigns) == 0 {
		if len(call.Args) > 1 && call.Args[0].Lit() == "exec" && !strings.HasPrefix(call.Args[1].Lit(), "-") {
			text = text[call.Args[1].Pos().Offset():]
		}
		return c.atRuntime(text, env)
	}
	if x.err != nil {
		return x.err.Error()
	}
	if len(argv) > 1 && argv[0] == "exec" && !strings.HasPrefix(argv[1], "-") && call.Args[0].Lit() == "exec" {
		argv = argv[1:]
	}
	switch {
	case len(argv) == 0 || argv[0] == "":
		return "it has no program"
	case slices.Contains(builtins, argv[0]):
		return argv[0] + " is a part of the shell"
	case strings.HasPrefix(argv[0], "-") || strings.Contains(argv[0], "="):
		return "its first word is no program"
	}
	c.command = importer.Command{Argv: argv}
	return ""
}

// shellsOwn are variables that shells set themselves, so that their values in a
// script that sets them need not be what the process gets.
var shellsOwn = lazyregexp.New(`^(_|(OLD)?PWD|PATH|CDPATH|IFS|ENV|SHLVL|P?PID|E?[UG]ID|PS[0-4]|COLUMNS|LINES|LINENO|OPT.*|S?RANDOM|SECONDS|HIST.*|(BASH|KSH|ZSH).*|LD_.*)$`)

// atRuntime leaves variables that are not known to whoever starts the process.
func (c *converted) atRuntime(text string, env map[string]string) string {
	cmd, err := command.Parse(text)
	if err != nil {
		return "its variables are known when it starts"
	}
	for name := range env {
		if shellsOwn.MatchString(name) && strings.Contains(text, "$") {
			return name + " is set"
		}
	}
	first := cmd.Args[0]
	if first.Src != "" || slices.Contains(builtins, first.Lit) || strings.HasPrefix(first.Lit, "-") || strings.Contains(first.Lit, "=") {
		return "its first word is no program"
	}
	c.command = importer.Command{Text: text}
	return ""
}

// unknown lists the variables that a script reads, but neither sets nor has, nor
// has a default for.
func unknown(file *syntax.File, env map[string]string) []string {
	var names []string
	set, seen := map[string]bool{}, map[string]bool{}
	syntax.Walk(file, func(node syntax.Node) bool {
		switch node := node.(type) {
		case *syntax.Assign:
			set[node.Name.Value] = true
		case *syntax.ForClause:
			if loop, ok := node.Loop.(*syntax.WordIter); ok {
				set[loop.Name.Value] = true
			}
		case *syntax.ParamExp:
			if name := node.Param.Value; nameRE.MatchString(name) && node.Exp == nil && !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
		return true
	})
	return slices.DeleteFunc(names, func(name string) bool {
		_, known := env[name]
		return known || set[name] || name == "PWD" || name == "PPID"
	})
}

var errUnknown = errors.New("its variables are not all known")
