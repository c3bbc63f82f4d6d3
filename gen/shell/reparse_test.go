package shell_test

import (
	"strings"
	"testing"

	"palletgen/gen/shell"
)

const (
	readAs    = "the value would be read as "
	inExpr    = "find would read the value as a part of its expression"
	asLine    = "the value would be read as a command line by "
	asFolder  = "cd reads - as the folder before, and looks a name up in CDPATH"
	asOptName = "the value would be the name of an option"
)

// TestSpliceRefusesWhatIsReadAgain has a value in every argument of which we
// know that a second program, or the shell itself, reads it as code.
func TestSpliceRefusesWhatIsReadAgain(t *testing.T) {
	s := []any{"x"}
	for _, tc := range []refusalCase{
		{"command eval", "command eval @\n", s, "1:14", asShell + "eval"},
		{"eval in quotes", "\"ev\"al @\n", s, "1:8", asShell + "eval"},
		{"eval behind a backslash", "\\eval @\n", s, "1:7", asShell + "eval"},
		{"sudo sh -c", "sudo -u a sh -c @\n", s, "1:17", asShell + "sh"},
		{"sudo, long option", "sudo --user a sh -c @\n", s, "1:21", asShell + "sh"},
		{"sudo, option cut short", "sudo --us a sh -c @\n", s, "1:19", asShell + "sh"},
		{"sudo -s", "sudo -s @\n", s, "1:9", "the value would be read as shell code"},
		{"sudo --login", "sudo --login @\n", s, "1:14", "the value would be read as shell code"},
		{"doas sh -c", "doas -u a sh -c @\n", s, "1:17", asShell + "sh"},
		{"doas -s", "doas -s @\n", s, "1:9", "the value would be read as shell code"},
		{"nice", "nice -n 5 sh -c @\n", s, "1:17", asShell + "sh"},
		{"nice -5", "nice -5 dash -c @\n", s, "1:17", asShell + "dash"},
		{"ionice", "ionice -c 2 sh -c @\n", s, "1:19", asShell + "sh"},
		{"timeout", "timeout -k 5 10 sh -c @\n", s, "1:23", asShell + "sh"},
		{"timeout, option cut short", "timeout --sig TERM 10 sh -c @ # palletgen: allow long-option\n", s, "1:29", asShell + "sh"},
		{"timeout of old busybox", "timeout -t 5 sh -c @\n", s, "1:20", asShell + "sh"},
		{"stdbuf", "stdbuf --output L sh -c @\n", s, "1:25", asShell + "sh"},
		{"chroot", "chroot /a sh -c @\n", s, "1:17", asShell + "sh"},
		{"chroot, long option", "chroot --userspec a:b /a sh -c @\n", s, "1:32", asShell + "sh"},
		{"setpriv", "setpriv --reuid a --clear-groups sh -c @\n", s, "1:40", asShell + "sh"},
		{"runuser -u", "runuser -u a -- sh -c @\n", s, "1:23", asShell + "sh"},
		{"runuser -u, name", "runuser -u a -- @\n", s, "1:17", asName},
		{"runuser as su", "runuser - a -c @\n", s, "1:16", asShell + "su"},
		{"su -lc", "su -lc @ a\n", s, "1:8", asShell + "su"},
		{"su --command", "su a --command @\n", s, "1:16", asShell + "su"},
		{"su a -- -c", "su a -- -c @\n", s, "1:12", asShell + "su"},
		{"flock --command", "flock /l --command @\n", s, "1:20", asShell + "sh"},
		{"flock sh -c", "flock -w 5 /l sh -c @\n", s, "1:21", asShell + "sh"},
		{"flock 9 sh -c", "flock 9 sh -c @\n", s, "1:15", asShell + "sh"},
		{"script -c", "script -c @ /dev/null\n", s, "1:11", asShell + "script"},
		{"script -qec", "script -qec @ /dev/null\n", s, "1:13", asShell + "script"},
		{"script --command", "script --command=@ f\n", s, "1:18", asShell + "script"},
		{"sg -c", "sg a -c @\n", s, "1:9", asShell + "sg"},
		{"watch", "watch -n 1 ls @\n", s, "1:15", asShell + "watch"},
		{"parallel", "parallel ls @\n", s, "1:13", asShell + "parallel"},
		{"busybox ash -c", "busybox ash -c @\n", s, "1:16", asShell + "ash"},
		{"toybox sh -c", "toybox sh -c @\n", s, "1:14", asShell + "sh"},
		{"exec", "exec sh -c @\n", s, "1:12", asShell + "sh"},
		{"env -S, what follows", "env -S 'sh -c' @ # palletgen: allow env-option\n", s, "1:16", "the value would be read as shell code"},
		{"env --split-string, what follows", "env --split-string 'sh -c' @ # palletgen: allow env-option\n", s, "1:28", "the value would be read as shell code"},
		{"env -C", "env -C /a B=c sh -c @ # palletgen: allow env-option\n", s, "1:21", asShell + "sh"},
		{"env -P", "env -P /bin sh -c @\n", s, "1:19", asShell + "sh"},
		{"env -S, long", "env --split-string=@ # palletgen: allow env-option\n", s, "1:20", "the value would be read as shell code"},
		{"env -S, cut short", "env --split @\n", s, "1:13", "the value would be read as shell code"},
		{"env -vS", "env -vS @ # palletgen: allow env-option\n", s, "1:9", "the value would be read as shell code"},
		{"xargs -l sh -c", "a | xargs -l sh -c @\n", s, "1:20", asShell + "sh"},
		{"xargs -r -n 1 sh -c", "a | xargs -r -n 1 sh -c @\n", s, "1:25", asShell + "sh"},
		{"find -execdir sh -c", "find . -type f -execdir sh -c @ sh {} + # palletgen: allow find-test\n", s, "1:31", asShell + "sh"},
		{"nsenter", "nsenter -t 1 -m sh -c @\n", s, "1:23", asShell + "sh"},
		{"unshare", "unshare -m sh -c @\n", s, "1:18", asShell + "sh"},
		{"unshare --map-user", "unshare --map-user 0 sh -c @\n", s, "1:28", asShell + "sh"},
		{"sshpass ssh", "sshpass -p x ssh h @\n", s, "1:20", "the value would be read as shell code on the other host"},
		{"an unknown wrapper", "frobnicate --x y /bin/bash -ec @\n", s, "1:32", asShell + "bash"},
		{"docker", "docker exec a sh -c @\n", s, "1:21", asShell + "sh"},
		{"systemd-run", "systemd-run --user -p A=b sh -c @\n", s, "1:33", asShell + "sh"},
		{"ip netns", "ip netns exec a env B=c sh -c @\n", s, "1:31", asShell + "sh"},
		{"csh -c", "csh -c @\n", s, "1:8", asShell + "csh"},
		{"sh -o", "sh -o @ a\n", s, "1:7", asOptName},
		{"set -o", "set -o @\n", s, "1:8", asOptName},

		{"gawk --source", "gawk --source=@\n", s, "1:15", readAs + "awk code"},
		{"gawk --source, two words", "gawk --source @ f\n", s, "1:15", readAs + "awk code"},
		{"gawk -e", "gawk -e @ f\n", s, "1:9", readAs + "awk code"},
		{"awk -vNAME", "awk -va=@ '{ print a }'\n", s, "1:9", "awk would read backslashes in the value"},
		{"sed --expression", "sed --expression @ f\n", s, "1:18", readAs + "sed code"},
		{"sed, option cut short", "sed --expr=@ f\n", s, "1:12", readAs + "sed code"},
		{"sed -l", "sed -l 5 @ f\n", s, "1:10", readAs + "sed code"},
		{"sed -ne", "sed -ne @ f\n", s, "1:9", readAs + "sed code"},
		{"jq --arg", "jq -r --arg a b @\n", s, "1:17", readAs + "jq code"},
		{"jq --argjson", "jq --argjson a @ .\n", s, "1:16", readAs + "jq code"},
		{"node -p", "node -p @\n", s, "1:9", readAs + "node code"},
		{"node --eval", "node --eval @\n", s, "1:13", readAs + "node code"},
		{"perl -M", "perl -M@ f\n", s, "1:8", readAs + "perl code"},
		{"perl -ne", "perl -ne @ f\n", s, "1:10", readAs + "perl code"},
		{"ruby -e", "ruby -W0 -e @\n", s, "1:13", readAs + "ruby code"},
		{"php -r", "php -r @\n", s, "1:8", readAs + "php code"},
		{"psql -c", "psql -U a -c @\n", s, "1:14", readAs + "code by psql"},
		{"psql -Atc", "psql -Atc @\n", s, "1:11", readAs + "code by psql"},
		{"mysql -e", "mysql -e @\n", s, "1:10", readAs + "code by mysql"},
		{"mysql --execute", "mysql --execute=@\n", s, "1:17", readAs + "code by mysql"},
		{"sqlite3", "sqlite3 f @\n", s, "1:11", readAs + "code by sqlite3"},
		{"tar --to-command", "tar -xf a --to-command=@\n", s, "1:24", asLine + "tar"},
		{"tar --checkpoint-action", "tar -cf a --checkpoint-action=exec=@ b\n", s, "1:36", asLine + "tar"},
		{"tar -I", "tar -I @ -xf a # palletgen: allow tar-option\n", s, "1:8", asLine + "tar"},
		{"rsync -e", "rsync -e @ a b\n", s, "1:10", asLine + "rsync"},

		{"python -", "python3 - <<E\na = @\nE\n", s, "2:5", onStdin},
		{"sh -", "sh - <<E\n@\nE\n", s, "2:1", onStdin},
		{"sh /dev/stdin", "sh /dev/stdin a <<E\n@\nE\n", s, "2:1", onStdin},
		{"sh /dev/fd/3", "sh /dev/fd/3 3<<E\n@\nE\n", s, "2:1", onStdin},
		{". /dev/stdin", ". /dev/stdin <<E\n@\nE\n", s, "2:1", onStdin},
		{"awk -f -", "awk -f - b <<'E'\n@\nE\n", s, "2:1", onStdin},
		{"sed -f -", "sed -f - b <<'E'\n@\nE\n", s, "2:1", onStdin},
		{"psql", "psql a <<E\nselect '@'\nE\n", s, "2:9", onStdin},
		{"pipe into sqlite3", "printf '%s' @ | sqlite3 f\n", s, "1:13", onStdin},
		{"crontab", "crontab - <<E\n* * * * * @\nE\n", s, "2:11", onStdin},
		{"ed", "ed f <<'E'\n@\nE\n", s, "2:1", onStdin},
		{"sudo sh", "sudo sh <<E\n@\nE\n", s, "2:1", onStdin},
		{"pipe into xargs", "printf '%s' @ | xargs rm\n", s, "1:13", onStdin},
		{"pipe into parallel", "printf '%s' @ | parallel rm\n", s, "1:13", onStdin},

		{"cd -", "cd -- @\n", []any{"-"}, "1:7", asFolder},
		{"CDPATH", "cd @\n", []any{"bin"}, "1:4", asFolder},
		{"CDPATH, longer", "cd \"@/x\"\n", []any{"bin"}, "1:5", asFolder},
		{"CDPATH, nothing", "cd @\n", []any{""}, "1:4", asFolder},
		{"find !", "find @ -delete\n", []any{"!"}, "1:6", inExpr},
		{"find (", "find /a @ -delete\n", []any{"("}, "1:9", inExpr},
		{"find -delete", "find -- @ -name a\n", []any{"-delete"}, "1:9", inExpr},
		{"kill of all", "kill -9 @\n", []any{-1}, "1:9", asOption},
		{"kill -s", "kill -s @ 5\n", []any{"9 1"}, "1:9", "the value is no signal"},
		{"sourced option", ". @\n", []any{"-/a"}, "1:3", "a file without / in its name is looked up in PATH"},
	} {
		t.Run(tc.name, tc.run)
	}
}

// TestShellsOwnVariables has names that change what a shell does, as values.
func TestShellsOwnVariables(t *testing.T) {
	for _, name := range []string{"IFS", "PATH", "ENV", "BASH_ENV", "LD_PRELOAD", "LD_LIBRARY_PATH", "CDPATH", "COLUMNS", "PS4", "OPTIND", "HISTFILE",
		"GLOBIGNORE", "PROMPT_COMMAND", "TMOUT", "PWD", "SHELLOPTS", "BASHOPTS", "ZSH_EVAL_CONTEXT", "YASH_AFTER_CD", "KSH_VERSION", "POSIXLY_CORRECT", "_"} {
		for _, template := range []string{"@=a\n", "export @=a\n", "export @\n", "@=a b\n", "for @ in a; do b; done\n", "read -r @\n", "unset @\n", "readonly @=a\n"} {
			if script, err := shell.NewEngine().Splice(marked(template, name)); err == nil {
				t.Errorf("%q is taken: %q", name, script.Text)
			}
		}
	}
	script, err := shell.NewEngine().Splice(marked("env @=@ b\n", "LD_PRELOAD", "/a b"))
	if err != nil || script.Text != "env LD_PRELOAD='/a b' b\n" {
		t.Errorf("for one command: %v, %v", script, err)
	}
}

// TestSpliceTakesWhatIsNotReadAgain has values beside such arguments.
func TestSpliceTakesWhatIsNotReadAgain(t *testing.T) {
	for template, want := range map[string]string{
		"sudo --user @ ls @\n":                   "sudo --user 'a b' ls 'a b'\n",
		"runuser -u @ -- ls @\n":                 "runuser -u 'a b' -- ls 'a b'\n",
		"flock @ ls @\n":                         "flock 'a b' ls 'a b'\n",
		"sh -c 'x \"$1\"' sh @\n":                "sh -c 'x \"$1\"' sh 'a b'\n",
		"docker exec @ sh -c 'x' sh @\n":         "docker exec 'a b' sh -c 'x' sh 'a b'\n",
		"script -qc 'ls' @\n":                    "script -qc 'ls' 'a b'\n",
		"gawk '{ print }' ./@\n":                 "gawk '{ print }' ./'a b'\n",
		"jq --arg a @ '.' ./@\n":                 "jq --arg a 'a b' '.' ./'a b'\n",
		"node x.js @\n":                          "node x.js 'a b'\n",
		"python3 - @ <<'E'\nx\nE\n":              "python3 - 'a b' <<'E'\nx\nE\n",
		"psql -v a=@ -f f\n":                     "psql -v a='a b' -f f\n",
		"tar -xf @ -C /@\n":                      "tar -xf 'a b' -C /'a b'\n",
		"printf '%s\\0' @ | xargs -0 rm -f --\n": "printf '%s\\0' 'a b' | xargs -0 rm -f --\n",
		"cd /@\ncd ./@ || cd \"$x/@\"\n":         "cd /'a b'\ncd ./'a b' || cd \"$x/a b\"\n",
		"find /@ -name @ -exec x @ {} +\n":       "find /'a b' -name 'a b' -exec x 'a b' {} +\n",
		"kill -TERM \"$x\" @\n":                  "kill -TERM \"$x\" 'a b'\n",
		"su a -s /bin/sh -c 'x \"$1\"' sh @\n":   "su a -s /bin/sh -c 'x \"$1\"' sh 'a b'\n",
	} {
		values := []any{"a b", "a b", "a b"}[:strings.Count(template, "@")]
		script, err := shell.NewEngine().Splice(marked(template, values...))
		if err != nil {
			t.Errorf("%q: %v", template, err)
		} else if script.Text != want {
			t.Errorf("%q: got %q, want %q", template, script.Text, want)
		}
	}
}
