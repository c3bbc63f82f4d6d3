package schema

import (
	"fmt"
	"maps"
	"slices"

	"palletgen/gen/clojure"
	"palletgen/gen/command"
	"palletgen/gen/shell"
)

// read reads a text as a t, with its bounds and pattern.
func (t *Type) read(text string) (any, *Problem) {
	kind := kinds[t.Kind]
	if kind == nil {
		return nil, problem("", "a text where %s belongs", article(t))
	}
	v, p := kind(t, text)
	if p != nil {
		return nil, p
	}
	return v, t.bounds(v)
}

func (t *Type) bounds(v any) *Problem {
	switch v := v.(type) {
	case int:
		hint := ""
		if t.Kind == "bytes" {
			hint = "a number alone counts bytes; with a unit: 1MB, 64KiB, 2GiB"
		}
		if t.Min != nil && v < *t.Min {
			return problem(hint, "%d is less than %d", v, *t.Min)
		}
		if t.Max != nil && v > *t.Max {
			return problem(hint, "%d is more than %d", v, *t.Max)
		}
	case string:
		if t.Pattern != nil && !t.Pattern.MatchString(v) {
			return problem("", "%s does not match %s", quote(v), source(t.Pattern))
		}
	}
	return nil
}

// convert makes a computed value a t. What is not set stays so: "" and 0 and
// nil are not checked.
func (t *Type) convert(v any) (any, *Problem) {
	switch v := v.(type) {
	case nil:
		return t.Zero(), nil
	case string:
		if v == "" {
			return t.Zero(), nil
		}
		if t.Kind == "list" || t.Kind == "map" || t.Kind == "struct" {
			return nil, problem("", "a text where %s belongs", article(t))
		}
		return t.read(v)
	case int, int64:
		if fmt.Sprint(v) == "0" && t.Zero() == any(0) {
			return 0, nil
		}
		return t.read(fmt.Sprint(v))
	case bool:
		return t.read(fmt.Sprint(v))
	case command.Command:
		if t.Kind == "command" {
			return v, nil
		}
	case clojure.Code:
		if t.Kind == "clojure" {
			return v, nil
		}
	case shell.Code:
		if t.Kind == "shell" {
			return v, nil
		}
	case []any:
		return t.convertList(v)
	case []string:
		list := make([]any, len(v))
		for i, s := range v {
			list[i] = s
		}
		return t.convertList(list)
	case map[string]any:
		return t.convertMap(v)
	}
	if _, ok := v.(command.Command); ok {
		return nil, problem(`a whole command is a text: "{{ .command }} --option"`, "a command where %s belongs", article(t))
	}
	return nil, problem("", "a %T where %s belongs", v, article(t))
}

func (t *Type) convertList(list []any) (any, *Problem) {
	switch t.Kind {
	case "list":
		result := make([]any, len(list))
		for i, item := range list {
			v, p := t.Of.convert(item)
			if p != nil {
				return nil, p
			}
			result[i] = v
		}
		return result, nil
	case "command":
		words := make([]string, len(list))
		for i, item := range list {
			words[i], _ = plainText(item)
		}
		cmd, err := command.Exact(words)
		if err != nil {
			return nil, problem("", "%v", err)
		}
		return checkProgram(cmd)
	}
	return nil, problem("", "a list where %s belongs", article(t))
}

func (t *Type) convertMap(m map[string]any) (any, *Problem) {
	switch t.Kind {
	case "struct":
		return m, nil
	case "map":
		result := make(map[string]any, len(m))
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if t.Key != nil && !t.Key.MatchString(key) {
				return nil, problem("", "%q is not allowed as a key", key)
			}
			v, p := t.Of.convert(m[key])
			if p != nil {
				return nil, p
			}
			result[key] = v
		}
		return result, nil
	}
	return nil, problem("", "a map where %s belongs", article(t))
}
