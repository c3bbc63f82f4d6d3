package shell

import "mvdan.cc/sh/v3/syntax"

// placeKind is where a value stands; it decides how the value is written.
type placeKind uint8

const (
	placeNone    placeKind = iota
	placeWord              // unquoted part of a word
	placePattern           // unquoted part of a case pattern
	placeDouble            // inside double quotes
	placeSingle            // inside single quotes
	placeHeredoc           // body of a here-document, expansions happen
	placeRaw               // body of a here-document whose delimiter is quoted
	placeComment           //
	placeName              // name of a variable, or part of one
	placeNumber            // arithmetic expansion
	placeCommand           // the name of a command: only a command, or code
	placeRefused           // no value belongs there
)

// A place is where one marker stands in the text of a plan.
type place struct {
	kind    placeKind
	value   int // index of the marker's value
	offset  int // of the marker in the text
	line    int // of the marker, from 0
	whole   bool
	args    bool // the whole word may become the words of a command
	alone   bool // the statement is the marker and nothing else, on its own line
	refusal refusal
	by      *route // to where the refusal is about; nil: the value stands there
	oneLine bool   // a program reads line by line what it stands in
	before  bool   // before the = of NAME=VALUE: it cannot hold another

	// In the body of a here-document: the line that ends it, and whether the
	// marker begins and ends a line.
	delimiter          string
	lineStart, lineEnd bool
}

// A refusal says why something cannot stand where it stands, and the remedy.
type refusal struct{ msg, hint string }

// A trouble is an error of the template itself, at a line of its text (from 0),
// or at a value when value >= 0.
type trouble struct {
	value, line, col int
	refusal
}

// A valueWord is a word, or a name, that holds values.
type valueWord struct {
	shape  []shapePart
	stream []uint32 // canonical form of the word, see stream.go; nil for names
	nodes  []syntax.Node
	kind   streamKind
	checks []*check
}

// A shapePart is a piece of a word as the command will see it: a value when
// place is not negative, else something only known at run time, else the
// literal bytes lit.
type shapePart struct {
	lit     string
	place   int
	dynamic bool
}

// text returns the word with the values that valueAt returns for their places;
// whole is false when something only known at run time follows.
func (w *valueWord) text(valueAt func(place int) string) (s string, whole bool) {
	if len(w.shape) == 1 && w.shape[0].place >= 0 {
		return valueAt(w.shape[0].place), true
	}
	for _, part := range w.shape {
		switch {
		case part.place >= 0:
			s += valueAt(part.place)
		case part.dynamic:
			return s, false
		default:
			s += part.lit
		}
	}
	return s, true
}

// holds reports whether one of the marked places is in the word.
func (w *valueWord) holds(marked []bool) bool {
	for _, part := range w.shape {
		if part.place >= 0 && marked[part.place] {
			return true
		}
	}
	return false
}

// firstPlace returns the first value of the word, to which messages point.
func (w *valueWord) firstPlace() int {
	for _, part := range w.shape {
		if part.place >= 0 {
			return part.place
		}
	}
	return -1
}
