# Services as rc.d scripts of FreeBSD, under daemon(8). Functions set rcd_script, rcd_switch (the file that enables
# the service) and rcd_files, what begins the names of the pid files: .pid, and .supervisor, that of its daemon.

# rcd_service SCRIPT SWITCH VARIABLE FOLDER PIDS LOG: where the service is.
# reads only
rcd_service() {
    rcd_script=$1 rcd_switch=$2 rcd_variable=$3 rcd_files=$5/${1##*/} rcd_log_file=$6 sup_launcher="/bin/sh $4/"
}

# rcd_installed: ends the run with 69 when this is no FreeBSD.
# reads only
rcd_installed() {
    [ -f /etc/rc.subr ] || die 69 'cannot find /etc/rc.subr: this host has no rc.d'
}

# rcd_configured: 0 when the service has its script, which is put last.
# reads only
rcd_configured() {
    [ -f "$rcd_script" ]
}

# rcd_look: looks at the processes that the pid files name.
# may use: ps
rcd_look() {
    sup_state=down sup_pid= sup_grace=20
    rcd_alive supervisor && rcd_supervisor=$rcd_pid || rcd_supervisor=
    rcd_alive pid && sup_pid=$rcd_pid
    case "${rcd_supervisor:+1} ${sup_pid:+1}" in
        '1 1') sup_state=run ;;
        '1 ') sup_state=begin ;;
        ' 1') sup_state=end ;;
        *) [ ! -e "$rcd_files.supervisor" ] || sup_state=dead ;;
    esac
}

# rcd_alive KIND: 0 when the process of that pid file is there. Sets rcd_pid.
rcd_alive() {
    rcd_pid=
    { read -r rcd_pid <"$rcd_files.$1"; } 2>/dev/null
    [ -n "$rcd_pid" ] && process_start_time "$rcd_pid"
}

# rcd_reach: never needed.
rcd_reach() {
    return 0
}

# rcd_up: starts the service, enabled or not.
rcd_up() {
    rcd_said=$("$rcd_script" onestart 2>&1 </dev/null) || service_failed "rc.d says: $rcd_said"
}

# rcd_down: tells the service to stop; nobody waits for that.
rcd_down() {
    [ "$(id -u)" = 0 ] || die 70 "cannot stop $sup_name: this needs root"
    "$rcd_script" forcestop </dev/null >/dev/null 2>&1 &
}

# rcd_kill: kills the process of the service.
rcd_kill() {
    [ -z "$sup_pid" ] || kill -KILL "$sup_pid"
}

# rcd_log: shows the end of the log.
rcd_log() {
    log_tail "$rcd_log_file"
}

# rcd_enabled: 0 when the service starts at boot.
# reads only
rcd_enabled() {
    [ -f "$rcd_switch" ] && grep -q "^${rcd_variable}_enable=YES" "$rcd_switch"
}

# rcd_enable: has the service started at boot. The file is read after rc.conf.
rcd_enable() {
    rcd_write YES
}

# rcd_disable: does not have the service started at boot.
rcd_disable() {
    rcd_write NO
}

# rcd_write WORD: writes into the file that enables services YES or NO, or nothing for ''. Other lines stay.
rcd_write() {
    folders "$rcd_switch"
    set_aside "$rcd_switch"
    rcd_said=$({
        umask 022 && rm -f "$aside" && {
            [ ! -f "$rcd_switch" ] || grep -v "^${rcd_variable}_enable=" "$rcd_switch"
            [ -z "$1" ] || printf '%s_enable=%s\n' "$rcd_variable" "$1"
        } >"$aside" && rename_over "$aside" "$rcd_switch"
    } 2>&1) || file_failed "$rcd_switch" "$rcd_said"
    aside=
    [ -s "$rcd_switch" ] || remove_file "$rcd_switch"
}

# rcd_unconfigure SCRIPT SWITCH VARIABLE PIDS LOG: removes what the functions here have made for the service, which is
# stopped and disabled. LOG and the older ones beside it stay, unless run_purge is set.
# resource
rcd_unconfigure() {
    # Somebody else may have a script of that name.
    if [ -n "$looking" ] || ! service_made "$1"; then
        return 0
    fi
    rcd_switch=$2 rcd_variable=$3
    if [ -f "$2" ] && grep -q "^$3_enable=" "$2"; then
        would "change $2" && return 0
        rcd_write ''
        [ ! -e "$2" ] || note "changed $2"
    fi
    for rcd_made in "$4/${1##*/}.pid" "$4/${1##*/}.supervisor"; do
        [ ! -e "$rcd_made" ] || remove_file "$rcd_made"
    done
    # Other services may have theirs there.
    [ -n "$run_check" ] || [ ! -d "$4" ] || rmdir "$4" 2>/dev/null
    [ -n "$run_purge" ] || return 0
    for rcd_made in "$5" "$5".[0-9]*; do
        [ ! -f "$rcd_made" ] || remove_file "$rcd_made"
    done
}
