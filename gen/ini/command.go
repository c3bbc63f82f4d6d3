package ini

import (
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/shell"
	"palletgen/gen/splice"
)

// arguments reports the values that a program's command would not take for the
// arguments that they are.
func arguments(m *record.Marked, file *File, errs *diag.List) {
	for _, section := range file.Sections {
		for _, entry := range section.Entries {
			if strings.EqualFold(entry.Key, "command") {
				splice.Arguments(m, split(entry.Value), errs)
			}
		}
	}
}

// split splits a command into words, as supervisord does it by Python's
// shlex.split: blanks divide, quotes and backslashes are as in a shell, and nothing
// else has a meaning. What supervisord expands before stays within its word.
func split(value []Part) []shell.Arg {
	var line []shell.Arg
	var word shell.Arg
	quote, slash := byte(0), false
	open := false // there is a word, though it may be empty
	for _, part := range value {
		if part.Special {
			word, open = append(word, shell.ArgPart{Dynamic: true}), true
			continue
		}
		var text []byte
		for _, c := range []byte(part.Text) {
			switch {
			case slash && quote == '"' && c != '"' && c != '\\':
				text, slash = append(text, '\\', c), false
			case slash:
				text, slash = append(text, c), false
			case c == '\\' && quote != '\'':
				slash, open = true, true
			case c == quote:
				quote = 0
			case quote == 0 && (c == '"' || c == '\''):
				quote, open = c, true
			case quote == 0 && strings.IndexByte(" \t\r\n", c) >= 0:
				if open {
					line = append(line, append(word, shell.ArgPart{Text: string(text)}))
				}
				text, word, open = nil, nil, false
			default:
				text, open = append(text, c), true
			}
		}
		word = append(word, shell.ArgPart{Text: string(text)})
	}
	if open {
		line = append(line, word)
	}
	return line
}
