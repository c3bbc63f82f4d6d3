package conform

import "palletgen/gen/plan"

// Options say what is to be tried.
type Options struct {
	Catalog     *plan.Catalog
	Version     string   // of palletgen
	Supervisors []string // their names, each once
	Shell       string   // what /bin/sh is: "dash"; "" for the host's own
	Only        string   // regular expression for the checks, as "GROUP: NAME"; "" for all
	Progress    func(Progress)
}

// Progress is told whenever a check has ended.
type Progress struct {
	Supervisor  string
	Result      Result
	Done, Total int
}
