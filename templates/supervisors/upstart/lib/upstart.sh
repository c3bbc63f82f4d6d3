# Services under upstart. Functions set upstart_name, upstart_conf (the job file, without .conf)
# and upstart_patience, how many seconds to wait for what upstart does by itself.

# upstart_find NAME CONF_DIR SECONDS: what all others here are about. Ends the run with 69 when
# upstart is not installed, with 78 when the service is not configured.
upstart_find() {
    upstart_patience=$3
    upstart_installed
    upstart_configured "$1" "$2" ||
        die 78 "$1 is not configured on this host; run ./run configure first"
}

# upstart_installed: ends the run with 69 when upstart is not installed.
upstart_installed() {
    command -v initctl >/dev/null 2>&1 ||
        die 69 "cannot find initctl: upstart is not installed, and no current distribution has it"
}

# upstart_configured NAME CONF_DIR: 0 when the service has its job file.
upstart_configured() {
    upstart_name=$1 upstart_conf=$2/$1
    [ -f "$upstart_conf.conf" ]
}

# upstart_look: sets upstart_state to what initctl says, such as start/running or stop/waiting; to
# unknown for a job that upstart does not know, to none where no upstart answers. Sets upstart_pid
# to the main process of the job, or to ''.
upstart_look() {
    upstart_state=none upstart_pid=
    upstart_said=$(initctl status "$upstart_name" 2>&1)
    case $upstart_said in
        # riemann start/running, process 123
        "$upstart_name "*/*) ;;
        *'nknown job'*)
            # finit and others have an initctl too, which may say the same.
            case $(initctl version 2>/dev/null) in
                *upstart*) upstart_state=unknown ;;
            esac
            return
            ;;
        *) return ;;
    esac
    upstart_line=${upstart_said#"$upstart_name "}
    upstart_line=${upstart_line%%"
"*}
    upstart_state=${upstart_line%%,*}
    # In these two states the process is that of pre-start or post-stop.
    case $upstart_line in
        */pre-start,* | */post-stop,*) ;;
        *", process "*) upstart_pid=${upstart_line#*", process "} ;;
    esac
}

# upstart_required: upstart_look, and the end of the run where upstart does not answer (69) or does
# not accept the job file (70).
upstart_required() {
    upstart_look
    if [ "$upstart_state" = unknown ]; then
        initctl reload-configuration >/dev/null 2>&1
        upstart_look
    fi
    case $upstart_state in
        none) die 69 "cannot reach upstart, initctl says: $upstart_said" ;;
        unknown) die 70 "upstart does not accept $upstart_conf.conf; init-checkconf tells why" ;;
    esac
}

# upstart_configure NAME CONF_DIR SECONDS STATE_DIR: after the job file was put. A new job does not
# start at boot until it is enabled.
upstart_configure() {
    upstart_patience=$3
    upstart_installed
    upstart_configured "$1" "$2" || die 70 "cannot find $upstart_conf.conf"
    if [ ! -e "$4/$1" ]; then
        if [ ! -e "$upstart_conf.override" ]; then
            upstart_override manual
            note "changed $upstart_conf.override"
        fi
        directory "$4" root root 0755
        { : >"$4/$1"; } 2>/dev/null || die 70 "cannot make $4/$1 (does this run as root?)"
    fi
    [ "$changed" != 0 ] || return 0
    initctl reload-configuration >/dev/null 2>&1
    upstart_look
    [ "$upstart_state" != unknown ] ||
        die 70 "upstart does not accept $upstart_conf.conf; init-checkconf tells why"
}

# upstart_override TEXT: makes TEXT the job's override file, which upstart reads after the job file.
# '' removes it.
upstart_override() {
    if [ -z "$1" ]; then
        rm -f "$upstart_conf.override" || die 70 "cannot remove $upstart_conf.override (does this run as root?)"
    else
        # As put does it; a link that somebody laid in the way is not followed.
        upstart_aside=${upstart_conf%/*}/.${upstart_conf##*/}.override.palletgen-new
        aside=$upstart_aside-$$
        (
            rm -f "$upstart_aside"* && umask 077 && set -C && printf '%s\n' "$1" >"$aside" &&
                chmod 0644 "$aside" && mv -f "$aside" "$upstart_conf.override"
        ) 2>/dev/null || die 70 "cannot write $upstart_conf.override (does this run as root?)"
        aside=
    fi
    # For hosts where upstart is not told of changes by itself. Without upstart there is nobody to tell.
    initctl reload-configuration >/dev/null 2>&1
    return 0
}

# upstart_read_override: sets upstart_manual to yes when the override file keeps the job from
# starting by itself, else to ''; and upstart_rest to the lines of the file that do not.
upstart_read_override() {
    upstart_manual= upstart_rest=
    [ -f "$upstart_conf.override" ] || return 0
    while IFS= read -r upstart_line || [ -n "$upstart_line" ]; do
        case $upstart_line in
            manual | manual[[:blank:]]*) upstart_manual=yes ;;
            *)
                upstart_rest=$upstart_rest${upstart_rest:+"
"}$upstart_line
                ;;
        esac
    done <"$upstart_conf.override"
}

# upstart_enable: the service starts at boot. Nothing happens now.
upstart_enable() {
    upstart_read_override
    [ -n "$upstart_manual" ] || return 0
    upstart_override "$upstart_rest"
    note "enabled $upstart_name"
}

# upstart_disable: the service does not start at boot. The process that runs is left alone.
upstart_disable() {
    upstart_read_override
    [ -z "$upstart_manual" ] || return 0
    upstart_override "$upstart_rest${upstart_rest:+"
"}manual"
    note "disabled $upstart_name"
}

# upstart_stays SECONDS: 0 when the job's process is SECONDS old, or gets so old. One that upstart is
# just starting is waited for, a second longer than that.
upstart_stays() {
    clock
    upstart_stays_end=$((clock_now + $1 * 10 + 10))
    while :; do
        case $upstart_state in
            start/*start* | start/security* | start/spawn*) ;; # starting, pre-start, spawned ...
            *) break ;;
        esac
        [ "$clock_now" -lt "$upstart_stays_end" ] || break
        nap
        upstart_look
        clock
    done
    [ "$upstart_state" = start/running ] && [ -n "$upstart_pid" ] || return 1
    process_start_time "$upstart_pid" || return 1
    case $process_started in
        ?*[!0-9]* | ?) ;;
        *)
            # A hundred of its units make a second; clock_now counts ten.
            clock
            [ "$((clock_now - ${process_started%?}))" -lt "$(($1 * 10))" ] || return 0
            ;;
    esac
    process_stays "$upstart_pid" "$1"
}

# upstart_running SECONDS: 0 when the service runs, by a process that is SECONDS old or gets so old.
upstart_running() {
    upstart_required
    upstart_stays "$1"
}

# upstart_up: starts the job, unless it is about to run already.
upstart_up() {
    upstart_required
    while :; do
        case $upstart_state in
            start/*)
                service_ran=yes
                return
                ;;
            stop/waiting) break ;;
        esac
        # Somebody is stopping it.
        service_seen ''
        nap
        upstart_look
    done
    upstart_said=$(initctl start --no-wait "$upstart_name" 2>&1) || service_failed "$upstart_said"
}

# upstart_wait: waits a little, and looks whether the service is still coming up.
upstart_wait() {
    nap
    upstart_look
    case $upstart_state in
        start/running) service_seen "$upstart_pid" ;;
        start/*) service_seen '' ;;
        *) service_failed 'it ended, and upstart does not start it again' ;;
    esac
}

# upstart_down SIGNAL SECONDS: stops the service, in a crash loop too; no process of its group is
# left. After SECONDS it is killed.
upstart_down() {
    upstart_required
    if [ "$upstart_state" = stop/waiting ]; then
        initctl stop "$upstart_name.failed" >/dev/null 2>&1
        return 0
    fi
    clock
    upstart_down_end=$((clock_now + $2 * 10))
    upstart_group=
    case $upstart_state in
        start/*)
            upstart_group=$upstart_pid
            upstart_said=$(initctl stop --no-wait "$upstart_name" 2>&1)
            ;;
    esac
    while [ "$upstart_state" != stop/waiting ]; do
        nap
        upstart_look
        upstart_group=${upstart_pid:-$upstart_group}
        clock
        if [ "$clock_now" -ge "$((upstart_down_end + upstart_patience * 10))" ]; then
            die 70 "cannot stop $upstart_name: upstart says $upstart_said"
        elif [ "$clock_now" -ge "$((upstart_down_end + 10))" ] && [ -n "$upstart_pid" ]; then
            # Upstart's own patience is that of the job as it was when it started.
            kill -KILL "-$upstart_pid" 2>/dev/null
        fi
    done
    # What is left of its process group: upstart goes by the main process alone.
    if [ -n "$upstart_group" ]; then
        clock
        upstart_left=$(((upstart_down_end - clock_now) / 10))
        [ "$upstart_left" -gt 0 ] || upstart_left=0
        group_end "$1" "$upstart_group" "$upstart_left" ||
            die 70 "cannot stop $upstart_name: a process of its group $upstart_group withstands"
    fi
    initctl stop "$upstart_name.failed" >/dev/null 2>&1
    note "stopped $upstart_name"
}

# upstart_signal SIGNAL: sends SIGNAL to the process that upstart_running has seen.
upstart_signal() {
    kill "-$1" "$upstart_pid" || die 70 "$upstart_name is not running"
}

# upstart_status NAME CONF_DIR SECONDS: prints one line. Exit code: 0 running, 1 failing, 3 stopped,
# 4 not known. A process that is younger than SECONDS is watched until it is not.
upstart_status() {
    if ! upstart_configured "$1" "$2"; then
        printf '%s: not configured\n' "$1"
        return 4
    fi
    upstart_look
    case $upstart_state in
        none | unknown)
            printf '%s: unknown, upstart does not know it\n' "$1"
            return 4
            ;;
        start/*)
            if upstart_stays "$3"; then
                printf '%s: running, pid %s\n' "$1" "$upstart_pid"
                return 0
            fi
            ;;
        *)
            upstart_name=$1.failed
            upstart_look
            if [ "$upstart_state" != start/running ]; then
                printf '%s: stopped\n' "$1"
                return 3
            fi
            printf '%s: failing, upstart has given it up\n' "$1"
            return 1
            ;;
    esac
    printf '%s: failing, upstart starts it again and again\n' "$1"
    return 1
}
