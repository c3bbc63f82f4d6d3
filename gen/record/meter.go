package record

import (
	"reflect"
)

// stepCost is about how many bytes a function makes in the time of a step.
const stepCost = 256

// A meter counts what one execution of a template does.
type meter struct {
	steps int // actions and texts that were run again
	work  int // bytes that functions have read and made
}

// step counts the actions of a turn of a loop, or of a call of a partial. It is
// called before these, and prints nothing: it stands in a condition.
func (m *meter) step(actions int) (bool, error) {
	if m.steps += actions; m.steps > maxSteps {
		return false, errSteps
	}
	return false, nil
}

// read counts what a comparison reads.
func (m *meter) read(v reflect.Value) (reflect.Value, error) {
	return v, m.spend(sizeOfValue(v, maxWork))
}

func (m *meter) spend(bytes int) error {
	if bytes < 0 || bytes > maxWork-m.work {
		m.work = maxWork
		return errWork
	}
	m.work += bytes
	return nil
}

// errorType is the type that the second result of a template's function has.
var errorType = reflect.TypeFor[error]()

// wrap returns a function that does as function does, and counts it. What takes
// the same time whatever it is given is returned as it is.
func (m *meter) wrap(name string, function any) any {
	if constant[name] {
		return function
	}
	f := reflect.ValueOf(function)
	t := f.Type()
	in := make([]reflect.Type, t.NumIn())
	for i := range in {
		in[i] = t.In(i)
	}
	signature := reflect.FuncOf(in, []reflect.Type{t.Out(0), errorType}, t.IsVariadic())
	cost := costs[name]
	call := f.Call
	if t.IsVariadic() {
		call = f.CallSlice
	}
	return reflect.MakeFunc(signature, func(args []reflect.Value) []reflect.Value {
		err := m.before(args, cost)
		if err == nil && numeric[name] {
			err = checkNumbers(name, args)
		}
		if err != nil {
			return []reflect.Value{reflect.Zero(t.Out(0)), reflect.ValueOf(&err).Elem()}
		}
		results := call(args)
		err = m.after(results[0])
		if len(results) > 1 && !results[1].IsNil() {
			return results
		}
		return []reflect.Value{results[0], reflect.ValueOf(&err).Elem()}
	}).Interface()
}

// before counts what a function will read and make, as far as its arguments
// tell.
func (m *meter) before(args []reflect.Value, cost func([]reflect.Value) int) error {
	n := 0
	for _, arg := range args {
		if n += sizeOfArg(arg, maxWork); n > maxWork {
			return errWork
		}
	}
	if cost != nil {
		n += cost(args)
	}
	return m.spend(n)
}

// after counts what a function has made.
func (m *meter) after(result reflect.Value) error {
	if result.Kind() == reflect.Interface {
		result = result.Elem()
	}
	n := 1
	switch result.Kind() {
	case reflect.String:
		if n = result.Len(); n > maxText {
			return errText
		}
	case reflect.Slice, reflect.Map:
		if result.Len() > maxList {
			return errList
		}
		n = result.Len() * entrySize
	}
	return m.spend(n)
}

// sizeOfArg is sizeOf for an argument.
func sizeOfArg(arg reflect.Value, most int) int {
	if arg.Kind() == reflect.String {
		return arg.Len() + 1
	}
	if !arg.IsValid() || !arg.CanInterface() {
		return 1
	}
	return sizeOf(arg.Interface(), most)
}
