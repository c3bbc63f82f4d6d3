package ini

import (
	"strings"
	"unicode"

	"palletgen/gen/diag"
	"palletgen/gen/lazyregexp"
	"palletgen/gen/record"
	"palletgen/gen/splice"
)

// A parser builds the tree of one file. After a mistake it goes on with the
// next line, so that all are reported.
type parser struct {
	text   string
	pos    func(at int) diag.Pos
	marked bool          // the text holds markers
	places map[int]place // where they are, by their values
	errs   diag.List
	file   File

	sections map[string]bool // the names that there are
	keys     map[string]bool // of the last section, in lower case
}

// A place is where a marker stands: in the value of a key, or in the name of a
// section when key is "".
type place struct {
	key  string
	head string // what stands before it
	last bool   // nothing stands after it
}

func (p *parser) read() *File {
	p.places, p.sections = map[int]place{}, map[string]bool{}
	at := 0
	for line := range strings.Lines(p.text) {
		p.line(at, strings.TrimSuffix(line, "\n"))
		at += len(line)
	}
	return &p.file
}

func (p *parser) fail(at int, format string, args ...any) *diag.Error {
	err := diag.At(p.pos(at), format, args...)
	p.errs.Add(err)
	return err
}

var (
	sectionRE = lazyregexp.New(`^\[([^\[\]]+)\]$`)
	keyRE     = lazyregexp.New(`^[A-Za-z0-9_.-]+$`)
)

func (p *parser) line(at int, line string) {
	trimmed := strings.TrimFunc(line, unicode.IsSpace)
	switch {
	case trimmed == "":
	case trimmed[0] == '#' || trimmed[0] == ';':
		if p.marked && splice.Marked(line) {
			p.fail(at, "a value cannot stand in a comment")
		}
	case trimmed[0] != line[0]:
		p.fail(at, "a line that begins with a blank would continue the one before").WithHint("write each key=value in one line")
	case trimmed[0] == '[':
		p.section(at, trimmed)
	default:
		p.entry(at, trimmed)
	}
}

func (p *parser) section(at int, line string) {
	match := sectionRE.FindStringSubmatch(line)
	if match == nil {
		p.fail(at, "this is no [section]")
		return
	}
	name := match[1]
	kind, _, found := strings.Cut(name, ":")
	if p.marked && splice.Marked(name) && (!found || splice.Marked(kind)) {
		p.fail(at, "a value can stand in the name of a section only after a colon").WithHint("[program:{{ … }}]")
	}
	if p.sections[name] {
		p.fail(at, "the section [%s] stands there twice", name)
	}
	p.sections[name], p.keys = true, map[string]bool{}
	p.note("", name)
	p.file.Sections = append(p.file.Sections, &Section{Pos: p.pos(at), Name: name})
}

func (p *parser) entry(at int, line string) {
	key, value, found := strings.Cut(line, "=")
	key, value = strings.TrimRight(key, " \t"), strings.TrimLeftFunc(value, unicode.IsSpace)
	switch {
	case p.marked && splice.Marked(key):
		p.fail(at, "a value cannot stand in place of a key").WithHint("write the key, and leave the line out where it is not wanted: {{ if … }}")
		return
	case !found || !keyRE.MatchString(key):
		p.fail(at, "key=value is wanted here")
		return
	case len(p.file.Sections) == 0:
		p.fail(at, "a section is missing before this line").WithHint("[program:…], [supervisord] …")
		return
	case commentAt(line) >= 0:
		p.fail(at, "what follows %q would be a comment", line[:commentAt(line)+1]).WithHint("write comments on lines of their own")
		return
	}
	section := p.file.Sections[len(p.file.Sections)-1]
	if lower := strings.ToLower(key); p.keys[lower] {
		p.fail(at, "the key %s stands there twice", key)
	} else {
		p.keys[lower] = true
	}
	entry := &Entry{Pos: p.pos(at), Key: key}
	var err *diag.Error
	if entry.Value, err = parts(key, value); err != nil {
		err.Pos = entry.Pos
		p.errs.Add(err)
		return
	}
	p.note(key, value)
	section.Entries = append(section.Entries, entry)
}

// commentAt returns where a comment begins within a line: at a ; or # behind a
// blank of any alphabet. -1: nowhere.
func commentAt(line string) int {
	blank := false
	for i, c := range line {
		if blank && (c == ';' || c == '#') {
			return i
		}
		blank = unicode.IsSpace(c)
	}
	return -1
}

// note keeps the places of the markers in a text.
func (p *parser) note(key, text string) {
	if !p.marked {
		return
	}
	for from := 0; ; {
		marker, i := record.FindMarker(text[from:])
		if marker < 0 {
			return
		}
		marker += from
		from = marker + len(record.Marker(i))
		p.places[i] = place{key: strings.ToLower(key), head: text[:marker], last: from == len(text)}
	}
}

var expansion = lazyregexp.New(`^%\([A-Za-z_][A-Za-z0-9_]*\)[0-9]*[sd]`)

// twice are keys whose values supervisord expands twice.
var twice = map[string]bool{"stdout_logfile": true, "stderr_logfile": true}

// parts splits a value at what supervisord replaces in it.
func parts(key, text string) ([]Part, *diag.Error) {
	var all []Part
	var literal []byte
	for rest := text; rest != ""; {
		length := 1
		if rest[0] == '%' {
			special := expansion.FindString(rest)
			switch {
			case special != "" && splice.Marked(special):
				return nil, splice.Problem("a value cannot stand in the name of an expansion")
			case special != "":
				if len(literal) > 0 {
					all = append(all, Part{Text: string(literal)})
				}
				all, literal = append(all, Part{Text: special, Special: true}), nil
				rest = rest[len(special):]
				continue
			case strings.HasPrefix(rest, "%%") && !twice[strings.ToLower(key)]:
				length = 2
			default:
				return nil, splice.Problem("%% begins an expansion: %%(…)s").WithHint("a percent sign is written %%%%, and not at all in stdout_logfile")
			}
		}
		literal = append(literal, rest[0])
		rest = rest[length:]
	}
	if len(literal) > 0 {
		all = append(all, Part{Text: string(literal)})
	}
	return all, nil
}
