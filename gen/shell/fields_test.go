package shell_test

import (
	"reflect"
	"strings"
	"testing"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/shell"
)

// everyNode has every node that POSIX shell has.
const everyNode = `x=1 y="a $b" z 'c' \\d ${e:-f} "${g#h}" $((1 + -i * (j ? 2 : 3))) $(k) >l 2>>m <n 3>&1 <<END1 <<'END2' &
o $p
END1
q
END2
! r && s || t | u
if a; then b; elif c; then d; else e; fi
while a; do b; done
until a; do b; done
for i in a "b"; do c; done
for i; do c; done
case $a in b | "c") d ;; *) e ;; esac
{ a; } >b
(c)
f() { g "$@" "${#h}" "$((k))"; }
`

// TestEveryFieldIsCompared changes each field of each node of a tree, one at a
// time: the comparison has to see all of it. Positions count as far as there is
// one; comments are compared on their own.
func TestEveryFieldIsCompared(t *testing.T) {
	engine := shell.NewEngine()
	read := func() *syntax.File {
		file, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(everyNode), "")
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	want, changed := read(), read()
	if !engine.Same(want, changed) {
		t.Fatal("a tree differs from itself")
	}
	seen, changes := map[string]bool{}, 0
	changeAll(reflect.ValueOf(&changed.Stmts).Elem(), "File.Stmts", func(field string) {
		changes++
		seen[field] = true
		if engine.Same(want, changed) {
			t.Errorf("a change of %s is not seen", field)
		}
	})
	if !engine.Same(want, changed) {
		t.Error("the tree is not as it was")
	}
	t.Logf("%d changes of %d fields", changes, len(seen))
	if len(seen) < 80 {
		t.Errorf("only %d fields: is every node there?", len(seen))
	}
}

// changeAll changes what v holds and what is below it, calls check after each
// change, and takes it back.
func changeAll(v reflect.Value, name string, check func(field string)) {
	old := reflect.New(v.Type()).Elem()
	old.Set(v)
	defer v.Set(old)
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32:
		v.SetUint(v.Uint() + 1)
	case reflect.Struct:
		changeFields(v, check)
		return
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return
		}
		changeFields(reflect.Indirect(reflect.ValueOf(v.Interface())), check)
		v.SetZero()
	case reflect.Slice:
		if v.Len() == 0 || v.Type() == reflect.TypeFor[[]syntax.Comment]() {
			return
		}
		for i := range v.Len() {
			changeAll(v.Index(i), name, check)
		}
		v.Set(v.Slice(0, v.Len()-1))
	}
	check(name)
}

// changeFields changes the fields of a node.
func changeFields(v reflect.Value, check func(field string)) {
	for i := range v.NumField() {
		field, name := v.Field(i), v.Type().Name()+"."+v.Type().Field(i).Name
		old, isPos := field.Interface().(syntax.Pos)
		if !isPos {
			changeAll(field, name, check)
			continue
		}
		other := syntax.Pos{}
		if !old.IsValid() {
			other = syntax.NewPos(1, 1, 1)
		}
		field.Set(reflect.ValueOf(other))
		check(name)
		field.Set(reflect.ValueOf(old))
	}
}
