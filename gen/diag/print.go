package diag

import (
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

const (
	red   = "\x1b[1;31m"
	cyan  = "\x1b[36m"
	plain = "\x1b[0m"
)

// most is how many errors are printed: one mistake in a spec is one in each of
// ten thousand groups.
const most = 100

// Print writes err to w for a person: for each error of a List the place and
// the message, the source line with a caret under the place, and the hint.
func Print(w io.Writer, err error, colour bool) {
	var list List
	if !errors.As(err, &list) {
		list.Take(err)
	}
	paint := func(code, s string) string {
		if colour {
			return code + s + plain
		}
		return s
	}
	for i, e := range list {
		if i == most {
			fmt.Fprintf(w, "… and %d more errors\n", len(list)-most)
			break
		}
		place := e.Pos.String()
		if place != "" {
			place += ": "
		}
		fmt.Fprintf(w, "%s%s\n", Printable(cut(place)), paint(red, Printable(cut(e.Msg))))
		if line, caret, ok := snippet(e.Pos); ok {
			fmt.Fprintf(w, "    %s\n", line)
			if e.Pos.Col > 0 {
				fmt.Fprintf(w, "    %s\n", paint(red, caret))
			}
		}
		for _, note := range e.Also {
			fmt.Fprintf(w, "    %s\n", Printable(cut(note.Msg)))
			if line, caret, ok := snippet(note.Pos); ok {
				fmt.Fprintf(w, "        %s\n", line)
				if note.Pos.Col > 0 {
					fmt.Fprintf(w, "        %s\n", paint(red, caret))
				}
			}
		}
		if e.Hint != "" {
			fmt.Fprintf(w, "    %s %s\n", paint(cyan, "hint:"), Printable(cut(e.Hint)))
		}
	}
}

// maxMessage is how many bytes of a place, a message and a hint are shown at
// most: what is wrong may be a word of a megabyte.
const maxMessage = 2_000

// cut returns the beginning of a text that is too long to be shown.
func cut(text string) string {
	if len(text) <= maxMessage {
		return text
	}
	end := maxMessage
	for end > maxMessage-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
