package onefile

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"palletgen/gen/command"
	"palletgen/gen/pack"
)

// maxWord bounds what one word of the script holds, in bytes before it is
// quoted. In some shells printf is a program, and Linux gives a program no
// argument of more than 128 KiB.
const maxWord = 48 << 10

// perCall is how many folders are made, or modes are set, at a time.
const perCall = 50

// A payload writes the function that makes the files.
type payload struct {
	w      io.Writer
	err    error        // the first one
	places func(*Place) // if set, is told of each line
}

// A Place is the line of a file of the bundle that a line of the script holds,
// from 1; of a line that holds none, no file.
type Place struct {
	File string
	Line int
}

// Places lists the lines of the script behind its head, without the empty line.
func Places(b pack.Bundle) []Place {
	var list []Place
	p := payload{w: io.Discard, places: func(place *Place) { list = append(list, *place) }}
	p.bundle(b)
	p.print(last)
	return list
}

func (p *payload) print(text string) { p.printOf(text, Place{}) }

// printOf prints text whose lines are those of a file, from a line on.
func (p *payload) printOf(text string, at Place) {
	if p.err == nil {
		_, p.err = io.WriteString(p.w, text)
	}
	if p.places == nil {
		return
	}
	for range strings.Count(text, "\n") {
		p.places(&at)
		if at.File != "" {
			at.Line++
		}
	}
}

func (p *payload) bundle(b pack.Bundle) {
	p.print("# onefile_files: makes the files of the bundle.\nonefile_files() {\n")
	folders, files := pack.Tree(b)
	p.calls("onefile_folders", folders)
	byMode := map[uint32][]string{}
	for _, f := range files {
		p.file(f)
		byMode[f.Mode] = append(byMode[f.Mode], f.Path)
	}
	// 0644 is what the umask leaves.
	for _, mode := range []uint32{0o600, 0o700, 0o755} {
		p.calls(fmt.Sprintf("onefile_modes %04o", mode), byMode[mode])
	}
	p.print("}\n")
}

// calls writes calls of a function with the paths as arguments.
func (p *payload) calls(function string, paths []string) {
	for len(paths) > 0 {
		n := min(len(paths), perCall)
		p.print(function)
		for _, path := range paths[:n] {
			p.print(" " + word(path))
		}
		p.print("\n")
		paths = paths[n:]
	}
}

// word is a path, below the current folder, as a word that is no option.
func word(path string) string {
	if strings.HasPrefix(path, "-") {
		path = "./" + path
	}
	return command.Quote(path)
}

// file writes the calls that make a file: one for each run of lines of plain
// text, one for each piece of other bytes.
func (p *payload) file(f pack.File) {
	rest, line := f.Data, 1
	if len(rest) == 0 {
		p.call("onefile_bytes", Place{}, f.Path, "")
	}
	for len(rest) > 0 {
		n, at := textLines(rest), Place{f.Path, line}
		if n > 0 {
			p.call("onefile_text", at, f.Path, string(rest[:n-1]))
		} else {
			n = otherBytes(rest)
			p.call("onefile_bytes", at, f.Path, format(rest[:n]))
		}
		if p.places != nil {
			line += bytes.Count(rest[:n], []byte("\n"))
		}
		rest = rest[n:]
	}
}

func (p *payload) call(function string, at Place, path, text string) {
	p.print(function + " " + command.Quote(path) + " ")
	p.printOf(string(command.AppendQuoted(nil, text))+"\n", at)
}

// textLines returns how many bytes of data are whole lines of printable ASCII
// and tabs, as far as one word may hold them.
func textLines(data []byte) int {
	n := 0
	for {
		length := bytes.IndexByte(data[n:], '\n') + 1
		if length == 0 || n+length > maxWord || !printable(data[n:n+length-1]) {
			return n
		}
		n += length
	}
}

func printable(line []byte) bool {
	for _, c := range line {
		if c != '\t' && (c < ' ' || c > '~') {
			return false
		}
	}
	return true
}

// otherBytes returns how many bytes at the beginning of data, at least one, are
// to be written by a format: up to the next line of text.
func otherBytes(data []byte) int {
	limit := min(len(data), maxWord/4) // a byte takes up to four in the format
	for n := 0; n < limit; {
		length := bytes.IndexByte(data[n:limit], '\n') + 1
		if length == 0 {
			break
		}
		if n > 0 && printable(data[n:n+length-1]) {
			return n
		}
		n += length
	}
	return limit
}

// format writes data as a format of printf that stands for just these bytes.
func format(data []byte) string {
	out := make([]byte, 0, 2*len(data))
	for _, c := range data {
		switch {
		case c == '%':
			out = append(out, "%%"...)
		case c == '\\':
			out = append(out, `\\`...)
		case c >= ' ' && c <= '~':
			out = append(out, c)
		default:
			out = fmt.Appendf(out, `\%03o`, c)
		}
	}
	return string(out)
}
