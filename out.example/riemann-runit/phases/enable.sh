# phases/enable.sh of the bundle riemann-runit: start it when the host boots.
# Made by palletgen 0.1.0; ./run enable reads it.

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

# die CODE MESSAGE: prints MESSAGE on stderr and ends the run with exit code CODE.
# Not inside $( ) or ( ): there it would end only the subshell.
die() {
    printf '%s: %s\n' "$bundle_name" "$2" >&2
    exit "$1"
}

# nap: waits a tenth of a second; a whole one where sleep knows no fractions.
nap() {
    sleep 0.1 2>/dev/null || sleep 1
}

# note MESSAGE: says what was changed on this host, and counts it.
note() {
    printf '%s\n' "$1"
    changed=$((changed + 1))
}

# runit_configured NAME SV_DIR SERVICE_DIR: 0 when the service has its folder, and the link to it.
runit_configured() {
    runit_name=$1 runit_folder=$2/$1 runit_service=$3/$1
    [ -f "$runit_folder/run" ] && [ -d "$runit_service" ]
}

# runit_enable: the service starts at boot. Nothing happens now: runsv has looked for "down"
# already, since it is waited for where it will come.
runit_enable() {
    [ -e "$runit_folder/down" ] || return 0
    runit_supervised
    rm -f "$runit_folder/down" || die 70 "cannot remove $runit_folder/down (does this run as root?)"
    note "enabled $runit_name"
}

# runit_find NAME SV_DIR SERVICE_DIR SECONDS: what all others here are about. Ends the run with 78
# when it is not configured, with 69 when runit is not installed. SECONDS is how long runsvdir may
# take to see a service.
runit_find() {
    runit_patience=$4
    command -v sv >/dev/null 2>&1 ||
        die 69 "cannot find sv: runit is not installed (the phase install does it)"
    runit_configured "$1" "$2" "$3" ||
        die 78 "$1 is not configured on this host; run ./run configure first"
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
    runit_runsvdir "${runit_service%/*}" || return 1
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

# from templates/supervisors/runit/enable.sh.tmpl
enable_riemann() {
    runit_find riemann /etc/sv /etc/service 15
    runit_enable
}

enable_riemann || die 70 'enable_riemann failed'
