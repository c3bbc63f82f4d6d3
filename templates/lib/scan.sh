# Supervisors that look after a folder: runit, s6, daemontools. A service is a folder with a run file,
# scan_folder, and a link to it in the folder that their scanner looks at, scan_link. A file "down" in it
# keeps the service down when it is taken up, at boot too.

# scan_service NAME SV_DIR SERVICE_DIR [LOG_DIR [STOP_SIGNAL]]: where the service is.
# reads only
scan_service() {
    scan_folder=$2/$1 scan_link=$3/$1 scan_log_dir=$4 scan_signal=$5 sup_launcher='/bin/sh ./run'
}

# scan_configured: 0 when the service has its folder, and the link to it.
# reads only
scan_configured() {
    [ -f "$scan_folder/run" ] && [ -d "$scan_link" ]
}

# scan_enabled: 0 when the service starts at boot.
# reads only
scan_enabled() {
    [ ! -e "$scan_folder/down" ]
}

# scan_enable: the service starts at boot. The supervisor has looked for "down" before that.
scan_enable() {
    scan_said=$(rm -f "$scan_folder/down" 2>&1) || file_failed "$scan_folder/down" "$scan_said"
}

# scan_disable: makes the file that keeps the service down at boot.
scan_disable() {
    scan_said=$({ : >"$scan_folder/down"; } 2>&1) || file_failed "$scan_folder/down" "$scan_said"
}

# scan_root: ends the run with 70 when it is not root's, whom alone the supervisor answers.
scan_root() {
    [ "$(id -u)" = 0 ] || die 70 "cannot reach $sup_name: this needs root"
}

# scan_dead: 0 when finish has written down that the service failed by itself, since the host was started.
# reads only
scan_dead() {
    scan_dead_boot= scan_dead_now=
    { read -r scan_dead_boot <"$scan_folder/supervise/dead"; } 2>/dev/null || return
    { read -r scan_dead_now </proc/sys/kernel/random/boot_id; } 2>/dev/null
    [ "$scan_dead_boot" = "$scan_dead_now" ]
}

# scan_not_dead: forgets that.
scan_not_dead() {
    [ ! -e "$scan_folder/supervise/dead" ] || rm -f "$scan_folder/supervise/dead"
}

# scan_kill: kills the process of the service, and what is left of its group.
scan_kill() {
    if [ -n "$sup_pid" ]; then
        group_kill KILL "$sup_pid" || kill -KILL "$sup_pid"
    elif read -r scan_group <"$scan_folder/supervise/group"; then
        # Where there is such a process it is another one, which got that number.
        [ -d "/proc/$scan_group" ] || group_kill KILL "$scan_group"
    fi
}

# scan_wait: waits for as long as the supervisor may take until it answers. Exit code 1: it does not.
# of the supervisor: look
scan_wait() {
    clock
    scan_wait_end=$((clock_now + sup_patience * 10))
    while [ "$clock_now" -lt "$scan_wait_end" ]; do
        nap
        "${sup}_look"
        [ "$sup_state" = none ] || return 0
        clock
    done
    return 1
}

# scan_hand_over FLAG PROGRAM: makes the link by which the scanner sees the service. A new service stays
# down: "down" is there before that. Exit code 1: there is more to do by the supervisor's PROGRAM, which is
# there: the service is to be taken up, or its log, whose files have the flag FLAG, to be started again.
scan_hand_over() {
    if [ -n "$looking" ]; then
        symbolic_link "$scan_folder" "$scan_link"
        return 0
    fi
    if ! in_place "$scan_link" && ! scan_linked; then
        [ -n "$run_check" ] || [ -e "$scan_folder/down" ] || scan_disable
        symbolic_link "$scan_folder" "$scan_link"
    fi
    [ -z "$run_check" ] || return 0
    if [ -n "$run_image" ] || ! command -v "$2" >/dev/null 2>&1; then
        flag_clear "$1"
        return 0
    fi
    scan_taken_up && ! flagged "$1"
}

# scan_taken_up: 0 when the supervisor has made its pipe in the service's folder.
# reads only
scan_taken_up() {
    [ -p "$scan_folder/supervise/control" ]
}

# scan_linked: 0 when the service's link points to its folder.
# reads only
scan_linked() {
    [ -L "$scan_link" ] && link_is "$scan_folder" "$scan_link"
}

# scan_unlink: takes the service, which is stopped, out of the scanner's folder. Exit code 1: there is
# nothing to remove; it may be somebody else's.
scan_unlink() {
    [ -z "$looking" ] && service_made "$scan_folder/run" || return 1
    scan_left= scan_late=
    for scan_made in "$scan_folder/down" "$scan_folder"/supervise "$scan_folder"/*/supervise; do
        if [ -e "$scan_made" ] || [ -L "$scan_made" ]; then
            scan_left=1
        fi
    done
    [ -n "$scan_left" ] || scan_linked || return 1
    would "take $sup_name out of ${scan_link%/*}" && return 1
    scan_linked || return 0
    scan_said=$(rm -f "$scan_link" 2>&1) || file_failed "$scan_link" "$scan_said"
}

# scan_leave FUNCTION: calls FUNCTION, which tells the supervisor to leave the service, until its exit
# code is 1: it has. scan_late is set when that takes long: a stray process may hold the pipe to the log.
scan_leave() {
    clock
    scan_leave_end=$((clock_now + sup_patience * 10))
    while "$1"; do
        nap
        clock
        if [ "$clock_now" -ge "$((scan_leave_end + 100))" ]; then
            die 70 "cannot remove $sup_name: $sup does not leave it"
        elif [ "$clock_now" -ge "$scan_leave_end" ]; then
            scan_late=1
        fi
    done
}

# scan_remove NAME...: removes what the supervisor has made in the service's folder.
scan_remove() {
    for scan_made in "$@"; do
        scan_said=$(rm -rf "${scan_folder:?}/$scan_made" 2>&1) || file_failed "$scan_folder" "$scan_said"
    done
    note "removed $scan_link"
}

# scan_remove_log: removes what the logger has made beside the logs; with run_purge, the logs too.
scan_remove_log() {
    [ -z "$looking" ] && service_made "$scan_folder/run" || return 0
    set -- "$scan_log_dir/lock" "$scan_log_dir"/state "$scan_log_dir"/current "$scan_log_dir"/newstate \
        "$scan_log_dir"/previous "$scan_log_dir"/processed "$scan_log_dir"/@*.[su]
    [ -n "$run_purge" ] || set -- "$1" # an empty file
    for scan_made in "$@"; do
        [ ! -f "$scan_made" ] || remove_file "$scan_made"
    done
}
