package lint

import (
	"strings"

	"palletgen/gen/record"
)

// withoutActions puts a marker in the place of each action of a template that
// prints, and blanks in the place of others. origin says where an offset of the
// result comes from.
func withoutActions(text string) (result string, origin func(int) int) {
	var b strings.Builder
	var from, to []int // of each end of an action
	rest := 0
	for n := 0; ; n++ {
		at := strings.Index(text[rest:], "{{")
		if at < 0 {
			break
		}
		b.WriteString(text[rest : rest+at])
		action := text[rest+at:]
		end := actionEnd(action)
		if prints(action[2:end]) {
			b.WriteString(record.Marker(n))
		}
		b.WriteString(strings.Repeat("\n", strings.Count(action[:end], "\n")))
		rest += at + end
		from, to = append(from, b.Len()), append(to, rest)
	}
	b.WriteString(text[rest:])
	return b.String(), func(offset int) int {
		for i := len(from) - 1; i >= 0; i-- {
			if offset >= from[i] {
				return offset - from[i] + to[i]
			}
		}
		return offset
	}
}

// actionEnd returns the length of the action that text begins with.
func actionEnd(text string) int {
	quote := byte(0)
	if inner := strings.TrimLeft(text[2:], "- "); strings.HasPrefix(inner, "/*") {
		if at := strings.Index(text, "*/"); at >= 0 {
			text, quote = text[at:], 0
			if end := strings.Index(text, "}}"); end >= 0 {
				return at + end + 2
			}
		}
	}
	for i := 2; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0 && c == '\\' && quote != '`':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '`' || c == '\'':
			quote = c
		case strings.HasPrefix(text[i:], "}}"):
			return i + 2
		}
	}
	return len(text)
}

// prints reports whether an action is no part of a condition, loop or
// definition, no assignment and no comment.
func prints(action string) bool {
	action = strings.TrimLeft(action, "- \t\n")
	word, _, _ := strings.Cut(strings.TrimRight(action, "}- \t\n"), " ")
	switch word {
	case "if", "else", "end", "range", "with", "define", "block", "break", "continue", "":
		return false
	}
	return !strings.HasPrefix(action, "/*") && (!strings.HasPrefix(word, "$") || !strings.Contains(action, ":=") && !strings.Contains(action, " = "))
}
