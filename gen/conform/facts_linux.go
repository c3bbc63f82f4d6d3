package conform

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"palletgen/gen/lazyregexp"
)

// facts is what the kernel says about a process.
type facts struct {
	user, group string
	groups      []string // the supplementary ones, sorted, without group
	umask       string
	nice        string
	leader      bool              // of its process group
	folder      string            // in which it works
	ignored     string            // signals, hexadecimal
	blocked     string            // the same
	open        map[string]string // descriptors: what they lead to
	limits      map[string]string // name of the kernel: "SOFT HARD"
	args        []string
	environ     map[string]string
}

// look asks the kernel about a process.
func (s *service) look(pid int) facts {
	dir := fmt.Sprintf("/proc/%d/", pid)
	status, stat := s.ReadFile(dir+"status"), strings.Fields(afterName(s.ReadFile(dir+"stat")))
	f := facts{
		user: column(status, `Uid:\s+(\d+)`), group: column(status, `Gid:\s+(\d+)`), umask: column(status, `Umask:\s+(\d+)`),
		ignored: column(status, `SigIgn:\s+(\w+)`), blocked: column(status, `SigBlk:\s+(\w+)`),
		nice: stat[16], leader: stat[2] == itoa(pid),
		open: map[string]string{}, limits: map[string]string{}, environ: map[string]string{},
		args: split(s.ReadFile(dir + "cmdline")),
	}
	f.groups = slices.DeleteFunc(strings.Fields(column(status, `Groups:\t([\d ]*)`)), func(id string) bool { return id == f.group })
	slices.Sort(f.groups)
	for _, match := range limitLine.FindAllStringSubmatch(s.ReadFile(dir+"limits"), -1) {
		f.limits[match[1]] = match[2] + " " + match[3]
	}
	for _, entry := range split(s.ReadFile(dir + "environ")) {
		name, value, _ := strings.Cut(entry, "=")
		f.environ[name] = value
	}
	links := s.sh(`cd "$1" && for link in cwd fd/*; do printf '%s\0' "$link" && readlink -n "$link" && printf '\0' || exit; done`, dir)
	for pair := range slices.Chunk(split(links), 2) {
		if name := pair[0]; name == "cwd" {
			f.folder = pair[1]
		} else {
			f.open[strings.TrimPrefix(name, "fd/")] = pair[1]
		}
	}
	return f
}

// afterName is what stands in /proc/PID/stat from the third field, the state, on.
func afterName(stat string) string { return stat[strings.LastIndex(stat, ")")+1:] }

var limitLine = lazyregexp.New(`(?m)^Max (.*?) {2,}(\S+) +(\S+)`)

// column returns the group of a match, "" where there is none.
func column(text, pattern string) string {
	match := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if match == nil {
		return ""
	}
	return strings.TrimSpace(match[1])
}

// split cuts what /proc shows of arguments and environments.
func split(list string) []string {
	return slices.Collect(strings.SplitSeq(strings.TrimSuffix(list, "\x00"), "\x00"))
}

// want checks one fact of the process that start has started.
func want(fact string, value string, get func(f facts) string) func(s *service) {
	return func(s *service) {
		pid := s.start()
		wantSame(s, fact, get(s.look(pid)), value)
	}
}
