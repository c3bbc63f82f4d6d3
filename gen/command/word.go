package command

import (
	"reflect"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// wordReader reads one word of a command. It builds the word twice: lit as the
// bytes that it stands for, src as source; src counts as soon as the word holds
// an expansion.
type wordReader struct {
	lit, src, run strings.Builder // run: literal bytes that src still lacks
	expands       bool
	quotedRun     bool // run holds, or is, something quoted
}

// parseWord turns a word of the syntax tree into an Arg.
func parseWord(word *syntax.Word) (Arg, *ParseError) {
	var r wordReader
	for i, part := range word.Parts {
		if err := r.part(part, i == 0, i+1 < len(word.Parts)); err != nil {
			return Arg{}, err
		}
	}
	if !r.expands {
		return Arg{Lit: r.lit.String()}, nil
	}
	r.flush()
	return Arg{Src: r.src.String()}, nil
}

// part reads one part of a word; first and more tell whether it begins the word
// and whether another part follows.
func (r *wordReader) part(part syntax.WordPart, first, more bool) *ParseError {
	switch part := part.(type) {
	case *syntax.Lit:
		if more && strings.HasSuffix(part.Value, "$") && !strings.HasSuffix(part.Value, `\$`) {
			return refuse(part.End(), "$ before a quote is no POSIX shell", hintQuote)
		}
		return r.bare(part, first)
	case *syntax.SglQuoted:
		r.quotedRun = true
		r.literal(part.Value)
	case *syntax.DblQuoted:
		return r.doubleQuoted(part)
	case *syntax.ParamExp:
		src, err := expansion(part)
		if err != nil {
			return err
		}
		r.flush()
		r.expands = true
		r.src.WriteString(src)
	default:
		return refuse(part.Pos(), "a command substitution cannot stand in a command", hintShell)
	}
	return nil
}

// flush moves the pending literal bytes to src. At the beginning of the word
// they must not turn into the name of an assignment.
func (r *wordReader) flush() {
	switch run := r.run.String(); {
	case Bare(run), r.src.Len() > 0 && run != "" && PlainBytes(run):
		r.src.WriteString(run)
	case run != "" || r.quotedRun:
		r.src.Write(AppendQuoted(nil, run))
	}
	r.run.Reset()
	r.quotedRun = false
}

func (r *wordReader) literal(s string) {
	r.lit.WriteString(s)
	r.run.WriteString(s)
}

// bare reads an unquoted literal.
func (r *wordReader) bare(lit *syntax.Lit, first bool) *ParseError {
	value := lit.Value
	if first && strings.HasPrefix(value, "~") {
		return refuse(lit.Pos(), "~ is not expanded in a command", "write the path in full, or put single quotes around ~")
	}
	for i := 0; i < len(value); i++ {
		switch c := value[i]; c {
		case '\\':
			i++
			if i == len(value) {
				return refuse(lit.End(), `the command ends in a lone \`, hintQuote)
			}
			r.quotedRun = true
			r.literal(value[i : i+1])
		case '*', '?', '[':
			pos := syntax.NewPos(lit.Pos().Offset()+uint(i), 1, 1)
			return refuse(pos, string(c)+" is a pattern for file names", hintQuote)
		default:
			r.literal(value[i : i+1])
		}
	}
	return nil
}

// doubleQuoted reads a part in double quotes. Such a part is kept in one piece
// in src, since an expansion in it must stay quoted.
func (r *wordReader) doubleQuoted(quoted *syntax.DblQuoted) *ParseError {
	var src strings.Builder
	src.WriteByte('"')
	expands := false
	text := ""
	for _, part := range quoted.Parts {
		switch part := part.(type) {
		case *syntax.Lit:
			plainText := unescapeDouble(part.Value)
			text += plainText
			src.WriteString(escapeDouble(plainText))
		case *syntax.ParamExp:
			exp, err := expansion(part)
			if err != nil {
				return err
			}
			expands = true
			src.WriteString(exp)
		default:
			return refuse(part.Pos(), "a command substitution cannot stand in a command", hintShell)
		}
	}
	if !expands {
		r.quotedRun = true
		r.literal(text)
		return nil
	}
	r.flush()
	r.expands = true
	src.WriteByte('"')
	r.src.WriteString(src.String())
	return nil
}

// unescapeDouble returns the bytes that a literal in double quotes stands for.
func unescapeDouble(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte("\\\"$`", s[i+1]) >= 0 {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// escapeDouble is the inverse of unescapeDouble.
func escapeDouble(s string) string {
	return doubleEscaper.Replace(s)
}

var doubleEscaper = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "`", "\\`")

// expansion returns the source of $VAR, ${VAR} or ${VAR:-word}, always with
// braces, so that whatever follows cannot join the name.
func expansion(exp *syntax.ParamExp) (string, *ParseError) {
	const allowed = "only $NAME, ${NAME} and ${NAME:-word} are expanded in a command"
	if exp.Param == nil || !validName(exp.Param.Value) {
		return "", refuse(exp.Pos(), allowed, hintQuote)
	}
	name := exp.Param.Value
	// What the tree holds beside name and default has to be absent, whatever it is.
	rest := *exp
	rest.Dollar, rest.Rbrace, rest.Short, rest.Param, rest.Exp = syntax.Pos{}, syntax.Pos{}, false, nil, nil
	if !reflect.ValueOf(rest).IsZero() {
		return "", refuse(exp.Pos(), allowed, hintShell)
	}
	switch {
	case exp.Exp == nil:
		return "${" + name + "}", nil
	case exp.Exp.Op != syntax.DefaultUnsetOrNull:
		return "", refuse(exp.Pos(), allowed, hintShell)
	case exp.Exp.Word == nil:
		return "${" + name + ":-}", nil
	}
	fallback, err := defaultWord(exp.Exp.Word)
	if err != nil {
		return "", err
	}
	return "${" + name + ":-" + fallback + "}", nil
}

// defaultWord returns the source of a default: plain bytes only, since shells
// differ in what quotes mean there.
func defaultWord(word *syntax.Word) (string, *ParseError) {
	lit := word.Lit()
	if lit == "" || !PlainBytes(lit) {
		return "", refuse(word.Pos(), "a default in ${NAME:-word} can only hold letters, digits and _./:@%+,=-",
			"set the variable under environment")
	}
	return lit, nil
}
