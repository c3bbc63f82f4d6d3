package ini_test

import (
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/ini"
)

// TestHolesOfOthers has foreman#519: values were escaped for a shell, which
// supervisord is not. What would need quotes is refused, the launcher says it.
func TestHolesOfOthers(t *testing.T) {
	for value, fits := range map[string]bool{"https://some.url?p=foobar": false, "a,B=c": false, `a"b`: false, "a\nuser=root": false, "/first%20name": false, "https://a/b": true} {
		text, err := ini.Splice(marked("[program:x]\nenvironment=URL=\"§\"\n", value))
		if (err == nil) != fits {
			t.Errorf("foreman#519: %q: %v", value, err)
		} else if want := "[program:x]\nenvironment=URL=\"" + value + "\"\n"; fits && string(text) != want {
			t.Errorf("foreman#519: got %q, want %q", text, want)
		}
	}
	text, err := ini.Splice(marked("[program:x]\nserverurl=§\n", "https://some.url?p=%20foobar"))
	if want := "[program:x]\nserverurl=https://some.url?p=%%20foobar\n"; err != nil || string(text) != want {
		t.Errorf("foreman#519: got %q, %v, want %q", text, err, want)
	}
	// A shell, or su, reads the value again.
	for _, line := range []string{"command=/bin/sh -c §", "command=/bin/sh -c \"x §\"", "command=su - a -c §", "Command=env A=b bash -ec §"} {
		if text, err := ini.Splice(marked("[program:x]\n"+line+"\n", "reboot")); err == nil || !strings.Contains(err.Error(), "the value would be read as shell code") {
			t.Errorf("%q, %v", text, err)
		}
	}
	if text, err := ini.Splice(marked("[program:x]\ncommand=/bin/sh -c 'x \"$1\"' sh §\n", "reboot")); err != nil {
		t.Errorf("%q, %v", text, err)
	}
}

// TestManyMistakes: each line is looked at once, however many there are of one key.
func TestManyMistakes(t *testing.T) {
	const lines = 20_000
	_, err := ini.Parse(&diag.Source{Name: "a", Text: "[a]\n" + strings.Repeat("a=b\n", lines) + strings.Repeat("[a]\n", lines)})
	if list, _ := err.(diag.List); len(list) != 2*lines-1 {
		t.Errorf("got %d errors, want %d", len(list), 2*lines-1)
	}
}
