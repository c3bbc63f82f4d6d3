package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"palletgen/gen/pack"
	"palletgen/gen/packer"
)

var packerCommand = &command{
	name: "packer", args: "[GROUP…]", short: "make a bundle of each group, and a file that has Packer put it into an image",
	example: `palletgen packer --source amazon-ebs.web -o image/
packer build image/`,
	more: `Writes GROUP.tar.gz, as build does, and beside it GROUP.pkr.hcl: a build block for
Packer with the provisioners that upload the bundle, check its SHA-256, unpack it
below /tmp, tell what it will change, run the phases with --root /, so that nothing is
started, and remove it. The source block is yours, in a file of its own in DIR.
The user that Packer logs in as is root, or becomes it by sudo without a password.`,
	flags: func(flags *pflag.FlagSet, o *options) {
		flags.StringArrayVar(&o.images, "source", nil, "make the image of the source block `TYPE.NAME`; may be repeated")
		flags.StringVarP(&o.out, "output", "o", "dist", "write into `DIR`")
		flags.StringVar(&o.phases, "phases", "", "the `PHASES` to run (default \"install configure enable\")")
		signFlag(flags, o)
		inputFlags(flags, o)
		flags.BoolVarP(&o.quiet, "quiet", "q", false, "say nothing but errors")
		flags.BoolVarP(&o.verbose, "verbose", "v", false, "tell what is in each bundle")
	},
	run: func(a *app, args []string) error {
		sources, err := a.packerSources()
		if err != nil {
			return err
		}
		if a.options.out == "" {
			return &usageError{msg: "packer: the output folder has no name", hint: "palletgen packer --source TYPE.NAME -o image/"}
		}
		return a.write(args, func(b *build) ([]pack.Format, error) {
			file, err := b.renderer.Packer(b.catalog, sources, strings.Fields(a.phases))
			return []pack.Format{pack.TarGz, file}, err
		})
	},
}

// packerSources reads the values of --source.
func (a *app) packerSources() ([]string, error) {
	const hint = `for the block source "amazon-ebs" "web" say --source amazon-ebs.web`
	if len(a.images) == 0 {
		return nil, &usageError{msg: "packer: what is the image made of? no --source is given", hint: hint}
	}
	var sources []string
	for _, text := range a.images {
		source, ok := packer.Source(text)
		switch {
		case !ok:
			return nil, &usageError{msg: fmt.Sprintf("packer: --source %q is not of the form TYPE.NAME", text), hint: hint}
		case slices.Contains(sources, source):
			return nil, &usageError{msg: "packer: --source " + source + " is given twice", hint: ""}
		}
		sources = append(sources, source)
	}
	return sources, nil
}
