package upstart

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// A form says what follows the name of a stanza.
type form int

const (
	formWords form = iota
	formEvents
	formExec
	formScript
)

// A rule is the grammar of one stanza.
type rule struct {
	form   form
	second map[string]rule // by the second keyword; nil when there is none
	check  check           // of the words; where there is second too, that may be left out
}

// grammar holds the stanzas of init(5).
var grammar = map[string]rule{
	"apparmor":    {second: map[string]rule{"load": {check: one}, "switch": {check: one}}},
	"author":      {check: one},
	"cgroup":      {check: count(1, 4)},
	"chdir":       {check: one},
	"chroot":      {check: one},
	"console":     {check: oneOf("log", "none", "output", "owner")},
	"debug":       {check: count(0, 0)},
	"description": {check: one},
	"emits":       {check: count(1, 1<<20)},
	"env":         {check: variable},
	"exec":        {form: formExec},
	"expect":      {check: oneOf("daemon", "fork", "none", "stop")},
	"export":      {check: variables},
	"instance":    {check: one},
	"kill":        {second: map[string]rule{"signal": {check: signal}, "timeout": {check: oneNumber(0, 1<<31-1)}}},
	"limit":       {check: limit},
	"manual":      {check: count(0, 0)},
	"nice":        {check: oneNumber(-20, 19)},
	"normal":      {second: map[string]rule{"exit": {check: exits}}},
	"oom":         {check: oneNumber(-17, 15, "never"), second: map[string]rule{"score": {check: oneNumber(-1000, 1000, "never")}}},
	"post-start":  {second: process},
	"post-stop":   {second: process},
	"pre-start":   {second: process},
	"pre-stop":    {second: process},
	"reload":      {second: map[string]rule{"signal": {check: signal}}},
	"respawn":     {check: count(0, 0), second: map[string]rule{"limit": {check: respawnLimit}}},
	"script":      {form: formScript},
	"setgid":      {check: one},
	"setuid":      {check: one},
	"start":       {second: map[string]rule{"on": {form: formEvents}}},
	"stop":        {second: map[string]rule{"on": {form: formEvents}}},
	"task":        {check: count(0, 0)},
	"umask":       {check: umask},
	"usage":       {check: one},
	"version":     {check: one},
}

var process = map[string]rule{"exec": {form: formExec}, "script": {form: formScript}}

var stanzaNames = sync.OnceValue(func() []string { return sortedKeys(grammar) })

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// ruleOf returns the rule of a stanza by the name that the tree has for it.
func ruleOf(name string) rule {
	first, second, found := strings.Cut(name, " ")
	if found {
		return grammar[first].second[second]
	}
	return grammar[first]
}
