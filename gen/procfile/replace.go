package procfile

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/diag"
	"palletgen/gen/importer"
	"palletgen/gen/posix"
)

// command converts the command line of a process.
func (im *importing) command(s *importer.Service, p Process, variables []Variable, env map[string]string) converted {
	plain := convert(p.Command, env)
	if im.Dialect == Honcho {
		return plain
	}
	replaced, ok := im.replace(p, variables)
	if !ok || replaced == p.Command {
		return plain
	}
	c := convert(replaced, env)
	switch {
	case (plain.command.Argv == nil || plain.shell != "") && harmless(p.Command, variables):
		return plain // the variables are in its environment, too
	case !slices.Equal(plain.command.Argv, c.command.Argv) || plain.command.Text != c.command.Text:
		at := p.Pos
		at.Col = p.Col
		s.Lose(at, "--dialect honcho leaves it to a shell",
			"foreman itself replaces $NAME in this line, which gives another result than when a shell does; foreman's is taken")
	}
	return c
}

// replace puts values into a command line as foreman does: one variable after the
// other, so that a value may bring in further ones, and they may double each time.
// It is false where a limit is passed, which ends the import.
func (im *importing) replace(p Process, variables []Variable) (string, bool) {
	text := p.Command
	for _, v := range variables {
		if !strings.Contains(text, "$") {
			break
		}
		value := substitute(v)
		n := strings.Count(text, "$"+v.Name)
		size := len(text) + n*len(value)
		if im.work += len(text); size > maxLine || im.work > maxWork {
			at := p.Pos
			at.Col = p.Col
			im.err = diag.At(at, "with the values of its variables this command is longer than %d bytes", maxLine)
			if size <= maxLine {
				im.err = diag.At(at, "there are too many variables to look for in so many command lines").
					WithHint("--dialect honcho leaves them to a shell")
			}
			return "", false
		}
		if n > 0 {
			text = strings.ReplaceAll(text, "$"+v.Name, value)
		}
	}
	return text, true
}

// substitute is a value as Ruby's gsub puts it in: it reads backslashes.
func substitute(v Variable) string {
	if !strings.Contains(v.Value, `\`) {
		return v.Value
	}
	var b strings.Builder
	for i := 0; i < len(v.Value); i++ {
		if v.Value[i] != '\\' || i+1 == len(v.Value) {
			b.WriteByte(v.Value[i])
			continue
		}
		i++
		switch c := v.Value[i]; {
		case c == '\\':
			b.WriteByte('\\')
		case c == '0', c == '&':
			b.WriteString("$" + v.Name)
		case c >= '1' && c <= '9':
		default:
			b.WriteString(v.Value[i-1 : i+1])
		}
	}
	return b.String()
}

// harmless tells that a shell puts the same values into a command line as
// foreman: they mean nothing to it where they stand, and it sees all of them.
func harmless(text string, variables []Variable) bool {
	file, err := posix.Parse(syntax.NewParser(syntax.Variant(syntax.LangPOSIX)), text)
	if err != nil {
		return false
	}
	bare, quoted := map[string]int{}, map[string]int{}
	syntax.Walk(file, func(node syntax.Node) bool {
		switch node := node.(type) {
		case *syntax.DblQuoted:
			for _, part := range node.Parts {
				if p, ok := part.(*syntax.ParamExp); ok && p.Short {
					quoted[p.Param.Value]++
				}
			}
		case *syntax.ParamExp:
			if node.Short {
				bare[node.Param.Value]++ // those in quotes too
			}
		}
		return true
	})
	for _, v := range variables {
		n := strings.Count(text, "$"+v.Name)
		inQuotes := quoted[v.Name]
		switch {
		case n == 0:
		case n != bare[v.Name], strings.ContainsAny(v.Value, "\"\\$`"), n > inQuotes && (v.Value == "" || strings.Trim(v.Value, plainBytes) != ""):
			return false
		}
	}
	return true
}

const plainBytes = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:@,+-"
