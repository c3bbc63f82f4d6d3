# Services under s6. Where they are, and more: see scan_service.

# s6_service NAME SV_DIR SERVICE_DIR [LOG_DIR [STOP_SIGNAL]]: where the service is.
# reads only
s6_service() {
    scan_service "$@"
}

# s6_installed: ends the run with 69 when s6 is not installed.
# reads only
s6_installed() {
    command -v s6-svc >/dev/null 2>&1 ||
        die 69 "cannot find s6-svc: s6 is not installed (the phase install does it)"
}

# s6_configured: 0 when the service has its folder, and the link to it.
# reads only
s6_configured() {
    scan_configured
}

# s6_look: asks s6-supervise.
# reads only
s6_look() {
    sup_state=none sup_pid= sup_code= sup_grace=3
    # up (pid 12) 5 seconds, normally down, want down
    # down (exitcode 1) 0 seconds, normally up, want up, ready 0 seconds
    s6_line=$(s6-svstat -n "$scan_link" 2>/dev/null)
    case $s6_line in
        'up '*', want down'*) sup_state=end ;;
        'up '*) sup_state=run ;;
        'down '*', want up'*) sup_state=begin ;;
        # Ready to be started: finish has ended.
        'down '*', ready '* | 'down (not started'*) sup_state=down ;;
        'down '*) sup_state=end ;;
        *) return ;;
    esac
    s6_word=${s6_line#*"("}
    s6_word=${s6_word%%")"*}
    case $s6_word in
        'pid '*)
            sup_pid=${s6_word#* }
            sup_pid=${sup_pid%% *}
            return
            ;;
        'exitcode '*) sup_code=${s6_word#* } ;;
        'signal '*) sup_code=$((128 + ${s6_word#* })) ;;
    esac
    [ "$sup_state" = down ] && scan_dead || return 0
    sup_state=dead
}

# s6_rescan LETTERS: has s6-svscan look at its folder, with -aLETTERS. Exit code 1: none runs there.
s6_rescan() {
    s6-svscanctl "-a$1" "${scan_link%/*}" 2>/dev/null
}

# s6_reach: waits until an s6-supervise answers for the service.
s6_reach() {
    s6_supervised ||
        die 69 "cannot reach $sup_name: no s6-svscan runs for ${scan_link%/*}, or it did not start s6-supervise for it"
}

# s6_supervised: waits until an s6-supervise answers for the service, where an s6-svscan would start one.
# Exit code 1: none does.
s6_supervised() {
    s6_look
    [ "$sup_state" = none ] || return 0
    [ -z "$run_check" ] && scan_root && s6_rescan '' && scan_wait
}

# s6_up: tells s6-supervise to start the service.
s6_up() {
    s6-svc -u "$scan_link" || service_failed 's6-svc -u failed'
}

# s6_down: tells s6-supervise to leave the service down, and sends the signal that ends it: s6-supervise
# would send that to the one process, not to its group.
s6_down() {
    # It may have been stopped by a signal, and then has to continue, to end.
    s6-svc -Oc "$scan_link" || die 70 "cannot stop $sup_name: s6-svc -O failed"
    scan_not_dead
    [ -n "$sup_pid" ] || return 0
    group_kill "$scan_signal" "$sup_pid" || kill "-$scan_signal" "$sup_pid"
}

# s6_kill: kills the process of the service, or finish, which leads a group too.
s6_kill() {
    scan_kill
}

# s6_log: shows the end of the log.
s6_log() {
    log_tail "$scan_log_dir/current"
}

# s6_enabled: 0 when the service starts at boot.
# reads only
s6_enabled() {
    scan_enabled
}

# s6_enable: the service starts at boot. It is waited for before, where s6-svscan is about to take it up.
s6_enable() {
    [ -n "$run_image" ] || s6_supervised
    scan_enable
}

# s6_disable: it does not.
s6_disable() {
    scan_disable
}

# s6_link NAME SV_DIR SERVICE_DIR SECONDS FLAG: hands the service over to s6-svscan, which is given SECONDS to
# take it up. FLAG is that of the log's files.
# resource
s6_link() {
    drive s6 "$1" "$4"
    s6_service "$1" "$2" "$3"
    scan_hand_over "$5" s6-svc && return
    if scan_taken_up; then
        # No line is lost: s6-svscan holds the pipe.
        s6-svc -t "$scan_link/log" 2>/dev/null
    elif ! s6_supervised && s6_rescan ''; then
        die 70 "cannot configure $1: s6-svscan did not start s6-supervise for it within $4 seconds"
    fi
    flag_clear "$5"
}

# s6_unconfigure NAME SV_DIR SERVICE_DIR SECONDS LOG_DIR: takes the service, which is stopped, out of
# s6-svscan's hands, and removes what s6 and the functions above have made. Logs stay, unless run_purge is set.
# resource
s6_unconfigure() {
    drive s6 "$1" "$4"
    s6_service "$1" "$2" "$3" "$5"
    if scan_unlink; then
        if [ -z "$run_image" ] && command -v s6-svc >/dev/null 2>&1 && s6_exit; then
            scan_leave s6_exit
        fi
        scan_remove supervise event log/supervise log/event down
    fi
    scan_remove_log
}

# s6_exit: tells s6-supervise to leave the service, and its log. Exit code 1: it has left both.
s6_exit() {
    s6_exit_code=1
    if s6-svok "$scan_folder"; then
        # In this order s6-svscan closes its pipe to the log, which is read to its end.
        s6_rescan n || s6-svc -xd "$scan_folder"
        s6_exit_code=0
    fi
    if s6-svok "$scan_folder/log"; then
        if [ -n "$scan_late" ]; then
            s6-svc -xd "$scan_folder/log"
        else
            s6-svc -x "$scan_folder/log"
        fi
        s6_exit_code=0
    fi 2>/dev/null
    return "$s6_exit_code"
}
