package shell

import "palletgen/gen/posix"

// hintTest is what always works where test does not.
const hintTest = "use case WORD in PATTERN) … esac"

// test is test or [ without its ]. Only up to four operands have a defined
// meaning, and only where the operator is known.
func test(a *analysis, from, to int) {
	const msg = "the value could be taken for an operator of test"
	if from >= to {
		return
	}
	if first, known := a.text(from); to-from == 4 && known && first == "!" {
		from++
	}
	switch to - from {
	case 1:
		a.data(from, to)
	case 2:
		a.data(from, to)
		if op, known := a.text(from); !known || !posix.IsUnaryTest(op) {
			a.forbid(from, to, msg, hintTest)
		}
	case 3:
		a.data(from, to)
		switch op, known := a.text(from + 1); {
		case !known:
			a.forbid(from, to, msg, hintTest)
		case op == "=" || op == "!=":
		case posix.IsNumericTest(op):
			a.each(from, from+1, numberCheck)
			a.each(from+2, to, numberCheck)
		default:
			if first, known := a.text(from); known && first == "!" && posix.IsUnaryTest(op) {
				return
			}
			a.forbid(from, to, msg, hintTest)
		}
	default:
		a.forbid(from, to, msg, "use several [ ] with && and ||")
	}
}

// printf takes data after its format. Only %s prints it as it is; %b changes
// it, and in some shells the others calculate with it.
func printf(a *analysis, from, to int) {
	at := skipDashes(a, from, to)
	if at >= to {
		return
	}
	a.forbid(at, at+1, "the value would be read as a format by printf", `write printf '%s\n' VALUE`)
	a.data(at+1, to)
	format, known := a.text(at)
	letters, simple := posix.Conversions(format)
	if !known || !simple {
		a.forbid(at+1, to, "it cannot be seen how printf prints the value", `write the format in the template, without *`)
		return
	}
	for i := at + 1; i < to && len(letters) > 0; i++ {
		switch letters[(i-at-1)%len(letters)] {
		case 's':
		case 'b':
			a.forbid(i, i+1, "printf would change backslashes in the value", "use %s instead of %b")
		default:
			a.each(i, i+1, numberCheck)
		}
	}
}
