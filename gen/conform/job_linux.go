package conform

import (
	"fmt"
	"regexp"
	"slices"
	"sync"
	"time"

	"palletgen/gen/diag"
	"palletgen/gen/lab"
	"palletgen/gen/supervisor"
)

// A run is one call of Run.
type run struct {
	Options
	only    *regexp.Regexp
	builder *builder
	mu      sync.Mutex
	done    int
	total   int
	skipped map[string]string // supervisor → why it cannot be brought up
}

// A job is one host and the checks that are done on it, one after the other.
type job struct {
	*run
	sup     *supervisor.Supervisor
	checks  []*check
	results []*Result // where the result of each goes
}

// Run tries the supervisors. Its error is about what was asked for; what supervisors do wrong is in the report.
func Run(o Options) (*Report, error) {
	begun := time.Now()
	b, err := newBuilder(o.Catalog, o.Version)
	if err != nil {
		return nil, err
	}
	only, err := regexp.Compile(o.Only)
	if err != nil {
		return nil, fmt.Errorf("cannot tell which checks are meant: %w", err)
	}
	r := &run{Options: o, only: only, builder: b, skipped: map[string]string{}}
	report := &Report{Palletgen: o.Version, Shell: o.Shell}
	var jobs []*job
	for _, name := range o.Supervisors {
		sup, err := o.Catalog.Supervisor(name)
		if err != nil {
			return nil, err
		}
		column := &Column{Supervisor: name}
		report.Columns = append(report.Columns, column)
		jobs = append(jobs, r.plan(sup, column)...)
	}
	if len(jobs) == 0 {
		return nil, diag.At(diag.Pos{}, "no check is called like %q", o.Only).
			WithHint("--only takes a regular expression over GROUP: NAME, such as '^table: start' or 'log: folder'")
	}
	// What takes longest comes first.
	slices.SortStableFunc(jobs, func(a, b *job) int { return len(b.checks) - len(a.checks) })
	work(jobs)
	for _, c := range report.Columns {
		c.Skipped = r.skipped[c.Supervisor]
	}
	report.Seconds = time.Since(begun).Seconds()
	report.judge()
	return report, nil
}

// plan makes the jobs of a supervisor, and room for their results.
func (r *run) plan(sup *supervisor.Supervisor, column *Column) []*job {
	chosen := slices.DeleteFunc(checks(), func(c *check) bool { return !r.only.MatchString(c.title()) })
	column.Results = make([]Result, len(chosen))
	r.total += len(chosen)
	var jobs []*job
	groups := map[string]*job{}
	for i, c := range chosen {
		host := c.group
		if c.placing == fresh {
			host += c.shares // nobody else's
		}
		j := groups[host]
		if j == nil || c.placing == alone {
			j = &job{run: r, sup: sup}
			jobs = append(jobs, j)
		}
		if c.placing != alone {
			groups[host] = j
		}
		j.checks = append(j.checks, c)
		j.results = append(j.results, &column.Results[i])
	}
	return jobs
}

// do brings the host up and does the checks.
func (j *job) do() {
	if why := missing(j.sup); why != "" {
		j.skip(why)
		return
	}
	setup := &trial{}
	defer setup.clean()
	var services []*service
	setup.during(func() {
		h := newHost(setup, j.sup, j.Shell)
		services = j.services(h)
		if j.checks[0].placing != alone {
			h.boot()
		}
		for _, s := range services {
			s.host = h
		}
	})
	switch {
	case setup.skipped != "":
		j.skip(setup.skipped)
	case setup.Failed():
		for i := range j.checks {
			j.end(i, Result{State: Failed, Details: "the host does not come up\n" + setup.details()})
		}
	default:
		for i, s := range services {
			j.end(i, s.try())
		}
	}
}

// skip leaves out the whole supervisor.
func (j *job) skip(why string) {
	j.mu.Lock()
	j.skipped[j.sup.Name] = why
	j.mu.Unlock()
	for i := range j.checks {
		j.end(i, Result{State: Skipped, Note: why})
	}
}

// end takes note of how check i ended.
func (j *job) end(i int, ended Result) {
	ended.Group, ended.Check = j.checks[i].group, j.checks[i].name
	*j.results[i] = ended
	j.mu.Lock()
	defer j.mu.Unlock()
	j.done++
	if j.Progress != nil {
		j.Progress(Progress{j.sup.Name, ended, j.done, j.total})
	}
}

// services puts the bundles of the checks on the host.
func (j *job) services(h *host) []*service {
	var services []*service
	var early []string
	for i, c := range j.checks {
		if i > 0 && c.shares != "" && c.shares == j.checks[i-1].shares {
			same := *services[i-1]
			same.check = c
			services = append(services, &same)
			continue
		}
		s := newService(h, c, j.builder, basePort+i)
		s.build()
		services = append(services, s)
		if s.refused == nil {
			s.place()
		}
		if s.refused == nil && c.placing == prepared {
			early = append(early, s.bundle)
		}
	}
	// Some supervisors take seconds to see that a service is new. What goes wrong here, the checks meet again.
	if len(early) > 0 {
		h.RunCommand(lab.Command{
			Argv:    append([]string{"sh", "-c", `for bundle; do "$bundle/run" configure; done`, "sh"}, early...),
			Timeout: 5 * time.Minute,
		})
	}
	return services
}

// basePort is the first port that probes listen on.
const basePort = 21000
