package shell

import (
	"slices"
	"strings"

	"palletgen/gen/lazyregexp"
)

// codeOptions are programs with options whose argument is code of theirs, or
// of a shell; of a name that ends in a space, the words behind it.
var codeOptions = map[string][]string{
	"bun":               {"-e", "--eval", "-p", "--print"},
	"clickhouse-client": {"-q", "--query"},
	"clojure":           {"-e", "--eval"},
	"cqlsh":             {"-e", "--execute"},
	"deno":              {"eval"},
	"elixir":            {"-e", "--eval", "--rpc-eval"},
	"emacs":             {"--eval", "-eval", "--execute", "-execute", "-f", "--funcall"},
	"erl":               {"-eval", "-run", "-s"},
	"gdb":               {"-ex", "-iex", "--eval-command", "--init-eval-command", "-eval-command"},
	"influx":            {"-execute"},
	"lldb":              {"-o", "-O", "--one-line"},
	"mongo":             {"--eval"},
	"mongosh":           {"--eval"},
	"redis-cli":         {"eval", "EVAL", "--eval"},
	"sort":              {"--compress-program"},
	"split":             {"--filter"},
	"vim":               {"-c", "--cmd", "+", "-S"},
	"wget":              {"-e", "--execute", "--use-askpass"},
	"xmllint":           {"--xpath", "--shell"},
	"xmlstarlet":        {"-m", "-v", "-c", "-i", "-u", "-d", "-s", "-a", "-r", "--match", "--value-of", "--copy-of", "--if", "--update", "--delete"},
}

// codeBehind forbids values in the arguments of options that are code.
func codeBehind(name string, options []string) func(a *analysis, from, to int) {
	msg, hint := "the value would be read as code by "+name, "write the code in the template, and pass the value in the environment or in a file"
	return func(a *analysis, from, to int) {
		for i := from; i < to; i++ {
			text, known := a.text(i)
			for _, option := range options {
				joined := strings.HasPrefix(option, "-") && !strings.HasPrefix(option, "--") && len(option) == 2 || option == "+"
				switch {
				case known && text == option:
					a.forbid(i+1, min(i+2, to), msg, hint)
				case strings.HasPrefix(text, option+"="), joined && !known && strings.HasPrefix(text, option):
					a.forbid(i, i+1, msg, hint)
				}
			}
		}
	}
}

// git reads any setting behind -c; commands of others in some options.
func git(a *analysis, from, to int) {
	const msg, hint = "git would run the value as a command", "write the command in the template"
	for i := from; i < to; i++ {
		text, _ := a.text(i)
		option, _, _ := strings.Cut(text, "=")
		switch {
		case text == "-c" || text == "--config":
			if i+1 < to && !harmlessKey(a, i+1) {
				a.forbid(i+1, i+2, msg, "write the setting in the template; values can stand behind user., http.proxy=, init. and safe.")
			}
		case slices.Contains([]string{"--upload-pack", "--receive-pack", "--exec", "--ext-diff", "--config-env"}, option):
			a.forbid(i, i+1, msg, hint)
		}
	}
}

func harmlessKey(a *analysis, i int) bool {
	key, _ := a.text(i)
	return slices.ContainsFunc([]string{"user.", "author.", "committer.", "http.proxy=", "http.sslCAInfo=", "init.", "safe.", "advice.", "color.", "commit.", "tag."},
		func(harmless string) bool { return strings.HasPrefix(key, harmless) })
}

// shellBehind is a program that gives what stands behind -- to a shell.
func shellBehind(a *analysis, from, to int, name string) {
	for i := from; i < to; i++ {
		if text, known := a.text(i); known && text == "--" {
			shellItself(name)(a, i+1, to)
			return
		}
	}
}

// startDaemon is start-stop-daemon, whose program may be a shell.
func startDaemon(a *analysis, from, to int) {
	for i := from; i < to; i++ {
		text, known := a.text(i)
		if _, joined, ok := strings.Cut(text, "="); ok && strings.HasPrefix(text, "--") {
			text = joined
		}
		if known && text == "--" {
			return
		}
		if known && isShell(text) {
			shellBehind(a, i+1, to, text)
			return
		}
	}
}

// replaced refuses values that hold what xargs -I puts its input in place of.
func (a *analysis) replaced(from, to int) {
	mark := ""
	for i := from; i < to && mark == ""; i++ {
		text, known := a.text(i)
		switch {
		case !known:
		case text == "-I" || text == "-J":
			if i+1 < to {
				mark, _ = a.text(i + 1)
			}
		case strings.HasPrefix(text, "-I"), strings.HasPrefix(text, "-J"):
			mark = text[2:]
		case text == "-i" || text == "--replace":
			mark = "{}"
		}
	}
	if mark == "" {
		return
	}
	c := &check{
		bad:     func(word string, _ bool) bool { return strings.Contains(word, mark) },
		refusal: refusal{"xargs would put its input into the value, in place of " + mark, "write xargs sh -c 'code with \"$1\" and \"$2\"' sh VALUE"},
	}
	for i := from; i < to; i++ {
		a.means(i, to, c)
	}
}

// tmux gives its words to a shell, but for names.
func tmux(a *analysis, from, to int) {
	for i := from; i < to; i++ {
		before := ""
		if i > from {
			before, _ = a.text(i - 1)
		}
		if !slices.Contains([]string{"-s", "-t", "-n", "-c", "-L", "-S", "-f", "-F"}, before) {
			a.forbid(i, i+1, "the value would be read as code by tmux, or by a shell", "write a script, and have tmux run that")
		}
	}
}

// ssh takes values as names and numbers before the host, and as that.
func ssh(a *analysis, from, to int) {
	a.stdin = true
	const msg, hint = "the value would be read as shell code on the other host", "copy a script there, and run that"
	host := a.operand(from, to, "BbcDEeFIiJLlmOopQRSWw", func(letter byte, arg int) {
		if arg < 0 || arg >= to {
			return
		}
		key, _ := a.text(arg)
		key = strings.TrimPrefix(key, "-o")
		if strings.IndexByte("JOoQRSWwDL", letter) >= 0 && !slices.ContainsFunc(harmlessSSH, func(k string) bool { return strings.HasPrefix(key, k+"=") }) {
			a.forbid(arg, arg+1, "ssh would read the value as a command, or a way to the host", "write the option in the template")
		} else {
			a.argument(arg, to, hostCheck)
		}
	})
	a.means(host, to, hostCheck)
	a.forbid(host+1, to, msg, hint)
}

var harmlessSSH = []string{"BatchMode", "ConnectTimeout", "HostName", "IdentityFile", "Port", "ServerAliveCountMax", "ServerAliveInterval", "StrictHostKeyChecking", "User", "UserKnownHostsFile"}

// javaOption is an option of java whose value is taken as it is. Those that java
// runs as commands, such as -XX:OnError=, and -XX: with any name are none.
var javaOption = lazyregexp.New(`^-(D|javaagent:|X(m[nsx]|ss)|XX:[A-NP-Z][A-Za-z]*=)`)

// java reads @FILE before the class that it runs.
func java(a *analysis, from, to int) {
	for i := from; i < to; i++ {
		text, known := a.text(i)
		before := ""
		if i > from {
			before, _ = a.text(i - 1)
		}
		if !known && javaOption.MatchString(text) {
			a.data(i, i+1)
		}
		a.means(i, to, fileAtCheck)
		takes := slices.Contains([]string{"-cp", "-classpath", "--class-path", "-p", "--module-path", "--add-modules"}, before)
		if text == "-jar" || text == "-m" || text != "" && !strings.HasPrefix(text, "-") && !takes {
			return
		}
	}
}
