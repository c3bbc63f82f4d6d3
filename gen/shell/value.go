package shell

import (
	"reflect"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/command"
	"palletgen/gen/posix"
)

// A value is what a template printed, in the form in which it is put in.
type value struct {
	text   string // the bytes it stands for; "" for a command and code
	number bool   // a Go integer
	cmd    command.Command
	code   *parsedCode
}

// parsedCode is code from settings with its syntax tree.
type parsedCode struct {
	text string // without trailing newlines
	file *syntax.File
}

// read turns v into a value; the refusal says why it cannot be printed at all.
func (e *Engine) read(v any) (value, refusal) {
	switch v := v.(type) {
	case string:
		return textValue(v)
	case int:
		return value{text: strconv.Itoa(v), number: true}, refusal{}
	case int64:
		return value{text: strconv.FormatInt(v, 10), number: true}, refusal{}
	case bool:
		return value{text: strconv.FormatBool(v)}, refusal{}
	case command.Command:
		return commandValue(v)
	case Code:
		return e.codeValue(string(v))
	case nil:
		return value{}, refusal{"there is no value to print", "give the setting a value or a default, or put the line between {{ if … }} and {{ end }}"}
	}
	return otherValue(reflect.ValueOf(v))
}

func textValue(s string) (value, refusal) {
	if strings.IndexByte(s, 0) >= 0 {
		return value{}, refusal{"the value holds a NUL byte, which no shell can keep", ""}
	}
	return value{text: s}, refusal{}
}

func commandValue(cmd command.Command) (value, refusal) {
	if cmd.IsZero() {
		return value{}, refusal{"there is no command to print", "give the setting a command, or put the line between {{ if … }} and {{ end }}"}
	}
	for _, arg := range cmd.Args {
		if strings.IndexByte(arg.Lit, 0) >= 0 || strings.IndexByte(arg.Src, 0) >= 0 {
			return value{}, refusal{"the command holds a NUL byte, which no shell can keep", ""}
		}
	}
	return value{cmd: cmd}, refusal{}
}

// codeValue parses code on its own, so that nothing in it can lean on what
// stands around it.
func (e *Engine) codeValue(code string) (value, refusal) {
	for i := 0; i < len(code); i++ {
		if c := code[i]; c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			return value{}, refusal{"the shell code holds a control character", "remove it; lines end in a newline alone"}
		}
	}
	code = strings.TrimRight(code, "\n")
	if posix.EndsInBackslash(code) {
		return value{}, refusal{`the shell code ends in a lone \`, "remove it"}
	}
	file, err := e.parsers.Parse(spell(code + "\n"))
	if err != nil {
		msg, pos := posix.SyntaxError(err)
		return value{}, refusal{"line " + strconv.Itoa(int(pos.Line())) + " of the shell code: " + msg, ""}
	}
	return value{code: &parsedCode{text: code, file: file}}, refusal{}
}

// otherValue reads named types by their kind, and refuses what is no single
// value.
func otherValue(v reflect.Value) (value, refusal) {
	switch v.Kind() {
	case reflect.String:
		return textValue(v.String())
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int, reflect.Int64:
		return value{text: strconv.FormatInt(v.Int(), 10), number: true}, refusal{}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return value{text: strconv.FormatUint(v.Uint(), 10), number: true}, refusal{}
	case reflect.Bool:
		return value{text: strconv.FormatBool(v.Bool())}, refusal{}
	case reflect.Slice, reflect.Array:
		return value{}, refusal{"a list cannot be printed as one value", "print its items: {{ range … }} {{ . }}{{ end }}"}
	case reflect.Map:
		return value{}, refusal{"a map cannot be printed as one value", "print its items: {{ range $name, $value := … }} … {{ end }}"}
	}
	return value{}, refusal{"a value of type " + v.Type().String() + " cannot be printed", "turn it into a string first"}
}

// admits says whether v may stand at p: "" or why not. What depends on the bytes
// of the whole word is left to the word's checks.
func (p *place) admits(v *value) refusal {
	switch {
	case v.code != nil:
		if !p.alone {
			return refusal{"shell code can only stand as a statement on a line of its own", ""}
		}
		return refusal{}
	case !v.cmd.IsZero():
		if !p.args {
			return refusal{"a command can only stand where a command stands, or as words of its own after one", "leave out quotes, and separate it with blanks"}
		}
		return refusal{}
	case p.kind == placeRefused:
		return p.refusal
	case p.kind == placeCommand:
		return refusal{"a value cannot stand as the name of a command", "only a setting of type command can stand there, alone; in a fragment, exec_checked TEXT PROGRAM… runs one by its path"}
	}
	return p.admitsText(v)
}

// maxNumber is what every target shell can calculate with: mksh has 32 bits.
const maxNumber = 1<<31 - 1

func (p *place) admitsText(v *value) refusal {
	if p.before && strings.Contains(v.text, "=") {
		return refusal{"the name of an environment variable cannot hold =", ""}
	}
	if p.oneLine && strings.Contains(v.text, "\n") {
		return refusal{"each line is read by itself here, and the value has several", "refuse such values by the pattern of the setting: ^[^\n]*$"}
	}
	switch p.kind {
	case placeComment:
		for i := 0; i < len(v.text); i++ {
			if c := v.text[i]; c < ' ' && c != '\t' || c == 0x7f {
				return refusal{"a comment cannot hold a value with control characters", "remove it from the comment"}
			}
		}
		if strings.HasSuffix(v.text, `\`) {
			return refusal{`a comment cannot hold a value that ends in \`, "remove it from the comment"}
		}
	case placeName:
		if v.number {
			return refusal{"a number cannot be part of a variable's name", "use a string"}
		}
		for i := 0; i < len(v.text); i++ {
			if !posix.IsNameByte(v.text[i]) {
				return refusal{"the value cannot be part of a variable's name: only letters, digits and _ can", ""}
			}
		}
	case placeNumber:
		return admitsNumber(v.text)
	case placeHeredoc, placeRaw:
		if p.endsHeredoc(v.text) {
			return refusal{"a line of the value would end the here-document", "use another delimiter"}
		}
	}
	return refusal{}
}

// endsHeredoc reports whether a line of s is the delimiter.
func (p *place) endsHeredoc(s string) bool {
	for first := true; ; first = false {
		line, rest, more := strings.Cut(s, "\n")
		if line == p.delimiter && (!first || p.lineStart) && (more || p.lineEnd) {
			return true
		}
		if !more {
			return false
		}
		s = rest
	}
}

func admitsNumber(s string) refusal {
	if strings.HasPrefix(s, "-") {
		return refusal{"a negative number cannot stand in an arithmetic expansion", "assign it to a variable first, and calculate with that"}
	}
	if n, err := strconv.ParseUint(s, 10, 64); err != nil || strconv.FormatUint(n, 10) != s {
		return refusal{"only a whole number can stand in an arithmetic expansion", "use a setting of type integer"}
	} else if n > maxNumber {
		return refusal{"the number is too large for the arithmetic of some shells (31 bits)", "calculate it in the template"}
	}
	return refusal{}
}

// appendTo appends v as it has to be written at p.
func (p *place) appendTo(b []byte, v *value) []byte {
	switch {
	case v.code != nil:
		return append(b, v.code.text...)
	case !v.cmd.IsZero():
		return appendCommand(b, v.cmd)
	}
	switch p.kind {
	case placeDouble:
		return appendDoubleQuoted(b, v.text)
	case placeSingle:
		return appendSingleQuoted(b, v.text)
	case placeHeredoc:
		return appendHeredoc(b, v.text)
	case placeRaw, placeComment, placeName, placeNumber:
		return append(b, v.text...)
	case placePattern:
		if command.Bare(v.text) {
			return append(b, v.text...)
		}
	case placeWord:
		if p.whole && command.Bare(v.text) || !p.whole && v.text != "" && command.PlainBytes(v.text) {
			return append(b, v.text...)
		}
	}
	return command.AppendQuoted(b, v.text)
}

func appendCommand(b []byte, cmd command.Command) []byte {
	for i, arg := range cmd.Args {
		if i > 0 {
			b = append(b, ' ')
		}
		if arg.Src != "" {
			b = append(b, arg.Src...)
		} else if command.Bare(arg.Lit) {
			b = append(b, arg.Lit...)
		} else {
			b = command.AppendQuoted(b, arg.Lit)
		}
	}
	return b
}
