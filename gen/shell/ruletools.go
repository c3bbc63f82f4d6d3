package shell

import (
	"strings"
	"unicode/utf8"
)

// Meanings of values in the arguments of programs that read more in them than
// their bytes.

// plainBytes are letters, digits, and what no shell and no list of anything gives
// a meaning.
func plainBytes(value string) bool {
	for _, c := range []byte(value) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
		if !letter && !strings.ContainsRune("_.,:/+@%=-", rune(c)) {
			return false
		}
	}
	return true
}

// begins returns whether a value begins the argument of an option, or a word.
func begins(before string) bool {
	switch {
	case strings.HasPrefix(before, "--"):
		return strings.HasSuffix(before, "=") && strings.Count(before, "=") == 1
	case strings.HasPrefix(before, "-"):
		return len(before) <= 2
	}
	return before == ""
}

// unlessBegins are values that do not begin an argument with one of these bytes.
func unlessBegins(special string) meaning {
	return func(before, value, _ string) bool {
		return !begins(before) || value == "" || strings.IndexByte(special, value[0]) < 0
	}
}

// asPart are values without any of the characters in special, where they are a
// part of a word; the whole word is the author's.
func asPart(special string) meaning {
	return func(before, value, after string) bool {
		return before == "" && after == "" || !strings.ContainsAny(value, special+"\n")
	}
}

// asPath are paths that are not taken for HOST:PATH, and paths on another host
// that a shell there reads as they are.
func asPath(before, value, _ string) bool {
	if strings.Contains(before, ":") {
		return plainBytes(value)
	}
	colon, slash := strings.IndexByte(value, ':'), strings.IndexByte(value, '/')
	return strings.Contains(before, "/") || colon < 0 || slash >= 0 && slash < colon
}

// asOpened are the names of files that perl and ruby open for -n, -p and <>.
func asOpened(before, value, _ string) bool {
	trimmed := strings.Trim(value, " \t\r\n\f\v")
	return trimmed == value && (before != "" || !strings.ContainsAny(value[:min(1, len(value))], "<>|+&")) && !strings.HasSuffix(value, "|")
}

// asPackage are what apt takes for a package or a file, and no more.
func asPackage(before, value, _ string) bool {
	if before == "" && (strings.HasPrefix(value, "/") || strings.HasPrefix(value, "./")) {
		return true
	}
	return !strings.ContainsAny(value, `*?^$/[]()|\ `) && !strings.HasSuffix(value, "-")
}

// asForm are values of a form's field.
func asForm(before, value, _ string) bool {
	_, text, field := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(before, "-F"), "--form="), "=")
	starts := field && text == ""
	return !strings.ContainsAny(value, `;"\`) && !(starts && value != "" && strings.ContainsAny(value[:1], "@<"))
}

// asCookie are cookies, which hold a =: without one curl reads a file.
func asCookie(before, value, after string) bool {
	return strings.Contains(strings.TrimPrefix(before, "--cookie="), "=") || strings.Contains(value+after, "=")
}

// asDatabase are names of databases, and values in a list of name=value.
func asDatabase(before, value, after string) bool {
	if before == "" || strings.HasSuffix(before, "--dbname=") {
		return !strings.Contains(value+after, "=") && !strings.Contains(value, "://")
	}
	return !strings.Contains(before, "=") || !strings.ContainsAny(value, ` '\`)
}

const hintPattern = "refuse such values by the pattern of the setting"

var (
	makeCheck    = meaningCheck(func(_, value, _ string) bool { return plainBytes(value) }, "make and the shell that it starts would read more in the value than its bytes", "pass it in the environment, and write \"$$NAME\" in the recipe")
	fileAtCheck  = meaningCheck(unlessBegins("@"), "the program would read the file behind the @", hintPattern)
	curlDataHint = "write --data-raw, or the value behind name="
	dataCheck    = meaningCheck(unlessBegins("@"), "curl would send the file behind the @", curlDataHint)
	headerCheck  = meaningCheck(unlessBegins("@"), "curl would read headers from the file behind the @", "write the name of the header in the template")
	formCheck    = meaningCheck(asForm, "curl would send a file, or read the value in parts", "write --form-string")
	encodeCheck  = meaningCheck(func(before, value, _ string) bool {
		return strings.Contains(strings.TrimPrefix(before, "--data-urlencode="), "=") || !strings.ContainsAny(value, "=@")
	}, "curl would send a file, or a part of the value as it is", "write it behind name=")
	cookieCheck   = meaningCheck(asCookie, "curl would read cookies from a file of that name", "write NAME=VALUE")
	pathCheck     = meaningCheck(asPath, "the value would be read as HOST:PATH, or by a shell on the other host", "write ./ before it; on another host, name such a path in a script there")
	openedCheck   = meaningCheck(asOpened, "perl and ruby run a file whose name begins or ends with |, and write to one that begins with >", "give it the file as its input: <VALUE")
	packageCheck  = meaningCheck(asPackage, "apt would read the value as a pattern, or to remove what ends in -", hintPattern)
	unitCheck     = meaningCheck(asGlob, "the value would be read as a pattern for names of units", hintPattern)
	queryCheck    = meaningCheck(asGlob, "the value would be read as a pattern for names of packages", hintPattern)
	dpkgCheck     = meaningCheck(plainIn("$\\"), "dpkg-query would read $ and \\ in the value", "print it by printf '%s\\n' VALUE")
	recipientHint = "refuse all but addresses by the pattern of the setting"
	mailCheck     = meaningCheck(plainIn("|,;/&"), "mail takes names with | for commands, and such with / for files", recipientHint)
	aclCheck      = meaningCheck(asPart(",:"), "the value would begin another entry", hintPattern)
	filterCheck   = meaningCheck(func(before, value, _ string) bool {
		return !strings.Contains(before, "(") || !strings.ContainsAny(value, "()*\\|&!\x00\n")
	}, "the value would change the filter", hintPattern)
	databaseCheck = meaningCheck(asDatabase, "the value would be read as the parameters of a connection", "write options: -h HOST -p PORT -U USER -d NAME")
	subjectCheck  = meaningCheck(asPart(`/+\,="`), "openssl would read more parts of the name in the value", hintPattern)
	extendCheck   = meaningCheck(asPart(`,;$\"'@[]`), "openssl would read more of the extension in the value", hintPattern)
	jqTextCheck   = meaningCheck(func(_, value, _ string) bool { return utf8.ValidString(value) }, "jq replaces bytes that are no UTF-8", hintPattern)
	nftCheck      = meaningCheck(func(_, value, _ string) bool { return plainBytes(value) }, "nft would read its own code in the value", "refuse all but names and addresses by the pattern of the setting")
	addressCheck  = meaningCheck(asPart(",!:()[]{}\"'\\"), "socat would read options and other addresses in the value", hintPattern)
	hostCheck     = meaningCheck(func(_, value, _ string) bool { return plainBytes(value) }, "ssh gives the name of the host to shells", "refuse all but names by the pattern of the setting")
	endCheck      = &check{
		bad:     func(word string, _ bool) bool { return word == ";" || word == "+" || strings.Contains(word, "{}") },
		refusal: refusal{"find would end the command here, or put the file's name into the value", "write … -exec sh -c 'code with \"$1\" and \"$2\"' sh VALUE {} \\;"},
	}
	rootCheck = &check{
		bad: func(word string, whole bool) bool {
			return whole && word == "/" || strings.HasPrefix(word, "/*") || strings.HasPrefix(word, "//") || strings.HasPrefix(word, "/.")
		},
		refusal: refusal{"with this value all files of the host would be meant", "let the setting's pattern want a path: ^/."},
	}
)
