package plist_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/lab"
	"palletgen/gen/plist"
	"palletgen/gen/splice/splicetest"
)

// TestOthersReadTheSame gives every character to another reader, Python's.
func TestOthersReadTheSame(t *testing.T) {
	python := lab.Need(t, "python3")
	var values []any
	for c := rune(1); c < 0x800; c++ {
		if v := string(c) + "a" + string(c); plist.Fits(v) {
			values = append(values, v, string(c))
		}
	}
	for _, v := range splicetest.Awkward {
		if plist.Fits(v) {
			values = append(values, v, " "+v+" ")
		}
	}
	values = append(values, "]]>", "\U0010fffd", strings.Repeat("<&", 50<<10))
	argv := make([]string, len(values))
	for i, v := range values {
		argv[i] = v.(string)
	}
	text, err := plist.Splice(marked(head+"<array>\n§\n"+strings.Repeat("<string>§</string>\n", len(values))+"</array>\n</plist>\n", append([]any{argv}, values...)...))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "-c", "import json, plistlib, sys; json.dump(plistlib.loads(sys.stdin.buffer.read()), sys.stdout)")
	cmd.Stdin = strings.NewReader(string(text))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(append(argv, argv...), got); diff != "" {
		t.Errorf("(-want +got):\n%.2000s", diff)
	}
	t.Logf("%d values", len(values))
}
