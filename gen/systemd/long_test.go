package systemd_test

import (
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/systemd"
)

// TestLongLines: a line that many others continue is as long as systemd reads
// at most, and each place in it is found.
func TestLongLines(t *testing.T) {
	text := "[Service]\nExecStart=/a" + strings.Repeat("\\\n b", 20_000) + "\nRestart=no\n"
	settings, ignored := systemd.Read(&diag.Source{Name: "a", Text: text})
	if len(settings) != 2 || len(ignored) != 0 {
		t.Fatalf("got %d settings, %v", len(settings), ignored)
	}
	last := settings[0].At(len(settings[0].Value) - 1)
	if last.Line != 20_002 || last.Col != 2 || settings[0].At(0).Line != 2 || settings[1].Pos.Line != 20_003 {
		t.Errorf("the value ends at %v, begins at %v, the next is at %v", last, settings[0].At(0), settings[1].Pos)
	}
	settings, ignored = systemd.Read(&diag.Source{Name: "a", Text: "[Service]\nExecStart=/a" + strings.Repeat(" b", 1<<19) + "\nRestart=no\n"})
	if len(settings) != 1 || len(ignored) != 1 || !strings.Contains(ignored.Error(), "longer than systemd reads: more than 1048575 bytes") {
		t.Errorf("got %d settings, %.200v", len(settings), ignored)
	}
}
