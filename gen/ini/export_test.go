package ini

import "strings"

// Judged lists the keys of programs whose values are judged.
func Judged() (keys []string) {
	for _, key := range knownKeys()["program"] {
		if process[key].want != "" {
			keys = append(keys, key)
		}
	}
	return keys
}

// Process lists the keys of programs.
func Process() string { return strings.Join(knownKeys()["program"], " ") }
