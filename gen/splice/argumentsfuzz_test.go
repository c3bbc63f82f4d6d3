package splice_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"palletgen/gen/diag"
	"palletgen/gen/splice/splicetest"
)

// lineWords are words of command lines that mean something to one command or
// another; § is a value.
var lineWords = strings.Fields(`§ -§ --a=§ x§ A=§ a -a -- --a -c -e -f -n 5 A=b /bin/a sh bash env nice nohup timeout sudo su xargs find -exec -name + grep -F sed awk
	kill -s test printf date chroot flock setpriv exec stat tar cut sort curl perl python3 psql watch busybox ionice chpst eval trap cd`)

// FuzzArguments: of the values in a command line, a property list takes those that
// a script takes in the same line, and refuses the others for the same reasons.
func FuzzArguments(f *testing.F) {
	word := func(s string) byte { return byte(slices.Index(lineWords, s)) }
	for _, line := range []string{"/bin/a §", "sh -c §", "env A=§ sh -c §", "nice -n 5 grep § a", "find a -exec sh -c § +", "kill -s §", "su a -c §", "/bin/a -- §", "timeout 5 -§"} {
		var seed []byte
		for _, w := range strings.Fields(line) {
			seed = append(seed, word(w))
		}
		for _, v := range []string{"-x", "x", "a.b", "-5", "KILL", "", "%s"} {
			f.Add(seed, v)
		}
	}
	f.Fuzz(func(t *testing.T, line []byte, v string) {
		if len(line) == 0 || len(line) > 12 || !utf8.ValidString(v) || strings.ContainsFunc(v, func(r rune) bool { return r < ' ' || r >= 0x7f }) {
			t.Skip("no line, or a value that one of the two cannot say")
		}
		var words []string
		for _, b := range line {
			words = append(words, lineWords[int(b)%len(lineWords)])
		}
		if strings.Contains(words[0], "§") || strings.Contains(words[0], "=") || strings.HasPrefix(words[0], "-") {
			t.Skip("no program that is known")
		}
		text := strings.Join(words, " ")
		values := make([]any, strings.Count(text, "§"))
		for i := range values {
			values[i] = v
		}
		got := reasons(t, "plist", words, values)
		want := reasons(t, "shell", words, values)
		if slices.ContainsFunc(want, func(why string) bool {
			return strings.Contains(why, "name of a command") || strings.Contains(why, "a command's name")
		}) {
			t.Skip("in a script no value names a command")
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s of %q: in a property list %q, in a script %q", text, v, got, want)
		}
	})
}

// reasons are why values are refused, without what only holds for scripts.
func reasons(t *testing.T, format string, words []string, values []any) []string {
	t.Helper()
	with := commandFiles[format]
	_, err := with.splice(splicetest.Marked("§", with.file(words), values...))
	var all []string
	list, _ := err.(diag.List)
	for _, e := range list {
		if strings.Contains(e.Msg, "value") {
			all = append(all, e.Error())
		}
	}
	slices.Sort(all)
	return all
}
