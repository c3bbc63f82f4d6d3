package verify

// What a bundle may have at most. It is somebody else's, and may be made to
// fill the memory of who looks at it.
const (
	maxInput    = 512 << 20 // bytes of an archive as it lies there
	maxUnpacked = 512 << 20 // bytes of its plain tar; of all files of a folder
	maxFile     = 64 << 20  // bytes of one file; what a crate can carry, see gen/folder
	maxFiles    = 50_000    // files and folders
	maxScript   = 128 << 20 // bytes of a bundle that is one script
	maxText     = 8 << 20   // bytes of a file that is parsed
	maxLevels   = 500_000   // what begins a level of nesting in such a file; see levels
)
