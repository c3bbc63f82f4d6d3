# Services under runit. Functions set runit_folder (/etc/sv/NAME) and runit_service (/etc/service/NAME,
# the link to it).

# runit_service NAME SV_DIR SERVICE_DIR LOG_DIR SECONDS: where the service is, and how long runsvdir may take
# to see it.
# reads only
runit_service() {
    runit_folder=$2/$1 runit_service=$3/$1 runit_log_dir=$4 sup_patience=$5 sup_launcher='/bin/sh ./run'
}

# runit_installed: ends the run with 69 when runit is not installed.
# reads only
runit_installed() {
    command -v sv >/dev/null 2>&1 || die 69 "cannot find sv: runit is not installed (the phase install does it)"
}

# runit_configured: 0 when the service has its folder, and the link to it.
# reads only
runit_configured() {
    [ -f "$runit_folder/run" ] && [ -d "$runit_service" ]
}

# runit_look: asks runsv.
# reads only
runit_look() {
    sup_state=none sup_pid= sup_grace=3
    # run: /etc/service/x: (pid 12) 5s, normally down, want down; run: log: (pid 10) 5s
    runit_line=$(sv status "$runit_service" 2>/dev/null)
    case $runit_line in
        "run: $runit_service: "*) sup_state=run ;;
        "finish: $runit_service: "*) sup_state=dead ;;
        "down: $runit_service: "*) sup_state=down ;;
        *) return ;;
    esac
    runit_line=${runit_line#*": $runit_service: "}
    runit_line=${runit_line%%";"*}
    case $sup_state$runit_line in
        *", want down"* | *", want exit"*) [ "$sup_state" = down ] || sup_state=end ;;
        down*", want up"*) sup_state=begin ;;
    esac
    case $runit_line in
        "(pid "*)
            sup_pid=${runit_line#"(pid "}
            sup_pid=${sup_pid%%")"*}
            ;;
    esac
    # While finish runs, the process that it is about is gone.
    case $sup_state in dead) sup_pid= ;; esac
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
        die 69 "cannot reach $sup_name: no runsvdir runs for ${runit_service%/*}, or it did not start runsv for it"
}

# runit_supervised: waits until a runsv answers for the service, where a runsvdir would start one.
# Exit code 1: none does. Ends the run with 70 when it is not root's, whom alone runsv answers.
runit_supervised() {
    runit_look
    [ "$sup_state" = none ] || return 0
    [ -z "$run_check" ] && runit_runsvdir "${runit_service%/*}" || return 1
    [ "$(id -u)" = 0 ] || die 70 "cannot reach $sup_name: this needs root"
    clock
    runit_supervised_end=$((clock_now + sup_patience * 10))
    while [ "$clock_now" -lt "$runit_supervised_end" ]; do
        nap
        runit_look
        [ "$sup_state" = none ] || return 0
        clock
    done
    return 1
}

# runit_up: tells runsv to start the service.
runit_up() {
    sv up "$runit_service" >/dev/null || service_failed 'sv up failed'
}

# runit_down: tells runsv to stop the service.
runit_down() {
    sv down "$runit_service" >/dev/null || die 70 "cannot stop $sup_name: sv down failed"
}

# runit_kill: kills the process of the service, and what is left of its group. Not by sv kill: runsv
# runs finish once more for each that comes while finish runs.
runit_kill() {
    if [ -n "$sup_pid" ]; then
        group_kill KILL "$sup_pid" || kill -KILL "$sup_pid"
    fi
    if read -r runit_group <"$runit_folder/supervise/group"; then
        group_kill KILL "$runit_group"
    fi
}

# runit_log: shows the end of the log.
runit_log() {
    log_tail "$runit_log_dir/current"
}

# runit_enabled: 0 when the service starts at boot.
# reads only
runit_enabled() {
    [ ! -e "$runit_folder/down" ]
}

# runit_enable: the service starts at boot. Nothing happens now: runsv has looked for "down" already,
# since it is waited for where it will come.
runit_enable() {
    [ -n "$run_image" ] || runit_supervised
    runit_said=$(rm -f "$runit_folder/down" 2>&1) || file_failed "$runit_folder/down" "$runit_said"
}

# runit_disable: makes the file that keeps the service down at boot.
runit_disable() {
    runit_said=$({ : >"$runit_folder/down"; } 2>&1) || file_failed "$runit_folder/down" "$runit_said"
}

# runit_link NAME SV_DIR SERVICE_DIR SECONDS FLAG: hands the service over to runsvdir. A new one
# stays down, now and at boot: the file "down" is there before runsv sees its folder. FLAG is that of
# the log's files.
# resource
runit_link() {
    drive runit "$1" "$4"
    runit_service "$1" "$2" "$3" '' "$4"
    if [ -n "$looking" ]; then
        symbolic_link "$runit_folder" "$runit_service"
        return 0
    fi
    if ! in_place "$runit_service" && ! runit_linked; then
        if [ -z "$run_check" ]; then
            [ -d "$3" ] || die 69 "cannot find the folder $3: runit is not installed (the phase install does it)"
            [ -e "$runit_folder/down" ] || runit_disable
        fi
        symbolic_link "$runit_folder" "$runit_service"
    fi
    # runsv makes ok, a pipe, once it has taken the service up.
    if [ -p "$runit_folder/supervise/ok" ] && ! flagged "$5"; then
        return 0
    fi
    [ -z "$run_check" ] || return 0
    if [ -z "$run_image" ] && command -v sv >/dev/null 2>&1; then
        if [ -p "$runit_folder/supervise/ok" ]; then
            # Svlogd is started again, with its new files. No line is lost: runsv holds the pipe.
            sv term "$runit_service/log" >/dev/null 2>&1
        elif ! runit_supervised && runit_runsvdir "$3"; then
            die 70 "cannot configure $1: runsvdir did not start runsv for it within $4 seconds"
        fi
    fi
    flag_clear "$5"
}

# runit_linked: 0 when the service's link points to its folder.
# reads only
runit_linked() {
    [ -L "$runit_service" ] && link_is "$runit_folder" "$runit_service"
}

# runit_unconfigure NAME SV_DIR SERVICE_DIR SECONDS LOG_DIR: takes the service, which is stopped, out
# of runsvdir's hands, and removes what runsv and the functions above have made. Logs stay, unless
# run_purge is set.
# resource
runit_unconfigure() {
    drive runit "$1" "$4"
    runit_service "$1" "$2" "$3" '' "$4"
    # Somebody else may have a service of that name.
    if [ -n "$looking" ] || ! service_made "$runit_folder/run"; then
        return 0
    fi
    runit_left=
    for runit_made in "$runit_folder/supervise" "$runit_folder/log/supervise" "$runit_folder/down"; do
        if [ -e "$runit_made" ] || [ -L "$runit_made" ]; then
            runit_left=1
        fi
    done
    if [ -n "$runit_left" ] || runit_linked; then
        would "take $1 out of $3" && return 0
        if runit_linked; then
            runit_said=$(rm -f "$runit_service" 2>&1) || file_failed "$runit_service" "$runit_said"
        fi
        [ -n "$run_image" ] || runit_leave
        runit_said=$(rm -rf "$runit_folder/supervise" "$runit_folder/log/supervise" "$runit_folder/down" 2>&1) ||
            file_failed "$runit_folder" "$runit_said"
        note "removed $3/$1"
    fi
    set -- "$5/lock" "$5"/current "$5"/state "$5"/newstate "$5"/@*.[stu]
    [ -n "$run_purge" ] || set -- "$1" # an empty file
    for runit_made in "$@"; do
        [ ! -f "$runit_made" ] || remove_file "$runit_made"
    done
}

# runit_leave: after the link was removed, waits until runsv and svlogd are gone.
runit_leave() {
    [ -p "$runit_folder/supervise/ok" ] && command -v sv >/dev/null 2>&1 || return 0
    runit_service=$runit_folder
    clock
    runit_leave_end=$((clock_now + sup_patience * 10)) runit_leave_last=$((clock_now + sup_patience * 20))
    runit_look
    while [ "$sup_state" != none ]; do
        # Runsvdir would do it too, when it looks again.
        sv exit "$runit_service" >/dev/null 2>&1
        nap
        clock
        if [ "$clock_now" -ge "$runit_leave_last" ]; then
            die 70 "cannot remove $sup_name: runsv does not end"
        elif [ "$clock_now" -ge "$runit_leave_end" ]; then
            # A stray process of the service holds the pipe to the log.
            sv term "$runit_service/log" >/dev/null 2>&1
        fi
        runit_look
    done
}

