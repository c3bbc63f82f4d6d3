# phases/restart.sh of the bundle riemann-upstart: stop and start it.
# Made by palletgen 0.1.0; ./run restart reads it.

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

# group_alive PGID: 0 when the process group PGID has a process that is no zombie.
group_alive() {
    kill -0 "-$1" 2>/dev/null || return 1
    # Zombies answer too. The leader is the one to ask first.
    for group_alive_file in "/proc/$1/stat" /proc/[0-9]*/stat; do
        { read -r group_alive_line <"$group_alive_file"; } 2>/dev/null || continue
        # PID (NAME) STATE PPID PGID ...
        group_alive_line=${group_alive_line##*") "}
        case $group_alive_line in
            [ZX]*) continue ;;
        esac
        group_alive_line=${group_alive_line#* * }
        if [ "${group_alive_line%% *}" = "$1" ]; then
            return 0
        fi
    done
    return 1
}

# group_end SIGNAL PGID SECONDS: ends the process group PGID: SIGNAL, and KILL to what is left
# after SECONDS. Exit code 1: something withstood even that for five seconds.
group_end() {
    group_alive "$2" || return 0
    kill "-$1" "-$2" 2>/dev/null
    clock
    group_end_time=$((clock_now + $3 * 10))
    while group_alive "$2"; do
        clock
        [ "$clock_now" -lt "$((group_end_time + 50))" ] || return 1
        [ "$clock_now" -lt "$group_end_time" ] || kill -KILL "-$2" 2>/dev/null
        nap
    done
}

# log_tail FILE: shows the last 20 lines of a log on stderr, indented.
log_tail() {
    if [ -s "$1" ]; then
        printf '  the end of %s:\n' "$1" >&2
        tail -n 20 "$1" | while IFS= read -r log_tail_line || [ -n "$log_tail_line" ]; do
            printf '    %s\n' "$log_tail_line" >&2
        done
    else
        printf '  nothing in %s\n' "$1" >&2
    fi
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

# service_begin NAME LOG SECONDS [PID]: from here on the service NAME, which writes to the file LOG,
# has SECONDS to come up. Until then call service_seen after each look at it. PID, if not '', is that of
# a process that has been up for long enough, but may not be ready yet.
service_begin() {
    service_name=$1 service_log=$2 service_seconds=$3 service_pid=$4 service_ran=$4 service_since=-1000000
    clock
    service_deadline=$((clock_now + service_seconds * 10))
}

# service_failed REASON: ends the run with 70, after the last lines of the service's log.
service_failed() {
    nap
    log_tail "$service_log"
    die 70 "cannot start $service_name: $1"
}

# service_is_up: says so, unless it was up before.
service_is_up() {
    [ -n "$service_ran" ] || note "started $service_name"
}

# service_seen PID: takes note of the service's process, or of '' when there is none yet. Ends the
# run with 70 and the last log lines when the process has ended or the time is over.
service_seen() {
    clock
    if [ -z "$service_pid" ]; then
        service_pid=$1 service_since=$clock_now
    elif [ "$1" != "$service_pid" ]; then
        service_failed "its process $service_pid ended"
    fi
    if [ "$clock_now" -ge "$service_deadline" ]; then
        service_failed "it was not ready after $service_seconds seconds"
    fi
}

# service_settled SECONDS: 0 when the service's process has been there for SECONDS, and still is.
# It may take so long even where the time of service_begin is over before that.
service_settled() {
    [ -n "$service_pid" ] && process_start_time "$service_pid" || return 1
    service_settled_end=$((service_since + $1 * 10))
    clock
    [ "$clock_now" -lt "$service_settled_end" ] || return 0
    [ "$service_deadline" -gt "$service_settled_end" ] || service_deadline=$((service_settled_end + 10))
    return 1
}

# upstart_configured NAME CONF_DIR: 0 when the service has its job file.
upstart_configured() {
    upstart_name=$1 upstart_conf=$2/$1
    [ -f "$upstart_conf.conf" ]
}

# upstart_down SIGNAL SECONDS: stops the service, in a crash loop too; no process of its group is
# left. After SECONDS it is killed.
upstart_down() {
    upstart_required
    if [ "$upstart_state" = stop/waiting ]; then
        initctl stop "$upstart_name.failed" >/dev/null 2>&1
        return 0
    fi
    clock
    upstart_down_end=$((clock_now + $2 * 10))
    upstart_group=
    case $upstart_state in
        start/*)
            upstart_group=$upstart_pid
            upstart_said=$(initctl stop --no-wait "$upstart_name" 2>&1)
            ;;
    esac
    while [ "$upstart_state" != stop/waiting ]; do
        nap
        upstart_look
        upstart_group=${upstart_pid:-$upstart_group}
        clock
        if [ "$clock_now" -ge "$((upstart_down_end + upstart_patience * 10))" ]; then
            die 70 "cannot stop $upstart_name: upstart says $upstart_said"
        elif [ "$clock_now" -ge "$((upstart_down_end + 10))" ] && [ -n "$upstart_pid" ]; then
            # Upstart's own patience is that of the job as it was when it started.
            kill -KILL "-$upstart_pid" 2>/dev/null
        fi
    done
    # What is left of its process group: upstart goes by the main process alone.
    if [ -n "$upstart_group" ]; then
        clock
        upstart_left=$(((upstart_down_end - clock_now) / 10))
        [ "$upstart_left" -gt 0 ] || upstart_left=0
        group_end "$1" "$upstart_group" "$upstart_left" ||
            die 70 "cannot stop $upstart_name: a process of its group $upstart_group withstands"
    fi
    initctl stop "$upstart_name.failed" >/dev/null 2>&1
    note "stopped $upstart_name"
}

# upstart_find NAME CONF_DIR SECONDS: what all others here are about. Ends the run with 69 when
# upstart is not installed, with 78 when the service is not configured.
upstart_find() {
    upstart_patience=$3
    upstart_installed
    upstart_configured "$1" "$2" ||
        die 78 "$1 is not configured on this host; run ./run configure first"
}

# upstart_installed: ends the run with 69 when upstart is not installed.
upstart_installed() {
    command -v initctl >/dev/null 2>&1 ||
        die 69 "cannot find initctl: upstart is not installed, and no current distribution has it"
}

# upstart_look: sets upstart_state to what initctl says, such as start/running or stop/waiting; to
# unknown for a job that upstart does not know, to none where no upstart answers. Sets upstart_pid
# to the main process of the job, or to ''.
upstart_look() {
    upstart_state=none upstart_pid=
    upstart_said=$(initctl status "$upstart_name" 2>&1)
    case $upstart_said in
        # riemann start/running, process 123
        "$upstart_name "*/*) ;;
        *'nknown job'*)
            # finit and others have an initctl too, which may say the same.
            case $(initctl version 2>/dev/null) in
                *upstart*) upstart_state=unknown ;;
            esac
            return
            ;;
        *) return ;;
    esac
    upstart_line=${upstart_said#"$upstart_name "}
    upstart_line=${upstart_line%%"
"*}
    upstart_state=${upstart_line%%,*}
    # In these two states the process is that of pre-start or post-stop.
    case $upstart_line in
        */pre-start,* | */post-stop,*) ;;
        *", process "*) upstart_pid=${upstart_line#*", process "} ;;
    esac
}

# upstart_required: upstart_look, and the end of the run where upstart does not answer (69) or does
# not accept the job file (70).
upstart_required() {
    upstart_look
    if [ "$upstart_state" = unknown ]; then
        initctl reload-configuration >/dev/null 2>&1
        upstart_look
    fi
    case $upstart_state in
        none) die 69 "cannot reach upstart, initctl says: $upstart_said" ;;
        unknown) die 70 "upstart does not accept $upstart_conf.conf; init-checkconf tells why" ;;
    esac
}

# upstart_up: starts the job, unless it is about to run already.
upstart_up() {
    upstart_required
    while :; do
        case $upstart_state in
            start/*)
                service_ran=yes
                return
                ;;
            stop/waiting) break ;;
        esac
        # Somebody is stopping it.
        service_seen ''
        nap
        upstart_look
    done
    upstart_said=$(initctl start --no-wait "$upstart_name" 2>&1) || service_failed "$upstart_said"
}

# upstart_wait: waits a little, and looks whether the service is still coming up.
upstart_wait() {
    nap
    upstart_look
    case $upstart_state in
        start/running) service_seen "$upstart_pid" ;;
        start/*) service_seen '' ;;
        *) service_failed 'it ended, and upstart does not start it again' ;;
    esac
}

# from templates/supervisors/upstart/restart.sh.tmpl
restart_riemann() {
    upstart_find riemann /etc/init 15
    upstart_down TERM 10
    service_begin riemann /var/log/upstart/riemann.log 15
    upstart_up
    until service_settled 1; do
        upstart_wait
    done
    service_is_up
}

restart_riemann || die 70 'restart_riemann failed'
