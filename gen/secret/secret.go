// Package secret has what stands in the place of values that palletgen never
// learns: the target takes them when a bundle is run there. It imports no other
// package of palletgen.
package secret

import (
	"fmt"
	"strings"
)

// A Ref stands for one secret in what templates print. It holds no secret,
// only where the target finds it.
type Ref struct {
	name, file, what string
	how              How
	lines            bool
}

// How says what the target does to a secret that it puts into a file.
type How string

// The ways. Each is known to templates/lib/secrets.sh by its name.
const (
	Plain       How = "plain"       // as it is: letters, digits and a few signs that no format takes for its own
	Backslashed How = "backslashed" // a backslash before each " and \, and \n for a line end
	Doubled     How = "doubled"     // each ' twice
	Shell       How = "sh"          // each ' as it is written within single quotes of sh
	Whole       How = "whole"       // as it is, whatever it holds: the file has nothing else
)

// New makes the Ref of the secret called name: the variable, or the line of the
// file that --secrets names, which holds it. Where file is not empty, that file
// on the target does. What says for users whose it is.
func New(name, file, what string) Ref { return Ref{name: name, file: file, what: what, how: Plain} }

// OfLines returns the Ref of a secret that can have more than one line, such as
// a key.
func (r Ref) OfLines() Ref {
	r.lines = true
	return r
}

// Lines reports whether it can have more than one line.
func (r Ref) Lines() bool { return r.lines }

// Name returns what the secret is called.
func (r Ref) Name() string { return r.name }

// File returns the file on the target that holds it; "" for none.
func (r Ref) File() string { return r.file }

// What says whose it is.
func (r Ref) What() string { return r.what }

// How returns what is to be done to it.
func (r Ref) How() How { return r.how }

// With returns the Ref with another How.
func (r Ref) With(how How) Ref {
	r.how = how
	return r
}

// Mark begins what stands in a bundle in the place of a secret.
const Mark = "<palletgen:"

// Place is what stands in a bundle in the place of the secret.
func (r Ref) Place() string { return Mark + r.name + ":" + string(r.how) + ">" }

// misused is the text that functions of templates get instead of a secret. The
// NUL bytes keep it out of every file.
const misused = "\x00secret\x00"

// Misused reports whether text was made of a secret by a function that needs to
// know it.
func Misused(text string) bool {
	return strings.Contains(text, "\x00") && strings.Contains(strings.ToLower(text), misused)
}

// Format answers package fmt.
func (Ref) Format(f fmt.State, _ rune) { fmt.Fprint(f, misused) }

// MarshalJSON answers toJson.
func (Ref) MarshalJSON() ([]byte, error) { return []byte(`"\u0000secret\u0000"`), nil }

// Escape does to a value what how says: where it is a secret the target will,
// else it is done here.
func Escape(how How, value any) (any, error) {
	switch value := value.(type) {
	case Ref:
		if value.how != Plain {
			return nil, fmt.Errorf("a secret can be escaped only once")
		}
		return value.With(how), nil
	case string:
		return how.Apply(value), nil
	}
	return nil, fmt.Errorf("cannot escape a %T", value)
}

// Apply does to text what the target does to a secret.
func (h How) Apply(text string) string {
	switch h {
	case Backslashed:
		return strings.NewReplacer(`"`, `\"`, `\`, `\\`, "\n", `\n`).Replace(text)
	case Doubled:
		return strings.ReplaceAll(text, "'", "''")
	case Shell:
		return strings.ReplaceAll(text, "'", `'\''`)
	}
	return text
}
