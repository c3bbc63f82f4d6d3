package procfile

// Shlex is for the comparison with Python's own.
var Shlex = shlex
