package shell

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"palletgen/gen/diag"
)

// An Index knows what functions call, so that they need not be parsed for it. It
// goes by their texts: what is said of a text is true of it wherever it stands,
// and a text that is not in the index is parsed.
type Index struct {
	lines map[string]string // by sumOf a function's text
}

// sumBytes is how much of the SHA-256 of a text an index keeps.
const sumBytes = 16

func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:sumBytes])
}

// ReadIndex reads an index from lines as Line makes them. Others, such as
// comments, are passed over.
func ReadIndex(text string) *Index {
	ix := &Index{lines: make(map[string]string, strings.Count(text, "\n"))}
	for line := range strings.Lines(text) {
		sum, rest, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if ok && len(sum) == 2*sumBytes {
			ix.lines[sum] = rest
		}
	}
	return ix
}

// IndexLine returns the line of an index for the function: the sum of its text,
// its name, and NAME:LINE for each call, where its comment block begins with
// line 1. The error is that of Called.
func IndexLine(fn *Function) (string, error) {
	calls, err := fn.Called()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", sumOf(fn.Text), fn.Name)
	for _, call := range calls {
		if strings.ContainsAny(call.Name, " \n") {
			return "", diag.At(call.Pos, "the name of the command %q would need quotes in the index", call.Name)
		}
		fmt.Fprintf(&b, " %s:%d", call.Name, call.Pos.Line-fn.top()+1)
	}
	b.WriteByte('\n')
	return b.String(), nil
}

// top is the line of its file where the function's comment block begins.
func (fn *Function) top() int {
	above, _, _ := strings.Cut(fn.Text, "\n"+fn.Name+"()")
	if !strings.HasPrefix(above, "#") {
		return fn.Pos.Line
	}
	return fn.Pos.Line - strings.Count(above, "\n") - 1
}

// calls returns what the function calls; ok is false where the index does not
// have it.
func (ix *Index) calls(fn *Function) (calls []Call, ok bool) {
	if ix == nil {
		return nil, false
	}
	line, ok := ix.lines[sumOf(fn.Text)]
	if !ok {
		return nil, false
	}
	top := fn.top()
	for i, word := range strings.Fields(line) {
		if i == 0 {
			continue // the function's name is for people
		}
		at := strings.LastIndexByte(word, ':')
		n, err := strconv.Atoi(word[at+1:])
		if at < 0 || err != nil {
			return nil, false
		}
		calls = append(calls, Call{Name: word[:at], Pos: diag.Pos{Source: fn.Pos.Source, Line: top + n - 1}})
	}
	return calls, true
}
