package supervisor

import (
	"palletgen/gen/diag"
	"palletgen/gen/schema"
	"palletgen/gen/strictyaml"
)

// A Conform says how to bring the supervisor up on a disposable copy of a host,
// so that it can be seen what it really does.
type Conform struct {
	Needs  []string // programs that the host must have
	Setup  string   // shell script that root runs before anything else; exit code 69: impossible here, for the reason it prints
	Init   bool     // Run is process 1
	Run    []string // the supervisor's process, which goes on; none: it has none
	Ready  []string // command that succeeds once it is up; none: at once
	Booted string   // shell script for what a host's boot does then
	Stop   string   // signal that ends Run, and all services with it: "TERM"
}

// loadConform reads `conform:`.
func loadConform(v strictyaml.Value, errs *diag.List) *Conform {
	c := &Conform{Stop: "TERM"}
	if !v.IsMap() {
		errs.Add(diag.At(v.Pos(), "%s where a map belongs", v.Describe()).WithHint("conform: {needs: [PROGRAM], run: [PROGRAM, ARGUMENT]}"))
		return c
	}
	for _, e := range v.Entries() {
		switch e.Key {
		case "needs":
			c.Needs = schema.Names(e.Value, errs)
		case "setup":
			c.Setup = schema.Text(e.Value, errs)
		case "init":
			c.Init = schema.Bool(e.Value, errs)
		case "run":
			c.Run = schema.Names(e.Value, errs)
		case "ready":
			c.Ready = schema.Names(e.Value, errs)
		case "booted":
			c.Booted = schema.Text(e.Value, errs)
		case "stop":
			c.Stop = schema.Text(e.Value, errs)
		default:
			known := []string{"booted", "init", "needs", "ready", "run", "setup", "stop"}
			errs.Add(diag.At(e.KeyAt, "unknown key %q of conform", e.Key).WithHint("%s", diag.DidYouMean(e.Key, known)))
		}
	}
	if c.Init && len(c.Run) == 0 {
		errs.Add(diag.At(v.Pos(), "init without run").WithHint("run: [/sbin/init]"))
	}
	return c
}
