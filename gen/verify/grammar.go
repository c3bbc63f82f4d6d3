package verify

import (
	"strings"

	"palletgen/gen/clojure"
	"palletgen/gen/diag"
	"palletgen/gen/ini"
	"palletgen/gen/manifest"
	"palletgen/gen/plist"
	"palletgen/gen/systemd"
	"palletgen/gen/upstart"
)

// grammars read the formats that have a grammar of their own, but for shell.
var grammars = map[string]func(*diag.Source) error{
	"systemd": func(s *diag.Source) error { _, err := systemd.Parse(s); return err },
	"upstart": func(s *diag.Source) error { _, err := upstart.Parse(s); return err },
	"ini":     func(s *diag.Source) error { _, err := ini.Parse(s); return err },
	"plist":   func(s *diag.Source) error { _, err := plist.Parse(s); return err },
	"clojure": func(s *diag.Source) error { _, err := clojure.Parse(s); return err },
	"text":    func(*diag.Source) error { return nil },
}

// checkGrammars reads every script and every file that was made from a template
// by the rules of its format. Files that bundles carry byte for byte may be
// anything.
func (c *checker) checkGrammars() {
	for _, command := range c.manifest.Commands {
		if _, there := c.data[command.Path]; !there {
			continue
		}
		// What has no text from settings keeps our own rules, too.
		strict := command.Path == "run" || command.Path == "lib.sh"
		c.parse(command.Path, func(s *diag.Source) error { return c.Shell.Check(s, strict) })
	}
	for _, f := range c.manifest.Files {
		if f.Format == "" || f.Format == "shell" || c.files[f.Path] == nil {
			continue
		}
		read := grammars[f.Format]
		if read == nil {
			c.bad("%s: %q is no format of a file", manifest.Name, f.Format)
			continue
		}
		c.parse(f.Path, func(s *diag.Source) error {
			if levels(s.Text) > maxLevels {
				return diag.At(diag.Pos{Source: s}, "it has more parentheses than palletgen can read")
			}
			return read(s)
		})
	}
}

// parse reads a file by a grammar, if it is not too large.
func (c *checker) parse(path string, read func(*diag.Source) error) {
	src := c.in(path)
	if len(src.Text) > maxText {
		c.bad("%s has %d bytes, and a file of its kind %d at most", path, len(src.Text), maxText)
		return
	}
	c.errs.Take(read(src))
}

// levels is at least how deep anything in a text of one of the formats but shell
// is nested. Those who read it call themselves for each level.
func levels(text string) int {
	n := 0
	for i := range len(text) {
		if strings.IndexByte("([{<'`#^@~", text[i]) >= 0 {
			n++
		}
	}
	return n
}
