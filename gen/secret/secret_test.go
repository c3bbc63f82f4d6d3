package secret_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"palletgen/gen/secret"
)

// What a function makes of a secret by printing it is known for that.
func TestMisused(t *testing.T) {
	ref := secret.New("A", "", "a of x")
	text, err := json.Marshal(ref)
	if err != nil {
		t.Fatal(err)
	}
	var decoded string
	if err := json.Unmarshal(text, &decoded); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{fmt.Sprint(ref), fmt.Sprintf("x %s y", ref), fmt.Sprintf("%q", ref), decoded, strings.ToUpper(fmt.Sprint(ref))} {
		if !secret.Misused(text) {
			t.Errorf("%q is not known for a secret", text)
		}
	}
	if secret.Misused("secret\x00") || secret.Misused("a secret") {
		t.Error("a text is taken for a secret")
	}
}

func TestEscape(t *testing.T) {
	const text = `a"b'c\` + "\n"
	for how, want := range map[secret.How]string{
		secret.Plain: text, secret.Backslashed: `a\"b'c\\\n`, secret.Doubled: `a"b''c\` + "\n", secret.Shell: `a"b'\''c\` + "\n", secret.Whole: text,
	} {
		if got, err := secret.Escape(how, text); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", how, got, err, want)
		}
	}
	ref := secret.New("A", "", "a of x")
	once, err := secret.Escape(secret.Doubled, ref)
	if err != nil || once != ref.With(secret.Doubled) {
		t.Errorf("got %v, %v", once, err)
	}
	for _, value := range []any{once, 1, nil, []any{}} {
		if got, err := secret.Escape(secret.Doubled, value); err == nil {
			t.Errorf("%v becomes %v", value, got)
		}
	}
}
