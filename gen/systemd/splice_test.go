package systemd_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/command"
	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/splice/splicetest"
	"palletgen/gen/systemd"
)

var exact = splicetest.Exact

// marked stands in for a template: each § of text is the place of a value, and
// text follows on [Service] in one line.
func marked(text string, values ...any) *record.Marked {
	return splicetest.Marked("§", text, values...)
}

func TestSplice(t *testing.T) {
	for _, tc := range []struct {
		text   string
		values []any
		want   string
	}{
		{"ExecStart=§\nUser=§", []any{exact("/opt/riemann/bin/riemann", "/etc/riemann.config"), "riemann"},
			"ExecStart=/opt/riemann/bin/riemann /etc/riemann.config\nUser=riemann"},
		{"ExecStart=§", []any{exact("/bin/x", "", "a b", "it's", `\`, "#", ";", `"`, "ü", "$A", "%n", "\n\t\x01\x7f")},
			`ExecStart=/bin/x "" "a b" "it's" "\\" "\x23" "\x3b" "\"" "ü" "$$A" "%%n" "\n\t\x01\x7f"`},
		{"ExecStart=§", []any{exact("/bin/a b%", "$")}, `ExecStart="/bin/a b%%" "$$"`},
		{"ExecReload=-+§ # ; §", []any{exact("/bin/a b%", "$"), exact("y")}, `ExecReload=-+/bin/a\x20b%% "$$" # ; y`},
		{"ExecStart=:/bin/x § $A", []any{"$$"}, `ExecStart=:/bin/x "$$" $A`},
		{"ExecStart=:§", []any{exact("/bin/$x", "$y")}, `ExecStart=:/bin/$x "$y"`},
		{"ExecStart=/bin/env §", []any{exact("-x", "$")}, `ExecStart=/bin/env -x "$$"`},
		{"ExecStart=@/bin/sh § -p § --d=§ \"in § q\" 'in § q' ${A}§", []any{"x y", 5555, "a b", "$y", "it's", true},
			`ExecStart=@/bin/sh "x y" -p 5555 --d=a\x20b "in $$y q" 'in it\'s q' ${A}true`},
		{"ExecStart=/bin/x \\\n# no\n  §  \\\n§", []any{"#a", ";"}, "ExecStart=/bin/x \\\n# no\n  \"\\x23a\"  \\\n\"\\x3b\""},
		{"ExecStart=/bin/x §§ \"§\"", []any{"", "", ""}, `ExecStart=/bin/x """" ""`},
		{"Environment=§=§", []any{"A", `a "b" \ #c $d`}, `Environment=A=a\x20\"b\"\x20\\\x20#c\x20$d`},
		{"Environment=\"§=§\" 'B=§'", []any{"A", "x y%\n'", "'"}, `Environment="A=x y%%\n'" 'B=\''`},
		{"Environment=§ §", []any{"A=b c", map[string]any{"Z": "", "B": "x y", "C": 1}}, `Environment="A=b c" "B=x y" C=1 Z=`},
		{"SyslogIdentifier=§ of %n\nWorkingDirectory=§", []any{`a % "b" \x`, "/srv/my web%"}, "SyslogIdentifier=a %% \"b\" \\x of %n\nWorkingDirectory=/srv/my web%%"},
		{"StandardOutput=append:§/x.log\nStandardError=§", []any{"/var/log/a b", "journal"}, "StandardOutput=append:/var/log/a b/x.log\nStandardError=journal"},
		{"EnvironmentFile=-§", []any{"/etc/a b"}, "EnvironmentFile=-/etc/a b"},
		{"SupplementaryGroups=§ §\nNice=§\nCPUQuota=§", []any{[]any{"a", "b"}, []string{"c"}, -5, "50%"}, "SupplementaryGroups=a b c\nNice=-5\nCPUQuota=50%"},
		{"[Unit]\nAfter=§.service §", []any{"a@b", `a\x2db.mount`}, "[Unit]\nAfter=a@b.service a\\x2db.mount"},
	} {
		got, err := systemd.Splice(marked("[Service]\n"+tc.text, tc.values...))
		if err != nil {
			t.Errorf("%q: %v", tc.text, err)
		} else if diff := cmp.Diff("[Service]\n"+tc.want, string(got)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tc.text, diff)
		}
	}
}

func TestSpliceErrors(t *testing.T) {
	for _, tc := range []struct {
		text   string
		values []any
		want   string
	}{
		{"ExecStart=/x §", []any{"a\x00b"}, "t:1:1: no value can hold a NUL byte"},
		{"Restart=§", []any{"sometimes"}, `t:1:1: Restart= takes no, always, on-success, on-failure, on-abnormal, on-watchdog or on-abort, not "sometimes": systemd would leave the line out`},
		{"NoNewPrivileges=§\nUMask=sometimes", []any{true}, `t:3: UMask= takes an octal mode such as 0022, not "sometimes"`},
		{"RestartSec=§ §", []any{5, "ages"}, `t:1:2: RestartSec= takes a time such as 90, 5min or infinity, not "5 ages"`},
		{"ReadWritePaths=/a §", []any{[]any{"/b", "c"}}, `t:1:1: ReadWritePaths= takes absolute paths without .., not "c"`},
		{"LimitNOFILE=§:§", []any{10, 5}, `t:1:2: LimitNOFILE= takes a limit, infinity, or SOFT:HARD with the smaller one first, not "10:5"`},
		{"LimitNOFILE=§", []any{"0100"}, `t:1:1: LimitNOFILE= takes a limit`},
		{"CPUQuota=§%", []any{0}, `t:1:1: CPUQuota= takes a percentage above 0`},
		{"MemoryMax=§", []any{0}, `t:1:1: MemoryMax= takes a size such as 512M, 50% or infinity, not 0`},
		{"[Unit]\nAfter=§", []any{"web"}, `t:1:1: After= takes names of units with their ending: .service`},
		{"ExecStart=/x §", []any{"a\xff"}, "t:1:1: a unit cannot hold a value that is no UTF-8 | test it with fits"},
		{"Environment=A=§", []any{"a\uffff"}, "t:1:1: a unit cannot hold the character U+FFFF"},
		{"ExecStart=/x §", []any{strings.Repeat("a", 131072)}, "t:1:1: 131072 bytes are too many: Linux gives a process"},
		{"Environment=A=§", []any{strings.Repeat("a", 131070)}, "t:1:1: 131072 bytes are too many: Linux gives a process"},
		{"ExecStart=/x § § §", []any{strings.Repeat("\x01", 100_000), strings.Repeat("\x01", 100_000), strings.Repeat("\x01", 100_000)},
			"t:2: this line has 1200021 bytes, and systemd reads no more than 1048575 | test it"},
		{"ExecStart=§", []any{exact("-x")}, `t:1:1: "-x" is neither an absolute path nor the name of a program`},
		{"ExecStart=+§", []any{exact("|x")}, `t:1:1: "|x" is neither an absolute path nor the name of a program`},
		{"ExecStart=-§ x", []any{"@x"}, `t:1:1: "@x" is neither an absolute path nor the name of a program`},
		{"ExecStart=§", []any{exact("a/x")}, `t:1:1: "a/x" is neither`},
		{"ExecStart=§", []any{exact(";")}, `t:1:1: ";" is neither`},
		{"ExecStart=§", []any{exact("/bin/")}, `t:1:1: "/bin/" is no program`},
		{"ExecStart=§", []any{exact("/bin/${x}")}, `t:1:1: systemd would look for variables in the program "/bin/${x}"`},
		{"ExecStart=§", []any{exact("/bin/it's")}, `t:1:1: systemd takes no program with quotes`},
		{"ExecStart=§", []any{""}, "t:1:1: a program is missing"},
		{"ExecStart=§", []any{command.Command{Args: []command.Arg{{Lit: "x"}, {Src: `"$x"`}}}}, `t:1:1: the word "$x" reads differently in a unit than in a shell`},
		{"ExecStart=§", []any{command.Command{}}, "t:1:1: this command has no words | leave the line out"},
		{"ExecStart=\"§\"", []any{exact("a")}, "t:1:1: a command can stand only as a word of its own"},
		{"ExecStart=x§", []any{exact("a")}, "t:1:1: a command can stand only as a word of its own"},
		{"ExecStart=+§x", []any{exact("a")}, "t:1:1: a command can stand only as a word of its own"},
		{"Environment=§", []any{exact("a")}, "t:1:1: a command can stand only as a word of its own"},
		{"ExecStart=/x $§", []any{"a"}, "t:2: a value cannot stand in the name of a variable"},
		{"ExecStart=/x ${§}", []any{"a"}, "t:2: a value cannot stand in the name of a variable"},
		{"ExecStart=/x a$§", []any{"a"}, "t:2: $ begins the name of a variable | a dollar sign is written $$"},
		{"ExecStart=/x %§", []any{"a"}, "t:2: % begins a specifier | a percent sign is written %%"},
		{"ExecStart=/x \\§", []any{"a"}, `t:2: unknown escape | a backslash is written \\`},
		{"Environment=§", []any{"a b"}, "t:1:1: NAME=value is wanted here"},
		{"Environment=§=§", []any{"A=B", "c"}, `t:1:1: "A=B" is not the name of a variable`},
		{"Environment=§", []any{map[string]any{"a-b": "c"}}, `t:1:1: "a-b" is not the name of a variable`},
		{"Environment=§", []any{map[string]any{}}, "t:1:1: a map stands for words of their own, one or more"},
		{"Environment=A=§", []any{map[string]any{"A": "b"}}, "t:1:1: a map stands for words of their own"},
		{"Environment=A=§", []any{[]any{"b"}}, "t:1:1: a list or a map cannot stand in a unit | range over it"},
		{"Environment=A=§", []any{1.5}, "t:1:1: a value of type float64 cannot stand in a unit"},
		{"SyslogIdentifier=§", []any{"a\nb"}, "t:1:1: SyslogIdentifier= cannot hold a value with a line end"},
		{"SyslogIdentifier=§", []any{" a"}, "t:1:1: SyslogIdentifier= cannot hold a value that begins or ends with a blank"},
		{"SyslogIdentifier=a§", []any{"a\t"}, "t:1:1: SyslogIdentifier= cannot hold a value that begins or ends with a blank"},
		{"SyslogIdentifier=§", []any{`a\\\`}, "t:1:1: SyslogIdentifier= cannot hold a value that ends with a backslash"},
		{"SyslogIdentifier=§", []any{""}, "t:1:1: SyslogIdentifier= takes no empty value | leave the line out"},
		{"WorkingDirectory=§", []any{"~"}, `t:1:1: WorkingDirectory= takes an absolute path, not "~"`},
		{"WorkingDirectory=-§", []any{"-/x"}, `t:1:1: WorkingDirectory= takes an absolute path, not "-/x"`},
		{"WorkingDirectory=/a/§", []any{"b/../c"}, "t:1:1: WorkingDirectory= takes no path with .. in it"},
		{"EnvironmentFile=§", []any{"/a*"}, `t:1:1: EnvironmentFile= takes "/a*" for a pattern`},
		{"StandardOutput=§", []any{"append:/x"}, `t:1:1: StandardOutput= cannot hold the value "append:/x"`},
		{"StandardOutput=file:§", []any{"x"}, `t:1:1: StandardOutput= takes an absolute path, not "x"`},
		{"[Unit]\nConditionHost=§", []any{"!a"}, `t:1:1: ConditionHost= takes the "!" of "!a" for a prefix`},
		{"[Unit]\nConditionPathExists=§", []any{"!/a"}, `t:1:1: ConditionPathExists= takes an absolute path, not "!/a"`},
		{"User=§", []any{"a b"}, `t:1:1: User= cannot hold the value "a b" | letters, digits`},
		{"User=§", []any{"-a"}, `t:1:1: User= takes the "-" of "-a" for a prefix`},
		{"MemoryMax=§", []any{"%n"}, `t:1:1: MemoryMax= cannot hold the value "%n"`},
		{"ReadWritePaths=§", []any{"/a:b"}, `t:1:1: ReadWritePaths= cannot hold the value "/a:b"`},
		{"SupplementaryGroups=§", []any{[]any{"a", ""}}, "t:1:1: SupplementaryGroups= takes no empty word"},
		{"SupplementaryGroups=§", []any{[]any{}}, "t:1:1: a list stands for words of their own, one or more"},
		{"SupplementaryGroups=a§", []any{[]any{"b"}}, "t:1:1: a list stands for words of their own"},
		{"[Unit]\nAfter=§", []any{"a b"}, `t:1:1: "a b" cannot be the name of a unit`},
		{"[Unit]\nAfter=§", []any{`a\`}, `t:1:1: "a\\" cannot be the name of a unit`},
		{"§=x", []any{"User"}, "t:2: a value cannot stand in place of a key"},
		{"[§]", []any{"Unit"}, "t:2: a value cannot stand in the name of a section"},
		{"# §", []any{"Unit"}, "t:2: a value cannot stand in a comment | Description= can hold it"},
		{"ExecStart=/x \\\n# §\n y", []any{"Unit"}, "t:3: a value cannot stand in a comment"},
		{"Exectart=x", nil, `t:2: unknown key "Exectart" in [Service] | did you mean "ExecStart"?`},
	} {
		_, err := systemd.Splice(marked("[Service]\n"+tc.text, tc.values...))
		if got := splicetest.First(err); !strings.HasPrefix(got, tc.want) {
			t.Errorf("%q:\n got %s\nwant %s", tc.text, got, tc.want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, tc := range []struct{ src, want string }{
		{"A=b", "x:1:1: a section is missing before this line"},
		{"[Unit", "x:1:1: this section has no ]"},
		{"[Service]\nMemoryLimit=1G", `x:2:1: unknown key "MemoryLimit" in [Service] | MemoryMax= stands for it now`},
		{"[Service]\nPIDFile=../x", "x:2:1: PIDFile= takes no path with .. in it"},
		{"[Servic]", `x:1:1: unknown section "Servic" | did you mean "Service"?`},
		{"[Unit]\nDescription", "x:2:1: Key=value is wanted here"},
		{"[Unit]\n=a", "x:2:1: Key=value is wanted here"},
		{"[Service]\nStartLimitBurst=3", `x:2:1: unknown key "StartLimitBurst" in [Service] | it belongs to [Unit]`},
		{"[Service]\nExecStart=/x 'a", "x:2:1: this quote is never closed: '"},
		{"[Service]\nExecStart=/x \"a\\\n", `x:2:1: this quote is never closed: "`},
		{`[Service]` + "\n" + `ExecStart=/x \q`, "x:2:1: unknown escape"},
		{`[Service]` + "\n" + `ExecStart=/x \x00`, "x:2:1: unknown escape"},
		{"[Service]\nExecStart=/x ; ; /y", "x:2:1: a command is missing before this ;"},
		{"[Service]\nExecStart=+-+/x", `x:2:1: the prefix "+" stands there twice`},
		{"[Service]\nExecStart=x/y", `x:2:1: "x/y" is neither`},
		{"[Service]\nExecStart=/x $(y)", "x:2:1: $ at the beginning of a word"},
		{"[Service]\nExecStart=/x ${y", "x:2:1: ${ begins the name of a variable, and } ends it"},
		{"[Service]\nExecStart=/x 5%", "x:2:1: % begins a specifier"},
		{"[Service]\nEnvironment=A", "x:2:1: NAME=value is wanted here"},
		{"[Service]\nEnvironment=%n=A", "x:2:1: NAME=value is wanted here"},
		{"[Service]\nWorkingDirectory=a", "x:2:1: WorkingDirectory= takes an absolute path"},
	} {
		_, err := systemd.Parse(&diag.Source{Name: "x", Text: tc.src})
		if got := splicetest.First(err); !strings.HasPrefix(got, tc.want) {
			t.Errorf("%q:\n got %s\nwant %s", tc.src, got, tc.want)
		}
	}
}

// TestKindsOfSections: a key of one name is judged as the section that it stands in
// has it.
func TestKindsOfSections(t *testing.T) {
	for _, tc := range []struct {
		src   string
		taken bool
	}{
		{"[Mount]\nType=tmpfs", true},
		{"[Mount]\nType=fuse.sshfs", true},
		{"[Service]\nType=tmpfs", false},
		{"[Mount]\nUMask=tmpfs", false},
		{"[Service]\nPIDFile=a/x.pid", true},
	} {
		if _, err := systemd.Parse(&diag.Source{Name: "x", Text: tc.src}); (err == nil) != tc.taken {
			t.Errorf("%q: %v", tc.src, err)
		}
	}
}

func TestFits(t *testing.T) {
	for _, tc := range []struct {
		v    any
		want bool
	}{
		{"", true}, {"a \"'\\ #$%\n\x01", true}, {"\x00", false}, {"\xff", false}, {"\ufffe", false}, {"\U0001fffe", false},
		{strings.Repeat("\x01", 100<<10), true}, {strings.Repeat("a", 128<<10), false},
		{exact("/a", "", "\n"), true}, {exact("-a"), false}, {exact("a"), true}, {exact("/a", "\xff"), false}, {exact("/$a"), false},
		{exact("/a", strings.Repeat("\x01", 130_000), strings.Repeat("\x01", 130_000)), true},
		{exact("/a", strings.Repeat("\x01", 130_000), strings.Repeat("\x01", 130_000), strings.Repeat("\x01", 130_000)), false},
		{command.Command{Args: []command.Arg{{Lit: "x"}, {Src: `"$a"b`}}}, false},
		{[]any{"a", "b\xff"}, false}, {[]any{exact("a")}, true}, {map[string]any{"a": "b"}, true}, {map[string]any{"a": "\xff"}, false},
		{7, true}, {true, true}, {nil, true}, {1.5, false},
	} {
		if got := systemd.Fits(tc.v); got != tc.want {
			t.Errorf("Fits(%.40q) = %t", tc.v, got)
		}
	}
}
