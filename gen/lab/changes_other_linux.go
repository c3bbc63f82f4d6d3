//go:build linux && !amd64

package lab

// SeesChanges says whether a Trace can be told AtChange.
const SeesChanges = false

func changing(int) (string, bool) { return "", false }
