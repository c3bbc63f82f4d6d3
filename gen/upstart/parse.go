package upstart

import (
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/splice"
)

// A parser builds the tree of one file. After a mistake it goes on with the
// next line, so that all are reported.
type parser struct {
	scanner
	pos    func(at int) diag.Pos
	marked bool // the text holds markers: arguments that hold one are judged later
	errs   diag.List
	conf   Conf
}

func (p *parser) file() *Conf {
	for p.at < len(p.text) {
		for p.at < len(p.text) && strings.IndexByte(blanks, p.text[p.at]) >= 0 {
			p.at++
		}
		if p.hasWord() {
			p.stanza()
		} else {
			p.endLine()
		}
	}
	return &p.conf
}

// fail reports a mistake at an offset and leaves the line.
func (p *parser) fail(at int, format string, args ...any) *diag.Error {
	err := diag.At(p.pos(at), format, args...)
	p.errs.Add(err)
	p.nextLine()
	return err
}

func (p *parser) nextLine() {
	if end := strings.IndexByte(p.text[p.at:], '\n'); end >= 0 {
		p.at += end + 1
	} else {
		p.at = len(p.text)
	}
}

// endLine passes the end of a line and keeps the comment before it.
func (p *parser) endLine() {
	from := p.at
	p.nextLine()
	if from < len(p.text) && p.text[from] == '#' {
		text := strings.TrimSuffix(p.text[from+1:p.at], "\n")
		p.conf.Comments = append(p.conf.Comments, &Comment{Text: text, span: splice.Span{From: from + 1, To: from + 1 + len(text)}})
	}
}

// keyword reads a word that says what follows. It is compared as it stands:
// upstart knows no quoted keywords.
func (p *parser) keyword(known []string, what string) (string, bool) {
	from := p.at
	word, wrong := p.token(wordEnd, false)
	switch {
	case wrong != "":
		p.fail(from, "%s", wrong)
	case word == "":
		p.fail(from, "%s is missing", what).WithHint("known are: %s", strings.Join(known, ", "))
	case p.marked && splice.Marked(word):
		p.fail(from, "a value cannot stand in place of %s", what)
	case !slices.Contains(known, word):
		p.fail(from, "unknown %s %q", strings.TrimPrefix(strings.TrimPrefix(what, "a "), "the "), word).
			WithHint("%s", diag.DidYouMean(word, known))
	default:
		p.skipBlanks()
		return word, true
	}
	return "", false
}

func (p *parser) stanza() {
	st := &Stanza{Pos: p.pos(p.at)}
	name, ok := p.keyword(stanzaNames(), "a stanza")
	if !ok {
		return
	}
	st.Name = name
	rule := grammar[name]
	if second := rule.second; second != nil && (p.hasWord() || rule.check == nil) {
		word, ok := p.secondWord(name, rule)
		if !ok {
			return
		}
		if word != "" {
			st.Name, rule = name+" "+word, second[word]
		}
	}
	before := len(p.errs)
	p.arguments(st, rule.form)
	if len(p.errs) == before {
		p.conf.Stanzas = append(p.conf.Stanzas, st)
	}
}

// secondWord reads the second keyword of a stanza. Where it may be left out and
// the next word is none, it is "".
func (p *parser) secondWord(name string, rule rule) (string, bool) {
	known := sortedKeys(rule.second)
	if rule.check != nil {
		from := p.at
		if word, _ := p.token(wordEnd, false); !slices.Contains(known, word) {
			p.at = from
			return "", true
		}
		p.at = from
	}
	return p.keyword(known, "the word after "+name)
}

func (p *parser) arguments(st *Stanza, form form) {
	switch form {
	case formWords:
		st.Words = p.words(wordEnd)
	case formEvents:
		st.On = p.events()
	case formExec:
		st.Exec = p.exec()
	case formScript:
		st.Script = p.script()
	}
}

// words reads the arguments up to the end of the line.
func (p *parser) words(ends string) []*Word {
	var words []*Word
	for p.hasWord() {
		word, ok := p.word(ends)
		if !ok {
			return nil
		}
		words = append(words, word)
	}
	p.endLine()
	return words
}

func (p *parser) word(ends string) (*Word, bool) {
	from := p.at
	text, wrong := p.token(ends, true)
	if wrong == "" && text == "" {
		wrong = "upstart takes no empty argument"
	}
	if wrong != "" {
		p.fail(from, "%s", wrong)
		return nil, false
	}
	word := &Word{Pos: p.pos(from), Text: text, span: splice.Span{From: from, To: p.at}}
	p.skipBlanks()
	return word, true
}

// exec reads a command up to the end of the line.
func (p *parser) exec() *Exec {
	from := p.at
	raw, wrong := p.token(lineEnd, false)
	if wrong == "" && raw == "" {
		wrong = "a command is missing"
	}
	if wrong != "" {
		p.fail(from, "%s", wrong)
		return nil
	}
	x := &Exec{Pos: p.pos(from), span: splice.Span{From: from, To: p.at}}
	if wrong, hint := x.split(raw); wrong != "" {
		p.fail(from, "%s", wrong).Hint = hint
		return nil
	}
	p.endLine()
	return x
}

// script reads a block up to the line "end script".
func (p *parser) script() *Script {
	from := p.at
	if p.hasWord() {
		p.fail(p.at, "nothing can follow script on its line")
		return nil
	}
	p.endLine()
	start := p.at
	for p.at < len(p.text) {
		line := p.at
		p.nextLine()
		if blockEnd(strings.TrimSuffix(p.text[line:p.at], "\n")) {
			return &Script{Text: p.text[start:line], span: splice.Span{From: start, To: line}}
		}
	}
	p.fail(from, "this block has no line \"end script\"")
	return nil
}
