package pack

import "strings"

// BadName returns what is wrong with the name of a bundle, "" when nothing is.
func BadName(name string) string {
	switch {
	case name == "":
		return "it has no name"
	case strings.ContainsAny(name, `/\`):
		return "a slash in its name"
	case strings.HasPrefix(name, "."), strings.HasPrefix(name, "-"):
		return "its name begins with " + name[:1]
	}
	return badPart(name)
}

// BadPath returns what is wrong with the path of a file in a bundle, "" when
// nothing is.
func BadPath(path string) string {
	switch {
	case strings.HasPrefix(path, "/"):
		return "the path is absolute"
	case path == "-":
		return "programs, sha256sum -c for one, take - for their standard input"
	}
	for part := range strings.SplitSeq(path, "/") {
		if msg := badPart(part); msg != "" {
			return msg
		}
	}
	return ""
}

// badPart returns what is wrong with one part of a path.
func badPart(part string) string {
	switch part {
	case "":
		return "a part of the path is empty"
	case ".", "..":
		return "the path has a part " + part
	}
	for i := range len(part) {
		switch c := part[i]; {
		case c < ' ', c == 0x7f:
			return "a control character in the name"
		case c > 0x7f:
			return "a character that is not ASCII in the name, which archives cannot say portably"
		}
	}
	switch {
	case isDevice(part):
		return "Windows takes a file named " + part + " for a device"
	case upwards(part):
		return "the path has a part .. for Windows"
	}
	return ""
}

// isDevice tells whether Windows opens a device where a file has this name,
// whatever the folder, with any ending and in capitals or not: see "Naming
// Files, Paths, and Namespaces" in its documentation. Bundles are unpacked on
// desktops too, to be read.
func isDevice(name string) bool {
	name, _, _ = strings.Cut(name, ".")
	name, _, _ = strings.Cut(name, ":")
	name = strings.TrimRight(name, " ")
	if len(name) > len("CONOUT$") {
		return false
	}
	switch name = strings.ToUpper(name); name {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	return len(name) == 4 && (name[:3] == "COM" || name[:3] == "LPT") && name[3] >= '0' && name[3] <= '9'
}

// upwards tells whether a name leads out of its folder where a backslash parts
// a path, as for Windows.
func upwards(name string) bool {
	for part := range strings.SplitSeq(name, `\`) {
		if strings.TrimRight(part, ". ") == "" && strings.HasPrefix(part, "..") {
			return true
		}
	}
	return false
}
