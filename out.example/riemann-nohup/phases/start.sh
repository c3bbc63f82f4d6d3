# phases/start.sh of the bundle riemann-nohup: start it now, unless it runs.
# Made by palletgen 0.1.0; ./run start reads it.

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

# file_failed PATH TEXT: ends the run with 70 and the reason why PATH could not be changed.
# TEXT is what the command that failed said.
file_failed() {
    case $2 in
        '') file_failed_why='what was written there reads back different' ;;
        *'o space left'* | *'uota exceeded'*) file_failed_why='the disk is full' ;;
        *'ead-only file system'*) file_failed_why='its file system is read-only' ;;
        *[Bb]usy*) file_failed_why='it is a mount of its own (a bind mount?): change it where it comes from, or unmount it' ;;
        *'ermission denied'* | *'not permitted'*)
            file_failed_why='not even root may do that; is it immutable (lsattr)?'
            [ "$(id -u)" = 0 ] || file_failed_why='this needs root'
            ;;
        *) file_failed_why='see what the command said' ;;
    esac
    [ -z "$2" ] || file_failed_why="$file_failed_why ($2)"
    die 70 "cannot change $1: $file_failed_why"
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

# nohup_configured NAME NOHUP_DIR RUN_DIR: 0 when the service has its folder, whole.
nohup_configured() {
    nohup_name=$1 nohup_folder=$2/$1 nohup_file=$3/$1.pid
    [ -f "$nohup_folder/configured" ]
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

# from templates/supervisors/nohup/start.sh.tmpl
start_riemann() {
    nohup_find riemann /var/lib/palletgen-nohup /run/palletgen
    nohup_running || nohup_pid=
    service_begin riemann /var/log/nohup/riemann/riemann.log 10 "$nohup_pid"
    [ -n "$nohup_pid" ] || nohup_up TERM 10
    until service_settled 1; do
        nohup_wait
    done
    service_is_up
}

start_riemann || die 70 'start_riemann failed'
