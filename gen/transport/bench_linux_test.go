package transport

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"palletgen/gen/lab"
)

// stopwatchName is a helper program of the machines: it reads a contest, runs it, and prints each time.
const stopwatchName = "lab-stopwatch"

// A contest is command lines that are run by turns, so that what the host does beside it disturbs all alike.
type contest struct {
	Rounds   int
	Commands []contestant
}

// A contestant is one of these command lines, with a file for its standard input, "" for none.
type contestant struct {
	Argv  []string
	Stdin string
}

// stopwatch prints, as JSON, the times of each command in nanoseconds, round by round.
func stopwatch() int {
	times, err := measure(os.Stdin)
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(times)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "stopwatch:", err)
		return 1
	}
	return 0
}

func measure(r io.Reader) ([][]time.Duration, error) {
	var c contest
	if err := json.NewDecoder(r).Decode(&c); err != nil {
		return nil, err
	}
	times := make([][]time.Duration, len(c.Commands))
	for range c.Rounds {
		for i, command := range c.Commands {
			took, err := command.run()
			if err != nil {
				return nil, err
			}
			times[i] = append(times[i], took)
		}
	}
	return times, nil
}

func (c contestant) run() (time.Duration, error) {
	cmd := exec.Command(c.Argv[0], c.Argv[1:]...)
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	if c.Stdin != "" {
		f, err := os.Open(c.Stdin)
		if err != nil {
			return 0, err
		}
		defer f.Close()
		cmd.Stdin = f
	}
	start := time.Now()
	err := cmd.Run()
	took := time.Since(start)
	if err != nil {
		err = fmt.Errorf("%q: %w\n%s", c.Argv, err, &said)
	}
	return took, err
}

// contest runs one in the machine and returns the median of each command.
func (h *host) contest(rounds int, commands ...contestant) []time.Duration {
	h.t.Helper()
	text, err := json.Marshal(contest{rounds, commands})
	if err != nil {
		h.t.Fatal(err)
	}
	got := h.RunCommand(lab.Command{Argv: []string{stopwatchName}, Stdin: string(text), Timeout: 10 * time.Minute})
	var times [][]time.Duration
	if got.Code != 0 || json.Unmarshal([]byte(got.Stdout), &times) != nil {
		h.t.Fatalf("stopwatch: %v", got)
	}
	medians := make([]time.Duration, len(times))
	for i, list := range times {
		slices.Sort(list)
		medians[i] = list[len(list)/2]
	}
	return medians
}

// BenchmarkSSHNoop compares a run that has nothing to do, by the format sh and one connection, with "ssh host true":
// medians of the same run, by turns.
func BenchmarkSSHNoop(b *testing.B) {
	for _, shell := range []string{"dash", "busybox", "bash"} {
		b.Run(shell, func(b *testing.B) {
			bundles := build(b, appConfig("runit"), "--format", formats)
			h := newHost(b, shell)
			h.addService("up")
			h.runit()
			wants(b, h.ssh("host", bundles["app.sh"], "sh -s -- "+flow), 0)
			if got := h.ssh("host", bundles["app.sh"], "sh -s -- "+flow); got.Code != 0 || got.Stdout != "changed=0\n" {
				b.Fatalf("it has something to do: %v", got)
			}
			const script, archive = "/srv/client/app.sh", "/srv/client/app.tar.gz"
			h.WriteFile(script, bundles["app.sh"], 0o644)
			h.WriteFile(archive, bundles["app.tar.gz"], 0o644)
			commands := []contestant{
				{sshArgv("host", "true"), ""},
				{sshArgv("host", "sh -s -- "+flow), script},
				{sshArgv("host", "tar -xzf - && app/run "+flow), archive},
			}
			h.contest(2, commands...) // fills caches
			const rounds = 15
			var sums [3]time.Duration
			turns := 0
			before := h.connections()
			for b.Loop() {
				for i, median := range h.contest(rounds, commands...) {
					sums[i] += median
				}
				turns++
			}
			if got := h.connections() - before; got != turns*rounds*len(commands) {
				b.Errorf("%d connections for %d commands", got, turns*rounds*len(commands))
			}
			ms := func(i int) float64 { return sums[i].Seconds() * 1000 / float64(turns) }
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(ms(0), "ms/true")
			b.ReportMetric(ms(1), "ms/sh")
			b.ReportMetric(ms(2), "ms/tar")
			b.ReportMetric(ms(1)/ms(0), "times-true")
			b.ReportMetric(ms(2)/ms(0), "times-true-by-tar")
		})
	}
}
