# phases/reload.sh of the bundle riemann-nohup: make it read its configuration again.
# Made by palletgen 0.1.0; ./run reload reads it.

# die CODE MESSAGE: prints MESSAGE on stderr and ends the run with exit code CODE.
# Not inside $( ) or ( ): there it would end only the subshell.
die() {
    printf '%s: %s\n' "$bundle_name" "$2" >&2
    exit "$1"
}

# nohup_configured NAME NOHUP_DIR RUN_DIR: 0 when the service has its folder, whole.
nohup_configured() {
    nohup_name=$1 nohup_folder=$2/$1 nohup_file=$3/$1.pid
    [ -f "$nohup_folder/configured" ]
}

# nohup_find NAME NOHUP_DIR RUN_DIR: what all others here are about. Ends the run with 78 when it
# is not configured.
nohup_find() {
    nohup_configured "$1" "$2" "$3" ||
        die 78 "$1 is not configured on this host; run ./run configure first"
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

# nohup_root ACTION: ends the run with 70 when it is not root's, who alone can do ACTION.
nohup_root() {
    [ "$(id -u)" = 0 ] || die 70 "cannot $1 $nohup_name: this needs root"
}

# nohup_running: 0 when the service's process is there.
nohup_running() {
    nohup_look
    [ "$nohup_state" = run ]
}

# nohup_signal SIGNAL: sends SIGNAL to the process that nohup_running has seen.
nohup_signal() {
    nohup_root reload
    kill "-$1" "$nohup_pid" || die 70 "$nohup_name is not running"
}

# note MESSAGE: says what was changed on this host, and counts it.
note() {
    printf '%s\n' "$1"
    changed=$((changed + 1))
}

# process_alive PID START: 0 when the process PID that was started at START (see
# process_start_time) still runs, else 1.
process_alive() {
    process_start_time "$1" && [ "$process_started" = "$2" ]
}

# process_start_time PID: sets process_started to when PID was started; it names the process together
# with PID, which may be used again. Exit code 1: no such process, or a zombie.
# may use: ps
process_start_time() {
    process_started= process_line=
    if [ -r /proc/self/stat ]; then
        # A process may have a newline in its name, so the record may have several lines.
        [ -r "/proc/$1/stat" ] && {
            while read -r process_part; do
                process_line="$process_line $process_part"
            done <"/proc/$1/stat"
        } 2>/dev/null
        # Behind the name in parentheses: field 3 is the state, field 22 the start time in ticks.
        # shellcheck disable=SC2086
        set -- ${process_line##*") "}
        case ${1:-Z} in Z | X) return 1 ;; esac
        process_started=${20}
    else
        process_line=$(ps -o stat= -o lstart= -p "$1") || return 1
        # shellcheck disable=SC2086
        set -- $process_line
        case ${1:-Z} in Z*) return 1 ;; esac
        shift
        process_started=$*
    fi
}

# from templates/supervisors/nohup/reload.sh.tmpl
reload_riemann() {
    nohup_find riemann /var/lib/palletgen-nohup /run/palletgen
    nohup_running || die 70 "riemann is not running"
    nohup_signal HUP
    note "reloaded riemann"
}

reload_riemann || die 70 'reload_riemann failed'
