package onefile

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/pack"
	"palletgen/gen/posix"
)

// begin is the line that the function with the files begins with.
const begin = "# onefile_files: makes the files of the bundle.\nonefile_files() {\n"

// Read takes the one script apart: into what stands before the files, and the
// files. name is the bundle's. It is an error when the script is not byte for
// byte what Format writes after such a head, so that nothing is hidden in it.
func Read(script []byte, name string) (head string, files []pack.File, err error) {
	at := bytes.Index(script, []byte("\n"+begin))
	if at < 0 {
		return "", nil, errors.New("it is no bundle in one file: it has no function onefile_files")
	}
	head, rest := string(script[:at]), script[at+1:]
	calls, err := parse(string(rest))
	if err != nil {
		return "", nil, err
	}
	files, err = replay(calls)
	if err != nil {
		return "", nil, err
	}
	var again bytes.Buffer
	fixed := func(pack.Bundle) (string, error) { return head, nil }
	if err := write(&again, fixed, pack.Bundle{Name: name, Files: files}); err != nil {
		return "", nil, err
	}
	if !bytes.Equal(again.Bytes(), script) {
		return "", nil, errors.New("it is not as palletgen writes it: something was changed or added")
	}
	return head, files, nil
}

// parse returns the calls in the function, each as its words.
func parse(text string) ([][]string, error) {
	file, err := posix.Parse(syntax.NewParser(syntax.Variant(syntax.LangPOSIX)), text)
	if err != nil {
		return nil, fmt.Errorf("it is cut off or changed: %w", err)
	}
	var body *syntax.Block
	if len(file.Stmts) == 2 {
		if f, ok := file.Stmts[0].Cmd.(*syntax.FuncDecl); ok {
			body, _ = f.Body.Cmd.(*syntax.Block)
		}
	}
	if body == nil {
		return nil, errors.New("it is cut off or changed: what stands after the head is not one function and a call")
	}
	var calls [][]string
	for _, stmt := range body.Stmts {
		call, ok := stmt.Cmd.(*syntax.CallExpr)
		if !ok || len(call.Args) < 3 && (len(call.Args) < 2 || call.Args[0].Lit() != "onefile_folders") {
			return nil, fmt.Errorf("line %d after the head is no call that makes a file", stmt.Pos().Line())
		}
		var words []string
		for _, arg := range call.Args {
			words = append(words, literal(arg))
		}
		calls = append(calls, words)
	}
	return calls, nil
}

// literal is what a word stands for, as far as it is what command.Quote writes.
func literal(word *syntax.Word) string {
	var b strings.Builder
	for _, part := range word.Parts {
		switch part := part.(type) {
		case *syntax.Lit:
			b.WriteString(strings.ReplaceAll(part.Value, `\'`, `'`))
		case *syntax.SglQuoted:
			b.WriteString(part.Value)
		}
	}
	return b.String()
}

// replay does what the calls do.
func replay(calls [][]string) ([]pack.File, error) {
	var files []pack.File
	index := map[string]int{}
	for _, call := range calls {
		path := strings.TrimPrefix(call[1], "./")
		switch call[0] {
		case "onefile_folders":
		case "onefile_text", "onefile_bytes":
			i, known := index[path]
			if !known {
				i = len(files)
				index[path] = i
				files = append(files, pack.File{Path: path, Mode: 0o644})
			}
			data, err := content(call[0], call[2])
			if err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			files[i].Data = append(files[i].Data, data...)
		case "onefile_modes":
			mode, err := strconv.ParseUint(call[1], 8, 32)
			if err != nil {
				return nil, fmt.Errorf("mode %q: %w", call[1], err)
			}
			for _, path := range call[2:] {
				i, known := index[strings.TrimPrefix(path, "./")]
				if !known {
					return nil, fmt.Errorf("a mode is set for %s, which is not there", path)
				}
				files[i].Mode = uint32(mode)
			}
		default:
			return nil, fmt.Errorf("%s is no function that makes a file", call[0])
		}
	}
	return files, nil
}

// content is what a call adds to a file.
func content(function, text string) ([]byte, error) {
	if function == "onefile_text" {
		return []byte(text + "\n"), nil
	}
	return unformat(text)
}

// unformat is the reverse of format.
func unformat(text string) ([]byte, error) {
	var data []byte
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] != '%' && text[i] != '\\':
			data = append(data, text[i])
		case strings.HasPrefix(text[i:], "%%"), strings.HasPrefix(text[i:], `\\`):
			data = append(data, text[i])
			i++
		case text[i] == '\\' && i+4 <= len(text):
			c, err := strconv.ParseUint(text[i+1:i+4], 8, 8)
			if err != nil {
				return nil, fmt.Errorf("bytes: %w", err)
			}
			data = append(data, byte(c))
			i += 3
		default:
			return nil, errors.New("bytes: a format that palletgen does not write")
		}
	}
	return data, nil
}
