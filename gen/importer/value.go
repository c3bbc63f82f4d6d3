package importer

import "palletgen/gen/diag"

// A Value is what a setting is given: a Text, Plain, Command, List or Map.
type Value interface{ write(w *writer, indent int) }

// A Text is any text in UTF-8.
type Text string

// A Plain value stands as it is: a number, true or false.
type Plain string

// A Command is a command: an exact argv, or, where that is nil, one simple shell
// command.
type Command struct {
	Argv []string
	Text string
}

// A List is a list of values.
type List []Value

// A Map is a map from names to texts.
type Map []Pair

// A Pair is one entry of a map, and where it comes from.
type Pair struct {
	Name string
	Text string
	Kind Kind
	From diag.Pos
}

// A Kind says how the value of a pair is written.
type Kind int

// AsText writes it as a text, AsPlain as it stands.
const (
	AsText Kind = iota
	AsPlain
)

// Texts makes a list of texts.
func Texts(list []string) List {
	all := make(List, len(list))
	for i, s := range list {
		all[i] = Text(s)
	}
	return all
}
