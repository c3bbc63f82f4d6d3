// Command palletgen compiles settings and a choice of supervisor into static
// shell bundles that put services on hosts and control them there.
package main

import (
	"embed"
	"os"

	"palletgen/gen/cli"
)

//go:embed all:crates all:templates
var assets embed.FS

func main() {
	os.Exit(cli.Main(os.Args[1:], assets, os.Stdin, os.Stdout, os.Stderr))
}
