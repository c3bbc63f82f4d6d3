package shell_test

import (
	"fmt"
	"testing"

	"palletgen/gen/record"
	"palletgen/gen/shell"
)

// benchText is a fragment as crates and supervisors have them: ten lines, of
// which most hold values.
const benchText = `put etc/sv/@/run /etc/sv/@/run root root 0755
directory @ @ @ 0755
if [ ! -d @/supervise ]; then
    # first time for @
    symbolic_link @ /etc/service/@
fi
for group in @ @; do
    group "$group"
done
runit_start @ "@/supervise" @
`

// benchValues returns the values of group n, all of them different.
func benchValues(n int) []any {
	name := fmt.Sprintf("riemann-%d", n)
	return []any{name, name, "/opt/" + name, "user" + name, "group " + name, "/etc/sv/" + name, name,
		"/etc/sv/" + name, name, "a" + name, "b " + name, name, "/etc/sv/" + name, n}
}

func BenchmarkSplice(b *testing.B) {
	engine := shell.NewEngine()
	m := marked(benchText, benchValues(0)...)
	all := make([][]record.Value, 4096)
	for i := range all {
		all[i] = marked(benchText, benchValues(i)...).Values
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		m.Values = all[i%len(all)]
		if _, err := engine.Splice(m); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSpliceAgain has the same values each time.
func BenchmarkSpliceAgain(b *testing.B) {
	engine := shell.NewEngine()
	m := marked(benchText, benchValues(0)...)
	b.ReportAllocs()
	for range b.N {
		if _, err := engine.Splice(m); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSpliceFirst has an engine that knows nothing yet.
func BenchmarkSpliceFirst(b *testing.B) {
	m := marked(benchText, benchValues(0)...)
	b.ReportAllocs()
	for range b.N {
		if _, err := shell.NewEngine().Splice(m); err != nil {
			b.Fatal(err)
		}
	}
}
