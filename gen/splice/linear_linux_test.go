package splice_test

import (
	"fmt"
	"strings"
	"testing"

	"palletgen/gen/clojure"
	"palletgen/gen/diag"
	"palletgen/gen/ini"
	"palletgen/gen/plist"
	"palletgen/gen/record"
	"palletgen/gen/splice/splicetest"
	"palletgen/gen/systemd"
	"palletgen/gen/upstart"
)

// A reader is what reads files of one format; head and end stand around the shapes.
type reader struct {
	parse     func(*diag.Source) error
	splice    func(*record.Marked) ([]byte, error)
	head, end string
	shapes    []string // pieces that are repeated; a %d is their number
	values    []string // the same with a § where a value goes
}

var readers = map[string]reader{
	"systemd": {
		func(src *diag.Source) error { _, err := systemd.Parse(src); return err }, systemd.Splice, "[Service]\nExecStart=/bin/a", "\n",
		[]string{" b", " \\\n b", "\\\n", "\\\n#", " ; /bin/b", ` "a"'b'`, `"a"'b'`, ` \y`, `\`, " %n", " %", " $A", "${A}", " $", "\n", "\n[Service]", "\n[", "\n[[", "\nK%d=1",
			"\nExecStart=/bin/a", "\nEnvironment=A%d=1", "\nx", " \"", "\n[X-%d]", "=", "\x00"},
		[]string{" -- §", " --a=§", "§", "\n[Unit]\nDescription=§", "\nEnvironment=A%d=§", "\nExecStart=/bin/a -- §", "\nUser=§", " 'a§'", " \\\n--a=§", "\n#§", "\n§"},
	},
	"upstart": {
		func(src *diag.Source) error { _, err := upstart.Parse(src); return err }, upstart.Splice, "exec a", "\n",
		[]string{" b", " \\\n b", "\\\n", ` "a"'b'`, `"a"'b'`, ` \y`, `\`, "\n", "\nenv A%d=1", "\nemits", "\nemits a b c", "\nstart on a", " #", "\n# a", "\nstart on (", "(", ")", "\nfoo",
			"\nscript\na\nend script", "\nscript", " \"", "\nstart on a or (b and c)", " $A", " >a", "\nlimit", "\n\"a"},
		[]string{" -- §", "§", "\nenv A%d=§", "\ndescription §", "\n# §", "\nexec a -- §", " 'a§'", "\nstart on §", "\nscript\n§\nend script", "\n§"},
	},
	"ini": {
		func(src *diag.Source) error { _, err := ini.Parse(src); return err }, ini.Splice, "[program:a]\ncommand=/bin/a", "\n",
		[]string{" b", "\n b", "\n", "\n[a%d]", "\n[", "[", "\nk%d=v", "\nk=v", "%%", "%", "%(a)s", " ;", "\n;", "=", ` "a"`, `\`, "\n[program:a]"},
		[]string{" --a=§", "§", "\nk%d=§", "\n[program:§]", "\n;§", "\n§=a", " 'a§'"},
	},
	"plist": {
		func(src *diag.Source) error { _, err := plist.Parse(src); return err }, plist.Splice, "<plist version=\"1.0\"><array>", "</array></plist>\n",
		[]string{"<string>a</string>", "<array>", "<array/>", "<dict>", "<dict><key>a</key>", "\n", "&amp;", "&a", "<", "<!--", "<!-- a -->", "<string>", "<a b='c'>", "<![CDATA[", "</array>",
			"<dict><key>ProgramArguments</key><array><string>a</string></array></dict>", "a"},
		[]string{"<string>§</string>", "<string>a§</string>\n", "<dict><key>a</key><string>§</string></dict>\n", "<dict><key>ProgramArguments</key><array><string>a</string><string>§</string></array></dict>\n",
			"<integer>§</integer>", "<key>§</key>"},
	},
	"clojure": {
		nil, clojure.Splice, "(a ", ")\n",
		[]string{"b ", "(", ")", "[a]", "{", "{:a b}", "\"a\" ", "\"", "#", "#_", "#{", ";", "\n;a", "'", "@", "^", "\\a ", "\\", "#(", "#\"a\" ", ":a ", "1 ", "~@", "#?(", "\n"},
		[]string{"§ ", "§\n", "(a § b)", "\"§\" ", "; §\n"},
	},
}

// TestLinear reads large files, and puts many values into some, that are made to
// take long.
func TestLinear(t *testing.T) {
	for name, r := range readers {
		t.Run(name, func(t *testing.T) {
			shapes, values := map[string]func(int) string{}, map[string]func(int) string{}
			shape := func(piece string) func(size int) string {
				return splicetest.Number(r.head, func(i int) string { return strings.ReplaceAll(piece, "%d", fmt.Sprint(i)) }, r.end)
			}
			for _, piece := range r.shapes {
				shapes[fmt.Sprintf("%q", piece)] = shape(piece)
			}
			for _, piece := range r.values {
				values[fmt.Sprintf("%q", piece)] = func(size int) string { return shape(piece)(size / 4) }
			}
			splicetest.Linear(t, shapes, func(text string) {
				if r.parse != nil {
					_ = r.parse(&diag.Source{Name: "a", Text: text}) // either way it is to be quick
				}
				_, _ = r.splice(splicetest.Marked("§", text))
			})
			splicetest.Linear(t, values, func(text string) {
				list := make([]any, strings.Count(text, "§"))
				for i := range list {
					list[i] = "x y"
				}
				_, _ = r.splice(splicetest.Marked("§", text, list...))
			})
		})
	}
}
