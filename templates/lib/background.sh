# Services that run in the background and that nobody looks after: the parts of supervisors that work like
# that. A script launch (templates/partials/launch.sh.tmpl) becomes the service.
#
# The pid file says which process it is: pid, start time, id of the boot, and the number of its session where
# the kernel gives each its own. Launch may still be under way when the run that called it was killed. So
# it writes the file in the folder PIDFILE.RUN, which is its leave to start the service, and takes that folder
# away when it is done. Whoever takes it away first knows that nothing more will come of it.

# background_service FOLDER PIDS SIGNAL: where launch and the pid file are, and what ends the service.
# reads only
background_service() {
    background_folder=$1 background_file=$2/$sup_name.pid background_signal=$3 background_stops=
    sup_launcher="/bin/sh $1/"
}

# background_look: looks at the process that the pid file names. After background_down it removes the file of one
# that is gone.
background_look() {
    sup_state=none sup_pid= background_pid= background_start=
    { read -r background_booted </proc/sys/kernel/random/boot_id; } 2>/dev/null || return 0
    sup_state=down
    if [ -f "$background_file" ]; then
        # A boot ends every process, and then nobody has started it since.
        read -r background_pid background_start background_boot background_session <"$background_file"
        [ "$background_boot" = "$background_booted" ] || background_pid=
        case $background_pid in *[!0-9]*) background_pid= ;; esac
    fi
    if [ -n "$background_pid" ]; then
        if process_alive "$background_pid" "$background_start"; then
            sup_state=run sup_pid=$background_pid
            return
        fi
        sup_state=dead
        [ -z "$background_stops" ] || background_gone
    fi
    for background_leave in "$background_file".[0-9]*; do
        [ ! -d "$background_leave" ] || sup_state=begin
    done
}

# background_gone: after background_down, what the process has left: sup_state is end while its group is there.
background_gone() {
    sup_state=end
    background_left && return
    background_remove "$background_file"
    sup_state=down
}

# background_left: 0 when the process that ended has left others of its group.
# reads only
background_left() {
    # While a group lives, no other process gets its number as a pid: who has it now, with another start
    # time, is a stranger, and the group is gone.
    if process_start_time "$background_pid" && [ "$process_started" != "$background_start" ]; then
        return 1
    fi
    group_alive "$background_pid" || return 1
    # The stranger may have ended too, and have left a group of that number.
    background_group=$background_session
    { read -r background_group <"${group_alive_file%stat}autogroup"; } 2>/dev/null
    [ "${background_group%% *}" = "$background_session" ]
}

# background_reach: ends the run: without /proc nothing can be told of processes.
background_reach() {
    die 69 "cannot tell how $sup_name is: /proc is not mounted"
}

# background_root ACTION: ends the run with 70 when it is not root's, who alone can do ACTION.
background_root() {
    [ "$(id -u)" = 0 ] || die 70 "cannot $1 $sup_name: this needs root"
}

# background_revoke: after this, no launch of a run that was killed will start the service any more: it has
# started it by now, or never will.
background_revoke() {
    for background_leave in "$background_file".[0-9]*; do
        [ -d "$background_leave" ] || continue
        # It may be writing in there.
        rm -rf "$background_leave" 2>/dev/null || background_remove "$background_leave"
    done
}

# background_remove PATH
background_remove() {
    background_said=$(rm -rf "$1" 2>&1) || file_failed "$1" "$background_said"
}

# background_up: starts the service, which is down.
# may use: env
background_up() {
    background_root start
    background_stops= background_leave=$background_file.$$
    background_said=$({ rm -f "$background_file" && mkdir -p "$background_leave"; } 2>&1) ||
        file_failed "$background_file" "$background_said"
    # The first setsid leads a group, so that the second has to fork: nobody waits for launch,
    # and unlike with & it does not ignore INT and QUIT. Where env can, it makes it ignore nothing
    # that the caller of this run does.
    if env --default-signal true 2>/dev/null; then
        env --default-signal setsid setsid /bin/sh "$background_folder/launch" "$background_leave" </dev/null
    else
        setsid setsid /bin/sh "$background_folder/launch" "$background_leave" </dev/null
    fi
}

# background_down: tells the process, and what it has left of its group, to end.
background_down() {
    background_root stop
    background_revoke
    background_look
    background_stops=1
    case $sup_state in
        run) ;;
        dead) background_left || return 0 ;;
        *) return 0 ;;
    esac
    group_kill "$background_signal" "$background_pid" 2>/dev/null
    return 0
}

# background_kill: kills what is left.
background_kill() {
    group_kill KILL "$background_pid"
}

# background_unconfigure LAUNCH PIDS NAME LOG: removes what the functions here have made for the service NAME,
# which is stopped. LOG and the older ones beside it stay, unless run_purge is set.
# resource
background_unconfigure() {
    # Somebody else may have a service of that name.
    if [ -n "$looking" ] || ! service_made "$1"; then
        return 0
    fi
    background_file=$2/$3.pid
    if [ -e "$background_file" ]; then
        would "remove $background_file" && return 0
        background_remove "$background_file"
        note "removed $background_file"
    fi
    if [ -z "$run_check" ]; then
        background_revoke
        # Other services may have theirs there.
        [ ! -d "$2" ] || rmdir "$2" 2>/dev/null
    fi
    [ -n "$run_purge" ] || return 0
    for background_log in "$4" "$4".[0-9]*; do
        [ ! -f "$background_log" ] || remove_file "$background_log"
    done
}
