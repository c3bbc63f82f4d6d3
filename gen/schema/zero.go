package schema

import (
	"palletgen/gen/clojure"
	"palletgen/gen/diag"
	"palletgen/gen/shell"
)

// Zero returns the value of a setting of this type that nobody set.
func (t *Type) Zero() any {
	switch t.Kind {
	case "list":
		return []any{}
	case "map":
		return map[string]any{}
	case "struct":
		return t.Fields.zero()
	case "integer", "port", "seconds", "bytes":
		return 0
	case "boolean":
		return false
	case "command":
		return nil
	case "clojure":
		return clojure.Code("")
	case "shell":
		return shell.Code("")
	}
	return ""
}

func (s *Schema) zero() map[string]any {
	m := make(map[string]any, len(s.Settings))
	for _, setting := range s.Settings {
		m[setting.Name] = setting.Type.Zero()
		if setting.Default != nil {
			m[setting.Name] = setting.Default.Eval(m, &diag.List{})
		}
	}
	return m
}
