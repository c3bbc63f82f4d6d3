package conform

import (
	"fmt"
	"slices"
	"strings"

	"palletgen/gen/lazyregexp"
	"palletgen/gen/supervisor"
)

// A check is one row of the matrix.
//
// Its fields, extra, app and twin are lines of YAML, in which @DIR is the folder of the probe, @PORT a port for it, and
// @NAME the name of the service. Where the supervisor's folder says that it cannot do one of the fields, the check is
// that the build says so, too.
type check struct {
	group, name string
	fields      string   // fields of the service description that it is about
	extra       string   // and those that it takes where the supervisor can do them
	app         string   // settings of the crate app; without a command among them it is the probe
	twin        string   // fields of a second service of the bundle, NAME-twin, which comes last; "" for none
	values      []string // further arguments of the command, and values of variables
	shares      string   // name of a service that several checks have in common; "" for one of its own
	placing     placing
	boot        bool // it is about what happens at boot
	do          func(s *service)
}

// placing says on which host a check is done, and what was done there before.
type placing int

const (
	prepared placing = iota // that of its group; the bundle was configured before the supervisor came up
	fresh                   // that of its group, or of those that share the service; nothing was done with the bundle
	alone                   // one of its own, on which the supervisor is not up
)

// account is the name of the account that services run as.
const account = "conform"

// asUser makes a service run as it.
const asUser = "user: " + account

// What the scripts of a bundle see of the probe.
const (
	probePath = "/usr/local/bin/palletgen-probe"
	root      = "/srv/conform" // holds the folders of the probes
)

// title is what a check is called.
func (c *check) title() string { return c.group + ": " + c.name }

// serviceName is the name of the check's service.
func (c *check) serviceName() string {
	if c.shares != "" {
		return c.shares
	}
	return strings.Trim(notInNames.ReplaceAllString(strings.ToLower(c.title()), "-"), "-")
}

var notInNames = lazyregexp.New(`[^a-z0-9]+`)

// A field is one of a service description.
type field struct{ name, value string }

// fieldLine is where one begins; of one that is no word it is enough to know the name.
var fieldLine = lazyregexp.New(`(?m)^([a-z_]+):(.*)$`)

func parseFields(lines string) []field {
	var fields []field
	for _, match := range fieldLine.FindAllStringSubmatch(lines, -1) {
		fields = append(fields, field{match[1], strings.TrimSpace(match[2])})
	}
	return fields
}

// impossible returns the first field that the supervisor cannot do, nil for none.
func impossible(sup *supervisor.Supervisor, fields []field) *field {
	for _, f := range fields {
		if !sup.Possible(f.name, f.value) {
			return &f
		}
	}
	return nil
}

// config is the palletgen.yaml of the check's bundle, which has its service's name.
func (c *check) config(sup *supervisor.Supervisor, values []string, port int) string {
	name, fields, app := c.serviceName(), c.fields, c.app
	for _, f := range parseFields(c.extra) {
		taken := slices.ContainsFunc(parseFields(fields), func(other field) bool { return other.name == f.name })
		if !taken && impossible(sup, []field{f}) == nil {
			fields += "\n" + f.name + ": " + f.value
		}
	}
	if c.values != nil {
		app += "\ncommand:\n  - " + probePath + "\n  - @DIR\n" + yamlArguments(values)
		fields += "\nenvironment:\n" + yamlVariables(values)
	}
	config := fmt.Sprintf("groups:\n  %s:\n    extends:\n      - %s\n", name, sup.Crate)
	config += entry(sup, name, app, fields)
	if c.twin != "" {
		config += entry(sup, name, "instance_id: twin\ncommand: ["+probePath+", @DIR-twin]", c.twin)
	}
	return strings.NewReplacer("@DIR", root+"/"+name, "@PORT", fmt.Sprint(port), "@NAME", name).Replace(config)
}

// patienceOption is what supervisors call how long they are waited for.
const patienceOption = "patience"

// entry is one of a group: the crate app with settings, and fields of its service.
func entry(sup *supervisor.Supervisor, name, settings, fields string) string {
	settings = "supervisor: " + sup.Name + "\nname: " + name + "\n" + settings
	if sup.Options.Get(patienceOption) != nil { // the host may have much else to do
		settings += "\n" + sup.Name + ": {" + patienceOption + ": 40}"
	}
	if !strings.Contains(settings, "command:") {
		settings += "\ncommand: [" + probePath + ", @DIR]"
	}
	if strings.TrimSpace(fields) != "" {
		settings += "\nservice:\n" + indent(strings.TrimLeft(fields, "\n"), 2)
	}
	return "      - app:\n" + indent(settings, 10) + "\n"
}
