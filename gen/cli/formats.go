package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"palletgen/gen/diag"
	"palletgen/gen/onefile"
	"palletgen/gen/pack"
	"palletgen/gen/render"
)

// The names of the formats, as --format takes them.
const (
	formatScript   = "sh"
	formatUserData = "cloud-init"
)

var formatNames = []string{pack.TarGz.Name, pack.Tar.Name, pack.Folder.Name, formatScript, formatUserData}

func formatFlags(flags *pflag.FlagSet, o *options) {
	flags.StringSliceVar(&o.formats, "format", []string{pack.TarGz.Name}, "write `FORMAT`: "+strings.Join(formatNames, ", ")+"; may be repeated")
	flags.StringVar(&o.phases, "phases", "", "the `PHASES` that the formats sh and cloud-init run by themselves (cloud-init: install configure enable start)")
	flags.StringVar(&o.from, "from", "", "cloud-init: have the host download `URL`/GROUP.tar.gz (or URL, with {group} in it for the name)")
	flags.IntVar(&o.limit, "user-data-limit", onefile.MaxUserData, "cloud-init: how many `BYTES` the cloud takes")
}

// checkFormats reports what is wrong with the flags of formats.
func (a *app) checkFormats() error {
	for i, name := range a.formats {
		if !slices.Contains(formatNames, name) {
			return &usageError{msg: fmt.Sprintf("build: there is no format %q", name), hint: diag.DidYouMean(name, formatNames)}
		}
		if slices.Contains(a.formats[:i], name) {
			return &usageError{msg: "build: --format " + name + " is given twice", hint: ""}
		}
	}
	script, userData := slices.Contains(a.formats, formatScript), slices.Contains(a.formats, formatUserData)
	switch {
	case len(a.formats) == 0:
		return &usageError{msg: "build: --format is empty", hint: "the formats are " + strings.Join(formatNames, ", ")}
	case a.phases != "" && !script && !userData:
		return &usageError{msg: "build: --phases is for the formats sh and cloud-init", hint: "name the phases when you call ./run"}
	case a.from != "" && !userData:
		return &usageError{msg: "build: --from is for the format cloud-init", hint: "palletgen build --format tar.gz,cloud-init --from URL"}
	case a.limit != onefile.MaxUserData && !userData:
		return &usageError{msg: "build: --user-data-limit is for the format cloud-init", hint: ""}
	case a.limit <= 0:
		return &usageError{msg: "build: --user-data-limit has to be more than 0", hint: ""}
	case a.from != "" && !strings.Contains(a.from, "://"):
		return &usageError{msg: fmt.Sprintf("build: --from %q is no URL", a.from), hint: "such as https://example.org/bundles"}
	}
	return nil
}

// checkPhases refuses phases of --phases that the bundle has not.
func (a *app) checkPhases(b *render.Bundle) error {
	for _, phase := range strings.Fields(a.phases) {
		if !slices.Contains(b.Phases, phase) {
			hint := diag.DidYouMean(phase, b.Phases)
			if strings.HasPrefix(phase, "-") {
				hint = "--phases takes phases alone; options have variables, such as PALLETGEN_ROOT=/"
			}
			return diag.At(diag.Pos{}, "--phases: the bundle %s has no phase %q", b.Name, phase).WithHint("%s", hint)
		}
	}
	return nil
}

// checkAlone refuses secrets that nobody could give where no person calls run.
func (a *app) checkAlone(b *render.Bundle) error {
	where := "at the first boot"
	switch {
	case len(a.images) > 0:
		where = "while Packer makes the image"
	case !slices.Contains(a.formats, formatUserData):
		return nil
	}
	for _, phase := range slices.Sorted(maps.Keys(b.Variables)) {
		if a.phases == "" || slices.Contains(strings.Fields(a.phases), phase) {
			return diag.At(diag.Pos{}, "the bundle %s asks for the secret %s, and nobody can give it %s", b.Name, b.Variables[phase][0], where).
				WithHint("say in which file the host has it, {file: /PATH}, and have the image bring that file (cloud-init: write_files, with permissions '0600'); or leave %s to later, by --phases", phase)
		}
	}
	return nil
}

// packFormats are the formats that --format names.
func (b *build) packFormats() ([]pack.Format, error) {
	var formats []pack.Format
	for _, name := range b.app.formats {
		format, err := b.packFormat(name)
		if err != nil {
			return nil, err
		}
		formats = append(formats, format)
	}
	return formats, nil
}

func (b *build) packFormat(name string) (pack.Format, error) {
	for _, plain := range []pack.Format{pack.TarGz, pack.Tar, pack.Folder} {
		if name == plain.Name {
			return plain, nil
		}
	}
	wrapper, err := b.renderer.NewWrapper(b.catalog)
	if err != nil {
		return pack.Format{}, err
	}
	a := b.app
	phases := strings.Fields(a.phases)
	if name == formatScript {
		return wrapper.Script(phases), nil
	}
	if a.from != "" {
		return wrapper.Download(a.bundleURL, phases, a.limit), nil
	}
	return wrapper.UserData(phases, a.limit), nil
}

// bundleURL is where a host finds a bundle, by --from.
func (a *app) bundleURL(bundle string) string {
	if strings.Contains(a.from, "{group}") {
		return strings.ReplaceAll(a.from, "{group}", bundle)
	}
	return strings.TrimSuffix(a.from, "/") + "/" + bundle + pack.TarGz.Suffix
}
