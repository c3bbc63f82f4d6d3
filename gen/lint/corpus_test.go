package lint_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/lint"
)

// A snippet is one of testdata, whose README says what it consists of.
type snippet struct {
	topic, rule, title  string
	bad, portable, want string
	code                int
}

func (s *snippet) String() string { return s.topic + ": " + s.rule + ": " + s.title }

// corpus reads all snippets.
func corpus(t testing.TB) []*snippet {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no snippets: %v", err)
	}
	var list []*snippet
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split("\n"+strings.ReplaceAll(string(text), "␍", "\r"), "\n## ")
		for _, part := range parts[1:] {
			s, err := readSnippet(part)
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			s.topic = strings.TrimSuffix(filepath.Base(file), ".txt")
			list = append(list, s)
		}
	}
	return list
}

// readSnippet reads what stands behind a "## ".
func readSnippet(text string) (*snippet, error) {
	head, body, _ := strings.Cut(text, "\n")
	rule, title, ok := strings.Cut(head, ": ")
	bad, rest, ok1 := strings.Cut(body, "-- portable\n")
	portable, want, ok2 := strings.Cut(rest, "-- prints\n")
	if !ok || !ok1 || !ok2 {
		return nil, fmt.Errorf("%q is not as the README says", head)
	}
	s := &snippet{rule: rule, title: title, bad: bad, portable: portable}
	var code string
	s.want, code, _ = strings.Cut(want, "-- exits\n")
	if code != "" {
		n, err := strconv.Atoi(strings.TrimSpace(code))
		if err != nil {
			return nil, err
		}
		s.code = n
	}
	if s.want = strings.TrimRight(s.want, "\n"); s.want != "" {
		s.want += "\n"
	}
	return s, nil
}

var ruleRE = regexp.MustCompile(`\(([a-z-]+)\)$`)

// flagged returns the rules that a text breaks, each once.
func flagged(t *testing.T, text string) []string {
	t.Helper()
	err := lint.Script(&diag.Source{Name: "x.sh", Text: text})
	var list diag.List
	if err != nil && !errors.As(err, &list) {
		t.Fatal(err)
	}
	var rules []string
	for _, e := range list {
		m := ruleRE.FindStringSubmatch(e.Msg)
		if m == nil || e.Pos.Line == 0 {
			t.Fatalf("%v: no rule, or no line", e)
		}
		rules = append(rules, m[1])
	}
	slices.Sort(rules)
	return slices.Compact(rules)
}

func TestCorpus(t *testing.T) {
	list := corpus(t)
	if len(list) < 150 {
		t.Errorf("%d snippets, want at least 150", len(list))
	}
	shown := map[string]bool{}
	for _, s := range list {
		shown[s.rule] = true
		if got := flagged(t, s.bad); !slices.Equal(got, []string{s.rule}) {
			t.Errorf("%v: %v", s, got)
		}
		if got := flagged(t, s.portable); len(got) > 0 {
			t.Errorf("%v: the portable form: %v", s, got)
		}
	}
	for i, r := range lint.Rules() {
		if i > 0 && lint.Rules()[i-1].Name == r.Name {
			t.Errorf("two rules are called %s", r.Name)
		}
		if !shown[r.Name] && !slices.Contains([]string{"syntax", "interpreter", "nul"}, r.Name) {
			t.Errorf("no snippet shows the rule %s", r.Name)
		}
	}
	t.Logf("%d snippets, %d rules", len(list), len(shown))
}
