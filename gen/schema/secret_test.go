package schema_test

import (
	"bytes"
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/schema"
	"palletgen/gen/secret"
)

// A value is not taken, and not shown: neither in the message nor in the line that it points to.
func TestSecretsAreNotTaken(t *testing.T) {
	s := load(t, "password: {type: string, secret: true, doc: d}")
	if values, err := resolve(s); err != nil || values["password"] != "" {
		t.Errorf("not set: got %v, %v", values, err)
	}
	for _, text := range []string{
		"password: hunter2", "password: [hunter2]", "password: {value: hunter2}", "password: {env: hunter2}", "password: {env: PATH}",
		"password: {file: hunter2}", "password: {env: {a: hunter2}}", "password: {env: A, file: /hunter2}", "password:", "password: {env: PALLETGEN_ROOT}",
	} {
		var errs diag.List
		v := parse(t, text)
		values := s.Resolve(schema.Input{Name: "x", ID: "x", Layers: []schema.Layer{{Value: v}}}, &errs)
		var shown bytes.Buffer
		diag.Print(&shown, errs.Err(), false)
		if len(errs) != 1 || strings.Contains(shown.String(), "hunter2") || values["password"] != "" {
			t.Errorf("%s: got %v, %s", text, values, &shown)
		}
	}
	if _, err := resolve(s, parse(t, "password: {}")); err == nil {
		t.Error("one that is of no crate is taken")
	}
}

func TestWhereSecretsComeFrom(t *testing.T) {
	s := load(t, "{a: {type: string, secret: true, doc: d}, b: {type: string, secret: true, required: true, doc: d}}")
	for text, want := range map[string]any{
		"{}":                  "",
		"a: {}":               secret.New("PALLETGEN_SECRET_X_1_A", "", "a of x_1"),
		"a: {env: MY_A}":      secret.New("MY_A", "", "a of x_1"),
		"a: {file: /etc/a b}": secret.New("PALLETGEN_SECRET_X_1_A", "/etc/a b", "a of x_1"),
	} {
		var errs diag.List
		values := s.Resolve(schema.Input{Name: "x", ID: "x_1", Layers: []schema.Layer{{Value: parse(t, text)}}}, &errs)
		if len(errs) > 0 || values["a"] != want || values["b"] != secret.New("PALLETGEN_SECRET_X_1_B", "", "b of x_1") {
			t.Errorf("%s: got %v, %v", text, values, errs)
		}
	}
}

func TestWhatSecretsCannotBe(t *testing.T) {
	for text, said := range map[string]string{
		"a: {type: string, secret: true, default: x, doc: d}":                                            "cannot have a default",
		"a: {type: integer, secret: true, doc: d}":                                                       "of the type string alone",
		"a: {type: string, secret: true, pattern: '[a-z]*', doc: d}":                                     "of the type string alone",
		"a: {type: struct, doc: d, fields: {b: {type: string, secret: true, doc: d}}}":                   "b cannot be secret",
		"a: {type: list, doc: d, of: {type: struct, fields: {b: {type: string, secret: true, doc: d}}}}": "b cannot be secret",
	} {
		var errs diag.List
		schema.Load(parse(t, text), &errs)
		if err := errs.Err(); err == nil || !strings.Contains(err.Error(), said) {
			t.Errorf("%s: want %q, got %v", text, said, err)
		}
	}
}
