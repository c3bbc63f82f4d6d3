package ini

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"palletgen/gen/diag"
	"palletgen/gen/lazyregexp"
	"palletgen/gen/splice"
)

// A kind is what the value of a key has to be: supervisord refuses a file with
// another one, and with it all programs.
type kind struct {
	want string
	fits func(s string) bool
}

func pattern(want, re string) kind { return kind{want, lazyregexp.New(re).MatchString} }

var (
	anyText    = kind{fits: func(string) bool { return true }}
	boolean    = pattern("true or false", `^(?i:yes|true|on|1|no|false|off|0)$`)
	integer    = pattern("a whole number", `^-?[0-9]{1,9}$`)
	processes  = pattern("a whole number from 1 to 999", `^[1-9][0-9]{0,2}$`) // more would keep supervisord busy, 0 starts nothing
	octal      = pattern("an octal mode such as 022", `^0?[0-7]{1,4}$`)
	size       = pattern("a size such as 0, 500KB or 50MB", `^[0-9]{1,12}(?i:KB|MB|GB)?$`)
	restart    = pattern("true, false or unexpected", `^(?i:yes|true|on|1|no|false|off|0|unexpected)$`)
	level      = pattern("critical, error, warn, info, debug, trace or blather", `^(?i:critical|error|warn|info|debug|trace|blather)$`)
	signalName = pattern("a signal", `^(?i:(SIG)?(HUP|INT|QUIT|ILL|TRAP|ABRT|BUS|FPE|KILL|USR1|SEGV|USR2|PIPE|ALRM|TERM|CHLD|CONT|STOP|TSTP|TTIN|TTOU|URG|XCPU|XFSZ|VTALRM|PROF|WINCH|IO|PWR|SYS)|[1-9]|[1-5][0-9]|6[0-4])$`)
	exitCodes  = kind{"exit codes from 0 to 255 with commas between them", func(s string) bool {
		for code := range strings.SplitSeq(s, ",") {
			if n, err := strconv.Atoi(strings.TrimSpace(code)); err != nil || n < 0 || n > 255 {
				return false
			}
		}
		return true
	}}
)

// process are the keys of everything that supervisord starts.
var process = map[string]kind{
	"command": anyText, "process_name": anyText, "numprocs": processes, "numprocs_start": integer, "priority": integer, "autostart": boolean,
	"startsecs": integer, "startretries": integer, "autorestart": restart, "exitcodes": exitCodes, "stopsignal": signalName, "stopwaitsecs": integer,
	"stopasgroup": boolean, "killasgroup": boolean, "user": anyText, "redirect_stderr": boolean, "environment": anyText, "directory": anyText,
	"umask": octal, "serverurl": anyText,
	"stdout_logfile": anyText, "stdout_logfile_maxbytes": size, "stdout_logfile_backups": integer, "stdout_capture_maxbytes": size,
	"stdout_events_enabled": boolean, "stdout_syslog": boolean,
	"stderr_logfile": anyText, "stderr_logfile_maxbytes": size, "stderr_logfile_backups": integer, "stderr_capture_maxbytes": size,
	"stderr_events_enabled": boolean, "stderr_syslog": boolean,
}

// sectionKeys are the keys of the sections that supervisord reads, by what stands
// before the colon. Others it leaves out without a word; so the keys of others,
// such as those of plugins, are anybody's.
var sectionKeys = map[string][]map[string]kind{
	"program":       {process},
	"eventlistener": {process, {"buffer_size": integer, "events": anyText, "result_handler": anyText}},
	"fcgi-program":  {process, {"socket": anyText, "socket_owner": anyText, "socket_mode": octal, "socket_backlog": integer}},
	"group":         {{"programs": anyText, "priority": integer}},
	"include":       {{"files": anyText}},
	"supervisord": {{"logfile": anyText, "logfile_maxbytes": size, "logfile_backups": integer, "loglevel": level, "pidfile": anyText, "umask": octal,
		"nodaemon": boolean, "silent": boolean, "minfds": integer, "minprocs": integer, "nocleanup": boolean, "childlogdir": anyText, "user": anyText,
		"directory": anyText, "strip_ansi": boolean, "environment": anyText, "identifier": anyText}},
	"unix_http_server": {{"file": anyText, "chmod": octal, "chown": anyText, "username": anyText, "password": anyText}},
	"inet_http_server": {{"port": anyText, "username": anyText, "password": anyText}},
	"supervisorctl":    {{"serverurl": anyText, "username": anyText, "password": anyText, "prompt": anyText, "history_file": anyText}},
}

// knownKeys are the names of the keys of each section, sorted.
var knownKeys = sync.OnceValue(func() map[string][]string {
	all := map[string][]string{}
	for section, lists := range sectionKeys {
		for _, keys := range lists {
			for key := range keys {
				all[section] = append(all[section], key)
			}
		}
		slices.Sort(all[section])
	}
	return all
})

// checkKeys judges the entries of a file. Values that are not known yet, since they
// hold a marker or an expansion, are left for later.
func checkKeys(file *File) (errs diag.List) {
	for _, section := range file.Sections {
		name, _, _ := strings.Cut(section.Name, ":")
		lists, known := sectionKeys[name]
		for _, entry := range section.Entries {
			if !known {
				continue
			}
			key := strings.ToLower(entry.Key)
			var is kind
			for _, keys := range lists {
				if k, ok := keys[key]; ok {
					is = k
				}
			}
			if is.fits == nil {
				errs.Add(diag.At(entry.Pos, "unknown key %q in [%s]: supervisord would leave it out", entry.Key, section.Name).
					WithHint("%s", diag.DidYouMean(key, knownKeys()[name])))
				continue
			}
			if text, ok := literal(entry.Value); ok && !is.fits(text) {
				errs.Add(diag.At(entry.Pos, "%s= takes %s, not %q", entry.Key, is.want, text))
			}
		}
	}
	return errs
}

// literal returns a value that is known; false for one that is not.
func literal(value []Part) (string, bool) {
	text := ""
	for _, part := range value {
		if part.Special || splice.Marked(part.Text) {
			return "", false
		}
		text += part.Text
	}
	return text, true
}
