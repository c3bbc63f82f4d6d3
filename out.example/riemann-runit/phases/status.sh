# phases/status.sh of the bundle riemann-runit: tell whether it runs.
# Made by palletgen 0.1.0; ./run status reads it.

# clock: sets clock_now, tenths of a second since some moment in the past.
# may use: date
clock() {
    if [ -r /proc/uptime ]; then
        read -r clock_now clock_rest </proc/uptime
        clock_rest=${clock_now#*.}
        clock_now=${clock_now%%.*}${clock_rest%"${clock_rest#?}"}
    else
        # Without the leading digits: some shells calculate with 31 bits.
        clock_now=$(($(date +%s) % 100000000 * 10))
    fi
}

# nap: waits a tenth of a second; a whole one where sleep knows no fractions.
nap() {
    sleep 0.1 2>/dev/null || sleep 1
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

# process_stays PID SECONDS: 0 when the process that has PID now is still there after SECONDS.
process_stays() {
    process_start_time "$1" || return 1
    process_stays_start=$process_started
    clock
    process_stays_end=$((clock_now + $2 * 10))
    while process_alive "$1" "$process_stays_start"; do
        [ "$clock_now" -lt "$process_stays_end" ] || return 0
        nap
        clock
    done
    return 1
}

# runit_aged SECONDS: 0 when the process that runit_look has seen is SECONDS old, or gets so old.
runit_aged() {
    # sv counts the seconds that have begun: "1s" may be a tenth of one.
    [ "$runit_age" -gt "$1" ] || process_stays "$runit_pid" "$1"
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

# runit_status NAME SV_DIR SERVICE_DIR SECONDS: prints one line. Exit code: 0 running, 1 failing,
# 3 stopped, 4 not known. A process that is younger than SECONDS is watched until it is not.
runit_status() {
    if ! runit_configured "$1" "$2" "$3"; then
        printf '%s: not configured\n' "$1"
        return 4
    fi
    runit_look
    case "$runit_state $runit_want" in
        none*)
            if [ "$(id -u)" = 0 ]; then
                printf '%s: unknown, no runsv answers for it\n' "$1"
            else
                printf '%s: unknown, runsv tells only root\n' "$1"
            fi
            return 4
            ;;
        'down ' | 'finish down')
            printf '%s: stopped\n' "$1"
            return 3
            ;;
        run*)
            if runit_aged "$4"; then
                printf '%s: running, pid %s\n' "$1" "$runit_pid"
                return 0
            fi
            ;;
    esac
    printf '%s: failing, runsv starts it again and again\n' "$1"
    return 1
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

# from templates/supervisors/runit/status.sh.tmpl
status_riemann() {
    runit_status riemann /etc/sv /etc/service 1
}

status_riemann || worse $?
