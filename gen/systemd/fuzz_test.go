package systemd_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/splice/splicetest"
	"palletgen/gen/systemd"
)

// A model of how systemd reads a unit, in its own terms: it shares nothing with
// our parser, and takes everything that systemd takes.

// settings reads lines as config_parse does.
func settings(text string) [][2]string {
	var all [][2]string
	continued := ""
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' || r == 0 }) {
		if begin := strings.TrimLeft(line, " \t"); begin != "" && strings.ContainsRune("#;", rune(begin[0])) {
			continue
		}
		continued += line
		escaped := false
		for _, c := range []byte(continued) {
			escaped = !escaped && c == '\\'
		}
		if escaped {
			continued = continued[:len(continued)-1] + " "
			continue
		}
		key, value, _ := strings.Cut(continued, "=")
		all = append(all, [2]string{strings.Trim(key, " \t"), strings.Trim(value, " \t")})
		continued = ""
	}
	return all
}

// firstWord is extract_first_word with EXTRACT_UNQUOTE and EXTRACT_CUNESCAPE.
func firstWord(s string) (word, rest string, ok bool) {
	s = strings.TrimLeft(s, " \t")
	if s == "" {
		return "", "", false
	}
	quote := byte(0)
	var out []byte
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+3 < len(s) && s[i+1] == 'x':
			n, err := strconv.ParseUint(s[i+2:i+4], 16, 8)
			if err != nil {
				return "", "", false
			}
			out = append(out, byte(n))
			i += 3
		case c == '\\':
			if i++; i == len(s) || strings.IndexByte(`nt\"'`, s[i]) < 0 {
				return "", "", false
			}
			out = append(out, "\n\t\\\"'"[strings.IndexByte(`nt\"'`, s[i])])
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case quote == 0 && (c == ' ' || c == '\t'):
			return string(out), strings.TrimLeft(s[i:], " \t"), true
		default:
			out = append(out, c)
		}
	}
	return string(out), "", quote == 0
}

// specifiers is specifier_printf; false where there is one.
func specifiers(s string) (string, bool) {
	var out []byte
	for i := 0; i < len(s); i++ {
		if s[i] == '%' {
			if i++; i == len(s) || s[i] != '%' {
				return "", false
			}
		}
		out = append(out, s[i])
	}
	return string(out), true
}

// variables is replace_env_argv for one word; false where there is one.
func variables(s string) (string, bool) {
	if strings.HasPrefix(s, "$") && !strings.HasPrefix(s, "$$") {
		return "", false
	}
	var out []byte
	for i := 0; i < len(s); i++ {
		if s[i] == '$' && i+1 < len(s) {
			if s[i+1] == '{' {
				return "", false
			}
			if s[i+1] == '$' {
				i++
			}
		}
		out = append(out, s[i])
	}
	return string(out), true
}

// words reads a command line, or assignments.
func words(t *testing.T, value string, env bool) []string {
	t.Helper()
	var all []string
	for first := true; value != ""; first = false {
		if !first && (value == ";" || strings.HasPrefix(value, "; ")) {
			t.Fatalf("%q: a second command", value)
		}
		word, rest, ok := firstWord(value)
		if ok {
			word, ok = specifiers(word)
		}
		if ok && env {
			word, ok = variables(word)
		}
		if !ok {
			t.Fatalf("%q reads wrong", value)
		}
		all, value = append(all, word), rest
	}
	return all
}

func FuzzParse(f *testing.F) {
	f.Add("[Unit]\nDescription=a %n \\\n#x\n b\n[Service]\nExecStart=-@/bin/x y ${A} $B \\x41 '%%' ; z \\; \"q\"\nEnvironment=A=b 'C=%n'\nUser=x\n")
	f.Fuzz(func(t *testing.T, text string) {
		_, err := systemd.Parse(&diag.Source{Name: "x", Text: text})
		if err != nil && len(err.(diag.List)) == 0 {
			t.Error("an empty list of errors")
		}
	})
}

// FuzzSplice puts values into every kind of place and reads them back with the
// model.
func FuzzSplice(f *testing.F) {
	for _, v := range splicetest.Awkward {
		f.Add(v, v)
		f.Add("x "+v, v+" x")
	}
	f.Add("a\nb", "\x00")
	f.Add("\ufffe", "\u2028")
	f.Fuzz(func(t *testing.T, a, b string) {
		if strings.Contains(a+b, "\x00") {
			if _, err := systemd.Splice(marked("[Service]\nExecStart=/p § §", a, b)); err == nil {
				t.Fatal("a NUL byte is taken")
			}
			return
		}
		fits := systemd.Fits(a) && systemd.Fits(b)
		program := "/" + a
		for _, place := range []struct {
			text   string
			values []any
			want   []string
		}{
			{"ExecStart=/p -- § x§ \"y§\" 'z§' \\\n §", []any{a, b, a, b, a}, []string{"/p", "--", a, "x" + b, "y" + a, "z" + b, a}},
			{"ExecStart=/p -- §§ \"a§\\\n§\"", []any{a, b, a, b}, []string{"/p", "--", a + b, "a" + a + " " + b}},
			{"ExecStart=§", []any{exact("/p", a, b)}, []string{"/p", a, b}},
			{"ExecStart=/p §", []any{exact(program, b)}, []string{"/p", program, b}},
			{"Environment=A=§ \"B=§\" §", []any{a, b, map[string]any{"C": a, "D": b}}, []string{"A=" + a, "B=" + b, "C=" + a, "D=" + b}},
		} {
			unit, err := systemd.Splice(marked("[Service]\n"+place.text, place.values...))
			if (err == nil) != fits {
				t.Fatalf("%q: fits %t, but error %v", place.text, fits, err)
			}
			if err != nil {
				continue
			}
			read := settings(string(unit))
			if len(read) != 2 {
				t.Fatalf("%q has %d lines", unit, len(read))
			}
			if got := words(t, read[1][1], read[1][0] == "ExecStart"); !slices.Equal(got, place.want) {
				t.Fatalf("%q: systemd reads %q, not %q", unit, got, place.want)
			}
		}
		if unit, err := systemd.Splice(marked("[Service]\nSyslogIdentifier=§\nWorkingDirectory=-/§", a, b)); err == nil {
			read := settings(string(unit))
			name, ok1 := specifiers(read[1][1])
			folder, ok2 := specifiers(read[2][1])
			if len(read) != 3 || !ok1 || !ok2 || name != a || folder != "-/"+b {
				t.Fatalf("%q: systemd reads %q and %q", unit, name, folder)
			}
		} else if fits && plain(a) && plain(b) {
			t.Fatalf("%q and %q: %v", a, b, err)
		}
	})
}

// plain tells that nothing can be wrong with s.
func plain(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz/") == "" && len(s) < 1000
}
