package cli_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/cli"
)

// pages are what people read, from the top of the repository.
var pages = []string{"README.md", "crates/README.md", "templates/supervisors/README.md"}

// TestEmbedded: the program holds every file of crates and templates but the pages.
func TestEmbedded(t *testing.T) {
	t.Parallel()
	top := root(t)
	var want []string
	for _, dir := range []string{"crates", "templates"} {
		err := fs.WalkDir(os.DirFS(top), dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && !slices.Contains(pages, path) {
				want = append(want, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "list", "-f", `{{join .EmbedFiles "\n"}}`, ".")
	cmd.Dir = top
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Fields(string(out))
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("main.go embeds other files (-want +got):\n%s", diff)
	}
}

var (
	linkRE    = regexp.MustCompile(`\]\(([^()\s]+)\)`)
	headingRE = regexp.MustCompile(`(?m)^#+ (.*)$`)
	fenceRE   = regexp.MustCompile("(?ms)^ *```.*?^ *```$")
	noAnchor  = regexp.MustCompile(`[^\w -]`)
)

// anchors returns what links to the headings of a page end in.
func anchors(page string) map[string]bool {
	found := map[string]bool{}
	for _, m := range headingRE.FindAllStringSubmatch(fenceRE.ReplaceAllString(page, ""), -1) {
		found[strings.ReplaceAll(noAnchor.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-")] = true
	}
	return found
}

// TestLinks: what the pages link to within the repository is there.
func TestLinks(t *testing.T) {
	t.Parallel()
	top := root(t)
	for _, page := range pages {
		text, err := os.ReadFile(filepath.Join(top, page))
		if err != nil {
			t.Fatal(err)
		}
		links := linkRE.FindAllStringSubmatch(fenceRE.ReplaceAllString(string(text), ""), -1)
		if len(links) == 0 {
			t.Errorf("%s: no links", page)
		}
		for _, m := range links {
			if strings.Contains(m[1], "://") {
				continue
			}
			file, anchor, anchored := strings.Cut(m[1], "#")
			target := text
			if file != "" {
				path := filepath.Join(top, filepath.Dir(page), file)
				if _, err := os.Stat(path); err != nil {
					t.Errorf("%s: %s: %v", page, m[1], err)
					continue
				}
				if anchored {
					if target, err = os.ReadFile(path); err != nil {
						t.Errorf("%s: %s: %v", page, m[1], err)
						continue
					}
				}
			}
			if anchored && !anchors(string(target))[anchor] {
				t.Errorf("%s: %s: there is no such heading", page, m[1])
			}
		}
	}
}

var groupsRE = regexp.MustCompile("(?ms)^```yaml\n((?:specs|groups):\n.*?)^```$")

// TestGroupsInReadme: every palletgen.yaml of the README can be built. (Those of
// the other pages are built, and run, by gen/behaviour.)
func TestGroupsInReadme(t *testing.T) {
	t.Parallel()
	top := root(t)
	text, err := os.ReadFile(filepath.Join(top, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := groupsRE.FindAllStringSubmatch(string(text), -1)
	if len(blocks) < 5 {
		t.Errorf("the README has %d of them, want 5 or more", len(blocks))
	}
	for _, m := range blocks {
		var said strings.Builder
		if code := cli.Main([]string{"check", "-f", "-"}, os.DirFS(top), strings.NewReader(m[1]), &said, &said); code != 0 {
			t.Errorf("exit code %d: %s\nof:\n%s", code, said.String(), m[1])
		}
	}
}
