package systemd_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"palletgen/gen/lab"
	"palletgen/gen/splice/splicetest"
	"palletgen/gen/systemd"
)

// sharedReader reads a unit with the functions of systemd's own library: the file
// by config_parse, words by extract_first_word, specifiers, each of which is an
// error, by specifier_printf, and variables, of which there are none, by
// replace_env_argv.
const sharedReader = `
import ctypes as c
lib, libc = c.CDLL(LIBRARY), c.CDLL(None)
libc.fmemopen.restype = c.c_void_p
libc.fmemopen.argtypes = [c.c_char_p, c.c_size_t, c.c_char_p]
libc.fclose.argtypes = [c.c_void_p]
found = []
parse_t = c.CFUNCTYPE(c.c_int, c.c_char_p, c.c_char_p, c.c_uint, c.c_char_p, c.c_uint, c.c_char_p, c.c_int, c.c_char_p, c.c_void_p, c.c_void_p)
def parsed(unit, file, line, section, section_line, key, kind, value, data, user):
    found.append((section, key, value))
    return 0
parsed_c = parse_t(parsed)
lookup_t = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_char_p, c.c_char_p, c.POINTER(c.c_void_p), c.POINTER(c.c_int), c.POINTER(c.c_void_p), c.c_void_p)
def lookup(table, section, key, function, kind, data, user):
    function[0] = c.cast(parsed_c, c.c_void_p).value
    return 1
lookup_c = lookup_t(lookup)
lib.config_parse.argtypes = [c.c_char_p, c.c_char_p, c.c_void_p, c.c_char_p, c.c_void_p, c.c_void_p, c.c_int, c.c_void_p, c.c_void_p]
lib.extract_first_word.argtypes = [c.POINTER(c.c_char_p), c.POINTER(c.c_char_p), c.c_char_p, c.c_int]
special_t = c.CFUNCTYPE(c.c_int, c.c_char, c.c_void_p, c.c_char_p, c.c_void_p, c.c_void_p)
refuse = special_t(lambda *_: -22)
class Specifier(c.Structure):
    _fields_ = [("letter", c.c_char), ("lookup", special_t), ("data", c.c_void_p)]
table = (Specifier * 256)()
for i in range(255):
    table[i].letter, table[i].lookup = bytes([i + 1]), refuse
lib.specifier_printf.argtypes = [c.c_char_p, c.c_size_t, c.c_void_p, c.c_char_p, c.c_void_p, c.POINTER(c.c_char_p)]
lib.replace_env_argv.restype = c.POINTER(c.c_char_p)
lib.replace_env_argv.argtypes = [c.POINTER(c.c_char_p), c.POINTER(c.c_char_p)]
def words(text):
    p, word, out = c.c_char_p(text), c.c_char_p(), []
    while True:
        r = lib.extract_first_word(c.byref(p), c.byref(word), None, 1 << 1 | 1 << 5)
        if r < 0:
            raise ValueError(r)
        if r == 0:
            return out
        out.append(special(word.value))
def special(text):
    to = c.c_char_p()
    r = lib.specifier_printf(text, 1 << 30, table, None, None, c.byref(to))
    if r < 0:
        raise ValueError(r)
    return to.value
def variables(argv):
    got = lib.replace_env_argv((c.c_char_p * (len(argv) + 1))(*argv), (c.c_char_p * 1)())
    out, i = [], 0
    while got[i] is not None:
        out.append(got[i])
        i += 1
    return out
def answer(question):
    found.clear()
    f = libc.fmemopen(question, len(question), b"r")
    r = lib.config_parse(None, b"x.service", f, b"Unit\0Service\0", c.cast(lookup_c, c.c_void_p), None, 0, None, None)
    libc.fclose(f)
    if r < 0:
        raise ValueError(r)
    out = []
    for section, key, value in found:
        if key == b"ExecStart":
            value = variables(words(value))
        elif key == b"Environment":
            value = words(value)
        else:
            value = [special(value)]
        out.append([v.decode("utf-8") for v in [section, key] + value])
    return out
`

// FuzzShared puts values into a unit and has systemd's own library read it.
func FuzzShared(f *testing.F) {
	python := lab.Need(f, "python3")
	libraries, _ := filepath.Glob("/lib/*/systemd/libsystemd-shared-252.so") // later ones have other arguments
	if len(libraries) == 0 {
		lab.Skip(f, "libsystemd-shared-252.so is not here")
	}
	server := splicetest.Serve(f, python, "LIBRARY = '"+libraries[0]+"'\n"+sharedReader)
	var known [][]string
	server.Ask(f, []byte("[Service]\nExecStart=/x 'a b' \"\\x41\\n\" %% $$A \\\n ${B} $C y\n"), &known)
	if len(known) != 1 || !slices.Equal(known[0], []string{"Service", "ExecStart", "/x", "a b", "A\n", "%", "$A", "", "y"}) {
		f.Fatalf("the library reads %q", known)
	}
	for _, v := range splicetest.Awkward {
		f.Add(v, v)
		f.Add("x "+v, v+"\n")
	}
	f.Add("\ufffe", "\u2028")
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a)+len(b) > 4096 || strings.Contains(a+b, "\x00") {
			t.Skip("too long to be of use, or refused anyway")
		}
		line := "x" + a + "y"
		if _, err := systemd.Splice(marked("[Unit]\nDescription=§\n", line)); err != nil {
			line = "x"
		}
		unit, err := systemd.Splice(marked("[Unit]\nDescription=§\n[Service]\nExecStart=/p -- § x§ \"y§\" 'z§' \\\n §§\nExecStart=§\nEnvironment=A=§ \"B=§\" §\n",
			line, a, b, a, b, a, b, exact("/p", b, a), a, b, map[string]any{"C": a, "D": b}))
		if fits := systemd.Fits(a) && systemd.Fits(b); (err == nil) != fits {
			t.Fatalf("%q, %q: fits %t, but error %v", a, b, fits, err)
		}
		if err != nil {
			return
		}
		var got [][]string
		server.Ask(t, unit, &got)
		want := [][]string{
			{"Unit", "Description", line},
			{"Service", "ExecStart", "/p", "--", a, "x" + b, "y" + a, "z" + b, a + b},
			{"Service", "ExecStart", "/p", b, a},
			{"Service", "Environment", "A=" + a, "B=" + b, "C=" + a, "D=" + b},
		}
		if !slices.EqualFunc(got, want, slices.Equal[[]string]) {
			t.Fatalf("%q: systemd reads %q, not %q", unit, got, want)
		}
	})
}
