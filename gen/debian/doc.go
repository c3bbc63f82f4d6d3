// Package debian has a Debian that does not run, for tests of images: a tree that debootstrap makes. It imports
// gen/lab.
package debian
