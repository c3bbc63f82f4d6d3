package record

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
)

// numeric are the functions that calculate. Sprig's take what is no number for 0.
var numeric = map[string]bool{
	"add": true, "add1": true, "sub": true, "mul": true, "div": true, "mod": true, "max": true, "min": true,
	"int": true, "int64": true, "float64": true, "floor": true, "ceil": true, "round": true, "atoi": true, "toDecimal": true,
}

var errZero = errors.New("division by 0")

// checkNumbers refuses arguments of a numeric function that are no numbers, and a
// division by 0.
func checkNumbers(name string, args []reflect.Value) error {
	var last string
	for _, arg := range flatten(args) {
		text, err := number(arg)
		if err != nil {
			return err
		}
		last = text
	}
	if zero, err := strconv.ParseFloat(last, 64); err == nil && int64(zero) == 0 && (name == "div" || name == "mod") {
		return errZero
	}
	return nil
}

// flatten returns arguments without their interfaces, those of a variadic
// function one by one.
func flatten(args []reflect.Value) []reflect.Value {
	var flat []reflect.Value
	for _, arg := range args {
		for arg.Kind() == reflect.Interface {
			arg = arg.Elem()
		}
		if arg.Kind() != reflect.Slice {
			flat = append(flat, arg)
			continue
		}
		for i := range arg.Len() {
			flat = append(flat, flatten([]reflect.Value{arg.Index(i)})...)
		}
	}
	return flat
}

// number returns the number that v is, or says, as a text.
func number(v reflect.Value) (string, error) {
	switch {
	case !v.IsValid():
		return "", errors.New("nothing is no number")
	case v.CanInt(), v.CanUint(), v.CanFloat():
		return fmt.Sprint(v), nil
	case v.Kind() == reflect.String:
		_, notWhole := strconv.ParseInt(v.String(), 0, 64)
		if _, err := strconv.ParseFloat(v.String(), 64); err != nil && notWhole != nil {
			return "", fmt.Errorf("%.40q is no number", v.String())
		}
		return v.String(), nil
	}
	return "", fmt.Errorf("a %s is no number", v.Kind())
}
