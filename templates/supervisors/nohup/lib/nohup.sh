# Services as plain background processes. Functions set nohup_name, nohup_folder (where launch
# is) and nohup_file (the pid file: pid, start time, id of the boot; launch writes it).

# nohup_find NAME NOHUP_DIR RUN_DIR: what all others here are about. Ends the run with 78 when it
# is not configured.
nohup_find() {
    nohup_configured "$1" "$2" "$3" ||
        die 78 "$1 is not configured on this host; run ./run configure first"
}

# nohup_configured NAME NOHUP_DIR RUN_DIR: 0 when the service has its folder, whole.
nohup_configured() {
    nohup_name=$1 nohup_folder=$2/$1 nohup_file=$3/$1.pid
    [ -f "$nohup_folder/configured" ]
}

# nohup_configure NAME NOHUP_DIR RUN_DIR: after all else is there.
nohup_configure() {
    nohup_configured "$1" "$2" "$3" || { : >"$nohup_folder/configured"; } 2>/dev/null ||
        die 70 "cannot make $nohup_folder/configured (does this run as root?)"
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

# nohup_up SIGNAL SECONDS: starts the service. What a process that ended has left of its group is
# ended first, as nohup_end does it.
# may use: env
nohup_up() {
    nohup_root start
    nohup_look
    nohup_end "$1" "$2"
    nohup_said=$({ rm -f "$nohup_file" && mkdir -p "${nohup_file%/*}"; } 2>&1) || file_failed "$nohup_file" "$nohup_said"
    # The first setsid leads a group, so that the second has to fork: nobody waits for launch,
    # and unlike with & it does not ignore INT and QUIT. Where env can, it makes it ignore nothing
    # that the caller of this run does.
    if env --default-signal true 2>/dev/null; then
        env --default-signal setsid setsid /bin/sh "$nohup_folder/launch" </dev/null
    else
        setsid setsid /bin/sh "$nohup_folder/launch" </dev/null
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
    printf '%s: warning: cannot %s %s: nohup starts nothing when the host boots\n' \
        "$bundle_name" "$1" "$nohup_name" >&2
}

# nohup_status NAME NOHUP_DIR RUN_DIR: prints one line. Exit code: 0 running, 1 failing, 3 stopped,
# 4 not known.
nohup_status() {
    if ! nohup_configured "$1" "$2" "$3"; then
        printf '%s: not configured\n' "$1"
        return 4
    fi
    nohup_look
    case $nohup_state in
        run)
            printf '%s: running, pid %s\n' "$1" "$nohup_pid"
            return 0 # also where nobody reads that
            ;;
        dead)
            printf '%s: failing, its process %s ended\n' "$1" "$nohup_pid"
            return 1
            ;;
        *)
            printf '%s: stopped\n' "$1"
            return 3
            ;;
    esac
}
