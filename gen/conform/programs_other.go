//go:build !linux

package conform

import (
	"errors"

	"palletgen/gen/lab"
)

// Programs are none: only Linux has machines.
func Programs() lab.Programs { return nil }

// Run cannot try anything here.
func Run(Options) (*Report, error) {
	return nil, errors.New("conform needs Linux: it makes disposable machines there")
}
