// Command palletgen compiles settings and a choice of supervisor into static
// shell bundles that put services on hosts and control them there.
package main

import (
	"embed"
	"os"
	"runtime"

	"palletgen/gen/cli"
	"palletgen/gen/conform"
	"palletgen/gen/lab"
)

// The READMEs beside crates and supervisors are for readers of the source alone.
//
//go:embed all:crates/*/* all:templates/supervisors/*/*
//go:embed templates/*.*
//go:embed all:templates/actions all:templates/lib all:templates/packer all:templates/partials
var assets embed.FS

func main() {
	lab.Enter(conform.Programs())
	// A build of some groups ends before it has made enough garbage to be worth
	// collecting. Memory that is never touched takes no room but counts for the
	// collector, so that it begins at 48 MiB and not at 4.
	ballast := make([]byte, 24<<20)
	code := cli.Main(os.Args[1:], assets, os.Stdin, os.Stdout, os.Stderr)
	runtime.KeepAlive(ballast)
	os.Exit(code)
}
