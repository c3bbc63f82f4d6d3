package upstart_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"palletgen/gen/upstart"
)

// jobs is how many job files the batch has.
const jobs = 400

// TestUpstartPassesBatch has a real upstart start some hundred jobs at one event:
// values of the corpora of the fuzz targets, awkward ones, and mixtures of both
// arrive byte for byte as words of the command line and as variables, wherever
// the template has them.
func TestUpstartPassesBatch(t *testing.T) {
	folder, initctl := upstartSession(t)
	random := rand.New(rand.NewPCG(1, 13))
	values := append(corpora(t), awkward...)
	for range 200 { // any bytes
		value := make([]byte, 1+random.IntN(20))
		for i := range value {
			value[i] = byte(1 + random.IntN(255))
		}
		values = append(values, string(value))
	}
	pool := sayable(values)
	pick := func() string {
		value := ""
		for range 1 + random.IntN(3) {
			value += pool[random.IntN(len(pool))]
		}
		if len(value) > 300 {
			value = value[:300]
		}
		return value
	}
	dumps, want := t.TempDir(), map[string][]string{}
	for i := range jobs {
		v := []string{pick(), pick(), pick(), pick(), pick(), pool[i%len(pool)]}
		name := fmt.Sprintf("j%d", i)
		text, err := upstart.Splice(marked("start on go\nenv "+dumpVariable+"=%\nenv V0=%\nenv V1=\"a % b\"\nenv V2='%'x\nexec % -- % x% \"y %\" 'z%'% %\n",
			filepath.Join(dumps, name), v[0], v[1], v[2], exact(os.Args[0]), v[3], v[4], v[0], v[1], v[2], exact("/w", v[5], v[3])))
		if err != nil {
			t.Fatalf("%q: %v", v, err)
		}
		want[name] = []string{"arg 0=--", "arg 1=" + v[3], "arg 2=x" + v[4], "arg 3=y " + v[0], "arg 4=z" + v[1] + v[2], "arg 5=/w", "arg 6=" + v[5], "arg 7=" + v[3],
			"V0=" + v[0], "V1=a " + v[1] + " b", "V2=" + v[2] + "x"}
		if err := os.WriteFile(filepath.Join(folder, name+".conf"), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	initctl("reload-configuration")
	if said := initctl("emit", "--no-wait", "go"); said != "" {
		t.Fatal(said)
	}
	deadline := time.Now().Add(60 * time.Second)
	for name, want := range want {
		file := filepath.Join(dumps, name)
		for {
			text, err := os.ReadFile(file)
			if err == nil {
				if got := strings.Split(string(text), "\x00"); !slices.Equal(got, want) {
					t.Errorf("%s:\ngot  %q\nwant %q", name, got, want)
				}
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("%s did not run: %s", name, initctl("status", name))
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	t.Logf("%d jobs of %d values", len(want), len(pool))
}

// sayable are the values that a job file can hold, each once.
func sayable(values []string) []string {
	slices.Sort(values)
	return slices.DeleteFunc(slices.Compact(values), func(v string) bool { return !upstart.Fits(v) })
}

// corpora returns all texts in the corpora of the fuzz targets.
func corpora(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../*/testdata/fuzz/*/*")
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			_, quoted, found := strings.Cut(lines.Text(), "string(")
			if value, err := strconv.Unquote(strings.TrimSuffix(quoted, ")")); found && err == nil {
				values = append(values, value)
			}
		}
		_ = file.Close()
	}
	return values
}
