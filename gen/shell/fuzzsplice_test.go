package shell_test

import (
	"hash/fnv"
	"strings"
	"testing"

	"palletgen/gen/shell"
)

// spliceWords are the functions that the scripts of FuzzSplice call, beside d: cat
// and mksh's printf would be programs.
const spliceWords = header + `cat() {
    while IFS= read -r d_line; do
        d_lines "$d_line"
    done
}
d_lines() {
    printf '%s\n' "$1"
}
case ${KSH_VERSION-} in
*MIRBSD*)
    d_lines() {
        print -r -- "$1"
    }
    printf() {
        case $1 in
        %s.) ;;
        *) exit 70 ;;
        esac
        shift
        for d_arg in "$@"; do
            print -rn -- "$d_arg."
        done
    }
    ;;
esac
`

// ends reports whether the shape's script starts programs, or ends its shell.
func (s shape) ends() bool {
	switch s.name {
	case "export", "env", "command behind exec", "subshell and pipe":
		return true
	}
	return false
}

// FuzzSplice splices two values into all shapes and lets real shells print them
// again: every byte has to arrive. The shells stay, and are asked again and again.
// To start a program takes longer than all the rest: of the shapes that do, one is
// run in one shell, which ones the input says, so that all pairs come often.
func FuzzSplice(f *testing.F) {
	f.Add("a b", "it's")
	f.Add("$(id)`id`${x}", "\\\n\"")
	f.Add("a\nEOF\nb", "[a-z]*?{a,b}~")
	f.Add("\xff\x81\x01\x7f\r\n", "-n")
	f.Add("esac", "!")
	engine := shell.NewEngine()
	server := newServer(f, spliceWords, "dash", "bash", "busybox", "mksh", "ksh")
	all := append(shapes[:len(shapes):len(shapes)], operand)
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a)+len(b) > 4096 || strings.Contains(a+b, "\x00") {
			t.Skip("too long to be of use, or refused anyway")
		}
		var stay script
		var ends []script
		for _, s := range all {
			if text, ok := s.script(t, engine, a, b); !ok {
				continue
			} else if s.ends() {
				ends = append(ends, script{"(\nunset -f cat printf 2>/dev/null\n" + text + ")\n", s.output(a, b)})
			} else {
				stay.add("unset e\n"+text, s.output(a, b))
			}
		}
		server.check(t, stay.text, stay.want)
		if len(ends) > 0 {
			hash := fnv.New32a()
			_, _ = hash.Write([]byte(a + "\x00" + b))
			which, shells := int(hash.Sum32()>>8), len(server.shells)
			one, at := ends[which%len(ends)], which/len(ends)%shells
			server.checkIn(t, server.shells[at:at+1], one.text, one.want)
		}
		if t.Failed() { // shape by shape, to say which
			checkShapes(t, engine, "C", all, [2]string{a, b})
		}
	})
}

// A script is made of those of several shapes.
type script struct{ text, want string }

func (s *script) add(text, want string) {
	s.text += text
	s.want += want
}
