package procfile_test

import (
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/procfile"
)

func TestNotTooManyProcesses(t *testing.T) {
	_, err := procfile.Import(&diag.Source{Name: "Procfile", Text: strings.Repeat("a: b\n", 10_001)}, nil, procfile.Options{})
	if err == nil || !strings.Contains(err.Error(), "Procfile:10001:1: the Procfile has more than 10000 processes") {
		t.Errorf("got %v", err)
	}
}
