package conform

import (
	"fmt"
	"strings"
)

// Values that break whoever forgets to quote for one of: shell, YAML, the supervisors' formats, printf, sed, awk,
// template languages, markers. A list in YAML can hold every character; bytes that are no UTF-8 it cannot.

// everyCharacter is each of the first 255 characters, alone.
func everyCharacter() []string {
	var values []string
	for r := rune(1); r < 0x100; r++ {
		values = append(values, string(r))
	}
	return values
}

// roundWords is each of them that is no letter or digit, around two words.
func roundWords() []string {
	var values []string
	for r := rune(1); r < 0x80; r++ {
		if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", r) {
			values = append(values, fmt.Sprintf("%[1]ca%[1]cb c%[1]c", r))
		}
	}
	return values
}

// texts are ones that mean something to somebody.
func texts() []string {
	return []string{
		"a b", " leading", "trailing ", "  ", "a\nb", "trailing\n", "\n\nleading", "\r\n", "a\\\nb", "a\r",
		"''", "'\\''", `""`, `'"'"'`, `"'"`, "it's", `say "it"`, "`id`", "$(id)", "$(touch /srv/oops)", "${HOME}", "$HOME", "$$", "$1", "$@", "$?",
		`\\`, `\n`, `\$HOME`, `a\`, `\x41`, `\101`, `\s`, `\"`, "!!", "# comment", "a #b", "a ;b", "; id", "&& id", "|| id", "> /srv/oops", ">/srv/oops", "<<EOF",
		"{a,b}", "[a-z]*", "*.*", "/*", "~root", "a~", "A=b", "=", "%s%n", "%%", "%i", "%h", "%n %u", "%(ENV_HOME)s", "@reboot",
		"--", "-n", "-e", "--help", "\x1b[31m", "日本語", "\u00a0", "\u2028", "\ufeff", "😀",
		"{{ .x }}", "{{", "}}", "_pg0000_", "_pg0001_", "EOF", "no", "null", "0x10", "1.10", "!!str", "&a", "*a", "- a", "a: b", "", "[program:x]", "[Service]",
		"end script", "respawn", "exec", "true", ".", "..", "/", "//",
	}
}

// longOnes are everything at once, and more than a line of any file should have.
func longOnes() []string {
	var ascii, latin strings.Builder
	for r := rune(1); r < 0x100; r++ {
		if r < 0x80 {
			ascii.WriteRune(r)
		} else {
			latin.WriteRune(r)
		}
	}
	return []string{
		ascii.String(), latin.String(), ascii.String() + latin.String(),
		strings.Repeat("x'\"\\$ \n", 100_000/7), strings.Repeat("y", 100_000),
	}
}

// yamlArguments writes values as the end of a list.
func yamlArguments(values []string) string {
	var b strings.Builder
	for _, value := range values {
		b.WriteString("  - " + yamlQuote(value) + "\n")
	}
	return b.String()
}

// yamlVariables writes them as a map of variables.
func yamlVariables(values []string) string {
	var b strings.Builder
	for i, value := range values {
		fmt.Fprintf(&b, "  %s: %s\n", variable(i), yamlQuote(value))
	}
	return b.String()
}

// variable is the name of the variable with value i.
func variable(i int) string { return fmt.Sprintf("VALUE_%d", i) }

// yamlQuote writes a value as a double-quoted YAML scalar of letters that nobody takes for something else.
func yamlQuote(value string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range value {
		if r >= 'a' && r <= 'z' || r == ' ' {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, `\U%08X`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
