// Package pack writes bundles as archives, folders or other files that depend on
// nothing but their content: the same files give the same bytes on every
// machine. Either all of a call appear in the output folder, whole, or none
// does. It imports gen/diag.
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

// A Bundle is what becomes one archive, NAME.tar.gz, which unpacks to the single
// folder NAME; or one output in another format.
type Bundle struct {
	Name  string
	Files []File
}

// Options are the same for all bundles of one call.
type Options struct {
	Time    time.Time // of every entry, in whole seconds; the zero value means Default
	Workers int       // bundles that are made at a time; 0 means one a CPU
	Formats []Format  // in which each bundle is written; none means TarGz
}

// A Result describes one output that was written.
type Result struct {
	Name   string // of the bundle
	File   string // path of the archive, folder or file
	Size   int64  // of the output, or of the files in the folder, in bytes
	Digest string // SHA-256 of the bundle's plain tar, 64 hex digits, whatever the format

	format Format
}

// Write makes the bundles 0 to n-1 and writes each into dir in all formats that
// are asked for. dir is created when it is missing. Files of the same name are
// replaced, and so are folders that hold a bundle.
//
// bundle is called once for every number, from several goroutines; one bundle
// a worker is in memory at a time. Where some calls fail, the others are still
// made, so that all errors are reported at once.
//
// When all outputs are in place, report (if not nil) is called for each of
// them in the order of the numbers, and then of the formats. On an error, and when ctx is cancelled,
// dir is as it was before.
func Write(ctx context.Context, dir string, n int, bundle func(i int) (Bundle, error), opts Options, report func(Result)) (err error) {
	if opts.Time.IsZero() {
		opts.Time = Default
	}
	if len(opts.Formats) == 0 {
		opts.Formats = []Format{TarGz}
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
		out: out, time: opts.Time, bundle: bundle, formats: opts.Formats,
		results: make([]Result, n*len(opts.Formats)), errs: make([]error, n),
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

// Workers returns how many goroutines make n bundles: as many as asked for, but
// no more than there are bundles. For 0 it is one more than there are CPUs, since
// they wait for each other's analyses, and for files.
func Workers(asked, n int) int {
	if asked <= 0 {
		asked = runtime.GOMAXPROCS(0) + 1
	}
	return min(asked, n)
}

// A batch is the work of one call of Write, shared by its workers. No two of
// them touch the same element of results and errs.
type batch struct {
	out     *output
	time    time.Time
	bundle  func(i int) (Bundle, error)
	formats []Format

	archivers sync.Pool
	next      atomic.Int64               // number of the next bundle
	failed    atomic.Bool                // some bundle is wrong: check the others, write no more
	broken    atomic.Pointer[diag.Error] // the output cannot be written: stop
	results   []Result                   // of bundle 0 in each format, of bundle 1 in each …
	errs      []error                    // what is wrong with bundle i
}

// run makes all bundles with w workers and returns when they are done.
func (b *batch) run(ctx context.Context, w int) {
	var group sync.WaitGroup
	for range w {
		group.Go(func() {
			for ctx.Err() == nil && b.broken.Load() == nil {
				i := int(b.next.Add(1)) - 1
				if i >= len(b.errs) {
					return
				}
				b.make(i)
			}
		})
	}
	group.Wait()
}

// make makes bundle i and writes it, unless another one failed.
func (b *batch) make(i int) {
	var members []entry
	bundle, err := b.bundle(i)
	if err == nil {
		members, err = check(bundle)
	}
	results := b.results[i*len(b.formats):][:len(b.formats)]
	for j, format := range b.formats {
		results[j] = Result{Name: bundle.Name, File: b.out.target(bundle.Name + format.Suffix), format: format}
	}
	if err != nil {
		b.fail(i, err)
		return
	}
	archiver := b.archiver()
	defer b.archivers.Put(archiver)
	for j := range results {
		if b.failed.Load() && !b.formats[j].checks {
			continue
		}
		refused, err := b.formats[j].write(archiver, b.out.temp(i*len(b.formats)+j), bundle, members, &results[j])
		if refused != nil {
			b.fail(i, refused)
		}
		if err != nil {
			b.broken.Store(b.out.cannot(err))
			return
		}
	}
}

// archiver lends an archiver: a compressor is a megabyte, and not all workers
// write at the same time.
func (b *batch) archiver() *archiver {
	if a, ok := b.archivers.Get().(*archiver); ok {
		return a
	}
	return newArchiver(b.time)
}

func (b *batch) fail(i int, err error) {
	b.errs[i] = err
	b.failed.Store(true)
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
