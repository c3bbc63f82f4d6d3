package record

import "reflect"

// What an element of a list and an entry of a map count for, beside what they
// hold, in bytes.
const (
	itemSize  = 16
	entrySize = 64
)

// sizeOf is about how many bytes v holds, with all that is in it; where that
// is more than most, some number above most. So it comes to an end in a list
// that holds another twice, which holds a third one twice, and so on.
func sizeOf(v any, most int) int {
	switch v := v.(type) {
	case nil, bool, int, int64, float64:
		return 1
	case string:
		return len(v) + 1
	case []string:
		n := 0
		for i := 0; i < len(v) && n <= most; i++ {
			n += len(v[i]) + itemSize
		}
		return n + 1
	case []any:
		n := 1
		for i := 0; i < len(v) && n <= most; i++ {
			n += itemSize + sizeOf(v[i], most-n)
		}
		return n
	case map[string]any:
		n := 1
		for key, value := range v {
			if n > most {
				break
			}
			n += entrySize + len(key) + sizeOf(value, most-n)
		}
		return n
	}
	return sizeOfValue(reflect.ValueOf(v), most)
}

// Size is about how many bytes v holds, with all that is in it; where that is
// more than most, some number above most.
func Size(v any, most int) int { return sizeOf(v, most) }

// sizeOfValue is sizeOf for all other types.
func sizeOfValue(v reflect.Value, most int) int {
	n := 1
	switch v.Kind() {
	case reflect.String:
		return v.Len() + 1
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() {
			n += sizeOfValue(v.Elem(), most)
		}
	case reflect.Slice, reflect.Array:
		for i := 0; i < v.Len() && n <= most; i++ {
			n += itemSize + sizeOfValue(v.Index(i), most-n)
		}
	case reflect.Map:
		for it := v.MapRange(); n <= most && it.Next(); {
			n += entrySize + sizeOfValue(it.Key(), most-n) + sizeOfValue(it.Value(), most-n)
		}
	case reflect.Struct:
		for i := 0; i < v.NumField() && n <= most; i++ {
			n += sizeOfValue(v.Field(i), most-n)
		}
	}
	return n
}
