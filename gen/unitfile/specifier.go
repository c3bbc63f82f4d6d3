package unitfile

import (
	"strconv"
	"strings"

	"palletgen/gen/diag"
)

// specifiers returns what systemd puts in place of %n and others, as far as that
// is known without the host.
func (u *unit) specifiers() map[byte]string {
	if u.known == nil {
		u.known = u.knownSpecifiers()
	}
	return u.known
}

func (u *unit) knownSpecifiers() map[byte]string {
	prefix, instance, suffix := split(u.name)
	full := strings.TrimSuffix(u.name, suffix)
	last := prefix[strings.LastIndexByte(prefix, '-')+1:]
	path := prefix
	if instance != "" {
		path = instance
	}
	known := map[byte]string{
		'n': u.name, 'N': full, 'p': prefix, 'P': unescape(prefix), 'i': instance, 'I': unescape(instance),
		'j': last, 'J': unescape(last), 'f': "/" + strings.TrimPrefix(unescape(path), "/"), 'T': "/tmp", 'V': "/var/tmp",
	}
	if !u.ofUser {
		for c, s := range map[byte]string{'t': "/run", 'S': "/var/lib", 'C': "/var/cache", 'L': "/var/log", 'E': "/etc", 'h': "/root", 'u': "root", 'U': "0", 'g': "root", 'G': "0"} {
			known[c] = s
		}
	}
	return known
}

// onHost says what the specifiers are that only the host knows.
var onHost = map[byte]string{
	'a': "architecture", 'A': "version of the image", 'b': "id of the boot", 'B': "build of the system", 'd': "folder of credentials",
	'H': "name of the host", 'l': "name of the host", 'm': "id of the machine", 'M': "name of the image", 'o': "name of the system",
	'q': "name of the host", 's': "shell of the account", 'v': "version of the kernel", 'w': "version of the system", 'W': "variant of the system",
	'y': "path of the unit file", 'Y': "folder of the unit file",
	't': "run folder of the account", 'S': "folder of the account", 'C': "folder of the account", 'L': "folder of the account",
	'E': "folder of the account", 'h': "home of the account", 'u': "name of the account", 'U': "number of the account",
	'g': "group of the account", 'G': "number of the group",
}

// specify puts values in place of specifiers. Like systemd it leaves a % before
// anything but a letter or digit as it is. The error has no place.
func (u *unit) specify(text string) (string, *diag.Error) {
	if !strings.Contains(text, "%") {
		return text, nil
	}
	known := u.specifiers()
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '%' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		i++
		c := text[i]
		value, ok := known[c]
		switch {
		case c == '%':
			b.WriteByte('%')
		case ok:
			b.WriteString(value)
		case onHost[c] != "":
			return "", diag.At(diag.Pos{}, "%%%c, the %s, is known to systemd on the host alone", c, onHost[c]).WithHint("write the value in its place")
		case isName("a"+string(rune(c))) && c != '_':
			return "", diag.At(diag.Pos{}, "systemd knows no specifier %%%c, and refuses the line", c).WithHint("a percent sign is written %%%%")
		default:
			b.WriteString(text[i-1 : i+1])
		}
	}
	return b.String(), nil
}

// unescape reads the part of a unit's name as systemd-escape --unescape does.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '-':
			b.WriteByte('/')
			continue
		case s[i] == '\\' && i+3 < len(s) && s[i+1] == 'x':
			if n, err := strconv.ParseUint(s[i+2:i+4], 16, 8); err == nil && n > 0 {
				b.WriteByte(byte(n))
				i += 3
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
