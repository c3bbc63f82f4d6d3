package render_test

import "strings"

// The readers below take the configuration of a server apart as the server does:
// into directives, each of which is words. They share nothing with what writes
// it. A nil list of words says that the server would refuse the file.

// lineReader reads formats of one directive a line.
func lineReader(words func(line string) []string) func(string) [][]string {
	return func(text string) [][]string {
		var all [][]string
		for line := range strings.SplitSeq(text, "\n") {
			if line = strings.Trim(line, " \t\r"); line != "" && line[0] != '#' {
				all = append(all, words(line))
			}
		}
		return all
	}
}

// redisWords is sdssplitargs.
func redisWords(line string) []string {
	var out []string
	for {
		line = strings.TrimLeft(line, " \t\r\n\v\f\x00")
		if line == "" {
			return out
		}
		word, quote := []byte{}, byte(0)
		i := 0
		for ; ; i++ {
			if i == len(line) {
				if quote != 0 {
					return nil
				}
				break
			}
			c := line[i]
			switch {
			case quote == '"' && c == '\\' && i+1 < len(line):
				i++
				word = append(word, map[byte]byte{'n': '\n', 'r': '\r', 't': '\t', 'b': '\b', 'a': '\a'}[line[i]])
				if word[len(word)-1] == 0 {
					word[len(word)-1] = line[i]
				}
			case quote == '\'' && c == '\\' && i+1 < len(line) && line[i+1] == '\'':
				i++
				word = append(word, '\'')
			case quote != 0 && c == quote:
				if i+1 < len(line) && strings.IndexByte(" \t\r\n\v\f", line[i+1]) < 0 {
					return nil
				}
				quote = 1
			case quote != 0:
				word = append(word, c)
			case c == '"' || c == '\'':
				quote = c
			case strings.IndexByte(" \t\r\n\v\f\x00", c) >= 0:
				quote = 1
			default:
				word = append(word, c)
			}
			if quote == 1 {
				break
			}
		}
		out, line = append(out, string(word)), line[min(i+1, len(line)):]
	}
}

// postgresWords reads NAME = 'VALUE' as postgresql.conf's scanner does; the text
// of a value counts, not its quotes.
func postgresWords(line string) []string {
	end := strings.IndexAny(line, " =")
	if end < 0 {
		return nil
	}
	name, rest := line[:end], strings.TrimLeft(line[end:], " ")
	rest = strings.TrimLeft(strings.TrimPrefix(rest, "="), " ")
	if !strings.HasPrefix(rest, "'") {
		value, _, _ := strings.Cut(rest, "#")
		return []string{name, strings.TrimRight(value, " ")}
	}
	var out []byte
	for i := 1; i < len(rest); i++ {
		switch {
		case rest[i] == '\\' && i+1 < len(rest):
			i++
			if at := strings.IndexByte("bfnrt", rest[i]); at >= 0 {
				out = append(out, "\b\f\n\r\t"[at])
			} else if rest[i] >= '0' && rest[i] <= '7' {
				return nil
			} else {
				out = append(out, rest[i])
			}
		case rest[i] == '\'' && i+1 < len(rest) && rest[i+1] == '\'':
			i++
			out = append(out, '\'')
		case rest[i] == '\'':
			if tail := strings.TrimLeft(rest[i+1:], " \t"); tail != "" && tail[0] != '#' {
				return nil
			}
			return []string{name, unquoteList(name, string(out))}
		default:
			out = append(out, rest[i])
		}
	}
	return nil
}

// unquoteList reads the one element of a list in double quotes.
func unquoteList(name, value string) string {
	if name != "unix_socket_directories" {
		return value
	}
	inner, ok := strings.CutPrefix(value, `"`)
	inner, closed := strings.CutSuffix(inner, `"`)
	if !ok || !closed || strings.Contains(strings.ReplaceAll(inner, `""`, ""), `"`) {
		return "several: " + value
	}
	return strings.ReplaceAll(inner, `""`, `"`)
}

// haproxyWords reads a line of haproxy.cfg, and of pg_hba.conf, which is stricter
// on nothing that matters here.
func haproxyWords(line string) []string {
	var out []string
	word, in, quote := []byte{}, false, byte(0)
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quote == '\'' && c != '\'', quote == '"' && c != '"' && c != '\\' && c != '$':
			word = append(word, c)
		case c == '\\' && i+1 < len(line):
			i++
			word, in = append(word, line[i]), true
		case quote == '"' && c == '$':
			return nil // a variable of the environment
		case quote != 0:
			quote = 0
		case c == '"' || c == '\'':
			quote, in = c, true
		case c == '#':
			i = len(line)
		case c == ' ' || c == '\t':
			if in {
				out = append(out, string(word))
			}
			word, in = word[:0], false
		default:
			word, in = append(word, c), true
		}
	}
	if quote != 0 {
		return nil
	}
	if in {
		out = append(out, string(word))
	}
	return out
}

// nginxWords reads nginx.conf; a block's braces are directives of their own.
func nginxWords(text string) [][]string {
	var all [][]string
	var words []string
	word, in, quote := []byte{}, false, byte(0)
	end := func() {
		if in {
			words = append(words, string(word))
		}
		word, in = word[:0], false
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text):
			i++
			word, in = append(word, text[i]), true
		case quote != 0 && c != quote:
			word = append(word, c)
		case quote != 0:
			quote = 0
		case !in && (c == '"' || c == '\''):
			quote, in = c, true
		case !in && c == '#':
			for i < len(text) && text[i] != '\n' {
				i++
			}
		case strings.IndexByte(" \t\r\n", c) >= 0:
			end()
		case c == ';' || c == '{' && (!in || word[len(word)-1] != '$') || c == '}' && !in:
			end()
			all, words = append(all, append(words, string(c))), nil
		default:
			word, in = append(word, c), true
		}
	}
	end()
	if quote != 0 || len(words) > 0 {
		return append(all, nil)
	}
	return all
}
