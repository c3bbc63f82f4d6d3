package upstart_test

import (
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/upstart"
)

// readToken is a model of upstart's reader in its own terms: it copies blanks
// from behind the position that it has reached, as the original does. It shares
// nothing with the scanner. wrong: the token does not end.
func readToken(file, delim string, dequote bool) (string, bool) {
	const ws = " \t\r"
	var dest []byte
	blanks, slash, newline := 0, false, false
	quote := -1
	p := 0
	for ; p < len(file); p++ {
		c := int(file[p])
		extra, isQuote := 0, false
		if slash {
			slash = false
			if c == '\n' {
				newline = true
				continue
			}
			if c == '\\' || strings.ContainsRune(ws, rune(c)) {
				extra = 1
			} else {
				dest = append(dest, '\\')
			}
		} else if c == '\\' {
			slash = true
			continue
		} else if quote >= 0 {
			if c == quote {
				quote, isQuote = -1, true
			} else if c == '\n' {
				newline = true
				continue
			} else if strings.ContainsRune(ws, rune(c)) {
				blanks++
				continue
			}
		} else if c == '"' || c == '\'' {
			quote, isQuote = c, true
		} else if strings.ContainsRune(delim, rune(c)) {
			break
		} else if strings.ContainsRune(ws, rune(c)) {
			blanks++
			continue
		}
		if newline {
			dest = append(dest, ' ')
		} else {
			dest = append(dest, file[p-blanks-extra:p-extra]...)
		}
		if extra > 0 && !dequote {
			dest = append(dest, '\\')
		}
		if !isQuote || !dequote {
			dest = append(dest, byte(c))
		}
		blanks, newline = 0, false
	}
	return string(dest), slash || quote >= 0
}

func FuzzParse(f *testing.F) {
	f.Add(parsed)
	f.Add("start on (a and\n# x\nb X=1) or c\nexec x 'y' >z\nscript\nfoo\nend script # q\nkill timeout 5\n")
	f.Fuzz(func(t *testing.T, text string) {
		conf, err := upstart.Parse(&diag.Source{Name: "x", Text: text})
		if err != nil && len(err.(diag.List)) == 0 {
			t.Error("an empty list of errors")
		}
		_ = outline(conf)
	})
}

// FuzzSplice puts a value into every kind of place and reads it back with the
// model of upstart's reader.
func FuzzSplice(f *testing.F) {
	for _, v := range awkward {
		f.Add(v, v)
		f.Add("x "+v, v+" x")
	}
	f.Add("a\nb", "\x00")
	f.Fuzz(func(t *testing.T, a, b string) {
		fits := upstart.Fits(a) && upstart.Fits(b)
		for _, place := range []struct {
			text  string
			want  []string
			delim string
		}{
			{"env A=%%\nexec x", []string{"A=" + a + b}, ""},
			{"env A=\"x%y\"%\nexec x", []string{"A=x" + a + "y" + b}, ""},
			{"env A='x%y'%\nexec x", []string{"A=x" + a + "y" + b}, ""},
			{"emits x% \"%\"x\nexec x", []string{"x" + a, b + "x"}, ""},
			{"start on (e X=% Y='%')\nexec x", []string{"X=" + a, "Y=" + b}, "()"},
		} {
			conf, err := upstart.Splice(marked(place.text, a, b))
			if (err == nil) != fits {
				t.Fatalf("%q: fits %t, but error %v", place.text, fits, err)
			}
			if err != nil {
				continue
			}
			line, rest, _ := strings.Cut(string(conf), "\n")
			if rest != "exec x" {
				t.Fatalf("%q became %q", place.text, conf)
			}
			rest = line[strings.IndexAny(line, "AxX"):]
			for _, want := range place.want {
				got, wrong := readToken(rest, place.delim+" \t\r#\n", true)
				if wrong || got != want {
					t.Fatalf("%q: upstart reads %q, not %q", conf, got, want)
				}
				rest = rest[min(len(rest), length(rest, place.delim)):]
			}
			if strings.Trim(rest, " )") != "" {
				t.Fatalf("%q: %q is left over", conf, rest)
			}
		}
		if fits {
			execBack(t, a, b)
		}
	})
}

// length is what the first token of text and the blanks after it take.
func length(text, delim string) int {
	quote, slash := byte(0), false
	for i := range len(text) {
		c := text[i]
		switch {
		case slash:
			slash = false
		case c == '\\':
			slash = true
		case quote == c:
			quote = 0
		case quote != 0:
		case c == '"' || c == '\'':
			quote = c
		case strings.IndexByte(delim+" \t\r#\n", c) >= 0:
			return i + len(text[i:]) - len(strings.TrimLeft(text[i:], " "))
		}
	}
	return len(text)
}

// execBack puts values into a command line, lets the model read it, and takes
// the words apart as a shell does.
func execBack(t *testing.T, a, b string) {
	conf, err := upstart.Splice(marked("exec % x% \"y%\" 'z%' # %", exact("/bin/p", a, b), a, b, a, b))
	if err != nil {
		t.Fatal(err)
	}
	line, wrong := readToken(strings.TrimPrefix(string(conf), "exec "), "#\n", false)
	got, ok := shellWords(line)
	want := []string{"/bin/p", a, b, "x" + a, "y" + b, "z" + a}
	if wrong || !ok || strings.Join(got, "\x00") != strings.Join(want, "\x00") {
		t.Fatalf("%q: the process gets %q, not %q", conf, got, want)
	}
}

// shellWords takes a command line without expansions apart; false where a
// character would be special to a shell.
func shellWords(line string) (words []string, ok bool) {
	var word []byte
	in := false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\'':
			end := strings.IndexByte(line[i+1:], '\'')
			if end < 0 {
				return nil, false
			}
			word, in = append(word, line[i+1:i+1+end]...), true
			i += end + 1
		case c == '"':
			for i++; i < len(line) && line[i] != '"'; i++ {
				if line[i] == '$' || line[i] == '`' {
					return nil, false
				}
				if line[i] == '\\' && i+1 < len(line) && strings.IndexByte("$`\"\\", line[i+1]) >= 0 {
					i++
				}
				word = append(word, line[i])
			}
			if in = true; i == len(line) {
				return nil, false
			}
		case c == ' ' || c == '\t':
			if in {
				words = append(words, string(word))
			}
			word, in = word[:0], false
		case strings.IndexByte("~`!$^&*()=|\\{}[];<>?#", c) >= 0 && c != '=':
			return nil, false
		default:
			word, in = append(word, line[i]), true
		}
	}
	if in {
		words = append(words, string(word))
	}
	return words, true
}
