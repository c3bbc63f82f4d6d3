package schema

import (
	"regexp"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/secret"
	"palletgen/gen/strictyaml"
)

// checkSecret reports what a secret setting cannot be.
func (s *Setting) checkSecret(errs *diag.List) {
	if !s.Secret {
		return
	}
	if s.defaultValue != nil {
		errs.Add(diag.At(s.Pos, "setting %s is secret: it cannot have a default", s.Name).
			WithHint("what stands in a crate is readable; remove the default"))
	}
	if s.Type.Kind != "string" || s.Type.Pattern != nil {
		errs.Add(diag.At(s.Pos, "setting %s is secret: it can be of the type string alone, without a pattern", s.Name).
			WithHint("only the target knows the value, and takes any line of printable ASCII"))
	}
}

// RefuseSecrets reports the secret settings of a schema that is not a crate's
// own.
func (s *Schema) RefuseSecrets(errs *diag.List) {
	for _, setting := range s.Settings {
		if setting.Secret {
			errs.Add(diag.At(setting.Pos, "%s cannot be secret", setting.Name).
				WithHint("only the settings of crates can, not fields and options"))
		}
	}
}

const secretHint = "{} for the variable %s on the target, {env: NAME} for another one, {file: /PATH} for a file there"

// secretVariable is a variable that a secret can be in: none that a shell, or a
// bundle's run, uses itself.
var (
	secretVariable = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
	ownVariables   = regexp.MustCompile(`^((OLD)?PWD|.*PATH(SEP)?|HOME|IFS|ENV|TERM|TMPDIR|LANG.*|LC_.*|SHLVL|P?PID|PGRP|GROUPS|E?[UG]ID|USER.*|LOGNAME|PS[0-9]|PROMPT.*|TMOUT|` +
		`COLUMNS|LINES|LINENO|OPT(IND|ARG|ERR)|S?RANDOM|SECONDS|REPLY|EPOCH.*|HIST.*|FUNC.*|COMP_.*|COPROC.*|READLINE_.*|GLOB.*|DIRSTACK|MAPFILE|PIPESTATUS|` +
		`EXECSHELL|SHELL.*|POSIXLY_CORRECT|(BASH|KSH|POSH|YASH|ZSH).*|LD_.*|ARGV|SIGNALS|STATUS|WATCH.*|PALLETGEN_.*)$`)
)

// secretRef reads where the target finds the secret that v is about; v is none
// where the setting is required and nobody says it.
func (s *Setting) secretRef(v strictyaml.Value, in Input, errs *diag.List) any {
	standard := "PALLETGEN_SECRET_" + strings.ToUpper(in.ID+"_"+s.Name)
	what := s.Name + " of " + in.ID
	if v.Node == nil {
		return secret.New(standard, "", what)
	}
	refuse := func(pos diag.Pos, format string, args ...any) any {
		if pos.Source != nil { // its line is not to be shown
			pos.Source = &diag.Source{Name: pos.Source.Name}
		}
		errs.Add(diag.At(pos, in.Name+"."+s.Name+" "+format, args...).WithHint(secretHint, standard))
		return ""
	}
	entries := v.Entries()
	if in.ID == "" || !v.IsMap() || len(entries) > 1 {
		return refuse(v.Pos(), "is secret: what stands here would be readable in the bundle; say only where it is to come from")
	}
	if len(entries) == 0 {
		return secret.New(standard, "", what)
	}
	e := entries[0]
	if !e.Value.IsScalar() {
		return refuse(e.KeyAt, "is secret: %s is one text", e.Key)
	}
	text := e.Value.Text()
	switch e.Key {
	case "env":
		if !secretVariable.MatchString(text) || ownVariables.MatchString(text) && text != standard || len(text) > MaxName {
			return refuse(e.Value.Pos(), "is secret: its variable has to have a name of capital letters, digits and _, and not one that shells or palletgen use")
		}
		return secret.New(text, "", what)
	case "file":
		if _, p := path(nil, text); p != nil || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > 0x7e }) {
			return refuse(e.Value.Pos(), "is secret: its file has to be an absolute path of ASCII characters")
		}
		return secret.New(standard, text, what)
	}
	return refuse(e.KeyAt, "is secret: it comes from env or file")
}
