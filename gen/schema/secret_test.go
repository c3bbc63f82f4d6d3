package schema_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
	s := load(t, "{a: {type: string, secret: true, doc: d}, b: {type: text, secret: true, required: true, doc: d}}")
	for text, want := range map[string]any{
		"{}":                  "",
		"a: {}":               secret.New("PALLETGEN_SECRET_X_1_A", "", "a of x_1"),
		"a: {env: MY_A}":      secret.New("MY_A", "", "a of x_1"),
		"a: {file: /etc/a b}": secret.New("PALLETGEN_SECRET_X_1_A", "/etc/a b", "a of x_1"),
	} {
		var errs diag.List
		values := s.Resolve(schema.Input{Name: "x", ID: "x_1", Layers: []schema.Layer{{Value: parse(t, text)}}}, &errs)
		if len(errs) > 0 || values["a"] != want || values["b"] != secret.New("PALLETGEN_SECRET_X_1_B", "", "b of x_1").OfLines() {
			t.Errorf("%s: got %v, %v", text, values, errs)
		}
	}
}

func TestMapsOfSecrets(t *testing.T) {
	s := load(t, "m: {type: map, of: string, keys: '[a-z.]*', secret: true, doc: d}")
	var errs diag.List
	layers := []schema.Layer{{Value: parse(t, "m: {a.b: {}, c: {}}")}, {Value: parse(t, "m: {c: {env: C}}")}}
	values := s.Resolve(schema.Input{Name: "x", ID: "x", Layers: layers}, &errs)
	want := map[string]any{"a.b": secret.New("PALLETGEN_SECRET_X_M_A_B", "", "m.a.b of x"), "c": secret.New("C", "", "m.c of x")}
	if diff := cmp.Diff(want, values["m"], cmp.AllowUnexported(secret.Ref{})); diff != "" || len(errs) > 0 {
		t.Errorf("%v (-want +got)\n%s", errs, diff)
	}
	for _, text := range []string{"m: hunter2", "m: [hunter2]", "m: {a: hunter2}", "m: {A: hunter2}"} {
		var errs diag.List
		values := s.Resolve(schema.Input{Name: "x", ID: "x", Layers: []schema.Layer{{Value: parse(t, text)}}}, &errs)
		var shown bytes.Buffer
		diag.Print(&shown, errs.Err(), false)
		if len(errs) != 1 || strings.Contains(shown.String(), "hunter2") || len(values["m"].(map[string]any)) != 0 {
			t.Errorf("%s: got %v, %s", text, values, &shown)
		}
	}
	if values, err := resolve(s); err != nil || len(values["m"].(map[string]any)) != 0 {
		t.Errorf("not set: got %v, %v", values, err)
	}
}

func TestWhatSecretsCannotBe(t *testing.T) {
	for text, said := range map[string]string{
		"a: {type: string, secret: true, default: x, doc: d}":                                            "cannot have a default",
		"a: {type: integer, secret: true, doc: d}":                                                       "of the types string and text alone",
		"a: {type: string, secret: true, pattern: '[a-z]*', doc: d}":                                     "of the types string and text alone",
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
