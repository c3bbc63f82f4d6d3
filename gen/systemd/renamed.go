package systemd

// renamed says what stands now for settings of older units.
var renamed = map[string]string{
	"BlockIOAccounting":       "IOAccounting= stands for it now",
	"BlockIOWeight":           "IOWeight= stands for it now, from 1 to 10000",
	"CPUShares":               "CPUWeight= stands for it now, from 1 to 10000",
	"MemoryLimit":             "MemoryMax= stands for it now",
	"OnFailureIsolate":        "OnFailureJobMode=isolate in [Unit] stands for it now",
	"PermissionsStartOnly":    "a + before the program stands for it now: ExecStartPre=+/bin/…",
	"ReadOnlyDirectories":     "ReadOnlyPaths= stands for it now",
	"ReadWriteDirectories":    "ReadWritePaths= stands for it now",
	"StartLimitInterval":      "StartLimitIntervalSec= in [Unit] stands for it now",
	"StartupBlockIOWeight":    "StartupIOWeight= stands for it now, from 1 to 10000",
	"StartupCPUShares":        "StartupCPUWeight= stands for it now, from 1 to 10000",
	"InaccessibleDirectories": "InaccessiblePaths= stands for it now",
}
