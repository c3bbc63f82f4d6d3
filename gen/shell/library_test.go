package shell_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"palletgen/gen/diag"
	"palletgen/gen/shell"
)

const libraryText = `# files.sh: a header that belongs to no function.

# put SRC DEST: puts a file.
# may use: install
# may use: chown chmod
put() {
    put_tmp=$(mktemp "$2.XXXXXX") || die 70 "cannot write $2"
    cat >"$put_tmp" <<-EOF
	# no comment block
	EOF
    if command -v install >/dev/null; then
        exec nice -n 5 install "$1" "$2"
    fi
    trap 'forget "$put_tmp"' EXIT
    "$put_tool" "$1"
    find . -exec touch {} + | xargs env A=b rm -f --
}
# directly below, with another way to write a body
nap() ( sleep 0.1 2>/dev/null || sleep 1 )

bare() {
    put a b
}`

func TestLibrary(t *testing.T) {
	src := &diag.Source{Name: "lib/files.sh", Text: libraryText}
	got, err := shell.NewEngine().Library(src)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(libraryText, "\n")
	names := func(calls []shell.Call) (s string) {
		for _, c := range calls {
			s += " " + c.Name
		}
		return s
	}
	if got, want := names(got[0].Calls), " cat die env find forget install mktemp nice rm touch xargs"; got != want {
		t.Errorf("put calls%s, want%s", got, want)
	}
	if got, want := got[0].Calls[1].Pos.Line, 7; got != want {
		t.Errorf("die is called on line %d, want %d", got, want)
	}
	want := []shell.Function{
		{Name: "put", Text: strings.Join(lines[2:17], ""), Doc: "put SRC DEST: puts a file.\nmay use: install\nmay use: chown chmod",
			Optional: []string{"chmod", "chown", "install"}, Pos: diag.Pos{Line: 6, Col: 1}},
		{Name: "nap", Text: strings.Join(lines[17:19], ""), Doc: "directly below, with another way to write a body", Pos: diag.Pos{Line: 19, Col: 1}},
		{Name: "bare", Text: strings.Join(lines[20:], "") + "\n", Pos: diag.Pos{Line: 21, Col: 1}},
	}
	ignore := cmp.Options{cmpopts.IgnoreFields(diag.Pos{}, "Source"), cmpopts.IgnoreFields(shell.Function{}, "Calls"), cmpopts.IgnoreUnexported(shell.Function{})}
	if diff := cmp.Diff(want, got, ignore); diff != "" {
		t.Error(diff)
	}
}

func TestLibraryRefuses(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"command at the top", "a() {\n    b\n}\na\n", "x.sh:4:1: only functions can stand at the top level of a library file"},
		{"assignment at the top", "a=b\n", "x.sh:1:1: only functions can stand at the top level of a library file"},
		{"redirected function", "a() {\n    b\n} >c &\n", "x.sh:1:1: only functions can stand at the top level of a library file"},
		{"two on a line", "a() { b; }; c() { d; }\n", "x.sh:1:13: a function has to begin a line"},
		{"indented", "  a() { b; }\n", "x.sh:1:3: a function has to begin a line"},
		{"capitals", "A() { b; }\n", "x.sh:1:1: the function's name is made of other bytes"},
		{"twice", "a() { b; }\na() { c; }\n", "x.sh:2:1: a is defined a second time"},
		{"syntax", "a() {\n    if b\n}\n", "x.sh:3:1: `}` can only be used to close a block"},
		{"lint", "a() {\n    local b\n}\n", "x.sh:2:5: local is no POSIX shell: ksh93 has none, yash and posh split its values (local)"},
		{"not ASCII", "# \xc3\xa9\na() { b; }\n", "x.sh:1:3: a byte that is no ASCII stands in the script's text"},
	} {
		_, err := shell.NewEngine().Library(&diag.Source{Name: "x.sh", Text: tc.text})
		if err == nil || !strings.HasPrefix(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %s", tc.name, err, tc.want)
		}
	}
}

func TestOutline(t *testing.T) {
	text := "# head\n\n# a: x.\n# resource\na() {\n    b\n}\n\nc() {\n    local d\n}\n"
	got, ok := shell.NewEngine().Outline(&diag.Source{Name: "x.sh", Text: text})
	if !ok || len(got) != 2 || !got[0].Resource || got[0].Text != "# a: x.\n# resource\na() {\n    b\n}\n" {
		t.Fatalf("got %+v, %t", got, ok)
	}
	if calls, err := got[0].Called(); err != nil || len(calls) != 1 || calls[0].Name != "b" || calls[0].Pos.Line != 6 {
		t.Errorf("a calls %v, %v", calls, err)
	}
	if _, err := got[1].Called(); err == nil || !strings.HasPrefix(err.Error(), "x.sh:10:5: local is no POSIX shell") {
		t.Errorf("of c: %v", err)
	}
	for _, text := range []string{"a=b\n", "a() {\n", "a() ( b )\n", "  a() {\n}\n", "a() {\n    b; }\n"} {
		if got, ok := shell.NewEngine().Outline(&diag.Source{Name: "x.sh", Text: text}); ok {
			t.Errorf("%q has an outline: %v", text, got)
		}
	}
}

func TestLibraryEmpty(t *testing.T) {
	got, err := shell.NewEngine().Library(&diag.Source{Name: "x.sh", Text: "# nothing\n"})
	if err != nil || len(got) != 0 {
		t.Errorf("got %v, %v", got, err)
	}
}
