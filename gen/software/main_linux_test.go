// Package software runs crates of real software under every supervisor at hand: built, installed by apt from the
// distribution's packages on a disposable machine, started, asked by a real client, killed, reconfigured, rebooted, stopped
// and uninstalled. It holds tests only. One crate is one file NAME_linux_test.go, with one [software] in it.
package software

import (
	"flag"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"palletgen/gen/conform"
	"palletgen/gen/lab"
	"palletgen/gen/plan"
)

var (
	only  = flag.String("supervisors", "", "try only these, with commas between them")
	shell = flag.String("shell", "", "program that runs the bundle, called sh; /bin/sh when it is not set")
)

func TestMain(m *testing.M) {
	// Machines mostly wait, for supervisors: more of them at a time than there are processors. A -parallel on the command line comes later and wins.
	if err := flag.Set("test.parallel", "5"); err != nil {
		panic(err)
	}
	lab.Main(m, conform.Programs())
}

// catalog is that of the program.
var catalog = sync.OnceValues(func() (*plan.Catalog, error) { return plan.NewCatalog(os.DirFS("../.."), nil, nil) })

// mayBeAbsent is the supervisor that no current distribution has.
const mayBeAbsent = "upstart"

// underEach does a test under every supervisor that can be brought up, or those of them that are named, all in parallel.
func underEach(t *testing.T, under []string, test func(t *testing.T, supervisor string)) {
	c, err := catalog()
	if err != nil {
		t.Fatal(err)
	}
	names, err := c.SupervisorNames()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		sup, err := c.Supervisor(name)
		if err != nil {
			t.Fatal(err)
		}
		asked := *only == "" || slices.Contains(strings.Split(*only, ","), name)
		meant := under == nil || slices.Contains(under, name)
		if sup.Conform == nil || !asked || !meant {
			continue
		}
		t.Run(name, func(t *testing.T) {
			if why := conform.Missing(sup); why != "" && name == mayBeAbsent {
				t.Skip(why)
			}
			t.Parallel()
			test(t, name)
		})
	}
}
