package verify_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"palletgen/gen/verify"
)

// TestFormats: a bundle is whole in every format, and has the same digest.
func TestFormats(t *testing.T) {
	digest := ""
	for format, suffix := range map[string]string{"tar": ".tar", "tar.gz": ".tar.gz", "dir": "", "sh": ".sh"} {
		t.Run(format, func(t *testing.T) {
			report, err := verifier().Check(t.Context(), build(t, format, suffix), nil)
			if err != nil {
				t.Fatal(err)
			}
			if digest == "" {
				digest = report.Digest
			}
			if report.Digest != digest || report.Name != "small" || report.Files < 20 || report.Phases != 13 || report.Signed {
				t.Errorf("%+v, the digest of another format is %s", report, digest)
			}
		})
	}
	data, err := os.ReadFile(build(t, "cloud-init", ".user-data", "--user-data-limit", "1000000"))
	if err != nil {
		t.Fatal(err)
	}
	if report, err := check(t, data); err != nil || report.Digest != digest {
		t.Errorf("%+v: %v", report, err)
	}
	if !load(t).isWhole(t) {
		t.Error("what tests write is not whole")
	}
}

func (b bundle) isWhole(t *testing.T) bool {
	_, err := check(t, b.tar(t))
	return err == nil
}

// TestTampered changes a bundle in one way each.
func TestTampered(t *testing.T) {
	whole := load(t)
	small := func(name string) string { return "small/" + name }
	for _, c := range []struct {
		name   string
		change func(b *bundle)
		want   []string
	}{
		// Files.
		{"changed", func(b *bundle) { b.get("lib.sh").data[20] ^= 1 }, []string{"lib.sh was changed: its SHA-256 is "}},
		{"two changed", func(b *bundle) { b.get("lib.sh").data[20] ^= 1; b.get("run").data[30] ^= 1 }, []string{"lib.sh was changed", "run was changed"}},
		{"added", func(b *bundle) { b.add(tar.Header{Name: small("more"), Typeflag: tar.TypeReg}, "x") }, []string{"more was added: SHA256SUMS does not list it"}},
		{"added and listed", func(b *bundle) {
			b.add(tar.Header{Name: small("phases/more.sh"), Typeflag: tar.TypeReg}, "x")
			b.sums()
		}, []string{`"phases/more.sh" is in SHA256SUMS, but not in manifest.json`, "phases/more.sh is the script of no phase", "does not tell of the commands of phases/more.sh"}},
		{"missing", func(b *bundle) { b.remove("lib.sh") }, []string{"there is no file lib.sh in it"}},
		{"phase missing", func(b *bundle) { b.remove("phases/stop.sh") },
			[]string{`"phases/stop.sh" is missing: SHA256SUMS lists it`, `the phase "stop" has no script`,
				`the phase "stop-riemann-a" has no script`, `the phase "stop-riemann-b" has no script`, `the phase "stop-riemann-c" has no script`,
				`the phase "stop-app" has no script`, `the commands of "phases/stop.sh"`}},
		{"sums changed", func(b *bundle) { d := b.get("SHA256SUMS").data; d[0] = "10"[d[0]&1] }, []string{"was changed: its SHA-256", "different sums of README"}},
		{"sums empty", func(b *bundle) { b.get("SHA256SUMS").data = nil }, []string{"SHA256SUMS is cut off"}},
		{"sums without a blank", func(b *bundle) { b.get("SHA256SUMS").data[64] = '*' }, []string{"line 1 of SHA256SUMS is not as palletgen writes it"}},
		{"no signature", func(b *bundle) { b.add(tar.Header{Name: small("SHA256SUMS.sig"), Typeflag: tar.TypeReg}, "x") }, []string{"SHA256SUMS.sig is no signature"}},
		{"mode", func(b *bundle) { b.get("run").Mode = 0o644 }, []string{"the mode of run is 0644, should be 0755"}},
		{"mode of the sums", func(b *bundle) { b.get("SHA256SUMS").Mode = 0o755 }, []string{"the mode of SHA256SUMS is 0755, should be 0644"}},
		{"mode of nobody", func(b *bundle) { b.get("lib.sh").Mode = 0o4644 }, []string{"the mode of lib.sh is 4644, should be 0644"}},

		// The archive.
		{"absolute", func(b *bundle) { b.add(tar.Header{Name: "/etc/x", Typeflag: tar.TypeReg}, "x") }, []string{`the path "/etc/x" is absolute`}},
		{"upwards", func(b *bundle) { b.add(tar.Header{Name: small("../x"), Typeflag: tar.TypeReg}, "x") }, []string{"small/../x: the path has a part .."}},
		{"folder upwards", func(b *bundle) { b.add(tar.Header{Name: small("../x/"), Typeflag: tar.TypeDir, Mode: 0o755}, "") }, []string{"leads out of the bundle", "is empty"}},
		{"beside", func(b *bundle) { b.add(tar.Header{Name: "x", Typeflag: tar.TypeReg}, "x") }, []string{`"x" is not in the folder "small"`}},
		{"two tops", func(b *bundle) { b.add(tar.Header{Name: "tiny/x", Typeflag: tar.TypeReg}, "x") }, []string{`"tiny/x" is not in the folder "small"`}},
		{"link", func(b *bundle) { b.add(tar.Header{Name: small("x"), Typeflag: tar.TypeSymlink, Linkname: "/etc"}, "") }, []string{`"small/x" is a link to "/etc"`}},
		{"hard link", func(b *bundle) {
			b.add(tar.Header{Name: small("x"), Typeflag: tar.TypeLink, Linkname: "/etc/passwd"}, "")
		}, []string{`"small/x" is a hard link`}},
		{"device", func(b *bundle) { b.add(tar.Header{Name: small("x"), Typeflag: tar.TypeChar}, "") }, []string{`"small/x" is a device`}},
		{"pipe", func(b *bundle) { b.add(tar.Header{Name: small("x"), Typeflag: tar.TypeFifo}, "") }, []string{`"small/x" is a named pipe`}},
		{"twice", func(b *bundle) { b.add(tar.Header{Name: small("run"), Typeflag: tar.TypeReg}, "x") }, []string{"small/run: the bundle has two files of this name"}},
		{"case", func(b *bundle) { b.add(tar.Header{Name: small("RUN"), Typeflag: tar.TypeReg}, "x") }, []string{"only upper and lower case"}},
		{"file and folder", func(b *bundle) { b.add(tar.Header{Name: small("run/x"), Typeflag: tar.TypeReg}, "x") }, []string{"a file and of a folder"}},
		{"control character", func(b *bundle) { b.add(tar.Header{Name: small("a\x1b[2Jb"), Typeflag: tar.TypeReg}, "x") }, []string{"a control character in the name"}},
		{"empty folder", func(b *bundle) { b.add(tar.Header{Name: small("x/"), Typeflag: tar.TypeDir, Mode: 0o755}, "") }, []string{`the folder "x" is empty`}},
		{"mode of a folder", func(b *bundle) { b.get("phases/").Mode = 0o777 }, []string{`the mode of the folder "small/phases/" is 0777`}},
		{"owner", func(b *bundle) { b.get("run").Uid = 1000 }, []string{`"small/run" belongs to 1000:0`}},
		{"name of the owner", func(b *bundle) { b.get("run").Uname = "joe" }, []string{`("joe":"")`}},
		{"time", func(b *bundle) { b.get("run").ModTime = time.Unix(1, 0) }, []string{`"small/run" has another time`}},
		{"order", func(b *bundle) { (*b)[2], (*b)[3] = (*b)[3], (*b)[2] }, []string{"the archive is not the one that palletgen makes of these files"}},
		{"another tar", func(b *bundle) {
			b.get("run").Format = tar.FormatPAX
			b.get("run").PAXRecords = map[string]string{"comment": "x"}
		},
			[]string{"the archive is not the one that palletgen makes of these files"}},
		{"folders not named", func(b *bundle) { b.remove("phases/") }, []string{"the archive is not the one that palletgen makes of these files"}},

		// The manifest.
		{"another bundle", func(b *bundle) { b.manifest(`"bundle": "small"`, `"bundle": "tiny"`) }, []string{`the folder in it is called small, and manifest.json says that this is the bundle "tiny"`}},
		{"unknown field", func(b *bundle) { b.manifest(`"bundle"`, `"more": 1, "bundle"`) }, []string{`manifest.json: json: unknown field "more"`}},
		{"field twice", func(b *bundle) { b.manifest(`"bundle"`, `"bundle": "x", "bundle"`) }, []string{"one is there twice"}},
		{"another spelling", func(b *bundle) { b.manifest(`"bundle"`, `"Bundle"`) }, []string{"spelled another way"}},
		{"deep", func(b *bundle) {
			b.manifest(`"settings":{`, `"settings":{"x":`+strings.Repeat("[", 100000)+strings.Repeat("]", 100000)+`,`)
		}, []string{"exceeded max depth"}},
		{"no JSON", func(b *bundle) { b.get("manifest.json").data = []byte("x"); b.sums() }, []string{"manifest.json: invalid character"}},
		{"behind the manifest", func(b *bundle) { m := b.get("manifest.json"); m.data = append(m.data, "{}"...); b.sums() }, []string{"something stands behind its end"}},
		{"mode in the manifest", func(b *bundle) { b.manifest(`"mode":"0644"`, `"mode":"4755"`) }, []string{`"4755" is no mode`}},
		{"another place", func(b *bundle) { b.manifest(`"put":{"path":"/etc/`, `"put":{"path":"/bin/`) }, []string{"which is another place"}},
		{"unknown format", func(b *bundle) { b.manifest(`"format":"ini"`, `"format":"exe"`) }, []string{`"exe" is no format`}},
		{"script of no phase", func(b *bundle) { b.manifest(`{"name":"stop","script":"stop"}`, `{"name":"stop","script":"none"}`) }, []string{`the phase "stop" has no script`}},
		{"phase twice", func(b *bundle) { b.manifest(`{"name":"stop","script":"stop"}`, `{"name":"start","script":"stop"}`) }, []string{`lists the phase "start" twice`}},
		{"unknown service", func(b *bundle) { b.manifest(`"script":"stop","service":"app"`, `"script":"stop","service":"web"`) }, []string{`is for "web", which is no service`}},

		// Grammars.
		{"shell", func(b *bundle) { b.set("phases/stop.sh", "phase_stop() {\n") }, []string{"phases/stop.sh:1:14: `{` must be followed"}},
		{"shell, our rules", func(b *bundle) { b.set("lib.sh", "f() {\n    local x\n}\n") }, []string{"lib.sh:2:5: local is no POSIX shell"}},
		{"shell, deep", func(b *bundle) { b.set("phases/stop.sh", strings.Repeat("(", 1<<20)) }, []string{"more is nested"}},
		{"shell, long", func(b *bundle) { b.set("phases/stop.sh", strings.Repeat("x", 9<<20)) }, []string{"phases/stop.sh has 9437184 bytes"}},
		{"systemd", func(b *bundle) { b.set("root/etc/systemd/system/riemann-a.service", "[Service]\nExecStart=\"\n") }, []string{"riemann-a.service:2"}},
		{"upstart", func(b *bundle) { b.set("root/etc/init/riemann-b.conf", "start on (\n") }, []string{"riemann-b.conf:1"}},
		{"upstart, deep", func(b *bundle) { b.set("root/etc/init/riemann-b.conf", "start on "+strings.Repeat("(", 1<<20)) }, []string{"more parentheses"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := whole.clone()
			c.change(b)
			_, err := check(t, b.tar(t))
			wants(t, err, c.want...)
		})
	}
}

// TestStream damages the archive itself.
func TestStream(t *testing.T) {
	plain := load(t).tar(t)
	gz := compressed(t, plain)
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"empty", nil, "it is empty"},
		{"text", []byte("hello\n"), "it is no bundle"},
		{"zeros", make([]byte, 10240), "it is no bundle"},
		{"script", []byte("#!/bin/sh\nrm -rf /\n"), "it has no function onefile_files"},
		{"cut tar", plain[:len(plain)/2], "it is cut off"},
		{"cut at a member", plain[:len(plain)-1024], "the end of the archive is missing"},
		{"behind the tar", append(bytes.Clone(plain), "x"...), "something stands behind the end of the archive"},
		{"a tar behind the tar", append(bytes.Clone(plain), plain...), "something stands behind the end of the archive"},
		{"padded", append(bytes.Clone(plain), make([]byte, 4096)...), "the archive is not the one"},
		{"cut gzip", gz[:len(gz)/2], "it is cut off"},
		{"gzip without its end", gz[:len(gz)-4], "it is cut off"},
		{"wrong sum in gzip", append(bytes.Clone(gz[:len(gz)-8]), make([]byte, 8)...), "it is damaged"},
		{"behind gzip", append(bytes.Clone(gz), "x"...), "1 bytes stand behind the end of the compressed file"},
		{"two gzips", append(bytes.Clone(gz), gz...), "bytes stand behind the end of the compressed file"},
		{"gzip in gzip", compressed(t, gz), "it is no bundle"},
		{"bomb", bomb(t, 9, 60<<20), "the archive has more than a bundle can"},
		{"large file", bomb(t, 1, 65<<20), "a file of a bundle 67108864 at most"},
		{"many files", bomb(t, 50001, 0), "it has more files than a bundle can"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := check(t, c.data); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// bomb is an archive of so many files of zeros.
func bomb(t *testing.T, files int, size int64) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	w := tar.NewWriter(z)
	zeros := make([]byte, size)
	for i := range files {
		err := w.WriteHeader(&tar.Header{Name: fmt.Sprintf("small/%d", i), Typeflag: tar.TypeReg, Mode: 0o644, Size: size})
		if err == nil {
			_, err = w.Write(zeros)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestFolder changes a bundle that is unpacked.
func TestFolder(t *testing.T) {
	pristine := build(t, "dir", "")
	for _, c := range []struct{ name, script, want string }{
		{"as it is", ":", ""},
		{"another umask", "chmod -R go= .", ""},
		{"group may write", "chmod -R g+w .", ""},
		{"changed", "echo x >>lib.sh", "lib.sh was changed"},
		{"missing", "rm README", "no file README"},
		{"added", "echo x >x", "x was added"},
		{"empty folder", "mkdir x", `the folder "x" is empty`},
		{"link", "mv lib.sh ../lib.sh && ln -s ../lib.sh lib.sh", `"lib.sh" is a link`},
		{"pipe", "mkfifo x", `"x" is a device or the like`},
		{"not to be executed", "chmod a-x run", "the mode of run is 0644, should be 0755"},
		{"to be executed", "chmod a+x lib.sh", "the mode of lib.sh is 0755, should be 0644"},
		{"anybody may write", "chmod a+w lib.sh", "the mode of lib.sh is 0666, should be 0644"},
		{"setuid", "chmod u+s run", "the mode of run is 4755, should be 0755"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "renamed")
			if said, err := exec.Command("cp", "-a", pristine, dir).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, said)
			}
			cmd := exec.Command("sh", "-c", c.script)
			cmd.Dir = dir
			if said, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, said)
			}
			report, err := verifier().Check(t.Context(), dir, nil)
			switch {
			case c.want != "":
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%v, want %q", err, c.want)
				}
			case err != nil:
				t.Error(err)
			default:
				whole, err := verifier().Check(t.Context(), build(t, "tar.gz", ".tar.gz"), nil)
				if err != nil || report.Digest != whole.Digest {
					t.Errorf("the digest is %s, of the archive %v (%v)", report.Digest, whole, err)
				}
			}
		})
	}
	if _, err := verifier().Check(t.Context(), "/nowhere/x", nil); err == nil || !strings.Contains(err.Error(), "/nowhere/x: cannot read the bundle: no such file") {
		t.Error(err)
	}
}

// TestScript changes the bundle that is one script.
func TestScript(t *testing.T) {
	whole, err := os.ReadFile(build(t, "sh", ".sh"))
	if err != nil {
		t.Fatal(err)
	}
	v := verifier()
	head := ""
	v.Head = func(bundle string, phases []string) (string, error) {
		head = bundle + " " + strings.Join(phases, " ")
		before, _, _ := strings.Cut(string(whole), "\n# onefile_files:")
		return before, nil
	}
	for _, c := range []struct{ from, to, want string }{
		{"", "", ""},
		{"umask 022", "umask 000", "what stands before the files"},
		{"mkdir -m 0700", "mkdir -m 0777", "what stands before the files"},
		{"onefile_text README", "onefile_text READYOU", "there is no file README"},
		{"{ onefile_main", "{ :; onefile_main", "not as palletgen writes it"},
	} {
		text := strings.Replace(string(whole), c.from, c.to, 1)
		_, err := v.Check(t.Context(), "b", strings.NewReader(text))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%q: %v, want %q", c.to, err, c.want)
		}
	}
	if head != "small " {
		t.Errorf("the head was asked for as %q", head)
	}
	if _, err := v.Check(t.Context(), "b", bytes.NewReader(whole[:len(whole)/2])); err == nil {
		t.Error("a script that is cut off is whole")
	}
}

// FuzzCheck reads what somebody made up. What it finds nothing wrong with is a
// bundle that palletgen has written.
func FuzzCheck(f *testing.F) {
	whole := load(f)
	tiny := bundle{}
	for _, path := range []string{"", "README", "SHA256SUMS", "lib.sh", "manifest.json", "run"} {
		m := *whole.get(path)
		if path == "lib.sh" || path == "run" {
			m.data = m.data[:200]
		}
		tiny = append(tiny, &m)
	}
	f.Add(tiny.tar(f))
	f.Add(compressed(f, tiny.tar(f)))
	f.Add(whole.tar(f))
	f.Add([]byte("#!/bin/sh\n\n# onefile_files: makes the files of the bundle.\nonefile_files() {\nonefile_text run 'x'\nonefile_bytes README '\\001%%'\nonefile_modes 0755 run\n}\n{ onefile_main \"$@\"; exit; }\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		v := verifier()
		report, err := v.Check(t.Context(), "b", bytes.NewReader(data))
		if err == nil && !verify.IsDigest(report.Digest) {
			t.Errorf("%+v", report)
		}
	})
}
