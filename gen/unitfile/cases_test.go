package unitfile_test

// units are what systemd and we are to read alike. Each runs dump with its name.
var units = map[string]string{
	"case-quotes": `[Service]
ExecStart=/usr/local/bin/dump case-quotes "a b" 'c "d"' "e'f" x"y z"'w' \x41\102\u00e9\U0001f600 "\t\n\\ \"" '' "" \s. \; a;b \
  # a comment
  ; and a comment \
  'last  one' %% 100%%
`,
	"case-unknown": `[Service]
ExecStart=/usr/local/bin/dump case-unknown 'foo\.bar' \d+ "\q" %- %_ x% $5 ${unfinished a$b $$ $$HOME cost$5 ${A:-b} $UNSET x${UNSET}y ${UNSET}
`,
	"case-variables": `[Service]
Environment=ONE=1 "TWO=two words" 'THREE=x "y z" w' FOUR=a\x20b EMPTY=
Environment="FIVE=$ONE ${TWO} %n %p" "SIX=\"quoted\" 'single' back\\slash"
ExecStart=/usr/local/bin/dump case-variables $ONE $TWO ${TWO} "$TWO" "x ${TWO} y" $THREE ${THREE} a$ONE $EMPTY ${EMPTY} $FOUR $FIVE ${FIVE} $SIX "${SIX}" $ONE/x
`,
	"case-reset": `[Service]
Environment=GONE=1
Environment=
Environment=KEPT=1
Environment=KEPT=2 UNSET=x
UnsetEnvironment=UNSET
ExecStart=/bin/false
ExecStart=
ExecStart=/usr/local/bin/dump case-reset $KEPT
UMask=0007
UMask=0077
`,
	"case-account": `[Service]
User=nobody
Group=daemon
SupplementaryGroups=bin
SupplementaryGroups=adm tty
WorkingDirectory=/srv/a b
UMask=027
Nice=5
ExecStart=/usr/local/bin/dump case-account ${USER} $LOGNAME
`,
	"case-nobody": `[Service]
User=daemon
WorkingDirectory=-/srv
ExecStart=-/usr/local/bin/dump case-nobody
`,
	"case-limits": `[Service]
LimitNOFILE=4096
LimitNPROC=5000
LimitCORE=0
LimitMEMLOCK=64K
LimitSTACK=16M
LimitAS=infinity
ExecStart=/usr/local/bin/dump case-limits
`,
	"case-pre": `[Service]
Environment=A=b
ExecStartPre=/usr/local/bin/dump pre-1 end "$A ${A}" $A
ExecStartPre=-/bin/false
ExecStartPre=-/usr/local/bin/dump pre-2 end ; /usr/local/bin/dump pre-3 end ';'
ExecStartPre=+/usr/local/bin/dump pre-4 end
ExecStart=:/usr/local/bin/dump case-pre $A ${A} %i$$
`,
	"case-folders": `[Service]
RuntimeDirectory=one two/three
StateDirectory=%p
ExecStart=!/usr/local/bin/dump case-folders ${RUNTIME_DIRECTORY} ${STATE_DIRECTORY} %t %S %C %L %E %h %T %V %u %U %N %f %j
`,
	"case-dropin": `[Service]
ExecStart=/usr/local/bin/dump case-dropin before
Environment=A=unit
`,
	"case-dropin.d/10-first.conf":  "[Service]\nEnvironment=A=first B=first\nExecStart=\nExecStart=/usr/local/bin/dump case-dropin ${A} ${B} ${C} %n\n",
	"case-dropin.d/20-second.conf": "[Service]\nEnvironment=B=second\n",
	"case-.d/15-prefix.conf":       "[Service]\nEnvironment=\"C=by prefix\"\n",
	"case-crlf":                    "[Service]\r\nEnvironment=A=b\r\nExecStart=/usr/local/bin/dump case-crlf \\\r\n  $A\r\n",
	"case-at@": `[Service]
ExecStart=/usr/local/bin/dump case-at@%i "%i" %I %p %P %n %N %j %f $$
`,
	"case-file": `[Service]
EnvironmentFile=/etc/case.env
EnvironmentFile=-/etc/missing.env
Environment=A=unit LAST=%p
ExecStart=/usr/local/bin/dump case-file ${A} $A $B ${C} $LAST
`,
	"case-dynamic": `[Service]
Environment=A=unit B=unit "C=of the unit"
EnvironmentFile=/etc/dynamic.env
ExecStartPre=-/usr/local/bin/dump pre-5 end ${B}
ExecStart=/usr/local/bin/dump case-dynamic 'a b' ${A} x${B}y "${C}" $D $E "it's $$A" ${UNSET} $UNSET %p
`,
}

// variables is /etc/case.env, in systemd's own dialect.
const variables = `# a comment \
still
; another
A=file value
B="quoted \"b\" and \\ \$x \n" more   ` + `
 C = 'single \n "c"' 'and more'  # no comment
D=a\
b \
 c
E=$A ` + "`id`" + ` $(id)
no assignment
1BAD=x
F="two
lines"
G='it'"'"'s'
LAST=
H=x \t y \\ z
`

// dynamic is read by sh when our service starts: it means the same there.
const dynamic = "B='of the file'\nD='two words'\nE=one\n"
