package unitfile

import (
	"cmp"
	"path"
	"strings"

	"palletgen/gen/systemd"
)

// kind handles Type= and what goes with it, and names all that nobody handled.
func (u *unit) kind() {
	s, ok := u.one("Type")
	if ok {
		u.typeOf(s)
	}
	if s, ok := u.one("PIDFile"); ok {
		if t, ok := u.last("Service", "Type"); ok && t.Value == "forking" {
			u.lose(s, "", "the supervisor knows the process by itself, once it stays in the foreground")
		} else {
			u.service.Ignore(s.Pos, "PIDFile=%s: the supervisor knows the process by itself", s.Value)
		}
	}
	for _, s := range u.list("BusName") {
		u.lose(s, "ready_command: [busctl, status, "+s.Value+"]", "nothing waits for the name on the bus")
	}
	for _, key := range []string{"RemainAfterExit", "GuessMainPID", "PermissionsStartOnly", "IgnoreSIGPIPE", "SendSIGKILL", "SendSIGHUP"} {
		u.truth(key)
	}
}

func (u *unit) typeOf(s systemd.Setting) {
	const ready = "ready_port, ready_file or ready_command say when it is up; until then it counts as up when it stays for a second"
	switch s.Value {
	case "simple", "exec", "idle":
		u.service.Ignore(s.Pos, "Type=%s: the process is kept in the foreground, as here", s.Value)
	case "notify", "notify-reload":
		u.lose(s, ready, "nobody hears the process say that it is ready: NOTIFY_SOCKET is not set")
	case "dbus":
		u.lose(s, ready, "nothing waits for a name on the bus")
	case "forking":
		u.lose(s, "give the program the option that keeps it there, such as -D, -f, --foreground or --nodaemon, and leave out its PID file",
			"the program goes to the background by itself, and no supervisor here can follow it: it has to stay in the foreground")
	default:
		u.lose(s, "", "%q is none of systemd's types", s.Value)
	}
}

// asHere are truth values that make no difference when they are as here.
var asHere = map[string]bool{
	"RemainAfterExit": false, "GuessMainPID": true, "PermissionsStartOnly": false, "IgnoreSIGPIPE": false, "SendSIGKILL": true, "SendSIGHUP": false,
}

// notHere says what is different where they are not.
var notHere = map[string]string{
	"RemainAfterExit":      "a service that has ended is not up",
	"GuessMainPID":         "the supervisor knows the process by itself",
	"PermissionsStartOnly": "commands before the start are run by the account of the service, too",
	"IgnoreSIGPIPE":        "the process begins with no signal ignored",
	"SendSIGKILL":          "what has not ended in time is killed",
	"SendSIGHUP":           "no HUP is sent after the stop signal",
}

func (u *unit) truth(key string) {
	s, ok := u.one(key)
	if !ok {
		return
	}
	value, good := boolean(s.Value)
	if key == "PermissionsStartOnly" && (u.user == "" || len(u.values("Service", "ExecStartPre")) == 0) {
		value = false
	}
	if good && value == asHere[key] {
		u.service.Ignore(s.Pos, "%s=%s, as here", s.Key, s.Value)
		return
	}
	u.lose(s, "", "%s", notHere[key])
}

// tools are programs that do what a setting says.
var tools = map[string]string{
	"OOMScoreAdjust":        "begin the command with choom -n N --, of util-linux",
	"CPUSchedulingPolicy":   "begin the command with chrt",
	"IOSchedulingClass":     "begin the command with ionice",
	"IOSchedulingPriority":  "begin the command with ionice",
	"CPUAffinity":           "begin the command with taskset -c",
	"RootDirectory":         "begin the command with chroot",
	"OnFailure":             "watch the status of the service: ./run status",
	"RuntimeMaxSec":         "begin the command with timeout",
	"WatchdogSec":           "have something restart it that looks whether it answers",
	"CapabilityBoundingSet": "begin the command with setpriv --bounding-set", "AmbientCapabilities": "setcap gives the program what it needs",
	"NoNewPrivileges":   "begin the command with setpriv --no-new-privs",
	"PrivateNetwork":    "begin the command with unshare --net",
	"TimeoutStartSec":   "ready_timeout, together with ready_port, ready_file or ready_command",
	"SuccessExitStatus": "with restart: on-failure, every exit code but 0 is a failure",
	"Also":              "import those units too",
	"Alias":             "a service has one name",
	"NotifyAccess":      "see Type=",
	"DeviceAllow":       "--supervisor systemd, with a drop-in",
}

// rest names everything that nobody handled.
func (u *unit) rest() {
	for _, s := range u.settings {
		if u.group.Told(s.Pos) {
			continue
		}
		hint := tools[s.Key]
		known, near := systemd.Known(s.Section, s.Key)
		switch {
		case !known && s.Section == "Service" && legacy[s.Key]:
			u.lose(s, "", "systemd knows it no more, or as another setting")
		case !known:
			u.lose(s, near, "systemd 257 knows no such setting in [%s], and leaves the line out", s.Section)
		case s.Value == "":
			u.service.Ignore(s.Pos, "%s=", s.Key)
		case strings.HasPrefix(s.Key, "Condition") || strings.HasPrefix(s.Key, "Assert"):
			if p := strings.TrimLeft(s.Value, "|"); strings.HasSuffix(s.Key, "PathExists") && path.IsAbs(p) {
				hint = "with pre_start: [[test, -e, " + p + "]] a start without it fails"
			}
			u.lose(s, hint, "a start depends on no such condition: %s", s.Value)
		case strings.HasPrefix(s.Key, "Limit"):
			u.lose(s, "begin the command with prlimit", "a service here has no such limit")
		case optional(s.Key) && !u.system:
			u.lose(s, cmp.Or(hint, "--supervisor systemd carries it over"), "%s has nothing of the kind", u.Supervisor)
		case u.system && s.Section == "Service":
			u.lose(s, "a drop-in on the host: /etc/systemd/system/"+u.service.FullName()+".service.d/more.conf", "there is no setting for it: %s", s.Value)
		default:
			u.lose(s, hint, "there is nothing of the kind here: %s", s.Value)
		}
	}
}

// legacy are settings that systemd has given up.
var legacy = map[string]bool{
	"CPUShares": true, "StartupCPUShares": true, "BlockIOAccounting": true, "BlockIOWeight": true, "StartupBlockIOWeight": true,
	"BlockIODeviceWeight": true, "BlockIOReadBandwidth": true, "BlockIOWriteBandwidth": true, "SysVStartPriority": true, "Capabilities": true,
	"PermissionsStartOnly": true, "NetClass": true, "FsckPassNo": true, "FailureAction": true, "RebootArgument": true, "CPUAccounting": true,
}
