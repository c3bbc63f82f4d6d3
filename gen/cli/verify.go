package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/spf13/pflag"

	"palletgen/gen/diag"
	"palletgen/gen/pack"
	"palletgen/gen/render"
	"palletgen/gen/shell"
	"palletgen/gen/sign"
	"palletgen/gen/verify"
)

var verifyCommand = &command{
	name: "verify", args: "BUNDLE…", short: "tell whether bundles are whole and unchanged",
	example: `palletgen verify dist/web-1.tar.gz
palletgen verify --digest 3fb2…c1 web-1.tar.gz
palletgen verify --digest web-1@3fb2…c1 --digest web-2@90aa…07 dist/*.tar.gz
palletgen verify --trusted ~/.ssh/allowed_signers dist/*
ssh HOST cat web-1.tar.gz | palletgen verify -`,
	more: `Reads bundles of any format, archives, scripts, user data and unpacked folders, of
which it believes and unpacks nothing, and prints a line for each that is whole: its
name, files, phases and the digest that build has told. That a bundle is whole does
not mean that it is yours: this takes a digest that came another way, or a
signature and the keys that you trust: public keys, or an allowed_signers file.`,
	flags: func(flags *pflag.FlagSet, o *options) {
		flags.StringArrayVar(&o.digests, "digest", nil, "the tar of the bundle has to have this SHA-256: `[NAME@]HEX`; may be repeated")
		flags.StringVar(&o.trusted, "trusted", "", "a key in `FILE` has to have signed the bundle")
		flags.BoolVarP(&o.quiet, "quiet", "q", false, "say nothing but errors")
	},
	run: func(a *app, args []string) error {
		wanted, err := a.wantedDigests(args)
		if err != nil {
			return err
		}
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
		defer stop()
		verifier, err := a.verifier(ctx)
		if err != nil {
			return err
		}
		reports, problems := a.verifyAll(ctx, verifier, args)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		var errs diag.List
		for i, path := range args {
			err := problems[i]
			if err == nil {
				err = wanted.compare(path, reports[i])
			}
			errs.Take(err)
			if err == nil && !a.quiet {
				fmt.Fprintln(a.out, diag.Printable(fmt.Sprintf("%s  %s", path, reports[i])))
			}
		}
		errs.Add(wanted.missed()...)
		return errs.Err()
	},
}

// verifyAll checks the bundles, one a CPU at a time.
func (a *app) verifyAll(ctx context.Context, v *verify.Verifier, paths []string) ([]*verify.Report, []error) {
	reports, errs := make([]*verify.Report, len(paths)), make([]error, len(paths))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range pack.Workers(0, len(paths)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(paths)) && ctx.Err() == nil; i = next.Add(1) - 1 {
				reports[i], errs[i] = a.verify(ctx, v, paths[i])
			}
		})
	}
	workers.Wait()
	return reports, errs
}

// verify checks one bundle.
func (a *app) verify(ctx context.Context, v *verify.Verifier, path string) (*verify.Report, error) {
	if path == "-" {
		return v.Check(ctx, "standard input", a.in)
	}
	return v.Check(ctx, path, nil)
}

func (a *app) verifier(ctx context.Context) (*verify.Verifier, error) {
	epoch, err := pack.Epoch(os.Getenv("SOURCE_DATE_EPOCH"))
	if err != nil {
		return nil, err
	}
	v := &verify.Verifier{Time: epoch, Shell: shell.NewEngine()}
	// Only a bundle that is a script asks for it.
	wrapper := sync.OnceValues(func() (*render.Wrapper, error) {
		catalog, err := a.catalog()
		if err != nil {
			return nil, err
		}
		renderer := render.New(catalog, Version)
		return renderer.NewWrapper(catalog)
	})
	v.Head = func(bundle string, phases []string) (string, error) {
		w, err := wrapper()
		if err != nil {
			return "", err
		}
		return w.Head(bundle, phases)
	}
	if a.trusted != "" {
		v.Trusted, err = sign.Open(ctx, a.trusted)
	}
	return v, err
}

// digests are those that --digest names.
type digests struct {
	byName map[string]string // "" is the only bundle
	seen   map[string]bool
}

func (a *app) wantedDigests(args []string) (*digests, error) {
	if len(args) == 0 {
		return nil, &usageError{msg: "verify: no bundle is named", hint: "palletgen verify dist/*.tar.gz"}
	}
	if n := slices.Index(args, "-"); n >= 0 && slices.Contains(args[n+1:], "-") {
		return nil, &usageError{msg: "verify: standard input is named twice", hint: ""}
	}
	d := &digests{map[string]string{}, map[string]bool{}}
	for _, text := range a.digests {
		name, digest, named := strings.Cut(text, "@")
		if !named {
			name, digest = "", text
		}
		digest = strings.TrimPrefix(strings.ToLower(digest), "sha256:")
		_, twice := d.byName[name]
		switch {
		case !verify.IsDigest(digest):
			return nil, &usageError{msg: fmt.Sprintf("verify: --digest %s: that is no SHA-256", text), hint: "64 hex digits, as build tells them, or NAME@ and these"}
		case twice, name == "" && (len(args) > 1 || len(a.digests) > 1):
			return nil, &usageError{msg: fmt.Sprintf("verify: of which bundle is --digest %s?", text), hint: "write --digest NAME@HEX for each"}
		}
		d.byName[name] = digest
	}
	return d, nil
}

// compare tells whether the bundle has the digest that it has to have.
func (d *digests) compare(path string, r *verify.Report) error {
	if len(d.byName) == 0 {
		return nil
	}
	name := r.Name
	if _, only := d.byName[""]; only {
		name = ""
	}
	want, known := d.byName[name]
	d.seen[name] = true
	pos := diag.Pos{Source: &diag.Source{Name: path}}
	switch {
	case !known:
		return diag.At(pos, "no --digest says what the one of %s has to be", r.Name).WithHint("--digest %s@HEX", r.Name)
	case !r.Same(want):
		return diag.At(pos, "it is another bundle %s: the digest of its tar is %s, should be %s", r.Name, r.Digest, want)
	}
	return nil
}

// missed are the digests of bundles that were not there.
func (d *digests) missed() diag.List {
	var list diag.List
	for name := range d.byName {
		if name != "" && !d.seen[name] {
			list.Add(diag.At(diag.Pos{}, "none of the bundles is %s, or it is not whole", name))
		}
	}
	return list
}
