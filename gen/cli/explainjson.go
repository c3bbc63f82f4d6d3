package cli

import (
	"bytes"
	"encoding/json"
	"io"

	"palletgen/gen/diag"
	"palletgen/gen/plan"
	"palletgen/gen/render"
)

// jsonLine is what --json prints of a line.
type jsonLine struct {
	File     string        `json:"file"`
	Line     int           `json:"line"`
	Text     string        `json:"text"`
	Of       string        `json:"of,omitempty"`       // FILE:LINE of the bundle, of a script that holds it
	Template *jsonPlace    `json:"template,omitempty"` // or, where palletgen writes the line by itself:
	Why      string        `json:"why,omitempty"`
	About    []jsonOrigin  `json:"about,omitempty"`
	Because  []jsonBecause `json:"because,omitempty"`
	Owners   []jsonOrigin  `json:"owners"` // its crate, and the group
	Values   []jsonValue   `json:"values,omitempty"`
}

type jsonPlace struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column,omitempty"`
}

type jsonOrigin struct {
	Name string       `json:"name"`
	How  string       `json:"how"`
	At   *jsonPlace   `json:"at"`
	From []jsonOrigin `json:"from,omitempty"`
}

type jsonBecause struct {
	Text    string       `json:"text"`
	At      *jsonPlace   `json:"at,omitempty"`
	Origins []jsonOrigin `json:"origins,omitempty"`
}

// jsonValue is a value: the bytes from (from 1) to to of the line.
type jsonValue struct {
	Text    string       `json:"text"`
	From    int          `json:"from"`
	To      int          `json:"to"`
	Printed *jsonPlace   `json:"printed,omitempty"`
	Origins []jsonOrigin `json:"origins"`
}

func placeOf(pos diag.Pos) *jsonPlace {
	if pos.Source == nil {
		return nil
	}
	return &jsonPlace{pos.Source.Name, pos.Line, pos.Col}
}

func originsOf(list []*plan.Origin) []jsonOrigin {
	var told []jsonOrigin
	for _, o := range list {
		told = append(told, jsonOrigin{o.Name, o.How, placeOf(o.Pos), originsOf(o.From)})
	}
	return told
}

// printJSON prints one object of a line.
func (e *explanation) printJSON(file string, n int, line render.Line) error {
	told := jsonLine{
		File: file, Line: n, Text: line.Text, Of: line.Of, Template: placeOf(line.Template), Why: line.Why,
		About: originsOf(line.About), Owners: originsOf(e.owners(line)),
	}
	if told.Template != nil {
		told.Why, told.About = "", nil
	}
	for _, b := range line.Because {
		told.Because = append(told.Because, jsonBecause{b.Text, placeOf(b.Pos), originsOf(b.Origins)})
	}
	for _, v := range line.Values {
		told.Values = append(told.Values, jsonValue{line.Text[v.From:v.To], v.From + 1, v.To, placeOf(v.Action), originsOf(v.Origins)})
	}
	return writeJSON(e.app.out, told)
}

// writeJSON writes v as one line, which steers no terminal.
func writeJSON(w io.Writer, v any) error {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(diag.EscapeJSON(text.Bytes()))
	return err
}
