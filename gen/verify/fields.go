package verify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// The fields of manifest.json, in their order; see gen/render.
type manifestJSON struct {
	Palletgen string         `json:"palletgen"`
	Bundle    string         `json:"bundle"`
	Crates    []crateJSON    `json:"crates"`
	Services  []serviceJSON  `json:"services"`
	Phases    []phaseJSON    `json:"phases"`
	Commands  commandsObject `json:"commands"`
	Files     []fileJSON     `json:"files"`
}

type crateJSON struct {
	Name     string          `json:"name"`
	Instance string          `json:"instance,omitempty"`
	Settings json.RawMessage `json:"settings"`
}

type serviceJSON struct {
	Name       string          `json:"name"`
	Crate      string          `json:"crate"`
	Supervisor string          `json:"supervisor"`
	Options    json.RawMessage `json:"options"`
	Service    json.RawMessage `json:"service"`
}

type phaseJSON struct {
	Name    string `json:"name"`
	Script  string `json:"script"`
	Service string `json:"service,omitempty"`
}

type needsJSON struct {
	Required []string `json:"required"`
	Optional []string `json:"optional,omitempty"`
	Provided []string `json:"provided,omitempty"`
	Settings []string `json:"settings,omitempty"`
}

type fileJSON struct {
	Path   string   `json:"path"`
	Mode   string   `json:"mode"`
	SHA256 string   `json:"sha256"`
	Format string   `json:"format,omitempty"`
	Put    *putJSON `json:"put,omitempty"`
}

type putJSON struct {
	Path   string          `json:"path"`
	Owner  string          `json:"owner"`
	Group  string          `json:"group"`
	Mode   string          `json:"mode"`
	Phase  string          `json:"phase"`
	Flag   string          `json:"flag,omitempty"`
	Verify json.RawMessage `json:"verify,omitempty"`

	Secrets []string `json:"secrets,omitempty"`
}

// A commandsObject is an object whose order counts.
type commandsObject []commandJSON

type commandJSON struct {
	script string
	needs  needsJSON
}

// UnmarshalJSON reads the object.
func (o *commandsObject) UnmarshalJSON(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if token, err := d.Token(); err != nil || token != json.Delim('{') {
		return fmt.Errorf("commands are no object")
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		c := commandJSON{script: name.(string)}
		if err := d.Decode(&c.needs); err != nil {
			return err
		}
		*o = append(*o, c)
	}
	return nil
}

// MarshalJSON writes the object.
func (o commandsObject) MarshalJSON() ([]byte, error) {
	text := []byte("{")
	for i, c := range o {
		if i > 0 {
			text = append(text, ',')
		}
		name, err := compact(c.script)
		if err != nil {
			return nil, err
		}
		needs, err := compact(c.needs)
		if err != nil {
			return nil, err
		}
		text = append(append(append(text, name...), ':'), needs...)
	}
	return append(text, '}'), nil
}

// compact encodes a value as palletgen does, without blanks.
func compact(v any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}

// parseManifest reads the text, which has to be what the fields that were read
// make again: so no field is there twice, under another spelling, or unknown.
func parseManifest(text []byte) (*manifestJSON, error) {
	if len(text) > maxText {
		return nil, fmt.Errorf("it has more than %d bytes", maxText)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	m := &manifestJSON{}
	if err := d.Decode(m); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("something stands behind its end")
	}
	var plain bytes.Buffer
	if err := json.Compact(&plain, text); err != nil {
		return nil, err
	}
	again, err := compact(m)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, plain.Bytes()) {
		return nil, fmt.Errorf("its fields are not as palletgen writes them: one is there twice, out of order, or spelled another way")
	}
	return m, nil
}
