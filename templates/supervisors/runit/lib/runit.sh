# Services under runit. Functions set runit_name, runit_folder (/etc/sv/NAME) and runit_service
# (/etc/service/NAME, the link to it).

# runit_find NAME SV_DIR SERVICE_DIR SECONDS: what all others here are about. Ends the run with 78
# when it is not configured, with 69 when runit is not installed. SECONDS is how long runsvdir may
# take to see a service.
runit_find() {
    runit_patience=$4
    # In an image nobody asks it.
    [ -n "$run_image" ] || command -v sv >/dev/null 2>&1 ||
        die 69 "cannot find sv: runit is not installed (the phase install does it)"
    runit_configured "$1" "$2" "$3" ||
        die 78 "$1 is not configured on this host; run ./run configure first"
}

# runit_configured NAME SV_DIR SERVICE_DIR: 0 when the service has its folder, and the link to it.
runit_configured() {
    runit_name=$1 runit_folder=$2/$1 runit_service=$3/$1
    [ -f "$runit_folder/run" ] && [ -d "$runit_service" ]
}

# runit_look: sets runit_state to run, finish, down, or none when no runsv is there; runit_want to
# up, down or '', where it differs; runit_pid; runit_age, for how many seconds it has been so.
runit_look() {
    runit_state=none runit_want= runit_pid= runit_age=
    # run: /etc/service/x: (pid 12) 5s, normally down, want down; run: log: (pid 10) 5s
    runit_line=$(sv status "$runit_service" 2>/dev/null)
    case $runit_line in
        "run: $runit_service: "*) runit_state=run ;;
        "finish: $runit_service: "*) runit_state=finish ;;
        "down: $runit_service: "*) runit_state=down ;;
        *) return ;;
    esac
    runit_line=${runit_line#"$runit_state: $runit_service: "}
    runit_line=${runit_line%%";"*}
    case $runit_line in
        "(pid "*)
            runit_pid=${runit_line#"(pid "}
            runit_pid=${runit_pid%%")"*}
            runit_line=${runit_line#*") "}
            ;;
    esac
    runit_age=${runit_line%%s*}
    case $runit_line in
        *", want up"*) runit_want=up ;;
        *", want down"* | *", want exit"*) runit_want=down ;;
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

# runit_supervised: waits until a runsv answers for the service, where a runsvdir would start one.
# Exit code 1: none does. Ends the run with 70 when it is not root's, whom alone runsv answers.
# Leaves what runit_look sets.
runit_supervised() {
    runit_look
    [ "$runit_state" = none ] || return 0
    [ -z "$run_check" ] && runit_runsvdir "${runit_service%/*}" || return 1
    [ "$(id -u)" = 0 ] || die 70 "cannot reach $runit_name: this needs root"
    clock
    runit_supervised_end=$((clock_now + runit_patience * 10))
    while [ "$clock_now" -lt "$runit_supervised_end" ]; do
        nap
        runit_look
        [ "$runit_state" = none ] || return 0
        clock
    done
    return 1
}

# runit_required: runit_supervised, or the end of the run with 69.
runit_required() {
    runit_supervised ||
        die 69 "cannot reach $runit_name: no runsvdir runs for ${runit_service%/*}, or it did not start runsv for it"
}

# runit_link NAME SV_DIR SERVICE_DIR SECONDS FLAG: hands the service over to runsvdir. A new one
# stays down, now and at boot: the file "down" is there before runsv sees its folder. FLAG is that of
# the log's files.
# resource
runit_link() {
    runit_patience=$4
    runit_configured "$1" "$2" "$3"
    if [ -n "$looking" ]; then
        symbolic_link "$runit_folder" "$runit_service"
        return 0
    fi
    if ! in_place "$runit_service" && ! runit_linked; then
        if [ -z "$run_check" ]; then
            [ -d "$3" ] || die 69 "cannot find the folder $3: runit is not installed (the phase install does it)"
            [ -e "$runit_folder/down" ] || runit_make_down
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

# runit_make_down: makes the file that keeps the service down at boot.
runit_make_down() {
    runit_said=$({ : >"$runit_folder/down"; } 2>&1) || file_failed "$runit_folder/down" "$runit_said"
}

# runit_enable: the service starts at boot. Nothing happens now: runsv has looked for "down"
# already, since it is waited for where it will come.
runit_enable() {
    [ -e "$runit_folder/down" ] || return 0
    would "enable $runit_name" && return 0
    [ -n "$run_image" ] || runit_supervised
    runit_said=$(rm -f "$runit_folder/down" 2>&1) || file_failed "$runit_folder/down" "$runit_said"
    note "enabled $runit_name"
}

# runit_disable: the service does not start at boot. The process that runs is left alone.
runit_disable() {
    [ ! -e "$runit_folder/down" ] || return 0
    would "disable $runit_name" && return 0
    runit_make_down
    note "disabled $runit_name"
}

# runit_unconfigure NAME SV_DIR SERVICE_DIR SECONDS LOG_DIR: takes the service, which is stopped, out
# of runsvdir's hands, and removes what runsv and the functions above have made. Logs stay, unless
# run_purge is set.
# resource
runit_unconfigure() {
    runit_patience=$4
    runit_configured "$1" "$2" "$3"
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
    runit_leave_end=$((clock_now + runit_patience * 10)) runit_leave_last=$((clock_now + runit_patience * 20))
    runit_look
    while [ "$runit_state" != none ]; do
        # Runsvdir would do it too, when it looks again.
        sv exit "$runit_service" >/dev/null 2>&1
        nap
        clock
        if [ "$clock_now" -ge "$runit_leave_last" ]; then
            die 70 "cannot remove $runit_name: runsv does not end"
        elif [ "$clock_now" -ge "$runit_leave_end" ]; then
            # A stray process of the service holds the pipe to the log.
            sv term "$runit_service/log" >/dev/null 2>&1
        fi
        runit_look
    done
}

# runit_running SECONDS: 0 when the service runs, by a process that is SECONDS old or gets so old.
runit_running() {
    runit_required
    [ "$runit_state $runit_want" = 'run ' ] || return 1
    runit_aged "$1"
}

# runit_aged SECONDS: 0 when the process that runit_look has seen is SECONDS old, or gets so old.
runit_aged() {
    # sv counts the seconds that have begun: "1s" may be a tenth of one.
    [ "$runit_age" -gt "$1" ] || process_stays "$runit_pid" "$1"
}

# runit_up SECONDS: starts the service. One that runsv starts again and again, or that somebody is
# stopping, is brought down first, as runit_down does it.
runit_up() {
    would "start $runit_name" && return 0
    runit_required
    runit_end "$1"
    runit_gap=
    sv up "$runit_service" >/dev/null || service_failed 'sv up failed'
}

# runit_wait: waits a little, and looks whether the service is still coming up.
runit_wait() {
    nap
    runit_look
    case "$runit_state $runit_want" in
        run*) service_seen "$runit_pid" ;;
        finish*) service_failed 'its process ended' ;;
        *)
            # runsv may sleep for a second before it obeys; once it has, a process that it does not
            # have has ended already.
            service_seen ''
            : "${runit_gap:=$clock_now}"
            case $runit_want in
                up) runit_gap_end=$((runit_gap + 3)) ;;
                *) runit_gap_end=$((runit_gap + 25)) ;;
            esac
            [ "$clock_now" -lt "$runit_gap_end" ] || service_failed 'its process ended'
            ;;
    esac
}

# runit_down SECONDS: stops the service, in a crash loop too; no process of its group is left.
# After SECONDS it is killed.
runit_down() {
    runit_required
    [ "$runit_state $runit_want" != 'down ' ] || return 0
    would "stop $runit_name" && return 0
    runit_end "$1"
    note "stopped $runit_name"
}

# runit_end SECONDS: what runit_down does, after a look, without a word.
runit_end() {
    [ "$runit_state $runit_want" != 'down ' ] || return 0
    sv down "$runit_service" >/dev/null || die 70 "cannot stop $runit_name: sv down failed"
    clock
    runit_end_time=$((clock_now + $1 * 10))
    runit_look
    # Until "want up" is gone, too: a start before that would be lost.
    while [ "$runit_state $runit_want" != 'down ' ]; do
        clock
        if [ "$clock_now" -ge "$((runit_end_time + runit_patience * 10))" ]; then
            die 70 "cannot stop $runit_name: it is still in the state $runit_state"
        elif [ "$clock_now" -ge "$runit_end_time" ]; then
            runit_kill
        fi
        nap
        runit_look
    done
}

# runit_kill: kills the process of the service, and what is left of its group. Not by sv kill: runsv
# runs finish once more for each that comes while finish runs.
runit_kill() {
    if [ "$runit_state" = run ]; then
        group_kill KILL "$runit_pid" || kill -KILL "$runit_pid"
    elif read -r runit_group <"$runit_folder/supervise/group"; then
        group_kill KILL "$runit_group"
    fi 2>/dev/null
}

# runit_signal SIGNAL: sends SIGNAL to the process of the service that runit_running has seen.
runit_signal() {
    kill "-$1" "$runit_pid" || die 70 "$runit_name is not running"
}

# runit_status NAME SV_DIR SERVICE_DIR SECONDS: prints one line. Exit code: 0 running, 1 failing,
# 3 stopped, 4 not known. A process that is younger than SECONDS is watched until it is not.
runit_status() {
    if ! runit_configured "$1" "$2" "$3"; then
        say_status "$1" unconfigured '' 'not configured'
        return 4
    elif [ -n "$run_image" ]; then
        say_status "$1" stopped '' 'stopped, nothing runs in an image'
        return 3
    fi
    runit_look
    case "$runit_state $runit_want" in
        none*)
            if [ "$(id -u)" = 0 ]; then
                say_status "$1" unknown '' 'unknown, no runsv answers for it'
            else
                say_status "$1" unknown '' 'unknown, runsv tells only root'
            fi
            return 4
            ;;
        'down ' | 'finish down')
            say_status "$1" stopped '' ''
            return 3
            ;;
        run*)
            if runit_aged "$4"; then
                say_status "$1" running "$runit_pid" ''
                return 0 # also where nobody reads that
            fi
            ;;
    esac
    say_status "$1" failing '' 'failing, runsv starts it again and again'
    return 1
}
