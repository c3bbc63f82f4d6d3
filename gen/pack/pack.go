// Package pack writes bundles as archives that depend on nothing but their
// content: the same files give the same bytes on every machine. Either all
// archives of a call appear in the output folder, whole, or none does.
package pack

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"palletgen/gen/diag"
)

// A File is one file of a bundle.
type File struct {
	Path string // below the bundle's folder, slash separated
	Mode uint32 // permission bits; see fixedMode for what is kept of them
	Data []byte
}

// A Bundle is what becomes one archive: NAME.tar.gz, which unpacks to the
// single folder NAME.
type Bundle struct {
	Name  string
	Files []File
}

// Options are the same for all archives of one call.
type Options struct {
	Time    time.Time // of every entry, in whole seconds; the zero value means Default
	Workers int       // bundles that are made at a time; 0 means one a CPU
}

// A Result describes one archive that was written.
type Result struct {
	Name   string // of the bundle
	File   string // path of the archive
	Size   int64  // of the archive, in bytes
	Digest string // SHA-256 of the uncompressed tar, 64 hex digits
}

// Write makes the bundles 0 to n-1 and writes their archives into dir, which
// is created when it is missing. Archives of the same name are replaced.
//
// bundle is called once for every number, from several goroutines; one bundle
// a worker is in memory at a time. Where some calls fail, the others are still
// made, so that all errors are reported at once.
//
// When all archives are in place, report (if not nil) is called for each of
// them in the order of the numbers. On an error, and when ctx is cancelled,
// dir is as it was before.
func Write(ctx context.Context, dir string, n int, bundle func(i int) (Bundle, error), opts Options, report func(Result)) (err error) {
	if opts.Time.IsZero() {
		opts.Time = Default
	}
	out, err := openOutput(dir)
	if err != nil {
		return err
	}
	defer func() {
		if e := out.close(err == nil); err == nil {
			err = e
		}
	}()

	batch := &batch{
		out: out, time: opts.Time, bundle: bundle,
		results: make([]Result, n), errs: make([]error, n),
	}
	batch.run(ctx, Workers(opts.Workers, n))
	if err := batch.err(ctx); err != nil {
		return err
	}
	if err := out.commit(ctx, batch.results); err != nil {
		return err
	}
	if report != nil {
		for _, r := range batch.results {
			report(r)
		}
	}
	return nil
}

// Workers returns how many goroutines make n bundles: as many as asked for, one
// a CPU for 0, but no more than there are bundles.
func Workers(asked, n int) int {
	if asked <= 0 {
		asked = runtime.GOMAXPROCS(0)
	}
	return min(asked, n)
}

// A batch is the work of one call of Write, shared by its workers. No two of
// them touch the same element of results and errs.
type batch struct {
	out    *output
	time   time.Time
	bundle func(i int) (Bundle, error)

	next    atomic.Int64               // number of the next bundle
	failed  atomic.Bool                // some bundle is wrong: check the others, write no more
	broken  atomic.Pointer[diag.Error] // the output cannot be written: stop
	results []Result
	errs    []error // what is wrong with bundle i
}

// run makes all bundles with w workers and returns when they are done.
func (b *batch) run(ctx context.Context, w int) {
	var group sync.WaitGroup
	for range w {
		group.Go(func() {
			archiver := newArchiver(b.time)
			for ctx.Err() == nil && b.broken.Load() == nil {
				i := int(b.next.Add(1)) - 1
				if i >= len(b.results) {
					return
				}
				b.make(i, archiver)
			}
		})
	}
	group.Wait()
}

// make makes bundle i and writes its archive, unless another one failed.
func (b *batch) make(i int, archiver *archiver) {
	var members []entry
	bundle, err := b.bundle(i)
	if err == nil {
		members, err = check(bundle)
	}
	b.results[i] = Result{Name: bundle.Name, File: b.out.target(bundle.Name)}
	if err != nil {
		b.errs[i] = err
		b.failed.Store(true)
		return
	}
	if b.failed.Load() {
		return
	}
	if err := archiver.write(b.out.temp(i), members, &b.results[i]); err != nil {
		b.broken.Store(b.out.cannot(err))
	}
}

// err returns what went wrong: what ended the work, or else all errors of all
// bundles.
func (b *batch) err(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if broken := b.broken.Load(); broken != nil {
		return broken
	}
	var list diag.List
	for _, err := range b.errs {
		list.Take(err)
	}
	list.Add(sameNames(b.results)...)
	return list.Err()
}
