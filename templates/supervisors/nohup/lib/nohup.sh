# Services as plain background processes. Functions set nohup_name, nohup_folder (where launch
# is) and nohup_file (the pid file: pid, start time, id of the boot).
# Launch may still be under way when the run that called it was killed. So it writes the pid file in
# the folder nohup_file.RUN, which is its leave to start the service, and moves it out of there.
# Whoever takes that folder away first knows that nothing more will come of it.

# nohup_find NAME NOHUP_DIR RUN_DIR: what all others here are about. Ends the run with 78 when it
# is not configured.
nohup_find() {
    [ -n "$run_image" ] || [ -r /proc/sys/kernel/random/boot_id ] ||
        die 69 "cannot tell how $1 is: /proc is not mounted"
    nohup_configured "$1" "$2" "$3" ||
        die 78 "$1 is not configured on this host; run ./run configure first"
}

# nohup_configured NAME NOHUP_DIR RUN_DIR: 0 when the service has its folder, whole.
nohup_configured() {
    nohup_name=$1 nohup_folder=$2/$1 nohup_file=$3/$1.pid
    [ -f "$nohup_folder/configured" ]
}

# nohup_configure NAME NOHUP_DIR RUN_DIR: after all else is there.
# resource
nohup_configure() {
    [ -z "$looking" ] || return 0
    nohup_configured "$1" "$2" "$3" && return 0
    would "configure $nohup_name" && return 0
    nohup_said=$({ : >"$nohup_folder/configured"; } 2>&1) || file_failed "$nohup_folder/configured" "$nohup_said"
    note "configured $nohup_name"
}

# nohup_unconfigure NAME NOHUP_DIR RUN_DIR LOG: removes what the functions here have made for the
# service, which is stopped. LOG and the older ones beside it stay, unless run_purge is set.
# resource
nohup_unconfigure() {
    nohup_configured "$1" "$2" "$3"
    # Somebody else may have a service of that name.
    if [ -n "$looking" ] || ! service_made "$nohup_folder/launch"; then
        return 0
    fi
    if [ -e "$nohup_folder/configured" ] || [ -e "$nohup_file" ]; then
        would "remove $nohup_folder/configured" && return 0
        nohup_revoke
        nohup_said=$(rm -f "$nohup_folder/configured" "$nohup_file" 2>&1) || file_failed "$nohup_folder" "$nohup_said"
        note "removed $nohup_folder/configured"
    fi
    # Other services may have theirs there.
    [ -n "$run_check" ] || [ ! -d "$3" ] || rmdir "$3" 2>/dev/null
    [ -n "$run_purge" ] || return 0
    for nohup_log in "$4" "$4".[0-9]*; do
        [ ! -f "$nohup_log" ] || remove_file "$nohup_log"
    done
}

# nohup_root ACTION: ends the run with 70 when it is not root's, who alone can do ACTION.
nohup_root() {
    [ "$(id -u)" = 0 ] || die 70 "cannot $1 $nohup_name: this needs root"
}

# nohup_look: sets nohup_state to run, dead (it ended by itself) or down, nohup_pid and nohup_start.
nohup_look() {
    nohup_state=down nohup_pid= nohup_start=
    [ -f "$nohup_file" ] || return 0
    read -r nohup_pid nohup_start nohup_boot <"$nohup_file"
    read -r nohup_booted </proc/sys/kernel/random/boot_id
    case $nohup_pid in
        '' | *[!0-9]*) return 0 ;;
    esac
    # A boot ends every process, and then nobody has started it since.
    [ "$nohup_boot" = "$nohup_booted" ] || return 0
    if process_alive "$nohup_pid" "$nohup_start"; then
        nohup_state=run
    else
        nohup_state=dead
    fi
}

# nohup_running: 0 when the service's process is there.
nohup_running() {
    nohup_look
    [ "$nohup_state" = run ]
}

# nohup_end SIGNAL SECONDS: ends the process group of the service, where one is left. After
# SECONDS it is killed.
nohup_end() {
    case $nohup_state in
        down) return 0 ;;
        dead)
            # While a group lives, no other process gets its number as a pid: who has it now,
            # with another start time, is a stranger, and the group is gone.
            if process_start_time "$nohup_pid" && [ "$process_started" != "$nohup_start" ]; then
                return 0
            fi
            ;;
    esac
    group_end "$1" "$nohup_pid" "$2" ||
        die 70 "cannot stop $nohup_name: a process of the group $nohup_pid withstands"
}

# nohup_revoke: after this, no launch of a run that was killed will start the service any more: it has
# started it by now, or never will.
nohup_revoke() {
    for nohup_leave in "$nohup_file".[0-9]*; do
        [ -d "$nohup_leave" ] || continue
        # It may be writing in there.
        nohup_said=$(rm -rf "$nohup_leave" 2>&1) || nohup_said=$(rm -rf "$nohup_leave" 2>&1) ||
            file_failed "$nohup_leave" "$nohup_said"
    done
}

# nohup_up SIGNAL SECONDS: starts the service. What a process that ended has left of its group is
# ended first, as nohup_end does it.
# may use: env
nohup_up() {
    would "start $nohup_name" && return 0
    nohup_root start
    nohup_revoke
    nohup_look
    if [ "$nohup_state" = run ]; then
        service_ran=yes # a run that was killed has started it
        return
    fi
    nohup_end "$1" "$2"
    nohup_leave=$nohup_file.$$
    nohup_said=$({ rm -f "$nohup_file" && mkdir -p "$nohup_leave"; } 2>&1) || file_failed "$nohup_file" "$nohup_said"
    # The first setsid leads a group, so that the second has to fork: nobody waits for launch,
    # and unlike with & it does not ignore INT and QUIT. Where env can, it makes it ignore nothing
    # that the caller of this run does.
    if env --default-signal true 2>/dev/null; then
        env --default-signal setsid setsid /bin/sh "$nohup_folder/launch" "$nohup_leave" </dev/null
    else
        setsid setsid /bin/sh "$nohup_folder/launch" "$nohup_leave" </dev/null
    fi
}

# nohup_wait: waits a little, and looks whether the service is still coming up.
nohup_wait() {
    nap
    nohup_look
    case $nohup_state in
        run) service_seen "$nohup_pid" ;;
        dead) service_failed "its process $nohup_pid ended" ;;
        *) service_seen '' ;;
    esac
}

# nohup_down SIGNAL SECONDS: stops the service; no process of its group is left.
nohup_down() {
    would "stop $nohup_name" && return 0
    nohup_revoke
    nohup_look
    if [ "$nohup_state" != down ]; then
        nohup_root stop
        nohup_end "$1" "$2"
        note "stopped $nohup_name"
    fi
    if [ -e "$nohup_file" ]; then
        nohup_said=$(rm -f "$nohup_file" 2>&1) || file_failed "$nohup_file" "$nohup_said"
    fi
}

# nohup_signal SIGNAL: sends SIGNAL to the process that nohup_running has seen.
nohup_signal() {
    nohup_root reload
    kill "-$1" "$nohup_pid" || die 70 "$nohup_name is not running"
}

# nohup_no_boot ACTION: says that there is nothing to enable or disable.
nohup_no_boot() {
    warn "cannot $1 $nohup_name: nohup starts nothing when the host boots"
}

# nohup_status NAME NOHUP_DIR RUN_DIR: prints one line. Exit code: 0 running, 1 failing, 3 stopped,
# 4 not known.
nohup_status() {
    if ! nohup_configured "$1" "$2" "$3"; then
        say_status "$1" unconfigured '' 'not configured'
        return 4
    elif [ -n "$run_image" ]; then
        say_status "$1" stopped '' 'stopped, nothing runs in an image'
        return 3
    elif [ ! -r /proc/sys/kernel/random/boot_id ]; then
        say_status "$1" unknown '' 'unknown, /proc is not mounted'
        return 4
    fi
    nohup_look
    case $nohup_state in
        run)
            say_status "$1" running "$nohup_pid" ''
            return 0 # also where nobody reads that
            ;;
        dead)
            say_status "$1" failing '' "failing, its process $nohup_pid ended"
            return 1
            ;;
        *)
            say_status "$1" stopped '' ''
            return 3
            ;;
    esac
}
