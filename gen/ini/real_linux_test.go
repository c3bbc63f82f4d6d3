package ini_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/ini"
	"palletgen/gen/splice/splicetest"
)

// reader prints what supervisord understands of its configuration.
const reader = `
import json, shlex, sys
from supervisor.options import ServerOptions
options = ServerOptions()
options.configfile = sys.argv[1]
options.here = "/here"
programs = {}
for group in options.read_config(sys.argv[1]).process_group_configs:
    for p in group.process_configs:
        log = p.stdout_logfile if isinstance(p.stdout_logfile, str) else ""
        programs[p.name] = [p.directory, p.serverurl, str(p.priority), log, p.environment.get("A", "")] + shlex.split(p.command)
json.dump(programs, sys.stdout)
`

// TestSupervisordReadsTheSame gives values to the reader of the real supervisord.
func TestSupervisordReadsTheSame(t *testing.T) {
	interpreter := supervisordPython(t)
	var values []string
	characters := []rune{0x1680, 0x2000, 0x200b, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff, 0xffff, 0x1f600}
	for c := rune(1); c <= 0x180; c++ {
		characters = append(characters, c)
	}
	for _, c := range characters {
		values = append(values, string(c), "a"+string(c)+"b", "a "+string(c)+"b", string(c)+"a")
	}
	for _, v := range splicetest.Awkward {
		values = append(values, v, "x"+v, v+"x", v+";", v+" #")
	}
	values = append(values, strings.Repeat("%", 100<<10), "a;b#c")
	folder := t.TempDir()
	conf, want, given := "[supervisord]\n", map[string][]string{}, 0
	for i, v := range values {
		name := fmt.Sprintf("p%d.x@-_+", i)
		text, err := ini.Splice(marked("[program:§]\ndirectory=§\nserverurl=%(program_name)s§x\npriority=§\ncommand=/bin/x §\n", name, v, v, i, "a@b%c"))
		if err != nil {
			continue
		}
		given++
		want[name] = []string{v, name + v + "x", fmt.Sprint(i), "", "", "/bin/x", "a@b%c"}
		for _, more := range []struct{ line, value string }{{"stdout_logfile=§\n", filepath.Join(folder, v)}, {"environment=A=\"§\",B='§'\n", v}} {
			line, err := ini.Splice(marked("[x]\n"+more.line, more.value, more.value))
			if err != nil || strings.Count(more.value, "/") > strings.Count(folder, "/")+1 {
				continue
			}
			text = append(text, strings.TrimPrefix(string(line), "[x]\n")...)
			if strings.HasPrefix(more.line, "s") {
				want[name][3] = more.value
			} else {
				want[name][4] = more.value
			}
		}
		conf += string(text)
	}
	file := filepath.Join(folder, "supervisord.conf")
	if err := os.WriteFile(file, []byte(conf), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(interpreter, "-c", reader, file)
	cmd.Stderr = os.Stderr
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	for name, want := range want {
		if diff := cmp.Diff(want, got[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%.1000s", name, diff)
		}
	}
	t.Logf("%d of %d values can be said", given, len(values))
}
