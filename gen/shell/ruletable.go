package shell

import (
	"slices"
	"strings"
)

// allOf gives all words but options a check.
func allOf(c *check, but ...string) ruleFunc {
	return func(a *analysis, from, to int) {
		for i := from; i < to; i++ {
			text, _ := a.text(i)
			if slices.Contains(but, text) {
				return
			}
			a.means(i, to, c)
		}
	}
}

// both applies a rule, and then another.
func both(first, second ruleFunc) ruleFunc {
	return func(a *analysis, from, to int) {
		if first != nil {
			first(a, from, to)
		}
		second(a, from, to)
	}
}

// addTools adds the programs of which only some arguments are more than bytes.
func addTools(table rulebook) {
	for name, options := range codeOptions {
		table[name] = both(table[name], codeBehind(name, options))
	}
	for _, name := range []string{"vi", "nvim", "view", "gvim"} {
		table[name] = both(table[name], codeBehind(name, codeOptions["vim"]))
	}
	table["ex"] = both(table["ex"], codeBehind("ex", codeOptions["vim"]))
	table["emacsclient"], table["clj"] = codeBehind("emacsclient", codeOptions["emacs"]), codeBehind("clj", codeOptions["clojure"])
	table["git"], table["tmux"], table["ssh"], table["java"] = git, tmux, ssh, java
	table["screen"] = func(a *analysis, from, to int) {
		for i := from; i < to; i++ {
			if text, known := a.text(i); known && text == "-X" {
				a.forbid(i+1, to, "the value would be read as a command of screen", "write a script, and have screen run that")
			}
		}
		a.anywhere(from, to)
	}
	table["make"] = func(a *analysis, from, to int) {
		for i := from; i < to; i++ {
			before := ""
			if i > from {
				before, _ = a.text(i - 1)
			}
			if before != "-C" && before != "-f" && before != "-I" && before != "-o" && before != "-W" {
				a.means(i, to, makeCheck)
			}
		}
	}
	table["gmake"], table["bmake"] = table["make"], table["make"]
	table["capsh"] = func(a *analysis, from, to int) { shellBehind(a, from, to, "capsh") }
	table["start-stop-daemon"] = startDaemon
	table["scp"] = both(func(a *analysis, from, to int) { a.operands(from, to, "cDFiJloPSX", pathCheck) }, commandOptions("scp", "So", "--nothing"))
	table["tar"] = both(table["tar"], tarFile)
	table["rsync"] = both(table["rsync"], allOf(pathCheck))
	for _, name := range []string{"systemctl", "journalctl"} {
		table[name] = allOf(unitCheck, "set-environment", "set-property", "import-environment")
	}
	for _, name := range []string{"apt", "apt-get", "aptitude"} {
		table[name] = packages(packageCheck)
	}
	for _, name := range []string{"dnf", "yum", "microdnf", "zypper"} {
		table[name] = packages(queryCheck)
	}
	table["dpkg"] = packages(queryCheck)
	table["dpkg-query"] = both(packages(queryCheck), lettered("f", map[byte]*check{'f': dpkgCheck}, map[string]*check{"--showformat": dpkgCheck}))
	table["rpm"] = lettered("", nil, map[string]*check{"--queryformat": formatCheck, "--qf": formatCheck})
	for _, name := range []string{"mail", "mailx", "Mail", "nail", "s-nail", "mutt"} {
		table[name] = func(a *analysis, from, to int) { a.operands(from, to, "abceFHhiqrsSX", mailCheck) }
	}
	table["setfacl"] = allOf(aclCheck)
	table["ldapsearch"] = allOf(filterCheck)
	table["psql"] = both(table["psql"], func(a *analysis, from, to int) {
		a.operands(from, to, "cdfFhLoPpRTUv", databaseCheck)
		a.operand(from, to, "cdfFhLoPpRTUv", func(letter byte, arg int) {
			if letter == 'd' && arg >= 0 {
				a.means(arg, to, databaseCheck)
			}
		})
		a.long(from, to, map[string]*check{"--dbname": databaseCheck})
	})
	table["openssl"] = func(a *analysis, from, to int) {
		for i := from + 1; i < to; i++ {
			switch before, _ := a.text(i - 1); before {
			case "-subj":
				a.means(i, to, subjectCheck)
			case "-addext":
				a.means(i, to, extendCheck)
			}
		}
	}
	table["nft"] = both(table["nft"], allOf(nftCheck))
	table["socat"] = func(a *analysis, from, to int) {
		for i := from; i < to; i++ {
			text, _ := a.text(i)
			kind, _, _ := strings.Cut(strings.ToUpper(text), ":")
			if kind == "EXEC" || kind == "SYSTEM" || kind == "SHELL" {
				a.forbid(i, i+1, "socat would run the value as a command", "write the command in the template")
			}
			a.means(i, to, addressCheck)
		}
	}
	for _, name := range []string{"augtool", "expect", "mongo", "mongosh", "redis-cli", "cqlsh", "iptables-restore", "ip6tables-restore"} {
		table[name] = both(table[name], func(a *analysis, _, _ int) { a.stdin = true })
	}
	table["yq"] = func(a *analysis, from, to int) {
		if text, _ := a.text(from); from < to && slices.Contains([]string{"e", "ea", "eval", "eval-all"}, text) {
			from++
		}
		jq(a, from, to)
	}
	for _, name := range []string{"gcc", "g++", "cc", "c++", "clang", "ld", "ar", "javac", "javadoc", "jar"} {
		table[name] = allOf(fileAtCheck)
	}
	for _, name := range []string{"rm", "chmod", "chown", "chgrp"} {
		table[name] = allOf(rootCheck)
	}
}

// tarFile gives the file of tar -f a check: GNU tar asks a host for HOST:FILE.
func tarFile(a *analysis, from, to int) {
	a.long(from, to, map[string]*check{"--file": pathCheck})
	for i := from; i < to; i++ {
		if text, known := a.text(i); known && (strings.HasPrefix(text, "-") || i == from) && !strings.HasPrefix(text, "--") && strings.HasSuffix(text, "f") {
			a.means(i+1, to, pathCheck)
		}
	}
}

// lineReaders are programs to which each line of their input says something of
// its own.
var lineReaders = []string{"chpasswd", "debconf-set-selections", "fdisk", "gdisk", "gpg", "ip", "ipset", "ldapadd", "ldapmodify", "newusers", "nsupdate",
	"parted", "passwd", "patch", "sfdisk", "smbpasswd", "sysctl", "tc"}

// packages gives the operands of a package manager a check, but not what follows
// options with an argument.
func packages(c *check) ruleFunc {
	return func(a *analysis, from, to int) {
		for i := from; i < to; i++ {
			before, text := "", ""
			if i > from {
				before, _ = a.text(i - 1)
			}
			if text, _ = a.text(i); strings.HasPrefix(text, "-") || slices.Contains([]string{"-o", "-t", "-c", "-f", "-a"}, before) {
				continue
			}
			a.means(i, to, c)
		}
	}
}
