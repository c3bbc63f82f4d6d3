package ini_test

import (
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/ini"
	"palletgen/gen/splice/splicetest"
)

// TestSupervisordTakesTheSame: the values that we take for the keys of a program are
// those that the real supervisord takes, and the keys are those that it reads.
func TestSupervisordTakesTheSame(t *testing.T) {
	server := splicetest.Serve(t, supervisordPython(t), readConfig+`
class Parser(options.UnhosedConfigParser):
    def saneget(self, section, option, *args, **kwargs):
        if section.startswith("program:"):
            read.add(option)
        return options_saneget(self, section, option, *args, **kwargs)
options_saneget = options.UnhosedConfigParser.saneget
options.UnhosedConfigParser = Parser
read = set()
def answer(question):
    read_config(question)
    return " ".join(sorted(read))
`)
	// What it takes, though it makes no sense or is not what it looks like: Python reads
	// _ within numbers, and an 0 before them as nothing.
	odd := map[string]bool{"1_0": true, "+5": true, "0o22": true, "-5KB": true, "1000000000000000KB": true, "9999999999": true, "100000": true, "-5": true,
		"stopsignal=0": true, "stopsignal=022": true, "stopsignal=0022": true, "umask=-1": true}
	taken, refused := 0, 0
	for _, key := range ini.Judged() {
		if key == "numprocs" { // it makes as many as it is told
			continue
		}
		for _, value := range strings.Fields("true TRUE yes on 1 0 off no T maybe unexpected always -1 -5 +5 5 1_0 1.5 022 0022 0o22 888 100000 5KB 5kb 5MB 5M 5GB -5KB " +
			"1000000000000000KB 9999999999 TERM SIGTERM sigterm SIGFOO 9 64 99 0,1 0,256 0,a 1, a") {
			text := "[program:x]\n" + key + "=" + value + "\n"
			if key == "stopasgroup" {
				text += "killasgroup=true\n"
			}
			_, err := ini.Parse(&diag.Source{Name: "x", Text: text})
			said := ""
			server.Ask(t, []byte("[supervisord]\n"+text+"command=/bin/true\nprocess_name=%(program_name)s%(process_num)s\n"), &said)
			switch {
			case err == nil && said == "":
				t.Errorf("%s=%s is taken, and supervisord refuses it", key, value)
			case err != nil && said != "" && !odd[value] && !odd[key+"="+value] && !(value == "-1" && strings.HasSuffix(key, "maxbytes")):
				t.Errorf("%s=%s: supervisord takes it: %v", key, value, err)
			case err == nil:
				taken++
			default:
				refused++
			}
		}
	}
	read := ""
	server.Ask(t, []byte("[supervisord]\n[program:x]\ncommand=/bin/true\n"), &read)
	if read != ini.Process() {
		t.Errorf("supervisord reads %s\nwe know          %s", read, ini.Process())
	}
	t.Logf("%d settings taken, %d refused", taken, refused)
}
