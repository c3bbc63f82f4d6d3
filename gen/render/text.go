package render

import (
	"fmt"
	"strings"

	"palletgen/gen/command"
	"palletgen/gen/diag"
	"palletgen/gen/record"
)

// spliceText puts values into text that has no syntax of its own. Such a text
// is read by somebody line by line, so a value with a line break or another
// control character is refused: it could say more than its place allows.
func spliceText(m *record.Marked) (string, error) {
	var errs diag.List
	text := record.Fill(m.Text, func(b *strings.Builder, index int) {
		value, err := textValue(m.Values[index].V)
		if err != nil {
			errs.Add(diag.At(m.Values[index].Pos, "%v", err).
				WithHint("a format that can quote it: shell, systemd, upstart, clojure, plist"))
		}
		m.Note(index, b.Len(), b.Len()+len(value))
		b.WriteString(value)
	})
	return text, errs.Err()
}

func textValue(v any) (string, error) {
	var text string
	switch v := v.(type) {
	case string:
		text = v
	case int, int64, bool:
		return fmt.Sprint(v), nil
	case command.Command:
		text = v.Shell()
	default:
		return "", fmt.Errorf("a %T cannot stand in a text", v)
	}
	if i := strings.IndexFunc(text, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }); i >= 0 {
		return "", fmt.Errorf("the value holds a line break or control character, which this format cannot quote: %q", text)
	}
	return text, nil
}
