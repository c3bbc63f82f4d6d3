# Services under daemontools. Where they are, and more: see scan_service. What their processes are at is
# in supervise/process: finish, which run begins with, tells more.

# daemontools_service NAME SV_DIR SERVICE_DIR [LOG_DIR [STOP_SIGNAL]]: where the service is.
# reads only
daemontools_service() {
    scan_service "$@"
}

# daemontools_installed: ends the run with 69 when daemontools is not installed.
# reads only
daemontools_installed() {
    command -v svc >/dev/null 2>&1 ||
        die 69 "cannot find svc: daemontools is not installed (the phase install does it)"
}

# daemontools_configured: 0 when the service has its folder, and the link to it.
# reads only
daemontools_configured() {
    scan_configured
}

# daemontools_look: asks supervise, and finish.
# reads only
daemontools_look() {
    sup_state=none sup_pid= sup_code= sup_grace=
    # /etc/service/x: up (pid 12) 5 seconds, normally down, want down
    # /etc/service/x: down 5 seconds, normally up, want up
    daemontools_line=$(svstat "$scan_link" 2>/dev/null)
    daemontools_line=${daemontools_line#"$scan_link: "}
    daemontools_boot= daemontools_life= daemontools_at= daemontools_now=
    { read -r daemontools_boot daemontools_life daemontools_at <"$scan_folder/supervise/process"; } 2>/dev/null
    case $daemontools_line in
        'up (pid '*)
            sup_pid=${daemontools_line#"up (pid "}
            sup_pid=${sup_pid%%")"*}
            case "$daemontools_at $daemontools_line" in
                *', want down'* | 'down '* | 'dead '*) sup_state=end ;;
                "$sup_pid "*) sup_state=run ;;
                *) sup_state=begin ;;
            esac
            [ ! -e "$scan_folder/supervise/stop" ] || sup_state=end
            ;;
        'down '*', want up'*) sup_state=begin ;;
        'down '*)
            sup_state=down
            [ "$daemontools_at" = dead ] || return 0
            { read -r daemontools_now </proc/sys/kernel/random/boot_id; } 2>/dev/null
            [ "$daemontools_boot" != "${daemontools_now:--}" ] || sup_state=dead
            ;;
    esac
}

# daemontools_svscan: 0 when an svscan looks after the folder.
daemontools_svscan() {
    daemontools_real=$(cd "${scan_link%/*}" 2>/dev/null && pwd -P) || return 1
    for daemontools_process in /proc/[0-9]*; do
        { read -r daemontools_comm <"$daemontools_process/comm"; } 2>/dev/null || continue
        [ "$daemontools_comm" = svscan ] || continue
        # It works in that folder.
        if [ "$(cd "$daemontools_process/cwd" 2>/dev/null && pwd -P)" = "$daemontools_real" ]; then
            return 0
        fi
    done
    return 1
}

# daemontools_reach: waits until a supervise answers for the service.
daemontools_reach() {
    daemontools_supervised ||
        die 69 "cannot reach $sup_name: no svscan runs for ${scan_link%/*}, or it did not start supervise for it"
}

# daemontools_supervised: waits until a supervise answers for the service, where an svscan would start one,
# which looks every five seconds. Exit code 1: none does.
daemontools_supervised() {
    daemontools_look
    [ "$sup_state" = none ] || return 0
    [ -z "$run_check" ] && scan_root && daemontools_svscan && scan_wait
}

# daemontools_up: tells supervise to start the service.
daemontools_up() {
    svc -u "$scan_link" || service_failed 'svc -u failed'
}

# daemontools_down: has finish, which is started after the end of the process, tell supervise that the service is to
# stay down. Supervise itself could send nothing but TERM, and that to one process.
daemontools_down() {
    case $sup_pid,$daemontools_at in
        ,* | *,down | *,dead)
            # No process of the service, or finish has told supervise.
            svc -d "$scan_link" || die 70 "cannot stop $sup_name: svc -d failed"
            daemontools_make process "$daemontools_boot $daemontools_life down"
            return
            ;;
    esac
    daemontools_make stop ''
    case $daemontools_at in
        "$sup_pid" | wait | '') ;;
        *) return 0 ;; # what finish is at is not to be disturbed
    esac
    {
        group_kill "$scan_signal" "$sup_pid" || kill "-$scan_signal" "$sup_pid"
    } 2>/dev/null
    svc -c "$scan_link" # it may have been stopped by a signal
}

# daemontools_make NAME TEXT: writes a file for finish.
daemontools_make() {
    daemontools_said=$({ printf '%s\n' "$2" >"$scan_folder/supervise/$1"; } 2>&1) ||
        file_failed "$scan_folder/supervise/$1" "$daemontools_said"
}

# daemontools_kill: kills the process of the service, or finish, and what is left of its group.
daemontools_kill() {
    if [ -n "$sup_pid" ]; then
        group_kill KILL "$sup_pid" || kill -KILL "$sup_pid"
    fi
    case $daemontools_at in
        [0-9]*) group_kill KILL "$daemontools_at" ;;
    esac
}

# daemontools_log: shows the end of the log.
daemontools_log() {
    log_tail "$scan_log_dir/current"
}

# daemontools_enabled: 0 when the service starts at boot.
# reads only
daemontools_enabled() {
    scan_enabled
}

# daemontools_enable: the service starts at boot. It is waited for before, where svscan is about to take it up.
daemontools_enable() {
    [ -n "$run_image" ] || daemontools_supervised
    scan_enable
}

# daemontools_disable: it does not.
daemontools_disable() {
    scan_disable
}

# daemontools_link NAME SV_DIR SERVICE_DIR SECONDS FLAG: hands the service over to svscan, which is given SECONDS to
# take it up. FLAG is that of the log's files.
# resource
daemontools_link() {
    drive daemontools "$1" "$4"
    daemontools_service "$1" "$2" "$3"
    scan_hand_over "$5" svc && return
    if scan_taken_up; then
        # No line is lost: svscan holds the pipe.
        svc -t "$scan_link/log" 2>/dev/null
    elif ! daemontools_supervised && daemontools_svscan; then
        die 70 "cannot configure $1: svscan did not start supervise for it within $4 seconds"
    fi
    flag_clear "$5"
}

# daemontools_unconfigure NAME SV_DIR SERVICE_DIR SECONDS LOG_DIR: takes the service, which is stopped, out of
# svscan's hands, and removes what daemontools and the functions above have made. Logs stay, unless run_purge is set.
# resource
daemontools_unconfigure() {
    drive daemontools "$1" "$4"
    daemontools_service "$1" "$2" "$3" "$5"
    if scan_unlink; then
        if [ -z "$run_image" ] && command -v svc >/dev/null 2>&1 && daemontools_exit; then
            scan_leave daemontools_exit
        fi
        scan_remove supervise log/supervise down
    fi
    scan_remove_log
}

# daemontools_exit: tells supervise to leave the service, and its log. Exit code 1: it has left both.
daemontools_exit() {
    if svok "$scan_folder"; then
        svc -dx "$scan_folder"
    elif svok "$scan_folder/log"; then
        svc -dx "$scan_folder/log" # svscan keeps the pipe for ever: its end is not to be waited for
    else
        return 1
    fi
}
