package manifest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// Text returns the file. Each element of a list, and each script, has a line of
// its own. The error says that a Value is no JSON, or a text
// no UTF-8.
func (m *Manifest) Text() ([]byte, error) {
	w := &writer{}
	w.field("palletgen", m.Palletgen)
	w.field("bundle", m.Bundle)
	list(w, "crates", m.Crates)
	list(w, "services", m.Services)
	list(w, "phases", m.Phases)
	w.open("commands", '{')
	for _, s := range m.Commands {
		w.element(s.Path, s.Needs)
	}
	list(w, "files", m.Files)
	return w.close()
}

func list[T any](w *writer, name string, elements []T) {
	w.open(name, '[')
	for _, e := range elements {
		w.element("", e)
	}
}

// Read reads the text of the file, which has to be what palletgen writes of what was
// read: so no field is there twice, under another spelling, or unknown.
func Read(text []byte) (*Manifest, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	m := &Manifest{}
	if err := d.Decode(m); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("something stands behind its end")
	}
	again, err := m.Text()
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, text) {
		return nil, fmt.Errorf("its fields are not as palletgen writes them: one is there twice, out of order, or spelled another way")
	}
	return m, nil
}

// UnmarshalJSON reads the object in its order.
func (c *Commands) UnmarshalJSON(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if token, err := d.Token(); err != nil || token != json.Delim('{') {
		return fmt.Errorf("commands are no object")
	}
	for d.More() {
		path, err := d.Token()
		if err != nil {
			return err
		}
		s := Script{Path: path.(string)}
		if err := d.Decode(&s.Needs); err != nil {
			return err
		}
		*c = append(*c, s)
	}
	return nil
}

// Encode returns v as JSON on one line, in which <, > and & stand as they are. The
// error says that a text in it is no UTF-8.
func Encode(v any) (Value, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, fmt.Errorf("cannot write the manifest: %w", err)
	}
	if losesBytes(out.Bytes()) {
		return nil, fmt.Errorf("cannot write the manifest: a value is no UTF-8, which JSON cannot hold: %.100q", v)
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// losesBytes tells that some text in encoded JSON was no UTF-8: the encoder has
// written an escape in place of its bytes, and writes none for anything else.
func losesBytes(encoded []byte) bool {
	lost := []byte(`\ufffd`)
	for rest := encoded; ; {
		at := bytes.Index(rest, lost)
		if at < 0 {
			return false
		}
		backslashes := 0
		for at-backslashes > 0 && rest[at-backslashes-1] == '\\' {
			backslashes++
		}
		if backslashes%2 == 0 {
			return true
		}
		rest = rest[at+len(lost):]
	}
}

// A writer writes an object of plain fields, then of lists and objects.
type writer struct {
	text []byte
	end  byte // closes the list or object that is open; 0 when none is
	more bool // something stands before in it
	err  error
}

func (w *writer) field(name string, value any) {
	w.start()
	w.text = append(w.text, "\n  "...)
	w.put(name)
	w.text = append(w.text, ": "...)
	w.put(value)
}

// start begins the object, or puts the comma behind what stands before.
func (w *writer) start() {
	if w.text == nil {
		w.text = append(make([]byte, 0, 8<<10), '{')
		return
	}
	w.text = append(w.text, ',')
}

func (w *writer) open(name string, bracket byte) {
	w.finish()
	w.start()
	w.text = append(w.text, "\n  "...)
	w.put(name)
	w.text = append(w.text, ':', ' ', bracket)
	w.end, w.more = bracket+2, false // ] and } stand two behind [ and { in ASCII
}

// element adds a value to the open list, or under name to the open object.
func (w *writer) element(name string, value any) {
	if w.more {
		w.text = append(w.text, ',')
	}
	w.more = true
	w.text = append(w.text, "\n    "...)
	if name != "" {
		w.put(name)
		w.text = append(w.text, ": "...)
	}
	w.put(value)
}

func (w *writer) finish() {
	if w.end == 0 {
		return
	}
	if w.more {
		w.text = append(w.text, "\n  "...)
	}
	w.text = append(w.text, w.end)
	w.end = 0
}

func (w *writer) put(value any) {
	text, err := Encode(value)
	if w.err == nil {
		w.err = err
	}
	w.text = append(w.text, text...)
}

func (w *writer) close() ([]byte, error) {
	w.finish()
	return append(w.text, "\n}\n"...), w.err
}
