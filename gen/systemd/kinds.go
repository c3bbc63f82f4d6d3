package systemd

import (
	"strings"
	"sync"
)

// kinds says of keys of formWords and formUnits what systemd takes for a value.
// What it cannot take it leaves out with no more than a warning in the journal, so
// that the service runs without the setting: here that is an error. Keys that are
// in no list are not judged.
var kinds = []struct {
	keys string
	kind
}{
	{`AllowIsolate DefaultDependencies IgnoreOnIsolate RefuseManualStart RefuseManualStop StopWhenUnneeded SurviveFinalKillSignal
		GuessMainPID NonBlocking RemainAfterExit RootDirectoryStartOnly CPUAccounting IOAccounting IPAccounting MemoryAccounting
		TasksAccounting CPUSchedulingResetOnFork IgnoreSIGPIPE LockPersonality MemoryDenyWriteExecute MountAPIVFS NoNewPrivileges
		PrivateDevices PrivateIPC PrivateMounts PrivateNetwork ProtectClock ProtectKernelLogs ProtectKernelModules
		ProtectKernelTunables RemoveIPC RestrictRealtime RestrictSUIDSGID SendSIGHUP SendSIGKILL SyslogLevelPrefix TTYReset TTYVHangup
		TTYVTDisallocate RootEphemeral SetLoginEnvironment PrivatePIDs MemoryKSM CoredumpReceive MemoryZSwapWriteback Accept FlushPending
		Writable KeepAlive NoDelay FreeBind Transparent Broadcast PassCredentials PassSecurity PassPacketInfo ReusePort RemoveOnStop
		SELinuxContextFromNet PassFileDescriptorsToExec OnClockChange OnTimezoneChange Persistent WakeSystem RemainAfterElapse
		FixedRandomDelay MakeDirectory SloppyOptions LazyUnmount ForceUnmount ReadWriteOnly`, boolean()},
	{`DynamicUser`, boolean()},
	{`ProtectSystem`, boolean("full", "strict")},
	{`ProtectHome`, boolean("read-only", "tmpfs")},
	{`PrivateTmp`, boolean("disconnected")},
	{`PrivateUsers`, boolean("self", "identity", "full", "managed")},
	{`ProtectControlGroups`, boolean("private", "strict")},
	{`ProtectHostname`, boolean("private")},
	{`RuntimeDirectoryPreserve FileDescriptorStorePreserve`, boolean("restart")},

	{`Type`, words("simple", "exec", "forking", "oneshot", "dbus", "notify", "notify-reload", "idle")},
	{`ExitType`, words("main", "cgroup")},
	{`Restart`, words("no", "always", "on-success", "on-failure", "on-abnormal", "on-watchdog", "on-abort")},
	{`RestartMode`, words("normal", "direct", "debug")},
	{`NotifyAccess`, words("none", "main", "exec", "all")},
	{`OOMPolicy`, words("continue", "stop", "kill")},
	{`TimeoutStartFailureMode TimeoutStopFailureMode`, words("terminate", "abort", "kill")},
	{`KillMode`, words("control-group", "process", "mixed", "none")},
	{`CollectMode`, words("inactive", "inactive-or-failed")},
	{`OnSuccessJobMode OnFailureJobMode`, words("fail", "replace", "replace-irreversibly", "isolate", "flush", "ignore-dependencies", "ignore-requirements", "triggering")},
	{`FailureAction SuccessAction StartLimitAction JobTimeoutAction`, words("none", "reboot", "reboot-force", "reboot-immediate", "poweroff", "poweroff-force",
		"poweroff-immediate", "exit", "exit-force", "soft-reboot", "soft-reboot-force", "kexec", "kexec-force", "halt", "halt-force", "halt-immediate")},
	{`KeyringMode`, words("inherit", "private", "shared")},
	{`ProtectProc`, words("default", "noaccess", "invisible", "ptraceable")},
	{`ProcSubset`, words("all", "pid")},
	{`UtmpMode`, words("init", "login", "user")},
	{`DevicePolicy`, words("auto", "closed", "strict")},
	{`ManagedOOMSwap ManagedOOMMemoryPressure`, words("auto", "kill")},
	{`ManagedOOMPreference`, words("none", "avoid", "omit")},
	{`NUMAPolicy`, words("default", "preferred", "bind", "interleave", "local")},

	{`Nice`, integer(-20, 19)},
	{`OOMScoreAdjust`, integer(-1000, 1000)},
	{`CPUSchedulingPriority`, integer(0, 99)},
	{`IOSchedulingPriority`, integer(0, 7)},
	{`FailureActionExitStatus SuccessActionExitStatus`, integer(0, 255)},
	{`CPUWeight StartupCPUWeight`, integer(1, 10000, "idle")},
	{`IOWeight StartupIOWeight`, integer(1, 10000)},
	{`StartLimitBurst LogRateLimitBurst FileDescriptorStoreMax TTYRows TTYColumns RestartSteps Backlog MaxConnections MaxConnectionsPerSource
		TriggerLimitBurst PollLimitBurst KeepAliveProbes`, integer(0, 1<<32-1)},
	{`LimitNOFILE LimitNPROC LimitLOCKS LimitRTPRIO LimitSIGPENDING`, limitOf(isCount)},
	{`LimitAS LimitCORE LimitDATA LimitFSIZE LimitMEMLOCK LimitMSGQUEUE LimitRSS LimitSTACK`, limitOf(isBytes)},
	{`LimitCPU LimitRTTIME`, limitOf(isSpan)},
	{`MemoryMin MemoryLow DefaultMemoryMin DefaultMemoryLow DefaultStartupMemoryLow StartupMemoryLow MemorySwapMax StartupMemorySwapMax
		MemoryZSwapMax StartupMemoryZSwapMax`, memory(true)},
	{`MemoryHigh MemoryMax StartupMemoryHigh StartupMemoryMax`, memory(false)},
	{`TasksMax`, tasks()},
	{`CPUQuota`, quota()},
	{`UMask RuntimeDirectoryMode StateDirectoryMode CacheDirectoryMode LogsDirectoryMode ConfigurationDirectoryMode DirectoryMode SocketMode`, mode()},
	{`RestartSec TimeoutSec TimeoutStartSec TimeoutStopSec TimeoutAbortSec TimeoutCleanSec RuntimeMaxSec RuntimeRandomizedExtraSec WatchdogSec
		RestartMaxDelaySec StartLimitIntervalSec JobTimeoutSec JobRunningTimeoutSec LogRateLimitIntervalSec CPUQuotaPeriodSec TimerSlackNSec
		KeepAliveTimeSec KeepAliveIntervalSec DeferAcceptSec TriggerLimitIntervalSec PollLimitIntervalSec OnActiveSec OnBootSec OnStartupSec
		OnUnitActiveSec OnUnitInactiveSec AccuracySec RandomizedDelaySec TimeoutIdleSec MemoryPressureThresholdSec
		ManagedOOMMemoryPressureDurationSec`, span()},

	{`KillSignal RestartKillSignal FinalKillSignal WatchdogSignal ReloadSignal`, signalName()},
	{`RestartForceExitStatus RestartPreventExitStatus SuccessExitStatus`, exits()},
	{`ReadWritePaths ReadOnlyPaths InaccessiblePaths ExecPaths NoExecPaths ExtensionDirectories`, paths("-+")},
	{`BindPaths BindReadOnlyPaths`, paths("-")},
	{`TemporaryFileSystem RequiresMountsFor WantsMountsFor ExecSearchPath`, paths("")},
	{`RuntimeDirectory StateDirectory CacheDirectory LogsDirectory`, folders(true)},
	{`ConfigurationDirectory`, folders(false)},
	{`CapabilityBoundingSet AmbientCapabilities`, capabilities()},
	{`RestrictAddressFamilies`, families()},
	{`User Group SupplementaryGroups SocketUser SocketGroup`, accounts()},
	{`PassEnvironment`, variables()},
	{`Documentation`, addresses()},
	{`IPAddressAllow IPAddressDeny`, networks()},
	{`Slice`, units("slice")},
	{`Sockets`, units("socket")},
	{`Requires Requisite Wants BindsTo PartOf Upholds Conflicts Before After OnSuccess OnFailure PropagatesReloadTo ReloadPropagatedFrom
		PropagatesStopTo StopPropagatedFrom JoinsNamespaceOf WantedBy RequiredBy UpheldBy Also Alias Unit`, units("service", "socket", "device", "mount",
		"automount", "swap", "target", "path", "timer", "slice", "scope")},
}

// kindOf returns the kind of each key that has one.
var kindOf = sync.OnceValue(func() map[string]kind {
	all := map[string]kind{}
	for _, k := range kinds {
		for _, key := range strings.Fields(k.keys) {
			all[key] = k.kind
		}
	}
	return all
})
