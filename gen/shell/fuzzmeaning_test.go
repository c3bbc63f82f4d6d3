package shell_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"palletgen/gen/lab"
	"palletgen/gen/shell"
)

// A reading is a command that is given a value where it reads patterns and the
// like; @ is the value. Of each, what it has to print if the value means itself;
// text has lines of any kind, names are files that are there.
type reading struct {
	template string
	prints   func(value, text string, names []string) string
}

// contained counts the lines that hold the value, as grep -c does.
func contained(value, text string, _ []string) string {
	n := 0
	for line := range strings.Lines(text) {
		if strings.Contains(strings.TrimSuffix(line, "\n"), value) {
			n++
		}
	}
	return strconv.Itoa(n) + "\n"
}

var readings = []reading{
	{"grep -c -e @ text", contained},
	{"grep -c -- \"@\" text", contained},
	{"grep -E -c -e @ text", contained},
	{"grep -F -c -e @ text", contained},
	{"grep -c -e \"^@:\" text", func(value, text string, _ []string) string {
		n := 0
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, value+":") {
				n++
			}
		}
		return strconv.Itoa(n) + "\n"
	}},
	{"find names -name @", func(value, _ string, names []string) string {
		if value != "names" && slices.Contains(names, value) {
			return "names/" + value + "\n"
		}
		if value == "names" && slices.Contains(names, value) {
			return "names\nnames/names\n"
		} else if value == "names" {
			return "names\n"
		}
		return ""
	}},
	{"printf '%s' \"$chars\" | tr -d @", func(value, _ string, _ []string) string {
		return strings.Map(func(r rune) rune {
			if strings.ContainsRune(value, r) {
				return -1
			}
			return r
		}, chars)
	}},
	{"date \"+@\"", func(value, _ string, _ []string) string { return value + "\n" }},
	{"date \"+%% @\"", func(value, _ string, _ []string) string { return "% " + value + "\n" }},
	{"stat -c \"@\" text", func(value, _ string, _ []string) string { return value + "\n" }},
}

// chars are the characters that tr is shown.
const chars = "abcxyzABC0189 _-.,:;[]\\=+*?^$(){}|/'\"`~#%&@!<>"

// FuzzMeaning gives values to programs where they read patterns, sets and formats.
// Those that the engine takes mean themselves, to the programs of the host and to
// busybox's; the others it has refused.
func FuzzMeaning(f *testing.F) {
	dash, busybox := lab.Need(f, "dash"), lab.Need(f, "busybox")
	engine := shell.NewEngine()
	for _, v := range []string{"a", "a b", "a.b", "app-1", "[a]", "a*", "^a", "a$", "\\.", "a|b", "x{2}", "%s", "a-c", "[:alpha:]", "é", "\xff", "", "-", "--", "+", "?", "\\(a\\)", "names", "/"} {
		f.Add(v, v+"\nx"+v+"y\n"+v+":z")
		f.Add("a"+v, "ab\naab\n"+v)
	}
	for value, other := range map[string]string{"a.b": "axb", "a*": "aaa\nb", "[ab]": "a", "a|b": "b", "x{2}": "xx", "a+": "aa", "a?": "ab\na", "^a": "a", "a$": "a", "a\\b": "ab"} {
		f.Add(value, other+"\n"+value) // where it would be a pattern, it would match the other
	}
	f.Fuzz(func(t *testing.T, value, text string) {
		if strings.Contains(value+text, "\x00") || len(value) > 100 || len(text) > 1000 {
			return
		}
		text += "\n"
		dir := t.TempDir()
		names := makeNames(t, dir, value, text)
		var wants []string
		script := "export LC_ALL=C\nchars=" + "'" + strings.ReplaceAll(chars, "'", `'\''`) + "'\n"
		for _, tools := range []string{"", "busybox "} {
			for _, r := range readings {
				template := r.template
				if before, after, piped := strings.Cut(template, "| "); piped {
					template = before + "| " + tools + after
				} else {
					template = tools + template
				}
				spliced, err := engine.Splice(marked(template+"\n", value))
				if err == nil {
					script += spliced.Text + "printf '\\000'\n"
					wants = append(wants, template+": "+r.prints(value, text, names))
				}
			}
		}
		cmd := exec.Command(dash, "-c", script)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "PATH="+filepath.Dir(busybox)+":"+os.Getenv("PATH"))
		said, _ := cmd.Output() // grep -c of nothing ends with 1
		got := strings.Split(string(said), "\x00")
		for i, want := range wants {
			template, want, _ := strings.Cut(want, ": ")
			if i >= len(got) || sorted(got[i]) != sorted(want) {
				t.Errorf("%s: %q does not mean itself: got %q, want %q", template, value, got[min(i, len(got)-1)], want)
			}
		}
	})
}

// sorted returns the lines in order: find has none.
func sorted(text string) string {
	lines := strings.Split(text, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// makeNames makes the file text, and files called as the value and the lines of
// the text, as far as files can be; it returns these names.
func makeNames(t *testing.T, dir, value, text string) []string {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "text"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "names"), 0o755); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, name := range append(strings.Split(text, "\n"), value) {
		if name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\n") || slices.Contains(names, name) {
			continue
		}
		if os.WriteFile(filepath.Join(dir, "names", name), nil, 0o644) == nil {
			names = append(names, name)
		}
	}
	return names
}
