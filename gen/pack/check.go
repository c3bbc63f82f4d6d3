package pack

import (
	"fmt"
	"strings"

	"palletgen/gen/diag"
)

// Check reports what Write would find wrong with the bundle.
func Check(b Bundle) error {
	_, err := check(b)
	return err
}

// check returns the members of b's archive. It refuses a bundle that cannot be
// packed, or not unpacked in the same way everywhere.
func check(b Bundle) ([]entry, error) {
	var list diag.List
	if msg := BadName(b.Name); msg != "" {
		return nil, diag.At(diag.Pos{}, "cannot pack bundle %q: %s", b.Name, msg)
	}
	bad := func(path, format string, args ...any) {
		list.Add(diag.At(diag.Pos{}, "cannot pack %s/%s: %s", b.Name, path, fmt.Sprintf(format, args...)))
	}
	for _, f := range b.Files {
		if msg := BadPath(f.Path); msg != "" {
			bad(f.Path, "%s", msg)
		}
	}
	if len(list) > 0 {
		return nil, list.Err()
	}
	members := entries(b)
	seen := make(map[string]string, len(members)) // by the name in lower case
	for _, e := range members {
		path := strings.TrimPrefix(e.name, b.Name+"/")
		key := strings.ToLower(strings.TrimSuffix(e.name, "/"))
		other, found := seen[key]
		switch {
		case !found:
			seen[key] = path
		case other == path:
			bad(path, "the bundle has two files of this name")
		case strings.TrimSuffix(other, "/") == strings.TrimSuffix(path, "/"):
			bad(strings.TrimSuffix(path, "/"), "the name is that of a file and of a folder")
		default:
			bad(path, "only upper and lower case tell it from %s", other)
		}
		if !fitsUSTAR(e.name) {
			bad(path, "the path is too long for an archive (%d bytes with the bundle's name)", len(e.name))
		}
	}
	return members, list.Err()
}

// fitsUSTAR tells whether name has a place in a USTAR header: 100 bytes, or
// up to 155 more before one of its slashes.
func fitsUSTAR(name string) bool {
	const nameSize, prefixSize = 100, 155
	if len(name) <= nameSize {
		return true
	}
	// The slash before the last part's first byte at the earliest; a folder's
	// own slash at the end is none to split at.
	for i := len(name) - nameSize - 1; i <= prefixSize && i < len(name)-1; i++ {
		if name[i] == '/' {
			return true
		}
	}
	return false
}

// sameNames reports outputs that would replace each other.
func sameNames(results []Result) diag.List {
	var list diag.List
	seen := make(map[string]Result, len(results)) // by the file in lower case
	for _, r := range results {
		key := strings.ToLower(r.File)
		other, found := seen[key]
		switch {
		case r.Name == "":
			continue // reported, and therefore without a name
		case !found:
			seen[key] = r
		case other.Name == r.Name && other.format.Name == r.format.Name:
			list.Add(diag.At(diag.Pos{}, "cannot pack two bundles named %s", r.Name))
		case other.File == r.File:
			list.Add(diag.At(diag.Pos{}, "cannot write bundle %s as %s: so is bundle %s", r.Name, r.File, other.Name))
		default:
			list.Add(diag.At(diag.Pos{}, "cannot pack bundle %s: only upper and lower case tell it from %s", r.Name, other.Name))
		}
	}
	return list
}
