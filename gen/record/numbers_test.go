package record

import (
	"fmt"
	"strings"
	"testing"
)

// TestNumbers: what calculates takes numbers, and texts that say one; sprig takes
// all else for 0.
func TestNumbers(t *testing.T) {
	data := map[string]any{"n": 7, "f": 2.5, "text": "8", "hex": "0x10", "word": "hello", "list": []any{1}, "map": map[string]any{}, "none": nil}
	for template, want := range map[string]string{
		`{{ add .n 1 }}`:       "8",
		`{{ add1 .text }}`:     "9",
		`{{ int .hex }}`:       "16",
		`{{ max 1 .n .text }}`: "8",
		`{{ floor .f }}`:       "2",
		`{{ round .f 0 }}`:     "3",
		`{{ mod .n 4 }}`:       "3",
		`{{ add .word 1 }}`:    `"hello" is no number`,
		`{{ atoi .word }}`:     `"hello" is no number`,
		`{{ mul 2 "" }}`:       `"" is no number`,
		`{{ min .n .map }}`:    "a map is no number",
		`{{ add .n .none }}`:   "nothing is no number",
		`{{ div .n 0 }}`:       "division by 0",
		`{{ mod .n "0" }}`:     "division by 0",
		`{{ sub .n true }}`:    "a bool is no number",
	} {
		m, err := execute(template, data)
		switch {
		case err != nil && !strings.Contains(err.Error(), want):
			t.Errorf("%s: got %v, want %s", template, err, want)
		case err == nil && fmt.Sprint(m.Values[0].V) != want:
			t.Errorf("%s: got %v, want %s", template, m.Values[0].V, want)
		}
	}
}
