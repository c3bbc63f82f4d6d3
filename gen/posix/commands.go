package posix

import "strings"

// builtins are the utilities that every target shell brings itself, and those
// that stand beside every POSIX shell wherever it does not bring them.
const builtins = " . : [ alias bg break cd command continue echo eval exec exit export false fc fg getopts hash jobs" +
	" kill printf pwd read readonly return set shift test times trap true type ulimit umask unalias unset wait "

// IsBuiltin reports whether a command of that name needs no program of its own.
func IsBuiltin(name string) bool {
	return name != "" && !strings.Contains(name, " ") && strings.Contains(builtins, " "+name+" ")
}

// IsUnaryTest reports whether op is an operator of test with one operand.
func IsUnaryTest(op string) bool {
	return len(op) == 2 && op[0] == '-' && strings.IndexByte("bcdefghknLprSstuwxz", op[1]) >= 0
}

// IsNumericTest reports whether op is an operator of test that compares numbers.
func IsNumericTest(op string) bool {
	switch op {
	case "-eq", "-ne", "-gt", "-ge", "-lt", "-le":
		return true
	}
	return false
}

// Conversions returns the letter of each conversion of a printf format that
// takes an argument; false when a * takes one too.
func Conversions(format string) (letters []byte, simple bool) {
	for i := 0; i < len(format); i++ {
		if format[i] == '\\' {
			i++
			continue
		}
		if format[i] != '%' {
			continue
		}
		i++
		for i < len(format) && strings.IndexByte("#-+ 0123456789.", format[i]) >= 0 {
			i++
		}
		switch {
		case i >= len(format) || format[i] == '*':
			return letters, false
		case format[i] != '%':
			letters = append(letters, format[i])
		}
	}
	return letters, true
}
