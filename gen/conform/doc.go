// Package conform finds out what a supervisor's folder is worth: it builds bundles of a probe service, brings the real
// supervisor up on a disposable copy of this host, and does there all that a bundle promises. Every supervisor gets
// the same checks, and all that they know of it is in its folder: nothing here names a supervisor. It may import all
// but gen/cli.
//
// A check is one row of the matrix. Those of a group share a host, and each has a bundle of its own there; see check.
package conform
