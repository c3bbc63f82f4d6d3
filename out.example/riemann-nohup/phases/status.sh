# phases/status.sh of the bundle riemann-nohup: tell whether it runs.
# Made by palletgen 0.1.0; ./run status reads it.

# nohup_configured NAME NOHUP_DIR RUN_DIR: 0 when the service has its folder, whole.
nohup_configured() {
    nohup_name=$1 nohup_folder=$2/$1 nohup_file=$3/$1.pid
    [ -f "$nohup_folder/configured" ]
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

# worse CODE: makes the status code CODE the run's result, unless that is worse already.
# From bad to good: 1 dead or failing, 4 unknown, 3 stopped, 0 running.
worse() {
    case "$1 $result" in
        *1*) result=1 ;;
        *4*) result=4 ;;
        *3*) result=3 ;;
    esac
}

# from templates/supervisors/nohup/status.sh.tmpl
status_riemann() {
    nohup_status riemann /var/lib/palletgen-nohup /run/palletgen
}

status_riemann || worse $?
