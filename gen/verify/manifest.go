package verify

import (
	"fmt"
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/manifest"
	"palletgen/gen/pack"
)

// checkManifest compares manifest.json with the files; false when it cannot be
// read.
func (c *checker) checkManifest() bool {
	m, err := readManifest(c.data[manifest.Name])
	if err != nil {
		c.errs.Add(diag.At(diag.Pos{Source: &diag.Source{Name: c.source + "/" + manifest.Name}}, "%v", err).
			WithHint("it is damaged, changed, or made by another version of palletgen"))
		return false
	}
	c.manifest = m
	switch {
	case c.bundle.Name == "": // of a format that does not say it elsewhere
		c.bundle.Name = m.Bundle
		var list diag.List
		list.Take(pack.Check(c.bundle))
		for _, e := range list {
			c.bad("%s", strings.TrimPrefix(e.Msg, "cannot pack "))
		}
	case c.bundle.Name != m.Bundle:
		c.bad("the folder in it is called %s, and %s says that this is the bundle %q", c.bundle.Name, manifest.Name, m.Bundle)
	}
	c.Name = c.bundle.Name
	c.manifestFiles()
	for _, path := range []string{manifest.Name, Sums, Signature} { // which the manifest does not list
		if f := c.files[path]; f != nil {
			c.checkMode("0644", f)
		}
	}
	c.manifestPhases()
	c.manifestCommands()
	return true
}

// manifestFiles compares the list of files.
func (c *checker) manifestFiles() {
	var names []string
	for _, f := range c.manifest.Files {
		names = append(names, f.Path)
		file := c.files[f.Path]
		switch sum, listed := c.sums[f.Path]; {
		case file == nil:
			if !listed { // else told of by checkSums
				c.bad("%q is missing: %s lists it", f.Path, manifest.Name)
			}
			continue
		case sum != f.SHA256 && c.sums != nil:
			c.bad("%s and %s have different sums of %s", manifest.Name, Sums, f.Path)
		}
		c.checkMode(f.Mode, file)
		if p := f.Put; p != nil && f.Path != "root"+p.Path {
			c.bad("%s: the file of %q is %s, which is another place", manifest.Name, p.Path, f.Path)
		}
	}
	if name, ok := sorted(names); !ok {
		c.bad("%s lists %q twice, or out of order", manifest.Name, name)
	}
	for path := range c.sums {
		if _, listed := slices.BinarySearch(names, path); !listed && path != manifest.Name {
			c.bad("%q is in %s, but not in %s", path, Sums, manifest.Name)
		}
	}
}

// checkMode compares the mode of a file with the one that it should have. Of a
// folder's files only who may execute them counts, and that not everybody may
// write: the rest is a matter of the umask that it was unpacked with.
func (c *checker) checkMode(want string, file *pack.File) {
	mode := fmt.Sprintf("%04o", file.Mode)
	switch {
	case want != "0644" && want != "0755":
		c.bad("%s: %q is no mode of a file in a bundle", manifest.Name, want)
	case !c.isFolder && mode != want:
		c.bad("the mode of %s is %s, should be %s", file.Path, mode, want)
	case c.isFolder && (file.Mode&0o100 != 0) != (want == "0755"), c.isFolder && file.Mode&0o7002 != 0:
		c.bad("the mode of %s is %s, should be %s", file.Path, mode, want).WithHint("chmod %s %s", want, file.Path)
	case want == "0755":
		file.Mode = 0o755
	default:
		file.Mode = 0o644
	}
}

// manifestPhases compares the list of phases with the scripts.
func (c *checker) manifestPhases() {
	services := map[string]bool{"": true}
	for _, s := range c.manifest.Services {
		services[s.Name] = true
	}
	names, scripts := map[string]bool{}, map[string]bool{}
	for _, p := range c.manifest.Phases {
		if names[p.Name] {
			c.bad("%s lists the phase %q twice", manifest.Name, p.Name)
		}
		names[p.Name], scripts["phases/"+p.Script+".sh"] = true, true
		if p.Service == "" {
			c.Phases++
		}
		if _, there := c.data["phases/"+p.Script+".sh"]; !there {
			c.bad("the phase %q has no script: %s says %q", p.Name, manifest.Name, "phases/"+p.Script+".sh")
		}
		if !services[p.Service] {
			c.bad("%s: the phase %q is for %q, which is no service", manifest.Name, p.Name, p.Service)
		}
	}
	for _, f := range c.bundle.Files {
		if strings.HasPrefix(f.Path, "phases/") && !scripts[f.Path] {
			c.bad("%s is the script of no phase", f.Path)
		}
	}
}

// manifestCommands compares the list of scripts whose commands are told.
func (c *checker) manifestCommands() {
	seen := map[string]bool{}
	for _, command := range c.manifest.Commands {
		if _, there := c.data[command.Path]; !there || seen[command.Path] {
			c.bad("%s tells twice of the commands of %q, or there is no such script", manifest.Name, command.Path)
		}
		seen[command.Path] = true
	}
	for _, f := range c.bundle.Files {
		if (f.Path == "run" || f.Path == "lib.sh" || strings.HasPrefix(f.Path, "phases/")) && !seen[f.Path] {
			c.bad("%s does not tell of the commands of %s", manifest.Name, f.Path)
		}
	}
}

func readManifest(text []byte) (*manifest.Manifest, error) {
	if len(text) > maxText {
		return nil, fmt.Errorf("it has more than %d bytes", maxText)
	}
	return manifest.Read(text)
}
