package record

import "fmt"

// What one execution of a template may do at most. A template may be anybody's,
// and is not to run for ever or to fill the memory. Time is counted in steps and
// bytes, never in seconds: what can be built can be built on every machine.
const (
	// maxSource is how long a template may be, in bytes.
	maxSource = 1 << 20
	// maxActions is how many {{ }} a template may have. The parser calls itself
	// for each that is within another.
	maxActions = 20_000
	// maxParens is how many parentheses the actions of a template may open.
	maxParens = 20_000
	// maxLoops is how many range may be within each other: text/template leaves
	// each of them one by one when there is an error.
	maxLoops = 100
	// maxSteps is how many actions and texts may be run again: those in the body
	// of range count in each turn, those of a partial in each call.
	maxSteps = 1 << 19
	// maxWork is how many bytes functions may read and make together.
	maxWork = 128 << 20
	// maxText is how long a text that a function makes may be, in bytes.
	maxText = 1 << 20
	// maxList is how many elements a list or map that a function makes may have.
	maxList = 1 << 16
	// maxExpression is how large a regular expression may be: what it matches
	// with all its repetitions written out, in characters.
	maxExpression = 10_000
	// maxExpressions is how many compiled expressions are kept.
	maxExpressions = 256
	// maxMessage is how much of an error is shown, in bytes.
	maxMessage = 4_000
	// maxValues is how many values may be printed; see Marker.
	maxValues = 1 << 14
	// maxLines is how many lines may be printed: where each is from is kept.
	maxLines = 1 << 17
	// maxOutput is how much may be printed, in bytes: the text and the values.
	maxOutput = 8 << 20
)

// A limitError says that a limit is reached, or a function misused, and what to do.
type limitError struct{ msg, hint string }

func (e *limitError) Error() string { return e.msg }

func limit(hint, format string, args ...any) error {
	return &limitError{fmt.Sprintf(format, args...), hint}
}

var (
	errOutput     = limit("a file this large is better carried as it is: files: [{path: /…, copy: NAME}]", "the template prints more than %d bytes", maxOutput)
	errLines      = limit("a file this long is better carried as it is: files: [{path: /…, copy: NAME}]", "the template prints more than %d lines", maxLines)
	errValues     = limit("print fewer values: join them in one", "the template prints more than %d values", maxValues)
	errSteps      = limit("loop less often: each turn counts every action in the loop", "the template takes more than %d steps", maxSteps)
	errText       = limit("make shorter texts, and print them one after the other", "a text of more than %d bytes", maxText)
	errList       = limit("make shorter lists", "a list of more than %d elements", maxList)
	errExpression = limit("match less at once, and use * instead of large numbers in {}", "a regular expression for more than %d characters", maxExpression)
	errWork       = limit("keep texts and lists short, and do less of it in loops", "the template's functions read and make more than %d bytes", maxWork)
)
