package schema

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/lazyregexp"
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
	t, many := s.Type, false
	if t.Kind == "map" {
		t, many = t.Of, true
	}
	if t.Kind != "string" && t.Kind != "text" || t.Pattern != nil || many && s.Required {
		errs.Add(diag.At(s.Pos, "setting %s is secret: it can be of the types string and text alone, without a pattern, or a map of such that is not required", s.Name).
			WithHint("only the target knows the value: any line of printable ASCII; with text, any lines"))
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
	secretVariable = lazyregexp.New(`^[A-Z][A-Z0-9_]*$`)
	ownVariables   = lazyregexp.New(`^((OLD)?PWD|.*PATH(SEP)?|HOME|IFS|ENV|TERM|TMPDIR|LANG.*|LC_.*|SHLVL|P?PID|PGRP|GROUPS|E?[UG]ID|USER.*|LOGNAME|PS[0-9]|PROMPT.*|TMOUT|` +
		`COLUMNS|LINES|LINENO|OPT(IND|ARG|ERR)|S?RANDOM|SECONDS|REPLY|EPOCH.*|HIST.*|FUNC.*|COMP_.*|COPROC.*|READLINE_.*|GLOB.*|DIRSTACK|MAPFILE|PIPESTATUS|` +
		`EXECSHELL|SHELL.*|POSIXLY_CORRECT|(BASH|KSH|POSH|YASH|ZSH).*|LD_.*|ARGV|SIGNALS|STATUS|WATCH.*|PALLETGEN_.*)$`)
)

var notInVariable = lazyregexp.New(`[^A-Z0-9_]`)

// secretValue reads where the target finds what v is about: one secret, or a
// map of them, which is added to value. v is none where the setting is required
// and nobody says it.
func (s *Setting) secretValue(v strictyaml.Value, value any, in Input, errs *diag.List) any {
	if s.Type.Kind != "map" {
		return s.Type.secretRef(v, s.Name, in, errs)
	}
	merged := map[string]any{}
	if before, ok := value.(map[string]any); ok {
		maps.Copy(merged, before)
	}
	if !v.IsMap() {
		errs.Add(diag.At(hidden(v.Pos()), "%s.%s is secret: what stands here would be readable in the bundle", in.Name, s.Name).
			WithHint("{NAME: {}, …}; in the place of {} also {env: VARIABLE} or {file: /PATH}"))
	}
	for _, e := range v.Entries() {
		if s.Type.Key != nil && !s.Type.Key.MatchString(e.Key) {
			errs.Add(diag.At(hidden(e.KeyAt), "%s.%s: %q is not allowed as a key", in.Name, s.Name, e.Key).WithHint("keys match %s", source(s.Type.Key)))
			continue
		}
		if ref, ok := s.Type.Of.secretRef(e.Value, s.Name+"."+e.Key, in, errs).(secret.Ref); ok {
			merged[e.Key] = ref
		}
	}
	return merged
}

// hidden is pos without the line that it is in, which is not to be shown.
func hidden(pos diag.Pos) diag.Pos {
	if pos.Source != nil {
		pos.Source = &diag.Source{Name: pos.Source.Name}
	}
	return pos
}

// HideSecrets keeps the lines that errors about secrets are in out of all other
// errors.
func HideSecrets(errs diag.List) {
	HideLines(errs, func(diag.Pos) bool { return false })
}

// HideLines is HideSecrets, and hides the lines too that secret says it of.
func HideLines(errs diag.List, secret func(diag.Pos) bool) {
	lines := map[string]bool{}
	key := func(p diag.Pos) string { return fmt.Sprintf("%s:%d", p.Source.Name, p.Line) }
	for _, e := range errs {
		if e.Pos.Source != nil && e.Pos.Line > 0 && (e.Pos.Source.Text == "" || secret(e.Pos)) {
			lines[key(e.Pos)] = true
		}
	}
	for i, e := range errs {
		if e.Pos.Source != nil && lines[key(e.Pos)] {
			told := *e // it may be shared
			told.Pos = hidden(e.Pos)
			e, errs[i] = &told, &told
		}
		for n, note := range e.Also {
			if note.Pos.Source != nil && lines[key(note.Pos)] {
				told := *e
				told.Also = slices.Clone(e.Also)
				told.Also[n].Pos = hidden(note.Pos)
				e, errs[i] = &told, &told
			}
		}
	}
}

// secretRef reads where the target finds the secret called name: one line, or
// with the type text any.
func (t *Type) secretRef(v strictyaml.Value, name string, in Input, errs *diag.List) any {
	found := readSecret(v, name, in, errs)
	if ref, ok := found.(secret.Ref); ok && t.Kind == "text" {
		return ref.OfLines()
	}
	return found
}

func readSecret(v strictyaml.Value, name string, in Input, errs *diag.List) any {
	standard := "PALLETGEN_SECRET_" + notInVariable.ReplaceAllString(strings.ToUpper(in.ID+"_"+name), "_")
	what := name + " of " + in.ID
	if v.Node == nil {
		return secret.New(standard, "", what)
	}
	refuse := func(pos diag.Pos, format string, args ...any) any {
		errs.Add(diag.At(hidden(pos), in.Name+"."+name+" "+format, args...).WithHint(secretHint, standard))
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
