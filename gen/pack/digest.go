package pack

import "time"

// Digest returns the SHA-256 of the plain tar that Write makes of the bundle, in
// hex digits, with the time of every entry in whole seconds.
func Digest(b Bundle, mtime time.Time) (string, error) {
	members, err := check(b)
	if err != nil {
		return "", err
	}
	return newArchiver(mtime).digestOf(members)
}
