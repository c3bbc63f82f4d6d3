package render

import (
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/pack"
)

const hintName = "bundles are unpacked on other systems, too; give it another name"

// A spelling is the path of a file in the bundle, as somebody asks for it.
type spelling struct {
	path string
	pos  diag.Pos
	file *hostFile // nil for a payload
}

// spellings has for each file of a bundle, and each folder of one, in lower case
// a file that is it or is in it.
type spellings map[string]spelling

func (s spellings) add(one spelling) {
	for at := len(one.path); at > 0; at = strings.LastIndexByte(one.path[:at], '/') {
		s[strings.ToLower(one.path[:at])] = one
	}
}

// other returns a file that only upper and lower case tell from one at path, or
// their folders.
func (s spellings) other(path string) (spelling, bool) {
	for at := len(path); at > 0; at = strings.LastIndexByte(path[:at], '/') {
		if one, found := s[strings.ToLower(path[:at])]; found && one.path[:at] != path[:at] {
			return one, true
		}
	}
	return spelling{}, false
}

// badPart returns the path up to the first part that no bundle can carry, and
// what is wrong with it; "" and "" when all is well.
func badPart(path string) (upTo, msg string) {
	if pack.BadPath(path) == "" {
		return "", ""
	}
	for at := range len(path) + 1 {
		if at < len(path) && path[at] != '/' {
			continue
		}
		if msg := pack.BadPath(path[:at]); msg != "" {
			return path[:at], msg
		}
	}
	return "", ""
}
