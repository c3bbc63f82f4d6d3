package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/spf13/pflag"

	"palletgen/gen/diag"
	"palletgen/gen/pack"
	"palletgen/gen/plan"
	"palletgen/gen/render"
	"palletgen/gen/sign"
	"palletgen/gen/spec"
)

var buildCommand = &command{
	name: "build", args: "[GROUP…]", short: "make a bundle of each group",
	example: `palletgen build -o dist/
palletgen build -f hosts.yaml -o dist/ web-1
palletgen build --set riemann.tcp_port=6555 -o dist/
palletgen build --format sh -o dist/ && ssh HOST sh -s -- install configure enable start <dist/web-1.sh
generate-groups | palletgen build -f - -o dist/`,
	more: `Writes GROUP.tar.gz for every group, or for those that are named. Either all of
them are written or, after any error, none. The same input gives the same bytes
on every machine; SOURCE_DATE_EPOCH sets the time of the files in the archives.
Copy a bundle to its host, unpack it, and call ./run install configure enable start.

Formats: tar.gz; tar; dir, the folder GROUP; sh, one script GROUP.sh that unpacks
itself and runs phases; cloud-init, user data GROUP.user-data that does so at the
first boot. All hold the same files.`,
	flags: func(flags *pflag.FlagSet, o *options) {
		flags.StringVarP(&o.out, "output", "o", "dist", "write the bundles into `DIR`")
		formatFlags(flags, o)
		signFlag(flags, o)
		inputFlags(flags, o)
		flags.BoolVarP(&o.quiet, "quiet", "q", false, "say nothing but errors")
		flags.BoolVarP(&o.verbose, "verbose", "v", false, "tell what is in each bundle")
	},
	run: func(a *app, args []string) error {
		if a.options.out == "" {
			return &usageError{msg: "build: the output folder has no name", hint: "palletgen build -o dist/"}
		}
		if err := a.checkFormats(); err != nil {
			return err
		}
		return a.write(args, (*build).packFormats)
	},
}

// write makes the bundles of the groups that are named and writes them in the
// formats, all or none.
func (a *app) write(groups []string, formats func(*build) ([]pack.Format, error)) error {
	epoch, err := pack.Epoch(os.Getenv("SOURCE_DATE_EPOCH"))
	if err != nil {
		return err
	}
	b, err := a.newBuild(groups)
	if err != nil {
		return err
	}
	if len(b.errs) > 0 {
		return b.check()
	}
	list, err := formats(b)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if err := b.signWith(ctx, a.key); err != nil {
		return err
	}
	report := func(r pack.Result) {
		a.say("%s  %d bytes  tar sha256:%s", r.File, r.Size, r.Digest)
	}
	err = pack.Write(ctx, a.options.out, len(b.groups), b.bundle, pack.Options{Time: epoch, Formats: list}, report)
	switch {
	case ctx.Err() != nil:
		return errors.New("interrupted; nothing was written")
	case err != nil:
		return err
	}
	b.tell()
	return nil
}

// A build is the making of all bundles of one call.
type build struct {
	app      *app
	catalog  *plan.Catalog
	planner  *plan.Planner
	renderer *render.Renderer
	groups   []*spec.Spec
	bundles  []told       // what is to be told of each group
	signer   *sign.Signer // nil: they are not signed
	errs     diag.List    // of the input: nothing can be made, but it can be told what else is wrong
}

// told is what is said of a bundle when it is made.
type told struct {
	warnings, notes, services []string
	files                     int
}

func (a *app) newBuild(names []string) (*build, error) {
	catalog, planner, err := a.planner()
	if planner == nil {
		return nil, err
	}
	var errs diag.List
	errs.Take(err)
	errs.Take(planner.CheckOverrides())
	groups, err := choose(planner.Groups(), names)
	if err != nil {
		if len(errs) > 0 { // it may be in what could not be read
			return nil, errs.Err()
		}
		return nil, err
	}
	renderer := render.New(catalog, Version)
	return &build{a, catalog, planner, renderer, groups, make([]told, len(groups)), nil, errs}, nil
}

// choose returns the groups of the given names, all where none is named.
func choose(groups []*spec.Spec, names []string) ([]*spec.Spec, error) {
	if len(names) == 0 {
		return groups, nil
	}
	var known []string
	for _, g := range groups {
		known = append(known, g.Name)
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, &usageError{msg: fmt.Sprintf("there is no group %q", name), hint: groupHint(name, known)}
		}
	}
	return slices.DeleteFunc(slices.Clone(groups), func(g *spec.Spec) bool { return !slices.Contains(names, g.Name) }), nil
}

// groupHint is the remedy for the unknown group name, which may be a file that
// lacks its -f.
func groupHint(name string, known []string) string {
	if ext := filepath.Ext(name); ext == ".yaml" || ext == ".yml" {
		return "groups are read from a file by -f " + name
	}
	return diag.DidYouMean(name, known)
}

// bundle makes the bundle of group i.
func (b *build) bundle(i int) (pack.Bundle, error) {
	group, err := b.planner.Resolve(b.groups[i])
	if err != nil {
		return pack.Bundle{}, b.whatElse(group, err)
	}
	bundle, err := b.renderer.Bundle(group)
	if err != nil {
		return pack.Bundle{}, err
	}
	if err := b.app.checkPhases(bundle); err != nil {
		return pack.Bundle{}, err
	}
	if err := b.app.checkAlone(bundle); err != nil {
		return pack.Bundle{}, err
	}
	b.bundles[i] = told{warnings: bundle.Warnings, notes: bundle.Notes, files: len(bundle.Files)}
	for _, c := range group.Services() {
		b.bundles[i].services = append(b.bundles[i].services, c.Service.Name+" under "+c.Service.Supervisor.Name)
	}
	return b.sign(i, bundle.Bundle)
}

// whatElse adds to err what is wrong with the templates of a group that has
// errors; it is nil where nothing of it is right.
func (b *build) whatElse(group *plan.Group, err error) error {
	var errs diag.List
	errs.Take(err)
	if group != nil {
		_, err := b.renderer.Bundle(group)
		errs.Take(err)
	}
	b.catalog.HideSecrets(errs)
	return errs.Err()
}

// check makes every bundle and forgets it.
func (b *build) check() error {
	errs := make([]error, len(b.groups))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range pack.Workers(0, len(b.groups)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(b.groups)); i = next.Add(1) - 1 {
				bundle, err := b.bundle(int(i))
				if err == nil && len(b.errs) == 0 {
					err = pack.Check(bundle)
				}
				errs[i] = err
			}
		})
	}
	workers.Wait()
	list := slices.Clone(b.errs)
	for _, err := range errs {
		list.Take(err)
	}
	b.catalog.HideSecrets(list)
	return list.Err()
}

// tell says what the user should know: warnings once, notes of each bundle.
func (b *build) tell() {
	warned := map[string]bool{}
	for i, group := range b.groups {
		t := b.bundles[i]
		if b.app.verbose {
			b.app.say("%s: %d files; services: %s", group.Name, t.files, strings.Join(t.services, ", "))
		}
		for _, warning := range t.warnings {
			if !warned[warning] {
				b.app.say("warning: %s", warning)
			}
			warned[warning] = true
		}
		for _, note := range t.notes {
			b.app.say("note: %s: %s", group.Name, note)
		}
	}
}
