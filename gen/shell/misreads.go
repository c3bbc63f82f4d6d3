package shell

// misreads tells of the values of a word, by their places, that do not pass its
// checks. Of a command's words the first counts.
func (w *valueWord) misreads(values []value, report func(place int, c *check)) {
	text, whole := w.text(func(at int) string {
		if v := &values[at]; !v.cmd.IsZero() {
			return v.cmd.Args[0].Lit
		}
		return values[at].text
	})
	for _, c := range w.checks {
		if c.means != nil {
			w.meanings(c, values, report)
			continue
		}
		first := w.firstPlace()
		if c.numbers && (len(w.shape) == 1 || c.beside) && w.numbers(values) {
			continue
		}
		if c.bad(text, whole) {
			report(first, c)
			break
		}
	}
}

// numbers reports whether all values of a word are Go integers.
func (w *valueWord) numbers(values []value) bool {
	for _, part := range w.shape {
		if part.dynamic || part.place >= 0 && !values[part.place].number {
			return false
		}
	}
	return true
}

// meanings runs a check that each value of a word has to pass by itself.
func (w *valueWord) meanings(c *check, values []value, report func(place int, c *check)) {
	for i, part := range w.shape {
		if part.place < 0 || values[part.place].number {
			continue
		}
		before, after := "", ""
		for _, other := range w.shape[:i] {
			before += other.lit
		}
		if i+1 < len(w.shape) {
			after = w.shape[i+1].lit
		}
		if !c.means(before, values[part.place].text, after) {
			report(part.place, c)
		}
	}
}
