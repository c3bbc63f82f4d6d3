package shell_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/shell"
)

// TestSpliceRefusesTools gives values to programs that make more of them than
// their bytes: bad has to be refused, and good put in.
func TestSpliceRefusesTools(t *testing.T) {
	engine := shell.NewEngine()
	for _, tc := range []struct{ template, bad, good string }{
		// The value comes by way of a variable.
		{"x=@\ny=$((x + 1))", "a[$(id)]", "12"},
		{"x=@\ny=$(( $x ))", "a[$(id)]", "12"},
		{"x=\"@\"\n[ \"$x\" -gt 0 ]", "a[$(id)]", "-3"},
		{"x=@\n[ -z \"$x\" ] || [ \"$x\" -gt 0 ]", "x", "3"},
		{"export x=@\n[ \"$x\" -gt 0 ]", "a[$(id)]", "5"},
		{"x=@\nz=$x\nexit \"$z\"", "a[$(id)]", "5"},
		{"for x in 1 @; do y=$((y + x)); done", "a[$(id)]", "5"},
		{"x=@\nprintf '%d\\n' \"$x\"", "a[$(id)]", "5"},
		{"x=@\neval \"$x\"", "id", ""},
		{"x=@\nsh -c \"$x\"", "id", ""},
		{"x=@\nsh -c \"cd $x\"", "id", ""},
		{"x=@\nsu -c \"$x\" a", "id", ""},
		{"x=@\nsed \"s/a/$x/\" f", "/e", ""},
		{"x=@\nawk \"{ print $x }\" f", "system(\"id\")", ""},
		{"x=@\ny=a$x\ntrap \"rm $y\" EXIT", "; id", ""},
		{"x=@\nprintf \"$x\"", "%s", ""},
		{"x=@\nprintf '%s\\n' \"$x\" | sh", "id", ""},
		{"x=@\nsh <<E\n$x\nE", "id", ""},
		// It is an argument of a function.
		{"f() {\n    eval \"$1\"\n}\nf @", "id", ""},
		{"f() {\n    eval \"$1\"\n}\nf a @", "", "id"},
		{"f() {\n    sh -c \"$*\"\n}\nf a @", "id", ""},
		{"f() {\n    x=$(($2 + 1))\n}\nf a @", "a[$(id)]", "5"},
		{"f() {\n    g \"$1\"\n}\ng() {\n    [ \"$1\" -gt 0 ]\n}\nf @", "a[$(id)]", "5"},
		{"f() {\n    x=$1\n    sed \"s/a/$x/\" b\n}\nf @", "/e", ""},
		{"set -- a @\nf() {\n    eval \"$1\"\n}\nf b", "", "id"},
		// Variables that shells calculate or expand.
		{"RANDOM=@", "a[$(id)]", ""},
		{"OPTIND=@", "a[$(id)]", "1"},
		{"export COLUMNS=@", "a[$(id)]", ""},
		{"PS4=@", "$(id)", "+ "},
		{"BASH_ENV=@ bash x", "$(id)", "/etc/x"},
		{"export ENV=@", "`id`", "/etc/x"},
		// Shells behind options, and behind other programs.
		{"bash -O extglob -c @", "id", ""},
		{"bash --rcfile f -c @", "id", ""},
		{"zsh --emulate sh -c @", "id", ""},
		{"fish -C @", "id", ""},
		{"fish --init-command @", "id", ""},
		{"start-stop-daemon --start --exec /bin/sh -- -c @", "id", ""},
		{"start-stop-daemon -S -x /bin/sh -- -c \"exec @\"", "id", ""},
		{"start-stop-daemon --start --exec=/bin/sh -- -c @", "id", ""},
		{"start-stop-daemon --start --exec /usr/sbin/x -- -c @", "", "/etc/x"},
		{"capsh --user=a -- -c @", "id", ""},
		{"screen -dmS a sh -c @", "id", ""},
		{"screen -S a -X stuff @", "id", ""},
		{"tmux new-session -d @", "id", ""},
		{"split --filter=@ f", "id", ""},
		{"sort --compress-program=@ f", "id", ""},
		{"sort --compress-program @ f", "id", ""},
		// Interpreters.
		{"python3.11 -c @", "import os", ""},
		{"php8.2 -r @", "id", ""},
		{"expect -c @", "exec id", ""},
		{"guile -c @", "(x)", ""},
		{"gdb -batch -ex @", "shell id", ""},
		{"vim -c @", "!id", ""},
		{"vi +@ x", "!id", ""},
		{"emacs --batch --eval @", "(x)", ""},
		{"mongosh --eval @", "x", ""},
		{"clickhouse-client --query=@", "x", ""},
		{"yq '.a = \"@\"' f", "\"", ""},
		{"yq e \".a = @\" f", "1", ""},
		{"xmllint --xpath \"//a[.='@']\" f", "' or '", ""},
		{"wget -e @ http://h", "use_askpass=/x", ""},
		{"perl -ne print @", "id|", "/etc/x"},
		{"perl -pi -e 's/a/b/' @", ">x", "/etc/x y"},
		{"ruby -ne puts @", "|id", "x"},
		{"deno eval @", "x", ""},
		// Options behind code: su and others look for more of them there.
		{"su -s /bin/sh -c 'printf %s \"$1\"' root sh @", "-cid", "a"},
		{"su -s /bin/sh -c 'printf %s \"$1\"' root -- sh @", "", "-cid"},
		{"perl -e 'print $ARGV[0]' @", "-esystem(\"id\")", "a"},
		{"perl -e 'print $ARGV[0]' -- @", "", "-e"},
		{"ruby -e 'p ARGV' @", "-esystem(\"id\")", "a"},
		{"python3 -c 'import sys' @", "", "-c"},
		{"jq -n --arg a @ '$a'", "\xff", "-a"},
		// Values right behind options.
		{"java -Xmx@ -jar x.jar", "", "1g"},
		{"java -Dfile=@ -jar x.jar", "", "-a b"},
		{"java -XX:MaxHeapSize=@ -jar x.jar", "", "1g"},
		{"head -n@ f", "q", "5"},
		{"cut -d@ -f1 f", "s", ""},
		{"rm -r@ f", "f", ""},
		{"x -@ f", "5", ""},
		// Makefiles, recipes and git.
		{"make PREFIX=@", "$(shell id)", "/usr/local"},
		{"make A=@ b", ";id", "a,b"},
		{"git -c core.sshCommand=@ fetch", "id", ""},
		{"git -c user.name=@ commit", "", "it's me"},
		{"git --upload-pack=@ x", "id", ""},
		// Patterns and lists of other programs.
		{"systemctl stop @", "*", "a@b.service"},
		{"systemctl set-environment A=@", "", "*"},
		{"journalctl -u @", "[a-z]*", "a.service"},
		{"apt-get install -y -- @", "sudo-", "g++"},
		{"apt-get remove @", "lib.*", "python3.11"},
		{"apt-get install ./@", "", "a_1.0-1_all.deb"},
		{"dnf install @", "a*", "a"},
		{"dpkg-query -W @", "*", "a:amd64"},
		{"dpkg-query -f '@' -W x", "${Version}", "a "},
		{"rpm -q --qf \"@\" x", "%{NAME}", "a"},
		{"setfacl -m u:@:r f", "a:r,o::rwx,u:b", "app"},
		{"setfacl -m @ f", "", "u:a:r,o::r"},
		{"ldapsearch \"(uid=@)\"", "*)(a=b", "me"},
		{"nft add rule inet f i ip saddr @ accept", "1.2.3.4 accept; flush ruleset", "10.0.0.0/8"},
		{"socat - TCP:@:80", "h:80,exec=x", "h.example.org"},
		{"socat - EXEC:@", "id", ""},
		{"openssl req -subj \"/CN=@\"", "a/O=b", "h.example.org"},
		{"openssl req -subj @", "", "/CN=a/O=b"},
		{"openssl req -addext \"subjectAltName=DNS:@\"", "a,DNS:b", "h.example.org"},
		// Files and hosts.
		{"tar -xzf @", "host:x", "/srv/a:b"},
		{"tar xf @", "host:x", "x"},
		{"tar --file=@ -x", "host:x", "./a:b"},
		{"tar --transform=s/a/@/ -cf x y", "/;s/b/c", ""},
		{"rsync -a @ /dst/", "host:x", "a b"},
		{"rsync -a /src/ host:@", "x;id", "/srv/app"},
		{"scp f host:@", "$(id)", "/srv/app"},
		{"scp @ /dst", "host:x", "./host:x"},
		{"scp -S @ a b", "id", ""},
		{"curl -d @ http://h", "@/etc/shadow", "a=b@c"},
		{"curl -d a=@ http://h", "", "@x"},
		{"curl --data-binary @ http://h", "@/etc/shadow", "a"},
		{"curl --data=@ http://h", "@/etc/shadow", "a"},
		{"curl -H @ http://h", "@/etc/shadow", "A: b"},
		{"curl -H \"A: @\" http://h", "", "@b"},
		{"curl -F a=@ http://h", "</etc/shadow", "b"},
		{"curl -F a=@ http://h", "b;type=c", "b c"},
		{"curl --data-urlencode @ http://h", "a@/etc/shadow", "a b"},
		{"curl --data-urlencode a=@ http://h", "", "@=b"},
		{"curl -b @ http://h", "/etc/shadow", "a=b"},
		{"curl -K - <<E\nurl=@\nE", "x", ""},
		{"gcc @", "@/etc/x", "a.c"},
		{"java @ Main", "@/etc/x", "x"},
		{"java -jar x.jar @", "", "@x"},
		{"java -Da=@ -Xmx@m -XX:MaxRAM=@ Main", "", "b c"},
		{"java -XX:OnError=@ Main", "id", ""},
		{"java -XX:OnOutOfMemoryError=@ Main", "id", ""},
		{"java -XX:@ Main", "OnError=id", ""},
		{"node --max-old-space-size=@ x.js", "", "512"},
		{"node --eval=@", "x", ""},
		{"node --import=@ x.js", "data:text/javascript,x", ""},
		{"prog -config=@ -listen=@ x", "", "-a b"},
		{"prog -c@ x", "x", ""},
		{"prog -@ x", "x", ""},
		{"mvn -D@=@ x", "", "a b"},
		{"prog -@=a x", "x", ""},
		{"perl -ex=@", "1", ""},
		{"env prog -a=@", "", "-x"},
		{"env perl -ex=@", "1", ""},
		{strings.Repeat("env ", 50) + "prog @", "-x", "x"},
		{strings.Repeat("env ", 2000) + "sh -c @", "id", ""},
		{"nice sh -c=@", "id", ""},
		{"cat <@", "/dev/tcp/h/80", "/dev/null"},
		{"a >@", "/dev/udp/h/80", "/dev/tcpx"},
		{"rm -rf @/*", "", "/srv/x"},
		{"rm -rf -- \"@\"/*", "", "/srv/x"},
		{"rm -rf @", "/", "/srv"},
		{"chown -R a @", "/", "/srv"},
		{"find . -exec cp {} @ \\;", "a{}", "/srv/a b"},
		{"find . -exec a -- @ \\;", ";", "-x"},
		{"xargs -I% cp % @", "50%", "x"},
		{"xargs -I {} cp {} @", "{}", "x"},
		{"ssh -p 22 @ true", "$(id)", "me@h.example.org"},
		{"ssh -p @ h true", "22 x", "22"},
		{"ssh -o ProxyCommand=@ h true", "id", ""},
		{"ssh -o Port=@ h true", "", "22"},
		{"mail -s a @", "|id", "root"},
		{"mail -s @ root", "", "a | b"},
		{"psql -d @ -c x", "host=evil", "app"},
		{"psql \"dbname=@\"", "a host=evil", "app"},
		// What is read line by line, and scripts that are written.
		{"printf '%s:%s\\n' a @ | chpasswd", "x\nroot:x", "pa:ss $w"},
		{"chpasswd <<E\na:@\nE", "x\nroot:x", "pa:ss $w"},
		{"patch <<E\n+@\nE", "x\n!id", "x"},
		{"iptables-restore <<E\n@\nE", "x", ""},
		{"cat >x <<E\n#!/bin/sh\na @\nE", "; id", ""},
		{"cat >/etc/profile.d/x.sh <<'E'\na=@\nE", "; id", ""},
		{"cat >x <<E\n# @\nE", "", "; id"},
	} {
		try := func(value string) error {
			var values []any
			for range strings.Count(tc.template, "@") {
				values = append(values, value)
			}
			_, err := engine.Splice(marked(tc.template+"\n", values...))
			return besideLint(err)
		}
		if err := try(tc.bad); (tc.bad != "" || strings.HasPrefix(tc.template, "rm")) && err == nil {
			t.Errorf("%q with %q is taken", tc.template, tc.bad)
		} else if err != nil && strings.Contains(err.Error(), "_pg00") {
			t.Errorf("%q: %v", tc.template, err)
		}
		if tc.good != "" {
			if err := try(tc.good); err != nil {
				t.Errorf("%q with %q: %v", tc.template, tc.good, err)
			}
		}
	}
}

var lintRule = regexp.MustCompile(`\([a-z-]+\)$`)

// besideLint leaves out what lint says of a template.
func besideLint(err error) error {
	var list diag.List
	if errors.As(err, &list) {
		list = slices.DeleteFunc(slices.Clone(list), func(e *diag.Error) bool { return lintRule.MatchString(e.Msg) })
		return list.Err()
	}
	return err
}

// TestSpliceTakesNothingAsNumber: an optional setting that nobody has set is no
// code where the script calculates.
func TestSpliceTakesNothingAsNumber(t *testing.T) {
	if _, err := shell.NewEngine().Splice(marked("x=@\n[ -z \"$x\" ] || [ \"$x\" -gt 0 ]\n", "")); err != nil {
		t.Error(err)
	}
}

// TestCalculatedVariable: whoever calculates with what came from a value is told
// where, once.
func TestCalculatedVariable(t *testing.T) {
	_, err := shell.NewEngine().Splice(marked("at=@\nhour=${at%%:*}\n[ \"$hour\" -gt 2 ]\n[ \"$hour\" -gt 3 ]\n", "03:00"))
	var list diag.List
	if !errors.As(err, &list) || len(list) != 1 || !strings.Contains(list[0].Msg, "calculates with $hour on line 3,") {
		t.Errorf("got %v", err)
	}
}

// TestManyVariables: following values takes time in proportion to the text, however
// variables are given to each other.
func TestManyVariables(t *testing.T) {
	var b strings.Builder
	b.WriteString("v0=@\n")
	for i := 1; i < 60; i++ {
		fmt.Fprintf(&b, "v%d=\"", i)
		for j := range 60 {
			fmt.Fprintf(&b, "$v%d", j)
		}
		b.WriteString("\"\n")
	}
	for _, use := range []string{"eval \"$v59\"\n", "y=$((v59 + 1))\n"} {
		if _, err := shell.NewEngine().Splice(marked(b.String()+use, "id")); err == nil || !strings.Contains(err.Error(), "$v59 on line 61") {
			t.Errorf("%s: %v", use, err)
		}
	}
}
