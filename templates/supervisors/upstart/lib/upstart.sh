# Services under upstart. Functions set upstart_name and upstart_conf (the job file, without .conf).

# upstart_service NAME CONF_DIR [LOG]: where the service is.
# reads only
upstart_service() {
    upstart_name=$1 upstart_conf=$2/$1 upstart_log_file=$3
}

# upstart_installed: ends the run with 69 when upstart is not installed.
# reads only
upstart_installed() {
    [ -n "$run_image" ] || command -v initctl >/dev/null 2>&1 ||
        die 69 "cannot find initctl: upstart is not installed, and no current distribution has it"
}

# upstart_configured: 0 when the service has its job file.
# reads only
upstart_configured() {
    [ -f "$upstart_conf.conf" ]
}

# upstart_look: asks upstart. Sets upstart_said, too.
# reads only
upstart_look() {
    sup_pid=
    upstart_ask "$upstart_name"
    case $upstart_state in
        none) sup_state=none ;;
        unknown) sup_state=unknown ;;
        stop/waiting)
            # It went down by itself, where the other job is up.
            sup_state=down
            upstart_ask "$upstart_name.failed"
            [ "$upstart_state" != start/running ] || sup_state=dead
            ;;
        start/running) sup_state=run sup_pid=$upstart_pid ;;
        start/*) sup_state=begin ;;
        *) sup_state=end sup_pid=$upstart_pid ;;
    esac
}

# upstart_ask JOB: sets upstart_state to what initctl says, such as start/running or stop/waiting; to
# unknown for a job that upstart does not know, to none where no upstart answers. Sets upstart_pid
# to the main process of the job, or to ''.
# reads only
upstart_ask() {
    upstart_state=none upstart_pid=
    upstart_said=$(initctl status "$1" 2>&1)
    case $upstart_said in
        # riemann start/running, process 123
        "$1 "*/*) ;;
        *'nknown job'*)
            # finit and others have an initctl too, which may say the same.
            case $(initctl version 2>/dev/null) in
                *upstart*) upstart_state=unknown ;;
            esac
            return
            ;;
        *) return ;;
    esac
    upstart_line=${upstart_said#"$1 "}
    upstart_line=${upstart_line%%"$nl"*}
    upstart_state=${upstart_line%%,*}
    # In these two states the process is that of pre-start or post-stop.
    case $upstart_line in
        */pre-start,* | */post-stop,*) ;;
        *", process "*) upstart_pid=${upstart_line#*", process "} ;;
    esac
}

# upstart_reach: has upstart look at its files, and ends the run where it does not answer (69) or does
# not accept the job file (70).
upstart_reach() {
    if [ "$sup_state" = unknown ]; then
        initctl reload-configuration >/dev/null 2>&1
        upstart_look
    fi
    case $sup_state in
        none) die 69 "cannot reach $sup_name: upstart does not answer: $upstart_said" ;;
        unknown) die 70 "upstart does not accept $upstart_conf.conf; init-checkconf tells why" ;;
    esac
}

# upstart_up: starts the job, as its files say now.
upstart_up() {
    initctl reload-configuration >/dev/null 2>&1
    upstart_said=$(initctl start --no-wait "$upstart_name" 2>&1) || service_failed "$upstart_said"
}

# upstart_down: stops the job, and that which says that it failed.
upstart_down() {
    [ "$sup_state" != dead ] || initctl stop "$upstart_name.failed" >/dev/null 2>&1
    initctl stop --no-wait "$upstart_name" >/dev/null 2>&1 # refused where it is about to stop
}

# upstart_kill: kills the process and its group. Upstart's own patience is that of the job as it was when it
# started.
upstart_kill() {
    [ -z "$sup_pid" ] || group_kill KILL "$sup_pid"
}

# upstart_log: shows the end of the log.
upstart_log() {
    log_tail "$upstart_log_file"
}

# upstart_enabled: 0 when the job starts at boot. Tells upstart of its file, where a run was killed before it did.
upstart_enabled() {
    upstart_read_override
    [ -n "$run_check" ] || ! flagged "$upstart_name.conf" || upstart_tell
    [ -z "$upstart_manual" ]
}

# upstart_enable: the service starts at boot. Nothing happens now.
upstart_enable() {
    upstart_override "$upstart_rest"
}

# upstart_disable: the service does not start at boot. The process that runs is left alone.
upstart_disable() {
    upstart_override "$upstart_rest${upstart_rest:+$nl}manual"
}

# upstart_hold NAME CONF_DIR STATE_DIR: before the job file is put. A new job does not start at boot
# until it is enabled.
# resource
upstart_hold() {
    upstart_service "$1" "$2"
    if [ -n "$looking" ] || [ -e "$3/$1" ] || [ -e "$upstart_conf.override" ]; then
        return 0
    fi
    would "make $upstart_conf.override" && return 0
    upstart_installed
    upstart_override manual
    note "changed $upstart_conf.override"
}

# upstart_configure NAME CONF_DIR STATE_DIR SERVICE: after the job file was put. The flag
# SERVICE.restart, or NAME.conf, says that upstart has to look at its files again.
# resource
upstart_configure() {
    [ -z "$looking" ] || return 0
    upstart_service "$1" "$2"
    if [ ! -e "$3/$1" ]; then
        would "make $3/$1" && return 0
        upstart_hold "$1" "$2" "$3"
        folders "$3/$1"
        upstart_said=$({ : >"$3/$1"; } 2>&1) || file_failed "$3/$1" "$upstart_said"
    fi
    [ -z "$run_check" ] || return 0
    upstart_installed
    upstart_configured || die 70 "cannot find $upstart_conf.conf"
    if flagged "$1.conf" || flagged "$4.restart"; then
        upstart_tell
        [ -z "$run_image" ] || return 0
        upstart_ask "$1"
        [ "$upstart_state" != unknown ] ||
            die 70 "upstart does not accept $upstart_conf.conf; init-checkconf tells why"
    fi
}

# upstart_unconfigure NAME CONF_DIR STATE_DIR LOG: removes the job, which is stopped and
# disabled, and what the functions here have made for it. LOG and the older ones beside it stay, unless
# run_purge is set.
# resource
upstart_unconfigure() {
    upstart_service "$1" "$2"
    # Somebody else may have a job of that name.
    if [ -n "$looking" ] || ! service_made "$upstart_conf.conf"; then
        return 0
    fi
    if [ -e "$3/$1" ] || [ -e "$upstart_conf.override" ]; then
        would "remove $upstart_conf.override" && return 0
        [ -n "$run_image" ] || ! command -v initctl >/dev/null 2>&1 || initctl stop "$1.failed" >/dev/null 2>&1
        # First what keeps configure from making the override; last the override, without which the job
        # would start at boot.
        upstart_said=$(rm -f "$3/$1" 2>&1) || file_failed "$3/$1" "$upstart_said"
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
    [ -n "$run_check" ] || [ ! -d "$3" ] || rmdir "$3" 2>/dev/null
    [ -n "$run_purge" ] || return 0
    for upstart_log in "$4" "$4".[0-9]*; do
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
            manual | "manual "* | "manual	"*) upstart_manual=yes ;;
            *)
                upstart_rest=$upstart_rest${upstart_rest:+$nl}$upstart_line
                ;;
        esac
    done <"$upstart_conf.override"
}

