// Command palletgen compiles settings and a choice of supervisor into static
// shell bundles that put services on hosts and control them there.
package main

import (
	"embed"
	"os"
	"runtime/debug"

	"palletgen/gen/cli"
)

//go:embed all:crates all:templates
var assets embed.FS

func main() {
	// A build is short and holds little: collecting its garbage half as often
	// saves more time than the memory is worth.
	debug.SetGCPercent(200)
	os.Exit(cli.Main(os.Args[1:], assets, os.Stdin, os.Stdout, os.Stderr))
}
