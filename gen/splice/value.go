package splice

import (
	"strconv"

	"palletgen/gen/command"
	"palletgen/gen/diag"
)

// Text returns a string, a number or a boolean as text; false for other values.
func Text(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case int:
		return strconv.Itoa(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	}
	return "", false
}

// Scalar returns a value as text, or why it can be none in such a file, which
// is called "a job file" or the like.
func Scalar(v any, file string) (string, *diag.Error) {
	text, ok := Text(v)
	if ok {
		return text, nil
	}
	switch v.(type) {
	case command.Command, []command.Command:
		return "", Problem("a command cannot stand here")
	case []any, []string, map[string]any, map[string]string:
		return "", Problem("a list or a map cannot stand in %s", file).WithHint("range over it, and print its values")
	}
	return "", Problem("a value of type %T cannot stand in %s", v, file)
}

// Fits reports whether a value can be said: a string or a command when fits says
// so; all values of a list or map; always a number, a boolean and no value.
func Fits(v any, fits func(v any) bool) bool {
	switch v := v.(type) {
	case nil, bool, int, int64:
		return true
	case string, command.Command:
		return fits(v)
	case []any:
		return all(v, fits)
	case []string:
		return all(v, fits)
	case []command.Command:
		return all(v, fits)
	case map[string]any:
		return allOf(v, fits)
	case map[string]string:
		return allOf(v, fits)
	}
	return false
}

func all[T any](list []T, fits func(any) bool) bool {
	for _, v := range list {
		if !Fits(v, fits) {
			return false
		}
	}
	return true
}

func allOf[T any](m map[string]T, fits func(any) bool) bool {
	for _, v := range m {
		if !Fits(v, fits) {
			return false
		}
	}
	return true
}
