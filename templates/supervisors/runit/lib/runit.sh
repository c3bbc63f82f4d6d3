# Services under runit. Where they are, and more: see scan_service.

# runit_service NAME SV_DIR SERVICE_DIR LOG_DIR SECONDS: where the service is, and how long runsvdir may take
# to see it.
# reads only
runit_service() {
    scan_service "$1" "$2" "$3" "$4" ''
    sup_patience=$5
}

# runit_installed: ends the run with 69 when runit is not installed.
# reads only
runit_installed() {
    command -v sv >/dev/null 2>&1 || die 69 "cannot find sv: runit is not installed (the phase install does it)"
}

# runit_configured: 0 when the service has its folder, and the link to it.
# reads only
runit_configured() {
    scan_configured
}

# runit_look: asks runsv.
# reads only
runit_look() {
    sup_state=none sup_pid= sup_grace=3
    # run: /etc/service/x: (pid 12) 5s, normally down, want down; run: log: (pid 10) 5s
    runit_said=$(sv status "$scan_link" 2>/dev/null)
    case $runit_said in
        "run: $scan_link: "*) sup_state=run ;;
        "finish: $scan_link: "*) sup_state=begin ;; # of what comes next, or of its end: see below
        "down: $scan_link: "*) sup_state=down ;;
        *) return ;;
    esac
    runit_line=${runit_said#*": $scan_link: "}
    runit_line=${runit_line%%";"*}
    case $sup_state$runit_line in
        *", want down"* | *", want exit"*) [ "$sup_state" = down ] || sup_state=end ;;
        down*", want up"*) sup_state=begin ;;
    esac
    case $sup_state in
        down) ! scan_dead || sup_state=dead ;;
    esac
    case $runit_said in
        "run: "*)
            sup_pid=${runit_line#"(pid "}
            sup_pid=${sup_pid%%")"*}
            ;;
    esac
}

# runit_runsvdir FOLDER: 0 when a runsvdir looks after FOLDER.
runit_runsvdir() {
    runit_runsvdir_real=$(cd "$1" 2>/dev/null && pwd -P) || return 1
    for runit_runsvdir_process in /proc/[0-9]*; do
        { read -r runit_runsvdir_comm <"$runit_runsvdir_process/comm"; } 2>/dev/null || continue
        [ "$runit_runsvdir_comm" = runsvdir ] || continue
        if tr '\000' '\n' <"$runit_runsvdir_process/cmdline" | (
            while IFS= read -r runit_runsvdir_word; do
                case $runit_runsvdir_word in
                    /*) [ "$(cd "$runit_runsvdir_word" 2>/dev/null && pwd -P)" != "$runit_runsvdir_real" ] || exit 0 ;;
                esac
            done
            exit 1
        ); then
            return 0
        fi
    done
    return 1
}

# runit_reach: waits until a runsv answers for the service, where a runsvdir would start one.
runit_reach() {
    runit_supervised ||
        die 69 "cannot reach $sup_name: no runsvdir runs for ${scan_link%/*}, or it did not start runsv for it"
}

# runit_supervised: waits until a runsv answers for the service, where a runsvdir would start one.
# Exit code 1: none does.
runit_supervised() {
    runit_look
    [ "$sup_state" = none ] || return 0
    [ -z "$run_check" ] && runit_runsvdir "${scan_link%/*}" && scan_root && scan_wait
}

# runit_up: tells runsv to start the service.
runit_up() {
    scan_not_dead
    sv up "$scan_link" >/dev/null || service_failed 'sv up failed'
}

# runit_down: tells runsv to stop the service.
runit_down() {
    sv down "$scan_link" >/dev/null || die 70 "cannot stop $sup_name: sv down failed"
    scan_not_dead
}

# runit_kill: kills the process of the service, and what is left of its group. Not by sv kill: runsv
# runs finish once more for each that comes while finish runs.
runit_kill() {
    scan_kill
}

# runit_log: shows the end of the log.
runit_log() {
    log_tail "$scan_log_dir/current"
}

# runit_enabled: 0 when the service starts at boot.
# reads only
runit_enabled() {
    scan_enabled
}

# runit_enable: the service starts at boot. It is waited for before, where runsvdir is about to take it up.
runit_enable() {
    [ -n "$run_image" ] || runit_supervised
    scan_enable
}

# runit_disable: it does not.
runit_disable() {
    scan_disable
}

# runit_link NAME SV_DIR SERVICE_DIR SECONDS FLAG: hands the service over to runsvdir. FLAG is that of the
# log's files.
# resource
runit_link() {
    drive runit "$1" "$4"
    runit_service "$1" "$2" "$3" '' "$4"
    [ -n "$looking$run_check" ] || [ -d "$3" ] ||
        die 69 "cannot find the folder $3: runit is not installed (the phase install does it)"
    scan_hand_over "$5" sv && return
    if scan_taken_up; then
        # Svlogd is started again, with its new files. No line is lost: runsv holds the pipe.
        sv term "$scan_link/log" >/dev/null 2>&1
    elif ! runit_supervised && runit_runsvdir "$3"; then
        die 70 "cannot configure $1: runsvdir did not start runsv for it within $4 seconds"
    fi
    flag_clear "$5"
}

# runit_unconfigure NAME SV_DIR SERVICE_DIR SECONDS LOG_DIR: takes the service, which is stopped, out
# of runsvdir's hands, and removes what runsv and the functions above have made. Logs stay, unless
# run_purge is set.
# resource
runit_unconfigure() {
    drive runit "$1" "$4"
    runit_service "$1" "$2" "$3" "$5" "$4"
    if scan_unlink; then
        # Runsvdir would have runsv exit too, when it looks again.
        scan_link=$scan_folder
        if [ -z "$run_image" ] && command -v sv >/dev/null 2>&1 && runit_exit; then
            scan_leave runit_exit
        fi
        scan_link=$3/$1
        scan_remove supervise log/supervise down
    fi
    scan_remove_log
}

# runit_exit: tells runsv to leave the service. Exit code 1: it has, and its log too.
runit_exit() {
    runit_look
    [ "$sup_state" != none ] || return
    sv exit "$scan_link" >/dev/null 2>&1
    [ -z "$scan_late" ] || sv term "$scan_link/log" >/dev/null 2>&1
}
