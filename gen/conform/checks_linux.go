package conform

import "slices"

// checks are all rows of the matrix, in their order.
func checks() []*check {
	return slices.Concat(tableChecks(), processChecks(), lifeChecks(), logChecks(), valueChecks(), roughChecks(), aloneChecks(), moveChecks())
}
