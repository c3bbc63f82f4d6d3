package render_test

import (
	"os"
	"strings"
	"testing"

	"palletgen/gen/plan"
	"palletgen/gen/render"
)

// TestLogrotateHoldsHostileFolders gives hostile names to a log's folder: each is
// refused, or stands in the quotes that logrotate.conf has, where " \ and the
// bytes of patterns mean something.
func TestLogrotateHoldsHostileFolders(t *testing.T) {
	catalog, err := plan.NewCatalog(os.DirFS("../.."), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	renderer := render.New(catalog, "v0")
	for _, sup := range []string{"systemd", "upstart", "sysvinit", "openrc"} {
		held := 0
		for _, hostile := range hostileValues {
			text, err := configUnder(catalog, renderer, sup, "app", "command: [x]", "etc/logrotate.d/app", leaf{"app.log_dir", "§"}.set("/var/log/x"+hostile+"y"))
			if err != nil {
				continue
			}
			held++
			name, bad := "/var/log/x"+hostile+"y/app.log", strings.ContainsAny(hostile, "\"\\*?[]{}\n")
			if bad || !strings.Contains(text, "\n\""+name+"\" {\n") {
				t.Errorf("%s: %q: %s", sup, name, text)
			}
		}
		if held < 10 {
			t.Errorf("%s: only %d folders are taken", sup, held)
		}
	}
}
