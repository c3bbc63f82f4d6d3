package render

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/folder"
	"palletgen/gen/lazyregexp"
	"palletgen/gen/pack"
	"palletgen/gen/plan"
	"palletgen/gen/posix"
	"palletgen/gen/record"
	"palletgen/gen/schema"
)

// payloadFiles returns the payload of the group's crates: files/CRATE/NAME.
func (b *builder) payloadFiles() []pack.File {
	var files []pack.File
	for _, p := range b.group.Payloads() {
		data, _, err := p.Read()
		b.errs.Take(err)
		if !b.hasRoom(len(data), p.Pos) {
			break
		}
		one := spelling{path: "files/" + p.Path, pos: p.Pos}
		if _, msg := badPart(one.path); msg != "" {
			b.errs.Add(diag.At(p.Pos, "cannot take along %s: %s", p.Name, msg).WithHint(hintName))
		} else if other, found := b.spellings.other(one.path); found {
			b.errs.Add(diag.At(p.Pos, "%s cannot lie beside %s, of %s: only upper and lower case tell them apart",
				one.path, other.path, other.pos).WithHint(hintName))
		}
		b.spellings.add(one)
		files = append(files, pack.File{Path: one.path, Mode: 0o644, Data: data})
	}
	return files
}

// checkPayloads reports URLs in fragments that name no payload of the group.
// Fragments whose text has none are not run for it.
func (b *builder) checkPayloads(parts folder.Parts, v view) {
	for _, phase := range slices.Sorted(maps.Keys(parts.Phases)) {
		fragment := parts.Phases[phase]
		if !fragment.Payloads {
			continue
		}
		marked, err := fragment.Execute(v.data)
		if err != nil {
			if b.trace != nil {
				err = v.failed(err, fragment.Template)
			}
			b.errs.Take(err)
			continue
		}
		for _, found := range payloadURLs(marked) {
			if err := b.group.CheckPayload(found.url, found.at); err != nil {
				if b.trace != nil {
					err = plan.Told(err, inText(marked, found.word, v.read(fragment.Template, marked.Values)))
				}
				b.errs.Add(err)
			}
		}
	}
}

// A payloadURL is a URL that a fragment names by itself.
type payloadURL struct {
	url  string
	word string // as it is printed, with its markers
	at   diag.Pos
}

var payloadWord = lazyregexp.New(`(?:^|[\s"'])(` + schema.PayloadScheme + `[^\s"';|&<>()` + "`" + `]+)`)

// payloadURLs finds the words of a fragment that are URLs of payloads. What is
// known on the host alone, as in bundle:x/$name, is left out, and so are
// comments.
func payloadURLs(m *record.Marked) []payloadURL {
	var found []payloadURL
	for _, at := range payloadWord.FindAllStringSubmatchIndex(m.Text, -1) {
		begin, word := at[2], m.Text[at[2]:at[3]]
		line := m.Text[strings.LastIndexByte(m.Text[:begin], '\n')+1 : begin]
		url := record.Fill(word, func(w *strings.Builder, index int) { fmt.Fprint(w, m.Values[index].V) })
		if strings.HasPrefix(strings.TrimSpace(line), "#") || !schema.IsPayload(strings.TrimPrefix(url, schema.PayloadScheme)) {
			continue
		}
		found = append(found, payloadURL{url, word, wordAt(m.LineAt(begin), word, found)})
	}
	return found
}

// wordAt returns the place of a word in the template's line, as far as it
// stands there without a value; before are the words that were found before.
func wordAt(pos diag.Pos, word string, before []payloadURL) diag.Pos {
	if pos.Source == nil || pos.Line == 0 {
		return pos
	}
	if at, _ := record.FindMarker(word); at >= 0 {
		word = word[:at]
	}
	from := 0
	if n := len(before); n > 0 && before[n-1].at.Source == pos.Source && before[n-1].at.Line == pos.Line {
		from = before[n-1].at.Col
	}
	lines := strings.Split(pos.Source.Text, "\n")
	line := lines[min(pos.Line, len(lines))-1]
	if at := strings.Index(line[min(from, len(line)):], word); at >= 0 {
		pos.Col = from + at + 1
	}
	return pos
}

// verifyCommands lists the programs that judge the files of a phase, sorted:
// the phase cannot do without them. Those that the bundle puts on the host are
// left out.
func (b *builder) verifyCommands(phase string) []string {
	names := map[string]bool{}
	for _, f := range b.files {
		if f.phase == phase && !f.verify.IsZero() {
			names[f.verify.Args[0].Lit] = true
		}
	}
	maps.DeleteFunc(names, func(name string, _ bool) bool {
		return name == "" || posix.IsBuiltin(name) || b.byPath[name] != nil
	})
	return sortedKeys(names)
}
