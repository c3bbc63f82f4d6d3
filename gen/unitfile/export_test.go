package unitfile

// Span is for the comparison with systemd.
var Span = span
