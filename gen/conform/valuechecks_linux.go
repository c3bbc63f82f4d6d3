package conform

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// valueChecks are about the bytes of arguments and variables.
func valueChecks() []*check {
	list := []*check{
		{name: "each character", values: everyCharacter()},
		{name: "characters round words", values: roundWords()},
		{name: "hostile texts", values: texts()},
		{name: "all at once, 100 kB", values: longOnes()},
	}
	for _, c := range list {
		c.do = arrive
	}
	list = append(list, &check{name: "names of shells", fields: ownNames(), do: ownNamesArrive})
	for _, c := range list {
		c.group, c.extra = "values", asUser
	}
	return list
}

// Values is how many there are.
func Values() int {
	n := 0
	for _, c := range valueChecks() {
		n += len(c.values)
	}
	return n
}

// arrive checks that each value is an argument and a variable, exactly.
func arrive(s *service) {
	f := s.look(s.start())
	if args := f.args[min(2, len(f.args)):]; !slices.Equal(args, s.values) {
		s.Errorf("the arguments differ: %s", firstDifference(args, s.values))
	}
	var variables []string
	for i := range s.values {
		variables = append(variables, f.environ[variable(i)])
	}
	if !slices.Equal(variables, s.values) {
		s.Errorf("the variables differ: %s", firstDifference(variables, s.values))
	}
	if s.Exists("/srv/oops") {
		s.Errorf("a value was obeyed")
	}
	s.note = fmt.Sprintf("%d arrive exactly", len(s.values))
	if refused := len(s.check.values) - len(s.values); refused > 0 {
		s.note += fmt.Sprintf(", the build refuses %d by name", refused)
	}
}

// firstDifference shows where two lists begin to differ.
func firstDifference(got, want []string) string {
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			return fmt.Sprintf("number %d is %.200q, want %.200q", i, got[i], want[i])
		}
	}
	return fmt.Sprintf("there are %d, want %d", len(got), len(want))
}

// namesOfShells are variables that some shell sets, checks or locks by itself.
const namesOfShells = `_ BASH BASHOPTS BASH_ENV BASH_VERSION CDPATH COLUMNS DIRSTACK ENV EPOCHSECONDS EUID FUNCNAME FUNCNEST GLOBIGNORE
	GROUPS HISTFILE HISTSIZE HOME HOSTNAME IFS IGNOREEOF LANG LC_ALL LC_CTYPE LD_LIBRARY_PATH LINENO LINES LOGNAME MAIL MAILCHECK
	MAILPATH OLDPWD OPTARG OPTIND OSTYPE PATH PGRP PIPESTATUS POSIXLY_CORRECT PPID PROMPT_COMMAND PS1 PS2 PS4 PWD RANDOM REPLY SECONDS
	SHELL SHELLOPTS SHLVL TERM TIMEFORMAT TMOUT TMPDIR TZ UID USER changed only`

// ownValue is the value of each.
const ownValue = "7 'a' $HOME\\\n*"

func ownNames() string {
	fields := "environment:\n"
	for name := range strings.FieldsSeq(namesOfShells) {
		fields += "  " + name + ": " + yamlQuote(ownValue) + "\n"
	}
	return fields
}

func ownNamesArrive(s *service) {
	got := s.look(s.start()).environ
	for name := range strings.FieldsSeq(namesOfShells) {
		if got[name] != ownValue {
			s.Errorf("the variable %s is %q, want %q", name, got[name], ownValue)
		}
		delete(got, name)
	}
	// What supervisors tell every service: their own variables, with a common beginning, where there are any.
	if len(got) > 0 {
		s.note = "there are also " + strings.Join(slices.Sorted(maps.Keys(got)), ", ")
	}
}
