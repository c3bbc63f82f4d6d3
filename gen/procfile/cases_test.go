package procfile_test

// lines is a Procfile whose processes foreman and we are to give the same.
var lines = []string{
	`plain: dump plain --port $PORT -p${PORT} x$PORT.y`,
	`quotes:   dump 'a "b" $PORT' "c 'd' \$x \" \\ $PORT" e\ f\'g '' "" "it's"#x a#b '$' a$ # a comment`,
	`spaced:	 exec  dump  two   words	tab`,
	`env: A='b c' EMPTY= B="$ONE"-x D=$ONE$HASH dump env $ONE`,
	`values: dump $ONE $TWO "$TWO" ${TWO} '$TWO' "${TWO}" x$TWO$ONE $EMPTYV "$EMPTYV" ${UNSET}x $QUOTED "${QUOTED}"`,
	`prefix: dump $ONEMORE ${ONE}MORE $PORTAL`,
	`code: dump $CODE '${CODE}' $BACK '$BACK'`,
	`shell: cd / && exec dump shell "$PWD" $PORT`,
	`pipe: echo x | dump pipe $PORT >/dev/null`,
	`redirect: dump redirect >>/dev/null 2>&1`,
	`glob: dump /srv/app/g* "{a,b}" {a,b} ~/x [x]`,
	`default: dump ${NOBODY:-x y} "${NOBODY:-z}" ${ONE:-no} ${EMPTYV:-was-empty}`,
	`subst: dump $(echo sub stituted) ` + "`echo back`" + ` $((1+2)) ${#ONE}`,
	`semi: true; dump semi`,
	`builtin: . ./script`,
	`under_score-9: dump "$PS"`,
	`no command here`,
	` indented: dump x`,
	`bad name: dump x`,
	`many: dump many $PORT $PS`,
	`nobody: dump nobody`,
}

var environment = `# a comment
ONE=1
ONEMORE=more
TWO='two  words'
EMPTYV=
QUOTED="say \"hi\" \\ \n 'x'"
export EXPORTED=x
 INDENTED=x
SPACED = x
HASH=a#no-comment
HALF='it is
NOTE=a # no comment
DOUBLE="a'b"
TRAILING=x  
BACK=a\\b\c
CODE=$(echo code)
ONE=one
PORT=6000
URL=http://u:p@host/?a=b&c=d#e
UNICODE=é€
`
