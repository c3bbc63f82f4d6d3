package render

import (
	"bytes"
	"encoding/hex"
	"os"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"palletgen/gen/lab"
	"palletgen/gen/pack"
	"palletgen/gen/plan"
	"palletgen/gen/splice/splicetest"
)

// readUserData has cloud-init say what it makes of user data: the type and the
// bytes, in hex, of each part.
const readUserData = `
import email
from cloudinit import user_data
def answer(question):
    message = user_data.UserDataProcessor({}).process(question)
    return [[p.get_content_type(), p.get_payload(decode=True).hex()] for p in message.walk() if not p.is_multipart()]
`

// FuzzUserData puts addresses and phases into user data. It is one shell script,
// plain or compressed, for the real cloud-init too; and the values are words of it.
func FuzzUserData(f *testing.F) {
	program, err := os.ReadFile(lab.Need(f, "cloud-init"))
	if err != nil {
		f.Fatal(err)
	}
	first, _, _ := strings.Cut(string(program), "\n")
	server := splicetest.Serve(f, strings.TrimSpace(strings.TrimPrefix(first, "#!")), readUserData)
	catalog, err := plan.NewCatalog(os.DirFS("../.."), nil, nil)
	if err != nil {
		f.Fatal(err)
	}
	wrapper, err := New(catalog, "v0").NewWrapper(catalog)
	if err != nil {
		f.Fatal(err)
	}
	for _, v := range append(splicetest.Awkward, splicetest.OddJSON...) {
		f.Add("https://example.org/"+v, "start"+v)
		f.Add(v, v)
	}
	f.Fuzz(func(t *testing.T, url, phase string) {
		b := pack.Bundle{Name: "web", Files: []pack.File{{Path: "run", Mode: 0o755, Data: []byte("#!/bin/sh\n" + phase)}}}
		for _, format := range []pack.Format{
			wrapper.Download(func(string) string { return url }, []string{phase}, 1<<20), wrapper.UserData([]string{phase}, 1<<20),
		} {
			data, err := writeTo(t, b, format)
			if err != nil {
				continue
			}
			script := data
			if bytes.HasPrefix(data, []byte("\x1f\x8b")) {
				if script, err = unzip(data); err != nil {
					t.Fatal(err)
				}
			}
			var got [][2]string
			server.Ask(t, data, &got)
			if len(got) != 1 || got[0][0] != "text/x-shellscript" || got[0][1] != hex.EncodeToString(script) {
				t.Fatalf("%q, %q: cloud-init reads %v, not one script %q", url, phase, got, script)
			}
		}
	})
}

func unzip(data []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	_, err = out.ReadFrom(r)
	return out.Bytes(), err
}

// writeTo returns what a format makes of a bundle.
func writeTo(t *testing.T, b pack.Bundle, format pack.Format) ([]byte, error) {
	t.Helper()
	dir := t.TempDir()
	err := pack.Write(t.Context(), dir, 1, func(int) (pack.Bundle, error) { return b, nil }, pack.Options{Formats: []pack.Format{format}}, nil)
	if err != nil {
		return nil, err
	}
	return os.ReadFile(dir + "/web" + format.Suffix)
}
