package systemd

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"palletgen/gen/lazyregexp"
)

// The kinds of words in lists, and of signals and statuses.

var signals = strings.Fields(`HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU
	XFSZ VTALRM PROF WINCH IO PWR SYS`)

var realTime = lazyregexp.New(`^(SIG)?RTM(IN([+][0-9]|[+][12][0-9]|[+]30)?|AX(-[0-9]|-[12][0-9]|-30)?)$`)

func isSignal(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= 1 && n <= 64 && s[0] != '0' || slices.Contains(signals, strings.TrimPrefix(s, "SIG")) || realTime.MatchString(s)
}

func signalName() kind { return kind{want: "a signal", fits: isSignal} }

// statuses are the names that systemd has for exit statuses.
var statuses = strings.Fields(`SUCCESS FAILURE INVALIDARGUMENT NOTIMPLEMENTED NOPERMISSION NOTINSTALLED NOTCONFIGURED NOTRUNNING CHDIR NICE FDS EXEC MEMORY
	LIMITS OOM_ADJUST SIGNAL_MASK STDIN STDOUT CHROOT IOPRIO TIMERSLACK SECUREBITS SETSCHEDULER CPUAFFINITY GROUP USER CAPABILITIES CGROUP SETSID CONFIRM
	STDERR PAM NETWORK NAMESPACE NO_NEW_PRIVILEGES SECCOMP SELINUX_CONTEXT PERSONALITY APPARMOR ADDRESS_FAMILIES RUNTIME_DIRECTORY CHOWN
	SMACK_PROCESS_LABEL KEYRING STATE_DIRECTORY CACHE_DIRECTORY LOGS_DIRECTORY CONFIGURATION_DIRECTORY NUMA_POLICY CREDENTIALS BPF USAGE DATAERR NOINPUT
	NOUSER NOHOST UNAVAILABLE SOFTWARE OSERR OSFILE CANTCREAT IOERR TEMPFAIL PROTOCOL NOPERM CONFIG EXCEPTION`)

func exits() kind {
	return kind{want: "exit statuses from 0 to 255 and signals", each: true, fits: func(s string) bool {
		n, err := strconv.Atoi(s)
		return err == nil && n >= 0 && n <= 255 && countRE.MatchString(s) || err != nil && isSignal(s) || slices.Contains(statuses, s)
	}}
}

// paths are absolute, after what may stand before them, and without .. in them.
func paths(prefixes string) kind {
	return kind{want: "absolute paths without ..", each: true, fits: func(s string) bool {
		path := strings.TrimLeft(s, prefixes)
		return strings.HasPrefix(path, "/") && !strings.Contains(path+"/", "/../")
	}}
}

// folders are below one of systemd's; links: PATH:LINK names a link to one, too.
func folders(links bool) kind {
	fits := func(path string) bool {
		return path != "" && path != "." && path != "private" && path[0] != '/' && !strings.Contains("/"+path+"/", "/../")
	}
	return kind{want: "relative paths without ..", each: true, fits: func(s string) bool {
		path, link, linked := strings.Cut(s, ":")
		return fits(path) && (!linked || links && fits(link) && !strings.Contains(link, ":"))
	}}
}

var capabilityNames = strings.Fields(`CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST
	NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME
	SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF
	CHECKPOINT_RESTORE`)

func capabilities() kind {
	return kind{want: "capabilities that Linux knows, such as CAP_CHOWN", each: true, fits: func(s string) bool {
		s = strings.ToUpper(strings.TrimPrefix(s, "~"))
		return s == "" || strings.HasPrefix(s, "CAP_") && slices.Contains(capabilityNames, s[4:])
	}}
}

var familyNames = strings.Fields(`UNIX LOCAL FILE INET AX25 IPX APPLETALK NETROM BRIDGE ATMPVC X25 INET6 ROSE DECnet NETBEUI SECURITY KEY NETLINK ROUTE PACKET ASH
	ECONET ATMSVC RDS SNA IRDA PPPOX WANPIPE LLC IB MPLS CAN TIPC BLUETOOTH IUCV RXRPC ISDN PHONET IEEE802154 CAIF ALG NFC VSOCK KCM QIPCRTR SMC XDP MCTP`)

func families() kind {
	return kind{want: "address families such as AF_INET, or none", each: true, fits: func(s string) bool {
		s = strings.TrimPrefix(s, "~")
		return s == "" || s == "none" || strings.HasPrefix(s, "AF_") && slices.Contains(familyNames, s[3:])
	}}
}

var accountRE = lazyregexp.New(`^[A-Za-z0-9_][A-Za-z0-9_.-]*[$]?$`)

func accounts() kind {
	return kind{want: "names of accounts", each: true, fits: accountRE.MatchString}
}

func variables() kind { return kind{want: "names of variables", each: true, fits: isName} }

var addressRE = lazyregexp.New(`^(https?://.|file:/.|info:.|man:.)`)

func addresses() kind {
	return kind{want: "addresses that begin with http:// https:// file: info: or man:", each: true, fits: addressRE.MatchString}
}

func networks() kind {
	return kind{want: "addresses such as 10.0.0.0/8, or any, localhost, link-local, multicast", each: true, fits: func(s string) bool {
		if slices.Contains([]string{"any", "localhost", "link-local", "multicast"}, s) {
			return true
		}
		_, err := netip.ParseAddr(s)
		if err != nil {
			_, err = netip.ParsePrefix(s)
		}
		return err == nil
	}}
}

// units are names of units of some types.
func units(types ...string) kind {
	return kind{want: "names of units with their ending: ." + strings.Join(types, " ."), each: true, fits: func(s string) bool {
		name, ending, found := cutLast(s, ".")
		return found && name != "" && slices.Contains(types, ending)
	}}
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
