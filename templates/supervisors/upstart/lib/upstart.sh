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

# upstart_installed: ends the run with 69 when upstart is not installed. In an image nobody asks it.
upstart_installed() {
    [ -n "$run_image" ] || command -v initctl >/dev/null 2>&1 ||
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
    upstart_line=${upstart_line%%"$nl"*}
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
    if [ "$upstart_state" = unknown ] && [ -z "$run_check" ]; then
        initctl reload-configuration >/dev/null 2>&1
        upstart_look
    fi
    case $upstart_state in
        none) die 69 "cannot reach upstart, initctl says: $upstart_said" ;;
        unknown) die 70 "upstart does not accept $upstart_conf.conf; init-checkconf tells why" ;;
    esac
}

# upstart_hold NAME CONF_DIR STATE_DIR: before the job file is put. A new job does not start at boot
# until it is enabled.
# resource
upstart_hold() {
    upstart_configured "$1" "$2"
    if [ -n "$looking" ] || [ -e "$3/$1" ] || [ -e "$upstart_conf.override" ]; then
        return 0
    fi
    would "make $upstart_conf.override" && return 0
    upstart_installed
    upstart_override manual
    note "changed $upstart_conf.override"
}

# upstart_configure NAME CONF_DIR SECONDS STATE_DIR SERVICE: after the job file was put. The flag
# SERVICE.restart, or NAME.conf, says that upstart has to look at its files again.
# resource
upstart_configure() {
    [ -z "$looking" ] || return 0
    upstart_patience=$3
    if [ ! -e "$4/$1" ]; then
        would "make $4/$1" && return 0
        upstart_hold "$1" "$2" "$4"
        folders "$4/$1"
        upstart_said=$({ : >"$4/$1"; } 2>&1) || file_failed "$4/$1" "$upstart_said"
    fi
    [ -z "$run_check" ] || return 0
    upstart_installed
    upstart_configured "$1" "$2" || die 70 "cannot find $upstart_conf.conf"
    if flagged "$1.conf" || flagged "$5.restart"; then
        upstart_tell
        [ -z "$run_image" ] || return 0
        upstart_look
        [ "$upstart_state" != unknown ] ||
            die 70 "upstart does not accept $upstart_conf.conf; init-checkconf tells why"
    fi
}

# upstart_unconfigure NAME CONF_DIR SECONDS STATE_DIR LOG: removes the job, which is stopped and
# disabled, and what the functions here have made for it. LOG and the older ones beside it stay, unless
# run_purge is set.
# resource
upstart_unconfigure() {
    upstart_configured "$1" "$2"
    # Somebody else may have a job of that name.
    if [ -n "$looking" ] || ! service_made "$upstart_conf.conf"; then
        return 0
    fi
    if [ -e "$4/$1" ] || [ -e "$upstart_conf.override" ]; then
        would "remove $upstart_conf.override" && return 0
        [ -n "$run_image" ] || ! command -v initctl >/dev/null 2>&1 || initctl stop "$1.failed" >/dev/null 2>&1
        # First what keeps configure from making the override; last the override, without which the job
        # would start at boot.
        upstart_said=$(rm -f "$4/$1" 2>&1) || file_failed "$4/$1" "$upstart_said"
        for upstart_made in "$upstart_conf.conf" "$upstart_conf.failed.conf"; do
            ! service_made "$upstart_made" || uninstall_file "$upstart_made"
        done
        if [ ! -e "$upstart_conf.conf" ] || [ -e "$state/original$upstart_conf.conf" ]; then
            upstart_read_override
            upstart_override "$upstart_rest"
            note "removed $upstart_conf.override"
        fi
    fi
    # Other jobs may have theirs there.
    [ -n "$run_check" ] || [ ! -d "$4" ] || rmdir "$4" 2>/dev/null
    [ -n "$run_purge" ] || return 0
    for upstart_log in "$5" "$5".[0-9]*; do
        [ ! -f "$upstart_log" ] || remove_file "$upstart_log"
    done
}

# upstart_override TEXT: makes TEXT the job's override file, which upstart reads after the job file.
# '' removes it.
upstart_override() {
    flag "$upstart_name.conf"
    if [ -z "$1" ]; then
        upstart_said=$(rm -f "$upstart_conf.override" 2>&1) || file_failed "$upstart_conf.override" "$upstart_said"
    else
        folders "$upstart_conf.override"
        # A link that somebody laid in the way is not followed.
        set_aside "$upstart_conf.override"
        upstart_said=$({
            umask 077 && rm -f "$aside" && set -C && printf '%s\n' "$1" >"$aside" &&
                chmod 0644 "$aside" && mv -f "$aside" "$upstart_conf.override"
        } 2>&1) || file_failed "$upstart_conf.override" "$upstart_said"
        aside=
    fi
    upstart_tell
}

# upstart_tell: for hosts where upstart does not see by itself that its files have changed. Without
# upstart there is nobody to tell.
upstart_tell() {
    [ -n "$run_image" ] || ! command -v initctl >/dev/null 2>&1 || initctl reload-configuration >/dev/null 2>&1
    flag_clear "$upstart_name.conf"
}

# upstart_read_override: sets upstart_manual to yes when the override file keeps the job from
# starting by itself, else to ''; and upstart_rest to the lines of the file that do not.
upstart_read_override() {
    upstart_manual= upstart_rest=
    [ -f "$upstart_conf.override" ] || return 0
    upstart_more=1
    while [ -n "$upstart_more" ] && { IFS= read -r upstart_line || upstart_more=; } && [ -n "$upstart_more$upstart_line" ]; do
        case $upstart_line in
            manual | manual[[:blank:]]*) upstart_manual=yes ;;
            *)
                upstart_rest=$upstart_rest${upstart_rest:+$nl}$upstart_line
                ;;
        esac
    done <"$upstart_conf.override"
}

# upstart_enable: the service starts at boot. Nothing happens now.
upstart_enable() {
    upstart_read_override
    if [ -z "$upstart_manual" ]; then
        upstart_told
        return 0
    fi
    would "enable $upstart_name" && return 0
    upstart_override "$upstart_rest"
    note "enabled $upstart_name"
}

# upstart_disable: the service does not start at boot. The process that runs is left alone.
upstart_disable() {
    upstart_read_override
    if [ -n "$upstart_manual" ]; then
        upstart_told
        return 0
    fi
    would "disable $upstart_name" && return 0
    upstart_override "$upstart_rest${upstart_rest:+$nl}manual"
    note "disabled $upstart_name"
}

# upstart_told: upstart_tell, where a run was killed before it.
upstart_told() {
    [ -n "$run_check" ] || ! flagged "$upstart_name.conf" || upstart_tell
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
    would "start $upstart_name" && return 0
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
    initctl reload-configuration >/dev/null 2>&1 # what it starts has to be what the files say now
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
    would "stop $upstart_name" && return 0
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
            group_kill KILL "$upstart_pid" 2>/dev/null
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
        say_status "$1" unconfigured '' 'not configured'
        return 4
    elif [ -n "$run_image" ]; then
        say_status "$1" stopped '' 'stopped, nothing runs in an image'
        return 3
    fi
    upstart_look
    case $upstart_state in
        none | unknown)
            say_status "$1" unknown '' 'unknown, upstart does not know it'
            return 4
            ;;
        start/*)
            if upstart_stays "$3"; then
                say_status "$1" running "$upstart_pid" ''
                return 0 # also where nobody reads that
            fi
            ;;
        *)
            upstart_name=$1.failed
            upstart_look
            if [ "$upstart_state" != start/running ]; then
                say_status "$1" stopped '' ''
                return 3
            fi
            say_status "$1" failing '' 'failing, upstart has given it up'
            return 1
            ;;
    esac
    say_status "$1" failing '' 'failing, upstart starts it again and again'
    return 1
}
