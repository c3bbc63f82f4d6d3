package lint_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/conform"
	"palletgen/gen/lab"
)

var update = flag.Bool("update", false, "write the tables of the READMEs anew")

// A checker says of each snippet of the corpus whether it flags it: whether it
// says of the snippet what it does not say of the portable form.
type checker struct {
	name  string
	flags []bool
}

// TestLintInReadme compares the rules with other checkers, in a table of
// crates/README.md; its last row is that of README.md.
func TestLintInReadme(t *testing.T) {
	if testing.Short() {
		t.Skip("starts other checkers")
	}
	list := corpus(t)
	bad, portable := make([]string, len(list)), make([]string, len(list))
	dir := t.TempDir()
	for i, s := range list {
		bad[i], portable[i] = filepath.Join(dir, fmt.Sprint("b", i)), filepath.Join(dir, fmt.Sprint("p", i))
		for file, text := range map[string]string{bad[i]: s.bad, portable[i]: s.portable} {
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	checkers := []checker{{name: "palletgen"}, {name: "shellcheck " + version(t, "shellcheck")}, {name: "checkbashisms " + version(t, "checkbashisms")}, {name: "mvdan/sh"}}
	says := []func(file string) []string{
		func(file string) []string { return flagged(t, read(t, file)) },
		shellcheck(t, slices.Concat(bad, portable)),
		checkbashisms(t, slices.Concat(bad, portable)),
		func(file string) []string { return parse(read(t, file)) },
	}
	for n := range checkers {
		for i := range list {
			known := says[n](portable[i])
			checkers[n].flags = append(checkers[n].flags, slices.ContainsFunc(says[n](bad[i]), func(s string) bool { return !slices.Contains(known, s) }))
		}
	}
	checkReadme(t, "crates/README.md", table(list, checkers, true), checkers)
	checkReadme(t, "README.md", table(list, checkers, false), checkers)
}

// table is the table in Markdown: how many snippets are flagged, of each topic and
// of all.
func table(list []*snippet, checkers []checker, each bool) string {
	var b strings.Builder
	b.WriteString("| snippets about | number |")
	for _, c := range checkers {
		b.WriteString(" " + c.name + " |")
	}
	b.WriteString(" none of the other three |\n|" + strings.Repeat(" --- |", len(checkers)+3) + "\n")
	row := func(name string, of func(*snippet) bool, share bool) {
		total, flagged := 0, make([]int, len(checkers)+1)
		for i, s := range list {
			if !of(s) {
				continue
			}
			total++
			none := true
			for n, c := range checkers {
				if c.flags[i] {
					flagged[n]++
					none = none && n == 0
				}
			}
			if none {
				flagged[len(checkers)]++
			}
		}
		fmt.Fprintf(&b, "| %s | %d |", name, total)
		for _, n := range flagged {
			if share {
				fmt.Fprintf(&b, " %d (%d %%) |", n, 100*n/total)
			} else {
				fmt.Fprintf(&b, " %d |", n)
			}
		}
		b.WriteString("\n")
	}
	var topics []string
	for _, s := range list {
		if each && !slices.Contains(topics, s.topic) {
			topics = append(topics, s.topic)
			row(s.topic, func(other *snippet) bool { return other.topic == s.topic }, false)
		}
	}
	row("all", func(*snippet) bool { return true }, true)
	return b.String()
}

// lintBlock names the block of the README.
const lintBlock = "lint"

func checkReadme(t *testing.T, readme, want string, checkers []checker) {
	t.Helper()
	file := filepath.Join("..", "..", readme)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, block, after, err := conform.Block(string(text), lintBlock)
	if err != nil {
		t.Fatalf("%s: %v:\n%s", readme, err, want)
	}
	for _, c := range checkers {
		if !strings.Contains(block, " "+c.name+" ") && !*update {
			t.Logf("the table of the README is not of %s, and was not compared", c.name)
			return
		}
	}
	if *update && want != block {
		if err := os.WriteFile(file, []byte(before+want+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, block); diff != "" {
		t.Errorf("%s: go test ./gen/lint -run LintInReadme -update writes the table anew (-want +got):\n%s", readme, diff)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var versionRE = regexp.MustCompile(`version:? ([0-9.]+[0-9])`)

func version(t *testing.T, program string) string {
	t.Helper()
	lab.Need(t, program)
	out, err := exec.Command(program, "--version").Output()
	m := versionRE.FindSubmatch(out)
	if m == nil {
		t.Fatalf("%s --version: %v: %s", program, err, out)
	}
	return string(m[1])
}

// shellcheck runs shellcheck -s sh over the files and returns the codes that it
// has for each.
func shellcheck(t *testing.T, files []string) func(string) []string {
	t.Helper()
	out, _ := exec.Command("shellcheck", append([]string{"-s", "sh", "-f", "json", "--norc"}, files...)...).Output()
	var messages []struct {
		File string
		Code int
	}
	if err := json.Unmarshal(out, &messages); err != nil || len(messages) == 0 {
		t.Fatalf("shellcheck: %v: %.200s", err, out)
	}
	codes := map[string][]string{}
	for _, m := range messages {
		codes[m.File] = append(codes[m.File], fmt.Sprint(m.Code))
	}
	return func(file string) []string { return codes[file] }
}

var bashismRE = regexp.MustCompile(`^possible bashism in (\S+) line \d+ \((.*)\):$`)

// checkbashisms runs checkbashisms -p -x over the files and returns the reasons
// that it has for each.
func checkbashisms(t *testing.T, files []string) func(string) []string {
	t.Helper()
	cmd := exec.Command("checkbashisms", append([]string{"-f", "-p", "-x"}, files...)...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	err := cmd.Run()
	reasons, found := map[string][]string{}, false
	for line := range strings.Lines(said.String()) {
		if m := bashismRE.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			reasons[m[1]] = append(reasons[m[1]], m[2])
			found = true
		}
	}
	if !found {
		t.Fatalf("checkbashisms: %v: %.200s", err, said.String())
	}
	return func(file string) []string { return reasons[file] }
}

// parse returns the message of the POSIX parser.
func parse(text string) []string {
	if _, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(text), ""); err != nil {
		return []string{"refused"}
	}
	return nil
}
