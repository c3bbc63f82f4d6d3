package diag

import (
	"errors"
	"fmt"
	"io"
	"strings"
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
			fmt.Fprintf(w, "    %s\n", Printable(note.Msg))
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
	return text[:maxMessage] + "…"
}

// snippetWidth is how many bytes of a source line are shown at most.
const snippetWidth = 120

// Snippet returns the source line at pos and a line with a caret under its
// column, for a person; ok is false where there is none.
func Snippet(pos Pos) (line, caret string, ok bool) { return snippet(pos) }

// snippet returns the source line at pos and a line with a caret under its
// column. A long line is cut around the column.
func snippet(pos Pos) (line, caret string, ok bool) {
	if pos.Source == nil || pos.Line == 0 {
		return "", "", false
	}
	line = pos.Source.line(pos.Line)
	if strings.TrimSpace(line) == "" {
		return "", "", false
	}
	col := max(0, min(pos.Col-1, len(line)))
	if len(line) > snippetWidth {
		from := max(0, col-snippetWidth/2)
		line, col = line[from:min(len(line), from+snippetWidth)], col-from
	}
	// A tab stays a tab above the caret too; each other character is one cell.
	var pad strings.Builder
	for _, r := range strings.ToValidUTF8(line[:col], "?") {
		if r == '\t' {
			pad.WriteByte('\t')
		} else {
			pad.WriteByte(' ')
		}
	}
	return Printable(line), pad.String() + "^", true
}

// Printable returns s with every control character but tab made visible, and
// bytes that are no UTF-8 replaced: what comes from an input file must not
// steer the terminal that shows it.
func Printable(s string) string {
	clean := true
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' && s[i] != '\t' || s[i] >= 0x7f {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case r == '\n' || r < ' ' && r != '\t':
			b.WriteRune(0x2400 + r) // the pictures of the control characters
		case r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			b.WriteRune('\uFFFD')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
