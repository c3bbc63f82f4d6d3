package shell

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
	"palletgen/gen/record"
)

// A wordFinder finds the values in one word, and what the word is made of.
type wordFinder struct {
	*finder
	use  wordUse
	word *syntax.Word
	held *valueWord
}

func (w *wordFinder) find() {
	switch {
	case w.use.raw:
		w.held.kind = streamRaw
	case w.use.heredoc:
		w.held.kind = streamHeredoc
	default:
		w.neighbours()
	}
	for _, part := range w.word.Parts {
		w.part(part)
	}
	if w.use.export {
		w.exported()
	}
	if w.use.assigns {
		w.assigned()
	}
	w.whole()
	s := streamWriter{places: w.plan.byValue}
	s.word(w.word, w.held.kind)
	w.held.stream, w.held.nodes = s.out, s.nodes
}

func (w *wordFinder) part(part syntax.WordPart) {
	switch part := part.(type) {
	case *syntax.Lit:
		kind := placeWord
		switch {
		case w.use.raw:
			kind = placeRaw
		case w.use.heredoc:
			kind = placeHeredoc
		case w.use.pattern:
			kind = placePattern
		}
		w.literal(part.Value, kind)
	case *syntax.SglQuoted:
		w.literal(part.Value, placeSingle)
	case *syntax.DblQuoted:
		for _, inner := range part.Parts {
			if lit, ok := inner.(*syntax.Lit); ok {
				w.literal(lit.Value, placeDouble)
			} else {
				w.dynamic(inner)
			}
		}
		if len(part.Parts) == 0 {
			w.held.shape = append(w.held.shape, shapePart{place: -1})
		}
	default:
		w.dynamic(part)
	}
}

// dynamic notes a part that is only known at run time.
func (w *wordFinder) dynamic(part syntax.WordPart) {
	if w.use.heredoc {
		w.forbid(part, refusal{"a value cannot stand inside an expansion in a here-document", "assign the expansion to a variable first"})
	}
	w.held.shape = append(w.held.shape, shapePart{place: -1, dynamic: true})
	w.expansion(part)
}

// literal finds the values in a literal and appends its shape.
func (w *wordFinder) literal(lit string, kind placeKind) {
	from := len(w.held.shape)
	w.held.shape = w.litShape(w.held.shape, lit)
	for i := range w.held.shape[from:] {
		part := &w.held.shape[from+i]
		switch {
		case part.place >= 0:
			w.value(part.place, kind)
		case kind == placeWord, kind == placePattern:
			part.lit = posix.Unescape(part.lit)
		case kind == placeDouble:
			part.lit = posix.UnescapeDouble(part.lit)
		}
	}
}

// value settles one value in a literal.
func (w *wordFinder) value(at int, kind placeKind) {
	p := &w.plan.places[at]
	before, after := w.plan.text[:p.offset], w.plan.text[p.offset+markerLen:]
	switch kind {
	case placeWord, placePattern:
		if nearTilde(before, after) {
			w.refuse(p.value, refusal{"a value beside ~ would change which home directory is meant", "write the path in full, or quote the ~"})
		}
		fallthrough
	case placeDouble, placeHeredoc:
		if posix.EndsInBackslash(before) {
			w.refuse(p.value, refusal{`a value cannot stand right after a \`, `write \\ for the backslash itself`})
		}
	}
	p.delimiter = w.use.delimiter
	p.lineStart = before == "" || strings.HasSuffix(before, "\n")
	p.lineEnd = after == "" || strings.HasPrefix(after, "\n")
	w.settle(p.value, kind)
}

// nearTilde reports whether an unquoted tilde stands right after the value, or
// begins a tilde-prefix that reaches up to it.
func nearTilde(before, after string) bool {
	if strings.HasPrefix(after, "~") {
		return true
	}
	i := strings.LastIndexByte(before, '~')
	return i >= 0 && !strings.ContainsAny(before[i:], "/ \t\n\"'\\$`;&|()<>")
}

// neighbours refuses values in words in which unquoted braces or brackets would
// give the bytes of a value a meaning, and values that could become the
// descriptor of a redirection.
func (w *wordFinder) neighbours() {
	literals := true
	for _, part := range w.word.Parts {
		lit, ok := part.(*syntax.Lit)
		if !ok {
			literals = false
			continue
		}
		switch bare := posix.UnquotedOnly(lit.Value); {
		case strings.ContainsAny(bare, "{}"):
			w.forbid(w.word, refusal{"a value cannot stand in a word with unquoted braces, which some shells expand", "put the braces in quotes"})
		case strings.Contains(bare, "["):
			w.forbid(w.word, refusal{"a value cannot stand in a word with an unquoted [, which begins a set of characters", "put the [ in quotes"})
		}
	}
	end := int(w.word.End().Offset())
	if literals && end < len(w.plan.text) && (w.plan.text[end] == '<' || w.plan.text[end] == '>') {
		w.forbid(w.word, refusal{"a value cannot be the descriptor of a redirection", "put a blank before the redirection, or write the descriptor in the template"})
	}
}

// exported makes the part before = the name of a variable.
func (w *wordFinder) exported() {
	lit, ok := w.word.Parts[0].(*syntax.Lit)
	name, assigned := "", false
	if ok {
		name, _, assigned = strings.Cut(lit.Value, "=")
	}
	if !ok || !assigned && len(w.word.Parts) > 1 {
		w.forbid(w.word, refusal{"a value cannot stand here: the variable's name ends nowhere", "write NAME=VALUE, with NAME and = unquoted"})
		return
	}
	found := appendMarkers(nil, name)
	if len(found) == 0 {
		return
	}
	for _, value := range found {
		if p := w.place(value); p.kind == placeWord {
			p.kind = placeName
		}
	}
	w.held.checks = append(w.held.checks, exportCheck)
}

// assigned marks the values before the = of NAME=VALUE.
func (w *wordFinder) assigned() {
	for _, part := range w.held.shape {
		switch {
		case part.place >= 0:
			w.plan.places[part.place].before = true
		case strings.Contains(part.lit, "="):
			return
		}
	}
}

// whole notes a word that is one marker and nothing else.
func (w *wordFinder) whole() {
	lit := w.word.Lit()
	at, value := record.FindMarker(lit)
	isMarker := at == 0 && len(lit) == markerLen
	if w.use.command {
		for _, v := range markersIn(w.word) {
			if p := w.place(v); p.kind == placeWord && isMarker {
				p.kind, p.args = placeCommand, true
			} else {
				w.refuse(v, refusal{"a value cannot be part of a command's name", "only a setting of type command can stand there, alone; in a fragment, exec_checked TEXT PROGRAM… runs one by its path"})
			}
		}
		return
	}
	if isMarker {
		if p := w.place(value); p.kind == placeWord {
			p.whole, p.args = true, w.use.args
		}
	}
}
