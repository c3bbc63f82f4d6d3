// Package onefile writes a bundle as one POSIX shell script, which unpacks the
// bundle with little more than the shell, mkdir and chmod, and runs it; and as
// user data for cloud-init, which is such a script, or one that downloads the
// bundle. It imports gen/command, gen/diag, gen/pack and gen/posix.
//
// The script is a head (functions, see templates/onefile.sh.tmpl), a function
// that holds the files, and a last line that calls them. That line is one
// compound command: a copy that lacks any of it does nothing, and the trap that
// its second line sets lets it fail.
package onefile

import (
	"io"

	"palletgen/gen/pack"
)

// last is the last line.
const last = "{ onefile_main \"$@\"; exit; }\n"

// Format is the format of the one script. head returns what stands before the
// bundle's files.
func Format(head func(b pack.Bundle) (string, error)) pack.Format {
	return pack.Other("sh", ".sh", 0o777, func(w io.Writer, b pack.Bundle, _ string) error {
		return write(w, head, b)
	})
}

func write(w io.Writer, head func(b pack.Bundle) (string, error), b pack.Bundle) error {
	text, err := head(b)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, text+"\n"); err != nil {
		return err
	}
	p := payload{w: w}
	p.bundle(b)
	p.print(last)
	return p.err
}
