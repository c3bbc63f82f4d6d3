# Waiting for services, the same under every supervisor: how long a process has been up, whether
# it is ready, whether a process group is gone.

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

# service_begin NAME SECONDS [PID]: from here on the service NAME has SECONDS to come up. Until then call
# service_seen after each look at it. PID, if not '', is that of a process that has been up for long enough, but may
# not be ready yet.
service_begin() {
    service_name=$1 service_seconds=$2 service_pid=$3 service_ran=$3 service_since=-1000000 service_comm=
    clock
    service_deadline=$((clock_now + service_seconds * 10))
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
        service_ended
    fi
    if [ "$clock_now" -ge "$service_deadline" ]; then
        service_failed "it was not ready after $service_seconds seconds"
    fi
}

# service_launched WORDS: 0 when the service's process is no longer the script that starts it, whose
# command line begins with WORDS, nor a program on the way to it or from it. Until then its age does not count.
service_launched() {
    [ -n "$service_pid" ] || return 1
    service_name_before=$service_comm
    service_comm=
    # Most programs have a name of their own, which costs no program to read.
    { read -r service_comm <"/proc/$service_pid/comm"; } 2>/dev/null
    # The supervisor's child has the supervisor's name at first, and then those of env, setpriv ...: its own is
    # the one that it has at two looks, or after so long a time.
    if [ "$service_comm" = "$service_name_before" ] || [ -n "$service_ran" ]; then
        case $service_comm in
            '' | sh | run) ;;
            *) return 0 ;;
        esac
        case $(tr '\000' ' ' <"/proc/$service_pid/cmdline") in
            "$1"*) ;;
            *) return 0 ;;
        esac 2>/dev/null
    fi
    clock
    service_since=$clock_now
    return 1
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

# service_due SECONDS: 1 while service_settled SECONDS would say no whatever else is found, and there is time enough
# after that: a look at the ports takes the kernel milliseconds, so it is not taken ten times a second for nothing.
service_due() {
    service_due_end=$((service_since + $1 * 10))
    clock
    [ "$clock_now" -ge "$service_due_end" ] || [ "$service_deadline" -le "$((service_due_end + 10))" ]
}

# service_ended: service_failed, since the service's process is gone.
service_ended() {
    service_said="its process${service_pid:+ $service_pid} ended"
    case $service_program in
        /*) [ -e "$service_program" ] || service_failed "its program $service_program does not exist" ;;
    esac
    # Where the exit code is known, there is nothing to guess.
    if [ "$sup_code" = 0 ] || { [ -z "$sup_code" ] && service_background; }; then
        service_said="$service_said; a service has to stay in the foreground, and not to become a daemon"
    fi
    service_failed "$service_said"
}

# service_background: 0 when a process of the service's name was started since service_begin that the supervisor
# does not take for the service's, and that is a child of init.
# of the supervisor: look
service_background() {
    service_comm=${service_program##*/}
    [ -n "$service_comm" ] && [ -r /proc/self/stat ] || return 1
    while [ "${#service_comm}" -gt 15 ]; do # the kernel keeps no more
        service_comm=${service_comm%?}
    done
    "${sup}_look" # it may have been started again
    for service_stat in /proc/[0-9]*/stat; do
        # PID (NAME) STATE PPID PGRP SESSION ... 22: when it was started, in ticks
        { read -r service_line <"$service_stat"; } 2>/dev/null || continue
        case $service_line in
            "$sup_pid ("*) continue ;;
            *"($service_comm) "[!ZX]*) ;;
            *) continue ;;
        esac
        # shellcheck disable=SC2086
        set -- ${service_line##*") "}
        service_parent=
        { read -r service_parent <"/proc/$2/comm"; } 2>/dev/null
        case $2,$service_parent in
            1,* | *,init) ;;
            *) continue ;;
        esac
        [ "${20%?}" -lt "$((service_deadline - service_seconds * 10))" ] || return 0
    done
    return 1
}

# service_possible FOLDER USER GROUP...: ends the run with 70 when FOLDER, in which the service works, is not
# there, or it could not become USER or one of the GROUPs, where they are not ''.
service_possible() {
    [ -d "$1" ] || die 70 "cannot start $service_name: its working folder $1 does not exist"
    [ -z "$2" ] || user_id "$2" ||
        die 70 "cannot start $service_name: there is no user $2 on this host (the phase install makes it)"
    shift 2
    for service_group in "$@"; do
        [ -z "$service_group" ] || group_id "$service_group" ||
            die 70 "cannot start $service_name: there is no group $service_group on this host (the phase install makes it)"
    done
}

# service_failed REASON: ends the run with 70, after the last lines of the service's log.
# of the supervisor: log
service_failed() {
    nap
    "${sup}_log"
    die 70 "cannot start $service_name: $1"
}

# ready_command COMMAND...: 0 when COMMAND succeeds before the service's time is over; then it is
# killed.
ready_command() {
    # Without env a function of this bundle, or a builtin, could come before the program.
    env "$@" </dev/null >/dev/null 2>&1 &
    ready_command_pid=$!
    if process_start_time "$ready_command_pid"; then
        ready_command_start=$process_started
        while process_alive "$ready_command_pid" "$ready_command_start"; do
            clock
            if [ "$clock_now" -ge "$service_deadline" ]; then
                kill -KILL "$ready_command_pid"
                break
            fi
            nap
        done
    fi
    wait "$ready_command_pid" 2>/dev/null
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

# process_aged PID SECONDS: 0 when the process PID is SECONDS old, or gets so old.
process_aged() {
    process_start_time "$1" || return 1
    case $process_started in
        ?*[!0-9]* | ?) ;;
        *)
            # A hundred of its units make a second; clock_now counts ten.
            clock
            [ "$((clock_now - ${process_started%?}))" -lt "$(($2 * 10))" ] || return 0
            ;;
    esac
    process_stays "$1" "$2"
}

# group_kill SIGNAL PGID: sends SIGNAL to the process group PGID. The kill of procps, which a shell
# without its own takes, would read -123 as -1: everybody; the kill of many shells knows no dashes.
# may use: env kill
group_kill() {
    case $(command -v kill) in
        /*) env kill "-$1" -- "-$2" ;;
        *) kill "-$1" "-$2" ;;
    esac
}

# group_alive PGID: 0 when the process group PGID has a process that is no zombie.
group_alive() {
    group_kill 0 "$1" 2>/dev/null || return 1
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
    group_kill "$1" "$2" 2>/dev/null
    clock
    group_end_time=$((clock_now + $3 * 10))
    while group_alive "$2"; do
        clock
        [ "$clock_now" -lt "$((group_end_time + 50))" ] || return 1
        [ "$clock_now" -lt "$group_end_time" ] || group_kill KILL "$2" 2>/dev/null
        nap
    done
}

# log_folder PATH USER GROUP: makes the folder for a log that USER writes ('' for root). GROUP ''
# is the user's own. A folder that is there is left as it is, if USER may write to it.
# resource
log_folder() {
    if [ -n "$looking" ]; then
        look_path "$1/." d "${2:-root}" "$3" ''
        return 0
    fi
    in_place "$1/." && return 0
    if [ ! -d "$1" ]; then
        would "make the folder $1 for the log" && return 0
        log_folder_user "$1" "$2"
        folders "$1"
        record directory "$1"
        log_folder_said=$({ umask 022 && mkdir "$1"; } 2>&1) || file_failed "$1" "$log_folder_said"
    else
        [ -n "$2" ] || return 0
        log_folder_user "$1" "$2"
        [ "$user_id" != 0 ] && file_facts "$1/." || return 0
        case "$file_owner $file_mode" in
            "$user_id "* | *[2367]? | *[2367]) return 0 ;;
        esac
        # One that the bundle made may be of a run that was killed before it was given to its user.
        service_made "$1" || die 70 "cannot use $1 for the log: the user $2 cannot write there"
        would "give the folder $1 to $2" && return 0
    fi
    if [ -n "$2" ]; then
        log_folder_group=$3
        if [ -z "$log_folder_group" ]; then
            log_folder_group=$(id -g "$2")
        fi
        log_folder_said=$(chown "$2:$log_folder_group" "$1/." 2>&1) || file_failed "$1" "$log_folder_said"
    fi
    note "changed $1"
}

# log_folder_user PATH USER: sets user_id; ends the run with 70 when there is no such user.
log_folder_user() {
    user_id "${2:-root}" ||
        die 70 "cannot make $1: there is no user $2 on this host (the phase install makes it)"
}

# service_made PATH: 0 when the bundle's journal says that the bundle has made the file or folder PATH.
# reads only
service_made() {
    [ -f "$state/journal" ] || return 1
    service_made_more=1
    while [ -n "$service_made_more" ] && { IFS= read -r service_made_line || service_made_more=; } && [ -n "$service_made_more$service_made_line" ]; do
        case $service_made_line in
            "directory $1 ;" | "file "*" $1 ;") return 0 ;;
        esac
    done <"$state/journal"
    return 1
}
