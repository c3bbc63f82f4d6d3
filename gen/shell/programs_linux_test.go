package shell_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"palletgen/gen/lab"
	"palletgen/gen/shell"
)

// hostile are values that shells and programs like to make something of; touched
// is there after code in them was run.
var hostile = []string{
	"", " a  b ", "a\nb", "\n", "\t", "$(touch touched)", "`touch touched`", ";touch touched;", "|touch touched", "touch touched|", "&touch touched&", ">touched", "a[$(touch touched)]",
	"';touch touched;'", "\";touch touched;\"", "$(shell touch touched)", "\ntouch touched\n", "system(\"touch touched\")", "-rf", "--help", "-", "--", "*", "?", "[a-z]", "~", "~root",
	"!", "!!", "a=b", "=", "@f", "&", "\\", "\\n", "\\\\", "a\\", "%s", "%%", "%n", "{}", ";", "+", "é", "\xff\xfe", "\x01\x7f", "host:x", "#a", "(", ")", "a,b", "$x", "${x}", "$", ".", "..", "0",
	"010", "{a,b}", "'", "\"", "'\\''", "EOF", "a\rb", "-exec", "-e", "-c",
}

// programs are commands that have to print the value, where the engine takes it;
// @ is the value.
var programs = []string{
	"printf '%s' @",
	"env A=@ sh -c 'printf %s \"$A\"'",
	"A=@ sh -c 'printf %s \"$A\"'",
	"export A=@\nsh -c 'printf %s \"$A\"'",
	"nice -n 1 printf '%s' @",
	"nohup printf '%s' @ 2>/dev/null",
	"timeout 5 printf '%s' @",
	"flock f printf '%s' @",
	"exec printf '%s' @",
	"command printf '%s' @",
	"find . -maxdepth 0 -exec printf '%s' @ \\;",
	"find . -maxdepth 0 -exec sh -c 'printf %s \"$1\"' sh @ \\;",
	"printf 'x\\n' | xargs sh -c 'printf %s \"$1\"' sh @",
	"printf 'x\\n' | xargs -I{} sh -c 'printf %s \"$1\"' sh @",
	"sh -c 'printf %s \"$1\"' sh @",
	"sh -s @ <<'E'\nprintf %s \"$1\"\nE",
	"A=@ awk 'BEGIN { printf \"%s\", ENVIRON[\"A\"] }'",
	"perl -e 'print $ARGV[0]' -- @",
	"python3 -c 'import os, sys; os.write(1, os.fsencode(sys.argv[1]))' @",
	"jq -rnj --arg a @ '$a'",
	"make -s A=@",
	"(x=@\ntrap 'printf \"%s\" \"$x\"' EXIT)",
	"x=@\neval 'printf %s \"$x\"'",
	"x=$(printf '%s.' @)\nprintf '%s' \"${x%.}\"",
	"ln -s @ l && find l -prune -exec readlink -n {} \\;",
	"git config -f c a.b @ && git config -z -f c a.b | tr -d '\\000'",
	"cp f ./@ && printf '%s' @",
	"printf a >./@ && printf '%s' @",
	"mkdir -p d/@ && (cd d/@ && printf '%s' @)",
	"tar -cf @ f && printf '%s' @",
	"x=@\n[ \"$x\" -ge 0 ] 2>/dev/null && printf '%s' @",
	"x=@\ny=$((x + 1))\nprintf '%s' @",
	"RANDOM=@ printf '%s' @",
	"perl -ne 1 @ 2>/dev/null\nprintf '%s' @",
	"awk 1 @ 2>/dev/null\nprintf '%s' @",
	"sort -T . @ 2>/dev/null\nprintf '%s' @",
	"cat <@ 2>/dev/null\nprintf '%s' @",
	"su -s /bin/sh -c 'printf %s \"$1\"' root sh @",
	"start-stop-daemon --start --quiet --oknodo --pidfile /none --exec /usr/bin/printf -- '%s' @",
	"sed -n 1p @ 2>/dev/null\nprintf '%s' @",
}

// needs are the programs that the commands need, beside those of every host.
var needs = []string{"flock", "git", "jq", "make", "perl", "python3", "start-stop-daemon", "su"}

// TestProgramsTakeValues gives hostile values to programs in all shells, each pair
// in one of them: the engine refuses the value, or nothing but it is printed and
// none of it is run.
func TestProgramsTakeValues(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts thousands of shells")
	}
	var shells [][]string
	for _, name := range []string{"dash", "bash", "busybox sh", "mksh", "ksh93", "yash", "zsh --emulate sh", "posh"} {
		argv := strings.Fields(name)
		if _, err := exec.LookPath(argv[0]); err == nil {
			shells = append(shells, argv)
		}
	}
	lab.Need(t, "dash")
	engine, taken, all := shell.NewEngine(), 0, 0
	for i, template := range programs {
		t.Run(template, func(t *testing.T) {
			if name, _, _ := strings.Cut(template, " "); slices.Contains(needs, name) {
				lab.Need(t, name)
				if name == "su" && os.Geteuid() != 0 {
					lab.Skip(t, "needs root, of whom su asks no password")
				}
			}
			for j, value := range hostile {
				if (i+j)%3 > 0 && !strings.HasPrefix(value, "-") {
					continue // all would take half a minute
				}
				all++
				values := make([]any, strings.Count(template, "@"))
				for i := range values {
					values[i] = value
				}
				if script, err := engine.Splice(marked(template+"\n", values...)); err == nil {
					sh := shells[taken%len(shells)]
					if sh[0] == "yash" && strings.ContainsFunc(value, func(r rune) bool { return r >= 0x80 }) {
						sh = shells[0] // yash reads no other bytes than ASCII in the C locale, in whatever script
					}
					tryProgram(t, sh, template, value, script.Text)
					taken++
				}
			}
		})
	}
	t.Logf("%d of %d were taken", taken, all)
	if taken < all/2 {
		t.Errorf("%d of %d were taken", taken, all)
	}
}

// tryProgram runs the script in a folder of its own.
func tryProgram(t *testing.T, argv []string, template, value, text string) {
	t.Helper()
	dir, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"f": "f\n", "Makefile": "a:\n\tprintf %s '$(A)'\n", "script": text} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(argv[0], append(argv[1:], "./script")...)
	var out, errs bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &errs
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "HOME=" + dir, "x=x"}
	err = cmd.Run()
	if _, missing := os.Stat(filepath.Join(dir, "touched")); missing == nil && !strings.Contains(template, "./@") {
		t.Errorf("%s in %s: %q is run", template, argv[0], value)
	}
	fails := err != nil && out.Len() == 0 && strings.Contains(template, "&&") // no file can have such a name
	if got := out.String(); got != value && !fails {
		t.Errorf("%s in %s: %q comes as %q\n%s", template, argv[0], value, got, errs.String())
	}
}
