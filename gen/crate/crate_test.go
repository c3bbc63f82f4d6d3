package crate

import "testing"

func TestNamesOfOwnPhases(t *testing.T) {
	for name, want := range map[string]bool{
		"backup": true, "back-up": true, "ensure": true, "ensure-services": true, "verify-all": true, "rollback2": true,
		"install": false, "uninstall": false, "verify": false, "rollback": false, "help": false, "start": false, "start-all": false,
		"ensure-service": false, "ensure-service-web": false, "Backup": false, "back_up": false, "-a": false, "a-": false, "": false,
	} {
		if got := isOwnPhase(name); got != want {
			t.Errorf("%q: got %v, want %v", name, got, want)
		}
	}
}
