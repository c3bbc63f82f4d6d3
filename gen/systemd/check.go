package systemd

import (
	"path"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/splice"
)

// check judges what systemd would refuse, or take for something else.
func check(unit *Unit) error {
	var errs diag.List
	for _, section := range unit.Sections {
		for _, entry := range section.Entries {
			for _, c := range entry.Commands {
				errs.Take(at(c.Words[0], checkProgram(c)))
			}
			switch formOf()[entry.Key] {
			case formEnviron:
				for _, w := range entry.Words {
					errs.Take(at(w, checkAssignment(w)))
				}
			case formPath, formPattern, formOutput:
				if entry.Text != nil {
					errs.Take(at(entry.Text, checkPath(entry.Key, entry.Text)))
				}
			}
			if w, problem := checkKind(section.Name, entry); problem != nil {
				errs.Take(at(w, problem))
			}
			entry.each(func(w *Word) { errs.Take(at(w, checkSize(w))) })
		}
	}
	return errs.Err()
}

// at gives a problem the place of a word.
func at(w *Word, problem *diag.Error) error {
	if problem == nil {
		return nil
	}
	problem.Pos = w.Pos
	return problem
}

// maxWord is the longest argument or variable that Linux gives to a process:
// 128 KiB with the NUL byte.
const maxWord = 128<<10 - 1

func checkSize(w *Word) *diag.Error {
	if text, ok := w.literal(); ok && len(text) > maxWord {
		return splice.Problem("%d bytes are too many: Linux gives a process no argument and no variable of more than %d", len(text), maxWord)
	}
	return nil
}

// checkProgram wants an absolute path, or a name that systemd looks up. It may
// hold blanks, but nothing else that is special; variables are replaced in the
// name that the program gets, but not in the path.
func checkProgram(c *Command) *diag.Error {
	text, ok := c.Words[0].literal()
	if !ok || splice.Marked(text) {
		return nil
	}
	return program(text, strings.Contains(c.Flags, ":"))
}

func program(text string, exact bool) *diag.Error {
	switch {
	case text == "":
		return splice.Problem("a program is missing").WithHint("leave the line out where there is none: {{ if … }}")
	case !exact && strings.Contains(text, "$"):
		return splice.Problem("systemd would look for variables in the program %q", text).WithHint(hintFits)
	case strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f || strings.ContainsRune(`"'\`, r) }):
		return splice.Problem("systemd takes no program with quotes, backslashes or control characters: %q", text).WithHint(hintFits)
	case strings.HasSuffix(text, "/"), len(path.Base(text)) > 255, len(text) > maxPath:
		return splice.Problem("%q is no program", text)
	case text[0] != '/' && (strings.Contains(text, "/") || text == "." || text == ".." || text == ";" || strings.Contains(flags, text[:1])):
		return splice.Problem("%q is neither an absolute path nor the name of a program", text).WithHint("name it with its path: /usr/bin/…")
	}
	return nil
}

// checkAssignment wants NAME=value.
func checkAssignment(w *Word) *diag.Error {
	text := ""
	if len(w.Parts) > 0 && !w.Parts[0].Special {
		text = w.Parts[0].Text
	}
	name, _, found := strings.Cut(text, "=")
	switch {
	case !found && splice.Marked(text):
		return nil
	case !found:
		return splice.Problem("NAME=value is wanted here")
	case !isName(name):
		return splice.Problem("%q is not the name of a variable", name)
	}
	return nil
}

// maxPath is the longest path that systemd takes.
const maxPath = 4095

// checkPath wants an absolute path without .. in it, after what may stand before
// it.
func checkPath(key string, w *Word) *diag.Error {
	text, ok := w.literal()
	if !ok || splice.Marked(text) {
		return nil
	}
	switch form := formOf()[key]; {
	case form == formOutput:
		kind, file, found := strings.Cut(text, ":")
		if !found || kind == "fd" {
			return nil
		}
		text = file
	case key == "WorkingDirectory" && strings.TrimPrefix(text, "-") == "~":
		return nil
	default:
		text = strings.TrimLeft(text, prefixes[form])
	}
	if key == "PIDFile" && text != "" && text[0] != '/' { // below /run
		text = "/" + text
	}
	switch {
	case !strings.HasPrefix(text, "/"):
		return splice.Problem("%s= takes an absolute path, not %q", key, text)
	case strings.Contains(text+"/", "/../"):
		return splice.Problem("%s= takes no path with .. in it", key)
	case len(text) > maxPath:
		return splice.Problem("a path of %d bytes is too long", len(text))
	}
	return nil
}
