# What start, stop, restart, reload, status, enable and disable do, the same under every supervisor.
#
# A supervisor SUP has small functions for what differs: SUP_look, SUP_up and so on; the README's "Write
# a supervisor" says what each has to do. They are called by the name that drive sets here, and so a
# comment names those that a function needs. What SUP_look finds out:
#   sup_state  run      the service's process is there, and is meant to be
#              begin    it is meant to be, but is not there yet
#              dead     it ended by itself
#              end      it is being stopped
#              down     it is stopped
#              unknown  the supervisor does not know the service
#              none     the supervisor does not answer
#   sup_pid    its process, or ''
#   sup_code   the exit code of the process that ended last, where the supervisor tells it, or ''
#   sup_grace  tenths of seconds that begin may last without a process after a start; '' for no limit

# drive SUP NAME SECONDS: what all others here are about: the service NAME under the supervisor SUP,
# which may take SECONDS for what it does by itself.
drive() {
    sup=$1 sup_name=$2 sup_patience=$3 sup_launcher= sup_pid= sup_code= sup_grace=
}

# drive_configured: ends the run with 69 when the supervisor is not installed, with 78 when the service
# is not configured.
# of the supervisor: installed configured
drive_configured() {
    # In an image nobody asks it.
    [ -n "$run_image" ] || "${sup}_installed"
    "${sup}_configured" || die 78 "$sup_name is not configured on this host; run ./run configure first"
}

# drive_reach: looks at the service, and ends the run where that is not possible.
# of the supervisor: look reach
drive_reach() {
    drive_configured
    "${sup}_look"
    case $sup_state in
        unknown | none) "${sup}_reach" ;;
    esac
}

# drive_stays SECONDS: 0 when the service's process is SECONDS old, or gets so old. One that is on its
# way is waited for, a second longer than that.
# of the supervisor: look
drive_stays() {
    clock
    drive_stays_end=$((clock_now + $1 * 10 + 10))
    while :; do
        case $sup_state in
            run)
                if process_start_time "$sup_pid"; then
                    process_aged "$sup_pid" "$1"
                    return
                fi
                # It has just ended, and the supervisor has yet to see that.
                ;;
            begin) ;;
            *) return 1 ;;
        esac
        [ "$clock_now" -lt "$drive_stays_end" ] || return 1
        nap
        "${sup}_look"
        clock
    done
}

# drive_start SETTLE SECONDS: the service is to come up within SECONDS. Does nothing yet where it
# runs, and has for SETTLE seconds.
drive_start() {
    drive_reach
    drive_start_pid=
    ! drive_stays "$1" || drive_start_pid=$sup_pid
    service_begin "$sup_name" "$2" "$drive_start_pid"
}

# drive_restart SIGNAL TIMEOUT SECONDS: stops the service; then as drive_start.
drive_restart() {
    drive_reach
    drive_end "$1" "$2"
    sup_pid=
    service_begin "$sup_name" "$3"
}

# drive_up SIGNAL TIMEOUT PROGRAM FOLDER USER GROUP...: starts the service, if it does not run. One that is
# started again and again, or that somebody is stopping, is brought down first. PROGRAM is its
# program, FOLDER the one that it works in; USER and the GROUPs are its own, '' for none.
# of the supervisor: up look
drive_up() {
    [ -z "$service_ran" ] || return 0
    service_program=$3
    drive_end "$1" "$2"
    shift 3
    service_possible "$@"
    sup_gap=
    "${sup}_up"
}

# drive_wait: waits a little, and looks whether the service is still coming up.
# of the supervisor: look
drive_wait() {
    nap
    "${sup}_look"
    case $sup_state in
        run)
            service_seen "$sup_pid"
            return
            ;;
        dead) service_ended ;;
    esac
    service_seen ''
    # It may take a moment until the supervisor does what it was told.
    : "${sup_gap:=$clock_now}"
    case $sup_state in
        begin) [ "$clock_now" -lt "$((sup_gap + ${sup_grace:-1000000}))" ] || service_ended ;;
        *) [ "$clock_now" -lt "$((sup_gap + 25))" ] || service_ended ;;
    esac
}

# drive_launched: 0 when the service's process is no longer the script that starts it. Until then its age does
# not count: commands may come first, and a busy host takes its time.
drive_launched() {
    [ -z "$sup_launcher" ] || service_launched "$sup_launcher"
}

# drive_stop SIGNAL TIMEOUT: stops the service, in a crash loop too; no process of its group is left.
# After TIMEOUT seconds it is killed.
drive_stop() {
    drive_reach
    [ "$sup_state" != down ] || return 0
    drive_end "$1" "$2"
    note "stopped $sup_name"
}

# drive_end SIGNAL TIMEOUT: what drive_stop does, after a look, without a word.
# of the supervisor: look down kill
drive_end() {
    [ "$sup_state" != down ] || return 0
    drive_group=$sup_pid
    clock
    drive_end_time=$((clock_now + $2 * 10))
    "${sup}_down"
    "${sup}_look"
    # Until it is down, and is not meant to be up: else a start after that could be lost.
    while [ "$sup_state" != down ]; do
        drive_group=${sup_pid:-$drive_group}
        [ "$sup_state" != dead ] || "${sup}_down" # it was faster
        clock
        if [ "$clock_now" -ge "$((drive_end_time + sup_patience * 10))" ]; then
            die 70 "cannot stop $sup_name: its state is still $sup_state"
        elif [ "$clock_now" -ge "$drive_end_time" ]; then
            "${sup}_kill" 2>/dev/null
        fi
        nap
        "${sup}_look"
    done
    # What is left of the group: most supervisors go by the main process alone. Where there is a process of that
    # number again, it is another one.
    [ -n "$drive_group" ] && ! process_start_time "$drive_group" || return 0
    clock
    drive_left=$(((drive_end_time - clock_now) / 10))
    [ "$drive_left" -gt 0 ] || drive_left=0
    group_end "$1" "$drive_group" "$drive_left" ||
        die 70 "cannot stop $sup_name: a process of the group $drive_group withstands"
}

# drive_running SETTLE: ends the run with 70 when the service does not run, or not for SETTLE seconds.
drive_running() {
    drive_reach
    drive_stays "$1" || die 70 "$sup_name is not running"
}

# drive_signal SIGNAL: sends SIGNAL to the process that drive_running has seen.
drive_signal() {
    kill "-$1" "$sup_pid" || die 70 "cannot send $1 to $sup_name: its process $sup_pid has ended, or is not yours"
}

# drive_enable: the service starts at boot. Nothing happens now.
# of the supervisor: enabled enable
drive_enable() {
    drive_configured
    ! "${sup}_enabled" || return 0
    would "enable $sup_name" && return 0
    "${sup}_enable"
    note "enabled $sup_name"
}

# drive_disable: the service does not start at boot. The process that runs is left alone.
# of the supervisor: enabled disable
drive_disable() {
    drive_configured
    "${sup}_enabled" || return 0
    would "disable $sup_name" && return 0
    "${sup}_disable"
    note "disabled $sup_name"
}

# drive_status SERVICE SETTLE: prints one line. Exit code: 0 running, 1 failing, 3 stopped, 4 not
# known. A process that is younger than SETTLE seconds is watched until it is not.
# of the supervisor: configured look
drive_status() {
    if ! "${sup}_configured"; then
        say_status "$1" unconfigured '' 'not configured'
        return 4
    elif [ -n "$run_image" ]; then
        say_status "$1" stopped '' 'stopped, nothing runs in an image'
        return 3
    fi
    "${sup}_look"
    case $sup_state in
        none | unknown)
            if [ "$(id -u)" = 0 ]; then
                say_status "$1" unknown '' "unknown, $sup does not answer for it"
            else
                say_status "$1" unknown '' "unknown, $sup tells only root"
            fi
            return 4
            ;;
        down | end)
            say_status "$1" stopped '' ''
            return 3
            ;;
        dead)
            say_status "$1" failing '' 'failing, its process ended'
            return 1
            ;;
    esac
    if drive_stays "$2"; then
        say_status "$1" running "$sup_pid" ''
        return 0 # also where nobody reads that
    fi
    say_status "$1" failing '' 'failing, it does not stay up'
    return 1
}
