package systemd

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// A form says how systemd reads the value of a key.
type form int

const (
	formWords   form = iota // words between blanks: a list, a number, one of some words
	formUnits               // likewise: names of units
	formExec                // command lines
	formEnviron             // assignments
	formText                // the rest of the line, with specifiers
	formPath                // likewise: an absolute path
	formPattern             // likewise: a pattern for absolute paths
	formOutput              // likewise: a word, or an absolute path after file: append: truncate:
)

// forms lists the keys that are not of formWords.
var forms = map[form]string{
	formExec:    `ExecCondition ExecStartPre ExecStart ExecStartPost ExecReload ExecReloadPost ExecStop ExecStopPre ExecStopPost`,
	formEnviron: `Environment`,
	formUnits: `Requires Requisite Wants BindsTo PartOf Upholds Conflicts Before After OnSuccess OnFailure PropagatesReloadTo
		ReloadPropagatedFrom PropagatesStopTo StopPropagatedFrom JoinsNamespaceOf WantedBy RequiredBy UpheldBy Also Alias
		Sockets Service Unit Slice`,
	formText: `Description SyslogIdentifier PAMName UtmpIdentifier JobTimeoutRebootArgument RebootArgument Options ExtraOptions What
		OnCalendar ConditionHost ConditionKernelCommandLine ConditionEnvironment ConditionUser ConditionGroup ConditionOSRelease
		AssertHost AssertKernelCommandLine AssertEnvironment AssertUser AssertGroup AssertOSRelease`,
	formPath: `WorkingDirectory RootDirectory RootImage RootVerity TTYPath NetworkNamespacePath IPCNamespacePath SourcePath
		PIDFile USBFunctionDescriptors USBFunctionStrings Where PathExists PathChanged PathModified DirectoryNotEmpty
		ConditionPathExists ConditionPathIsDirectory ConditionPathIsSymbolicLink ConditionPathIsMountPoint ConditionPathIsSocket
		ConditionPathIsReadWrite ConditionPathIsEncrypted ConditionDirectoryNotEmpty ConditionFileNotEmpty
		ConditionFileIsExecutable ConditionNeedsUpdate AssertPathExists AssertPathIsDirectory AssertPathIsSymbolicLink
		AssertPathIsMountPoint AssertPathIsReadWrite AssertPathIsEncrypted AssertDirectoryNotEmpty AssertFileNotEmpty
		AssertFileIsExecutable AssertNeedsUpdate`,
	formPattern: `EnvironmentFile PathExistsGlob ConditionPathExistsGlob AssertPathExistsGlob`,
	formOutput:  `StandardInput StandardOutput StandardError`,
}

// sections lists the keys of each section, and those that sections share, as of
// systemd 257. Those of systemd.directives(7) that are obsolete are left out.
var sections = map[string]string{
	"Unit": `
		Description Documentation SourcePath Requires Requisite Wants BindsTo Upholds Conflicts Before After OnSuccess
		OnFailure PropagatesReloadTo ReloadPropagatedFrom PropagatesStopTo StopPropagatedFrom PartOf JoinsNamespaceOf
		RequiresMountsFor StopWhenUnneeded RefuseManualStart RefuseManualStop AllowIsolate DefaultDependencies
		OnSuccessJobMode OnFailureJobMode IgnoreOnIsolate JobTimeoutSec JobRunningTimeoutSec JobTimeoutAction
		JobTimeoutRebootArgument StartLimitIntervalSec StartLimitBurst StartLimitAction FailureAction SuccessAction
		FailureActionExitStatus SuccessActionExitStatus RebootArgument ConditionPathExists ConditionPathExistsGlob
		ConditionPathIsDirectory ConditionPathIsSymbolicLink ConditionPathIsMountPoint ConditionPathIsReadWrite
		ConditionPathIsEncrypted ConditionDirectoryNotEmpty ConditionFileNotEmpty ConditionFileIsExecutable
		ConditionNeedsUpdate ConditionFirstBoot ConditionArchitecture ConditionFirmware ConditionVirtualization ConditionHost
		ConditionKernelCommandLine ConditionKernelVersion ConditionCredential ConditionSecurity ConditionCapability
		ConditionACPower ConditionMemory ConditionCPUFeature ConditionCPUs ConditionEnvironment ConditionUser ConditionGroup
		ConditionControlGroupController ConditionOSRelease ConditionMemoryPressure ConditionCPUPressure ConditionIOPressure
		AssertPathExists AssertPathExistsGlob AssertPathIsDirectory AssertPathIsSymbolicLink AssertPathIsMountPoint
		AssertPathIsReadWrite AssertPathIsEncrypted AssertDirectoryNotEmpty AssertFileNotEmpty AssertFileIsExecutable
		AssertNeedsUpdate AssertFirstBoot AssertArchitecture AssertVirtualization AssertHost AssertKernelCommandLine
		AssertKernelVersion AssertCredential AssertSecurity AssertCapability AssertACPower AssertMemory AssertCPUFeature
		AssertCPUs AssertEnvironment AssertUser AssertGroup AssertControlGroupController AssertOSRelease AssertMemoryPressure
		AssertCPUPressure AssertIOPressure CollectMode WantsMountsFor SurviveFinalKillSignal ConditionVersion AssertVersion
		ConditionPathIsSocket`,
	"Install": `Alias WantedBy RequiredBy Also DefaultInstance UpheldBy`,
	"Service": `
		PIDFile ExecCondition ExecStartPre ExecStart ExecStartPost ExecReload ExecStop ExecStopPost RestartSec TimeoutSec
		TimeoutStartSec TimeoutStopSec TimeoutAbortSec TimeoutStartFailureMode TimeoutStopFailureMode RuntimeMaxSec
		RuntimeRandomizedExtraSec WatchdogSec Type ExitType Restart RestartMode RootDirectoryStartOnly RemainAfterExit
		GuessMainPID RestartPreventExitStatus RestartForceExitStatus SuccessExitStatus NonBlocking BusName
		FileDescriptorStoreMax NotifyAccess Sockets USBFunctionDescriptors USBFunctionStrings OOMPolicy ReloadSignal
		RestartSteps RestartMaxDelaySec FileDescriptorStorePreserve OpenFile ExecReloadPost`,
	"Socket": `
		ListenStream ListenDatagram ListenSequentialPacket ListenFIFO ListenNetlink ListenSpecial ListenMessageQueue
		ListenUSBFunction SocketProtocol BindIPv6Only Backlog BindToDevice ExecStartPre ExecStartPost ExecStopPre ExecStopPost
		TimeoutSec SocketUser SocketGroup SocketMode DirectoryMode Accept FlushPending Writable MaxConnections
		MaxConnectionsPerSource KeepAlive KeepAliveTimeSec KeepAliveIntervalSec KeepAliveProbes DeferAcceptSec NoDelay
		Priority ReceiveBuffer SendBuffer IPTOS IPTTL Mark PipeSize FreeBind Transparent Broadcast PassCredentials
		PassSecurity PassPacketInfo Timestamping TCPCongestion ReusePort MessageQueueMaxMessages MessageQueueMessageSize
		RemoveOnStop Symlinks FileDescriptorName Service TriggerLimitIntervalSec TriggerLimitBurst SmackLabel SmackLabelIPIn
		SmackLabelIPOut SELinuxContextFromNet PassFileDescriptorsToExec PollLimitIntervalSec PollLimitBurst`,
	"Timer": `
		OnCalendar OnActiveSec OnBootSec OnStartupSec OnUnitActiveSec OnUnitInactiveSec OnClockChange OnTimezoneChange
		Persistent WakeSystem RemainAfterElapse FixedRandomDelay AccuracySec RandomizedDelaySec Unit DeferReactivation`,
	"Path": `
		PathExists PathExistsGlob PathChanged PathModified DirectoryNotEmpty Unit MakeDirectory DirectoryMode
		TriggerLimitIntervalSec TriggerLimitBurst`,
	"Mount":     `What Where Options Type TimeoutSec DirectoryMode SloppyOptions LazyUnmount ForceUnmount ReadWriteOnly`,
	"Automount": `Where ExtraOptions DirectoryMode TimeoutIdleSec`,
	"Swap":      `What Priority Options TimeoutSec`,
	"Slice":     ``,
	"exec": `
		WorkingDirectory RootDirectory RootImage RootImageOptions RootHash RootHashSignature RootVerity ExtensionDirectories
		ExtensionImages MountImages User Group SupplementaryGroups Nice OOMScoreAdjust CoredumpFilter IOSchedulingClass
		IOSchedulingPriority CPUSchedulingPolicy CPUSchedulingPriority CPUSchedulingResetOnFork CPUAffinity NUMAPolicy
		NUMAMask UMask Environment EnvironmentFile PassEnvironment UnsetEnvironment DynamicUser RemoveIPC StandardInput
		StandardOutput StandardError StandardInputText StandardInputData TTYPath TTYReset TTYVHangup TTYVTDisallocate TTYRows
		TTYColumns SyslogIdentifier SyslogFacility SyslogLevel SyslogLevelPrefix LogLevelMax LogRateLimitIntervalSec
		LogRateLimitBurst LogExtraFields SecureBits CapabilityBoundingSet AmbientCapabilities TimerSlackNSec NoNewPrivileges
		KeyringMode ProtectProc ProcSubset SystemCallFilter SystemCallArchitectures SystemCallErrorNumber SystemCallLog
		MemoryDenyWriteExecute RestrictNamespaces RestrictRealtime RestrictSUIDSGID RestrictAddressFamilies LockPersonality
		RestrictFileSystems LimitCPU LimitFSIZE LimitDATA LimitSTACK LimitCORE LimitRSS LimitNOFILE LimitAS LimitNPROC
		LimitMEMLOCK LimitLOCKS LimitSIGPENDING LimitMSGQUEUE LimitNICE LimitRTPRIO LimitRTTIME ReadWritePaths ReadOnlyPaths
		InaccessiblePaths ExecPaths NoExecPaths ExecSearchPath BindPaths BindReadOnlyPaths TemporaryFileSystem PrivateTmp
		PrivateDevices ProtectKernelTunables ProtectKernelModules ProtectKernelLogs ProtectClock ProtectControlGroups
		NetworkNamespacePath IPCNamespacePath LogNamespace PrivateNetwork PrivateUsers PrivateMounts PrivateIPC ProtectSystem
		ProtectHome MountFlags MountAPIVFS Personality RuntimeDirectoryPreserve RuntimeDirectoryMode RuntimeDirectory
		StateDirectoryMode StateDirectory CacheDirectoryMode CacheDirectory LogsDirectoryMode LogsDirectory
		ConfigurationDirectoryMode ConfigurationDirectory SetCredential SetCredentialEncrypted LoadCredential
		LoadCredentialEncrypted TimeoutCleanSec PAMName IgnoreSIGPIPE UtmpIdentifier UtmpMode SELinuxContext AppArmorProfile
		SmackProcessLabel ProtectHostname RootImagePolicy RootEphemeral ExtensionImagePolicy MountImagePolicy
		SetLoginEnvironment LogFilterPatterns PrivatePIDs BindLogSockets ImportCredential MemoryKSM`,
	"kill": `
		SendSIGKILL SendSIGHUP KillMode KillSignal RestartKillSignal FinalKillSignal WatchdogSignal`,
	"cgroup": `
		Slice AllowedCPUs StartupAllowedCPUs AllowedMemoryNodes StartupAllowedMemoryNodes CPUAccounting CPUWeight
		StartupCPUWeight CPUQuota CPUQuotaPeriodSec MemoryAccounting MemoryMin DefaultMemoryMin DefaultMemoryLow MemoryLow
		MemoryHigh MemoryMax MemorySwapMax DeviceAllow DevicePolicy IOAccounting IOWeight StartupIOWeight IODeviceWeight
		IOReadBandwidthMax IOWriteBandwidthMax IOReadIOPSMax IOWriteIOPSMax IODeviceLatencyTargetSec TasksAccounting TasksMax
		Delegate DisableControllers IPAccounting IPAddressAllow IPAddressDeny IPIngressFilterPath IPEgressFilterPath
		ManagedOOMSwap ManagedOOMMemoryPressure ManagedOOMMemoryPressureLimit ManagedOOMPreference BPFProgram SocketBindAllow
		SocketBindDeny RestrictNetworkInterfaces DefaultStartupMemoryLow StartupMemoryLow StartupMemoryHigh StartupMemoryMax
		StartupMemorySwapMax MemoryZSwapMax StartupMemoryZSwapMax MemoryZSwapWriteback DelegateSubgroup
		ManagedOOMMemoryPressureDurationSec MemoryPressureThresholdSec MemoryPressureWatch NFTSet CoredumpReceive`,
}

// shared says which lists of sections a section has too.
var shared = map[string][]string{
	"Service": {"exec", "kill", "cgroup"}, "Socket": {"exec", "kill", "cgroup"}, "Mount": {"exec", "kill", "cgroup"},
	"Swap": {"exec", "kill", "cgroup"}, "Slice": {"cgroup"},
}

// lacks says which keys of those lists systemd leaves out in a section.
var lacks = map[string]string{
	"Socket": "ManagedOOMSwap ManagedOOMMemoryPressure", "Mount": "ManagedOOMSwap ManagedOOMMemoryPressure",
	"Swap": "ManagedOOMSwap ManagedOOMMemoryPressure", "Slice": "Slice",
}

// sectionNames lists the sections, sorted.
var sectionNames = sync.OnceValue(func() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(sections)), func(name string) bool { return name[0] >= 'a' })
})

// keysOf lists the keys of each section.
var keysOf = sync.OnceValue(func() map[string][]string {
	all := map[string][]string{}
	for _, name := range sectionNames() {
		keys := strings.Fields(sections[name])
		for _, more := range shared[name] {
			keys = append(keys, strings.Fields(sections[more])...)
		}
		without := strings.Fields(lacks[name])
		all[name] = slices.DeleteFunc(keys, func(key string) bool { return slices.Contains(without, key) })
	}
	return all
})

// formOf says how systemd reads the values of a key.
var formOf = sync.OnceValue(func() map[string]form {
	all := map[string]form{}
	for form, keys := range forms {
		for _, key := range strings.Fields(keys) {
			all[key] = form
		}
	}
	return all
})

// prefixes are what may stand before a value, with a meaning of its own.
var prefixes = map[form]string{formPath: "-|!", formPattern: "-|!", formText: "|!"}
