package render

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/command"
	"palletgen/gen/diag"
	"palletgen/gen/record"
)

func TestPayloadURLs(t *testing.T) {
	const text = `# bundle:a/comment
remote_file bundle:a/one 12 /srv/a
    x "bundle:a/{{ .file }}" 'bundle:{{ .crate }}/q'; y bundle:a/two;z
x bundle:a/$name bundle:a nobundle:a/b bundle:a/../b note 'bundle: a/b'
`
	tmpl, err := (&record.Loader{}).Parse(&diag.Source{Name: "f", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	marked, err := tmpl.Execute(map[string]any{"file": "file.deb", "crate": "other"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, found := range payloadURLs(marked) {
		got = append(got, fmt.Sprintf("%v %s", found.at, found.url))
	}
	want := []string{"f:2:13 bundle:a/one", "f:3:8 bundle:a/file.deb", "f:3:31 bundle:other/q", "f:3:57 bundle:a/two"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestVerifyCommands(t *testing.T) {
	verify := func(src string) command.Command {
		cmd, err := command.Parse(src)
		if err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	files := []*hostFile{
		{path: "/a", phase: "configure", verify: verify("visudo -cf")},
		{path: "/b", phase: "configure", verify: verify("/usr/sbin/nginx -t -c")},
		{path: "/c", phase: "configure", verify: verify("visudo -c")},
		{path: "/d", phase: "install", verify: verify("early")},
		{path: "/e", phase: "configure", verify: verify("test -s")},
		{path: "/f", phase: "configure", verify: verify("$CHECK it")},
		{path: "/g", phase: "configure", verify: verify("/opt/check it")},
		{path: "/opt/check", phase: "install"},
	}
	b := &builder{files: files, byPath: map[string]*hostFile{}}
	for _, f := range files {
		b.byPath[f.path] = f
	}
	if diff := cmp.Diff([]string{"/usr/sbin/nginx", "visudo"}, b.verifyCommands("configure")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
