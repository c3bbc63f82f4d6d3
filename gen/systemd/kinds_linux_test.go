package systemd_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/lab"
	"palletgen/gen/systemd"
)

// settings are values of many kinds, each of which some keys take.
var someValues = strings.Split(`a|5|-5|+5|0|1|1.5|yes|on|T|Off|maybe|/a|-/a|+/a|/a/../b|/a:/b|~|50%|0%|101%|1000%|1G|1.5K|G|5min|1min 30s|5 min|5minutes|5x|1y 2w|-5s|nan|
AF_INET|~AF_INET AF_UNIX|AF_FOO|CAP_CHOWN|~cap_chown|SIGTERM|TERM|SIGFOO|RTMIN+1|SIGRTMAX-30|RTMIN+31|64|65|0022|00022|888|7777|10000|10001|99999999999999999999|infinity|
infinity:5|5:infinity|5:3|3:5|1K:2K|root|a.service|x.target|x.slice|x.socket|no|é|A|auto|7|19|20|-20|-21|99|100|200|255|256|1000|1001|none|none a|full|strict|read-only|tmpfs|
restart|simple|notify|idle|main|cgroup|always|on-failure|all|continue|kill|terminate|control-group|mixed|process|inactive|reboot|exit-force|private|inherit|default|
invisible|pid|init|user|closed|avoid|omit|bind|local|TEMPFAIL|FOO|SUCCESS 3 TERM|4 5|10.0.0.0/8|any|::1|10.0.0.0/33|10.0.0.1|http://a|man:a(1)|ftp://a|a/b|a/../b|..|tcp:5|65535|65536|
sometimes|fail|replace|4294967295|4294967296`, "|")

// fatal are keys after whose mistakes systemd reads no further.
var fatal = map[string]bool{"User": true, "Group": true, "SupplementaryGroups": true, "SocketUser": true, "SocketGroup": true, "DynamicUser": true}

// endings are those of units with a section.
var endings = map[string]string{"Unit": "service", "Service": "service", "Socket": "socket", "Timer": "timer", "Path": "path", "Slice": "slice"}

// newer are words that systemd 252 does not know yet; of one it says that it is
// unsafe.
var newer = map[string]bool{"PrivateUsers=full": true, "ProtectControlGroups=private": true, "ProtectControlGroups=strict": true,
	"ProtectHostname=private": true, "KillMode=none": true}

// strict are values that we refuse, and systemd takes, though not for what they look
// like, or for nothing: a 0 in front of a number makes it octal.
var strict = map[string]bool{"+5": true, "0022": true, "00022": true, "4 5": true, "::1": true, "0%": true}

// lax are keys of which systemd 252 leaves out what it does not know without a word.
var lax = map[string]bool{"CapabilityBoundingSet": true, "AmbientCapabilities": true, "Requires": true, "Requisite": true, "Wants": true, "BindsTo": true,
	"PartOf": true, "Upholds": true, "Conflicts": true, "Before": true, "After": true, "OnSuccess": true, "OnFailure": true, "PropagatesReloadTo": true,
	"ReloadPropagatedFrom": true, "PropagatesStopTo": true, "StopPropagatedFrom": true, "JoinsNamespaceOf": true}

// TestNoSettingIsIgnored: of what we take for a value of a key, systemd leaves out
// nothing, and what we refuse, it leaves out.
func TestNoSettingIsIgnored(t *testing.T) {
	program := lab.Need(t, "systemd-analyze")
	if out, _ := exec.Command(program, "--version").Output(); !strings.HasPrefix(string(out), "systemd 25") {
		lab.Skip(t, "systemd 25x is not here") // later ones may know other words
	}
	folder := t.TempDir()
	args := []string{"verify", "--man=no", "--recursive-errors=no"}
	type setting struct {
		text  string
		taken bool
	}
	var settings [][]setting // of each file, by lines
	for section, keys := range systemd.Kinds() {
		for _, key := range keys {
			if fatal[key] {
				continue
			}
			lines := []setting{{text: "[" + section + "]"}}
			text := lines[0].text + "\n"
			for _, value := range someValues {
				line := key + "=" + strings.TrimSpace(value)
				_, err := systemd.Parse(&diag.Source{Name: "a", Text: lines[0].text + "\n" + line + "\n"})
				lines = append(lines, setting{line, err == nil})
				text += line + "\n"
			}
			file := filepath.Join(folder, fmt.Sprintf("f%d.%s", len(settings), endings[section]))
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			settings, args = append(settings, lines), append(args, file)
		}
	}
	out, _ := exec.Command(program, args...).CombinedOutput() // it fails for what it warns of
	said := map[[2]int]string{}
	for _, m := range regexp.MustCompile(`(?m)f([0-9]+)\.[a-z]+:([0-9]+): (.*)$`).FindAllStringSubmatch(string(out), -1) {
		file, _ := strconv.Atoi(m[1])
		line, _ := strconv.Atoi(m[2])
		said[[2]int{file, line - 1}] = m[3]
	}
	taken, refused := 0, 0
	for file, lines := range settings {
		for n, l := range lines[1:] {
			key, value, _ := strings.Cut(l.text, "=")
			switch why := said[[2]int{file, n + 1}]; {
			case strings.HasPrefix(why, "Unknown key"):
			case l.taken && why != "" && !newer[l.text]:
				t.Errorf("%s is taken, and systemd says: %s", l.text, why)
			case !l.taken && why == "" && !lax[key] && !strict[value]:
				t.Errorf("%s is refused, and systemd takes it", l.text)
			case l.taken:
				taken++
			default:
				refused++
			}
		}
	}
	t.Logf("%d settings taken, %d refused, of %d keys", taken, refused, len(settings))
}
