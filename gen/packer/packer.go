// Package packer writes a bundle's part of a Packer folder: an HCL2 file with a
// build block that puts the bundle into an image. Packer 1.6 and later read it.
// It imports gen/diag and gen/lazyregexp.
package packer

import (
	"bytes"
	"fmt"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/lazyregexp"
)

// A Build is what the file says.
type Build struct {
	Version string   // of palletgen
	Bundle  string   // name of the bundle, and of the build
	Archive string   // name of the bundle's archive, which lies beside the file
	Sources []string // what the image is made of: TYPE.NAME of source blocks
	Folder  string   // where the archive goes on the host
	Place   string   // shell script: makes the folder
	Preview string   // shell script: checks and unpacks the archive, ends with 0 or 2
	Run     string   // shell script: puts the bundle into the image
}

// execute is how Packer is to call a script: by its shell, since /tmp may be
// mounted noexec, and as root. sudo that asks for a password fails.
const execute = "if [ $(id -u) = 0 ]; then {{ .Vars }} sh {{ .Path }}; else sudo -n env {{ .Vars }} sh {{ .Path }}; fi"

var sourceRE = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_-]*\.[A-Za-z_][A-Za-z0-9_-]*$`)

// Source returns TYPE.NAME of a source, which may be given as Packer's own files
// refer to it, source.TYPE.NAME; false when it is neither.
func Source(text string) (string, bool) {
	text = strings.TrimPrefix(text, "source.")
	return text, sourceRE.MatchString(text)
}

// Scripts are the scripts of the file, in its order.
func (b Build) Scripts() []string { return []string{b.Place, b.Preview, b.Run} }

// The lines before and after a script in the file.
const begin, end = "<<EOT", "EOT"

// ScriptOf returns for each line of the file which of Scripts it is a line of, -1
// for none.
func ScriptOf(lines []string) []int {
	of := make([]int, len(lines))
	current, within := -1, false
	for i, line := range lines {
		within = within && line != end
		of[i] = -1
		if within {
			of[i] = current
		}
		if !within && strings.HasSuffix(line, begin) {
			current, within = current+1, true
		}
	}
	return of
}

// HCL returns the text of the file. It is an error when the bundle has a name that
// no Packer file can say.
func (b Build) HCL() ([]byte, error) {
	for _, text := range []string{b.Bundle, b.Archive, b.Folder, b.Place, b.Preview, b.Run} {
		// Packer takes what is quoted as HCL for a template of Go's as well, and
		// some of it twice.
		if strings.Contains(text, "{{") {
			return nil, diag.At(diag.Pos{}, "cannot write a file for Packer for the bundle %s: it would have to hold {{", b.Bundle)
		}
	}
	for _, script := range b.Scripts() {
		if problem := inHeredoc(script); problem != "" {
			return nil, diag.At(diag.Pos{}, "cannot write a file for Packer for the bundle %s: a script in it would have to hold %s", b.Bundle, problem)
		}
	}
	var sources []string
	for _, source := range b.Sources {
		sources = append(sources, quote("source."+source))
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, head, b.Version, comment(b.Bundle), strings.Join(b.Sources, ", "))
	fmt.Fprintf(&out, "build {\n  name    = %s\n  sources = [%s]\n", quote(b.Bundle), strings.Join(sources, ", "))
	shell(&out, b.Place, "")
	fmt.Fprintf(&out, "\n  provisioner \"file\" {\n    source      = \"${path.root}/%s\n    destination = %s\n  }\n",
		quote(b.Archive)[1:], quote(b.Folder+"/"+b.Archive))
	shell(&out, b.Preview, "[0, 2]")
	shell(&out, b.Run, "")
	out.WriteString("}\n")
	return out.Bytes(), nil
}

// head is the comment at the beginning.
const head = `# Made by palletgen %s: puts the bundle %s into an image, by
# "packer build FOLDER" of this folder, where further files say what the source is:
# %s. The user that Packer logs in as is root, or becomes it by sudo without a password.
`

// shell writes a provisioner that runs a script. Exit codes are those that it may
// end with, "" for 0 alone.
func shell(out *bytes.Buffer, script, codes string) {
	out.WriteString("\n  provisioner \"shell\" {\n")
	if codes == "" {
		fmt.Fprintf(out, "    execute_command = %s\n", quote(execute))
	} else {
		fmt.Fprintf(out, "    execute_command  = %s\n    valid_exit_codes = %s\n", quote(execute), codes)
	}
	fmt.Fprintf(out, "    inline = [%s\n%s\n%s\n    ]\n  }\n", begin, heredoc(strings.TrimSuffix(script, "\n")), end)
}

// marks are what begins a template in HCL, and how that is written to stand for
// itself.
var marks = strings.NewReplacer("${", "$${", "%{", "%%{")

// inHeredoc returns "", or what no here-document of HCL can hold.
func inHeredoc(script string) string {
	for line := range strings.SplitSeq(script, "\n") {
		if strings.TrimSpace(line) == end {
			return "a line that ends its here-document"
		}
	}
	if strings.ContainsFunc(script, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == 0xfeff }) {
		return "a control character"
	}
	return ""
}

// Here returns a line of a script as it stands in the file.
func Here(line string) string { return heredoc(line) }

// heredoc returns text as it stands in a here-document of HCL, in which no line
// may be the word that ends it.
func heredoc(text string) string { return marks.Replace(text) }

// quote returns text as a string of HCL.
func quote(text string) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, r := range text {
		switch r {
		case '"', '\\':
			out.WriteByte('\\')
			out.WriteRune(r)
		case '\n':
			out.WriteString(`\n`)
		case '\r':
			out.WriteString(`\r`)
		case '\t':
			out.WriteString(`\t`)
		default:
			if r < ' ' || r == 0x7f {
				fmt.Fprintf(&out, `\u%04x`, r)
			} else {
				out.WriteRune(r)
			}
		}
	}
	out.WriteByte('"')
	return marks.Replace(out.String())
}

// comment returns text for a comment, which ends with its line.
func comment(text string) string { return strings.NewReplacer("\n", " ", "\r", " ").Replace(text) }
