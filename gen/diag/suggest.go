package diag

import (
	"fmt"
	"strings"
)

// maxSuggest is how long a word may be that others are compared with, in bytes:
// comparing two takes their lengths multiplied.
const maxSuggest = 200

// Suggest returns the name of among that was most probably meant by word: the
// one with the fewest single-byte edits, a swap of neighbours counted as one,
// when that is at most a third of the word's length, or none but of capitals. "" when there is none; of
// several equally near ones the first.
func Suggest(word string, among []string) string {
	if len(word) > maxSuggest {
		return ""
	}
	best, bestAt := "", max(1, len(word)/3)+1
	for _, name := range among {
		if word != "" && strings.EqualFold(word, name) {
			return name
		}
		if max(len(name)-len(word), len(word)-len(name)) >= bestAt {
			continue // no distance is shorter than that of the lengths
		}
		if d := distance(word, name); d < bestAt {
			best, bestAt = name, d
		}
	}
	return best
}

// DidYouMean returns the hint for an unknown word: the nearest known name, or
// the list of all when none is near.
func DidYouMean(word string, among []string) string {
	if near := Suggest(word, among); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	if len(among) == 0 {
		return ""
	}
	const most = 30
	list, more := among, ""
	if len(list) > most {
		list, more = list[:most], " …"
	}
	hint := "known are:"
	for i, name := range list {
		if i > 0 {
			hint += ","
		}
		hint += " " + name
	}
	return hint + more
}

// distance is the optimal string alignment distance of a and b.
func distance(a, b string) int {
	two, one := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range one {
		one[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(row[j-1]+1, one[j]+1, one[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], two[j-2]+1)
			}
		}
		two, one = one, row
	}
	return one[len(b)]
}
