# lib.sh of the bundle riemann-nohup: functions that several of its scripts use; run reads it.
# Made by palletgen 0.1.0.

# account_append FILE LINE: adds a line to /etc/passwd or /etc/group, for hosts that have no program
# for that.
account_append() {
    line_prepare "$1" 0 "$2"
    line_finish "$1"
}

# account_free FILE NUMBER: sets account_free to NUMBER, or where that is '' to the highest one of a
# system account that is free in FILE, /etc/passwd or /etc/group. 70: there is none, or NUMBER is taken.
account_free() {
    account_used=' '
    if [ -r "$1" ]; then
        while IFS=: read -r account_name account_rest account_number account_rest; do
            account_used="$account_used$account_number "
        done <"$1"
        account_used="$account_used$account_number "
    fi
    account_free=${2:-999}
    while :; do
        case $account_used in *" $account_free "*) ;; *) return 0 ;; esac
        [ -z "$2" ] && [ "$account_free" -gt 100 ] || die 70 "the id $account_free is taken already in $1"
        account_free=$((account_free - 1))
    done
}

# account_number FILE NAME: sets account_number to the number of NAME in FILE, /etc/passwd or
# /etc/group. Exit code 1: it is not in there.
# reads only
account_number() {
    account_name= account_number=
    [ -r "$1" ] || return 1
    while IFS=: read -r account_name account_rest account_number account_rest; do
        [ "$account_name" != "$2" ] || return 0
    done <"$1"
    # The last line may have no end.
    [ "$account_name" = "$2" ] && [ -n "$account_number" ]
}

# act ACTION SERVICE FUNCTION STATUS SUPERVISOR: calls FUNCTION, which does ACTION (start, stop, restart,
# reload, enable, disable), where that is to be done. STATUS is the function that tells how the service is.
act() {
    case "$run_image $1" in
        '1 enable' | '1 disable' | ' '*) ;;
        *)
            say "$2: no $1, nothing runs in an image"
            return 0
            ;;
    esac
    if [ -n "$run_if_flag" ] && ! flagged "$run_if_flag"; then
        say "$2: no $1, the flag $run_if_flag is not set"
        return 0
    fi
    if [ -n "$run_if_stopped" ]; then
        "$4" >/dev/null
        act_code=$?
        if [ "$act_code" != 3 ]; then
            say "$2: no $1, it is not stopped"
            return 0
        fi
    fi
    if [ -n "$run_check" ]; then
        act_check "$@"
        return
    fi
    handover_before "$1" "$2" "$5"
    act_changed=$changed
    "$3" || die 70 "cannot $1 $2: the last command failed"
    handover_after "$1" "$2" "$5"
    run_acted=1
    case $1 in
        start)
            if [ "$changed" != "$act_changed" ]; then
                flag_clear "$2.reload" "$2.restart"
            elif flagged "$2.reload" || flagged "$2.restart"; then
                # A process that ran before has not seen what was changed since.
                "$4" >/dev/null
                act_outdated "$2" || say "$2 runs since before its files were changed: see ensure-service"
            fi
            ;;
        restart) flag_clear "$2.reload" "$2.restart" ;;
        reload) flag_clear "$2.reload" ;;
    esac
}

# act_check ACTION SERVICE FUNCTION STATUS SUPERVISOR: says what act would change.
act_check() {
    handover_find "$2" "$5"
    case $1$handover_from in
        start/* | restart/*)
            would "take $2 over from ${handover_from##*/}, under $handover_sup"
            return 0
            ;;
    esac
    "$4" >/dev/null
    act_code=$?
    if [ "$act_code" = 4 ] && [ "$changed" -gt 0 ]; then
        # What is missing here, an earlier phase of this run would have brought.
        would "$1 $2"
        return 0
    fi
    case "$1 $act_code" in
        'start 0' | 'stop 3') ;;
        'start '*)
            # start and ensure-service in one run: the second finds it running.
            case $act_started in *" $2 "*) return 0 ;; esac
            act_started="$act_started $2 "
            would "start $2"
            ;;
        'enable '* | 'disable '*) "$3" ;; # it says so itself, or why it cannot
        *' 4')
            [ "$status_state" != unconfigured ] ||
                die 78 "$2 is not configured on this host; run ./run configure first"
            die 69 "cannot tell how $2 is: see ./run status"
            ;;
        'reload '[13]) die 70 "$2 is not running" ;;
        *) would "$1 $2" ;;
    esac
}

# act_outdated SERVICE: clears the flags that the process which a status function has just seen has outlived: a
# run was killed after it had started that, or somebody else did. Exit code 1: a flag is left.
act_outdated() {
    act_left=0
    for act_flag in "$1.reload" "$1.restart"; do
        flagged "$act_flag" || continue
        if [ -n "$status_pid" ] && flag_outdated "$act_flag" "$status_pid"; then
            [ -n "$run_check" ] || flag_clear "$act_flag"
        else
            act_left=1
        fi
    done
    return "$act_left"
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

# background_gone: after background_down, what the process has left: sup_state is end while its group is there.
background_gone() {
    sup_state=end
    background_left && return
    background_remove "$background_file"
    sup_state=down
}

# background_kill: kills what is left.
background_kill() {
    group_kill KILL "$background_pid"
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

# background_reach: ends the run: without /proc nothing can be told of processes.
background_reach() {
    die 69 "cannot tell how $sup_name is: /proc is not mounted"
}

# background_remove PATH
background_remove() {
    background_said=$(rm -rf "$1" 2>&1) || file_failed "$1" "$background_said"
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

# background_root ACTION: ends the run with 70 when it is not root's, who alone can do ACTION.
background_root() {
    [ "$(id -u)" = 0 ] || die 70 "cannot $1 $sup_name: this needs root"
}

# background_service FOLDER PIDS SIGNAL: where launch and the pid file are, and what ends the service.
# reads only
background_service() {
    background_folder=$1 background_file=$2/$sup_name.pid background_signal=$3 background_stops=
    sup_launcher="/bin/sh $1/"
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

# call FUNCTION: calls a function that a phase script brings along.
call() {
    "$1"
}

# checkable FUNCTION: calls a phase's function that changes nothing under --check.
checkable() {
    "$1" || die 70 "$1: its last command failed"
}

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

# copy_back COPY PATH: makes PATH the file or link COPY, with its owner and mode.
copy_back() {
    folders "$2"
    set_aside "$2"
    copy_back_said=$({
        umask 077 && rm -f "$aside" && cp -pP "$1" "$aside" && rename_over "$aside" "$2"
    } 2>&1) || file_failed "$2" "$copy_back_said"
    aside=
}

# die CODE TEXT: says on stderr why, and how much was changed before, and ends the run with exit code CODE.
# Not inside $( ) or ( ): there it would end only the subshell.
# reads only
die() {
    if [ -n "$run_json" ]; then
        json_line failed code "$1" message "$2"
    fi
    # Under --check nothing was.
    if [ -z "$run_check" ] && [ "$changed" != 0 ]; then
        set -- "$1" "$2 (changed=$changed)"
    fi
    printf '%s: %s\n' "$bundle_name" "$2" >&2
    exit "$1"
}

# directory PATH OWNER GROUP MODE: makes the folder PATH. Missing parents become root's, 0755.
# A link to a folder is followed.
# resource
directory() {
    if [ -n "$looking" ]; then
        look_path "$1/." d "$2" "$3" "$4"
        return 0
    fi
    in_place "$1/." && return 0
    if [ ! -d "$1" ] && { [ -e "$1" ] || [ -L "$1" ]; }; then
        stuck "cannot make the folder $1: something else is there; move it away"
        return
    fi
    file_differs "$1/." d "$2" "$3" "$4"
    [ -n "$file_why" ] || return 0
    would "change $1: $file_why" && return 0
    # Its owner and mode come after it: a run that is killed between the two is made good by the next.
    if [ ! -d "$1" ]; then
        folders "$1"
        record directory "$1"
        directory_said=$({ umask 077 && mkdir "$1"; } 2>&1) || file_failed "$1" "$directory_said"
    fi
    # The zeros: GNU chmod leaves a folder's setgid bit alone when the mode has fewer than five digits.
    directory_said=$({
        chown "$user_id:$group_id" "$1/." && chmod "00$4" "$1/."
    } 2>&1) || file_failed "$1" "$directory_said"
    note "changed $1"
}

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

# drive_launched: 0 when the service's process is no longer the script that starts it. Until then its age does
# not count: commands may come first, and a busy host takes its time.
drive_launched() {
    [ -z "$sup_launcher" ] || service_launched "$sup_launcher"
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

# drive_restart SIGNAL TIMEOUT SECONDS: stops the service; then as drive_start.
drive_restart() {
    drive_reach
    drive_end "$1" "$2"
    sup_pid=
    service_begin "$sup_name" "$3"
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

# drive_start SETTLE SECONDS: the service is to come up within SECONDS. Does nothing yet where it
# runs, and has for SETTLE seconds.
drive_start() {
    drive_reach
    drive_start_pid=
    ! drive_stays "$1" || drive_start_pid=$sup_pid
    service_begin "$sup_name" "$2" "$drive_start_pid"
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

# drive_stop SIGNAL TIMEOUT: stops the service, in a crash loop too; no process of its group is left.
# After TIMEOUT seconds it is killed.
drive_stop() {
    drive_reach
    [ "$sup_state" != down ] || return 0
    drive_end "$1" "$2"
    note "stopped $sup_name"
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

# file_bits MODE: sets file_bits to what ls shows for an octal mode: rw-r----- for 0640.
file_bits() {
    file_bits= file_bits_rest=$1 file_bits_special=0
    case $1 in
        ????)
            file_bits_special=${1%???}
            file_bits_rest=${1#?}
            ;;
    esac
    for file_bits_one in 4s 2s 1t; do
        case $file_bits_rest in
            [0-3]*) file_bits=$file_bits- ;;
            *) file_bits=${file_bits}r ;;
        esac
        case $file_bits_rest in
            [2367]*) file_bits=${file_bits}w ;;
            *) file_bits=$file_bits- ;;
        esac
        file_bits_x=-
        case $file_bits_rest in [1357]*) file_bits_x=x ;; esac
        if [ "$((file_bits_special & ${file_bits_one%?}))" != 0 ]; then
            case $file_bits_one$file_bits_x in
                ?s-) file_bits_x=S ;;
                ?s*) file_bits_x=s ;;
                ?t-) file_bits_x=T ;;
                *) file_bits_x=t ;;
            esac
        fi
        file_bits=$file_bits$file_bits_x
        file_bits_rest=${file_bits_rest#?}
    done
}

# file_differs PATH KIND OWNER GROUP MODE: sets file_why to how PATH is not as wanted, such as
# "its mode is 0600, should be 0644"; '' when all is well. Sets user_id and group_id.
file_differs() {
    file_why=
    owner_ids "$1" "$3" "$4"
    if ! file_facts "$1"; then
        file_why='it is not there'
        return
    fi
    file_wanted=$5
    while [ "${#file_wanted}" -lt 4 ]; do
        file_wanted=0$file_wanted
    done
    if [ "$file_kind" != "$2" ]; then
        case $file_kind in
            l) file_why='it is a link' ;;
            *) file_why="it is of the kind $file_kind" ;;
        esac
        return
    fi
    [ "$file_owner" = "$user_id" ] || file_why="its owner is $file_owner, should be $3"
    [ "$file_group" = "$group_id" ] || file_why="${file_why:+$file_why; }its group is $file_group, should be $4"
    [ "$file_mode" = "$file_wanted" ] || file_why="${file_why:+$file_why; }its mode is $file_mode, should be $file_wanted"
}

# file_edited PATH SHA256: 0 when PATH may be replaced: it is not there, has that content, or content
# that the bundle itself has put there, or was never the bundle's; or it is a link of the bundle's own. Else somebody
# edited it, or made it a link: 1. Sets file_foreign to 1 where it is not the bundle's.
file_edited() {
    file_foreign=
    if [ -L "$1" ]; then
        link_made "$1"
        return
    fi
    [ -f "$1" ] && file_sha256 "$1" && [ "$file_sha256" != "$2" ] || return 0
    file_known "$1" "$file_sha256" && return
    if [ -f "$state/original$1" ] && cmp -s "$state/original$1" "$1"; then
        # A run was stopped before it had put its own.
        file_foreign=1
        return
    fi
    [ -z "$file_known" ] || return 1
    file_foreign=1
}

# file_facts PATH: sets file_kind (- file, d folder, l link, ...), file_owner and file_group
# (numbers) and file_mode (four octal digits). Exit code 1: nothing is there.
file_facts() {
    file_facts_line=$(ls -ldn "$1" 2>/dev/null) || return 1
    set -f
    # shellcheck disable=SC2086
    set -- $file_facts_line
    set +f
    file_owner=$3 file_group=$4
    file_facts_rest=${1#?}
    file_kind=${1%"$file_facts_rest"}
    file_mode= file_facts_special=0
    for file_facts_bit in 4 2 1; do
        file_facts_digit=0
        case $file_facts_rest in r*) file_facts_digit=4 ;; esac
        case $file_facts_rest in ?w*) file_facts_digit=$((file_facts_digit + 2)) ;; esac
        case $file_facts_rest in ??[xst]*) file_facts_digit=$((file_facts_digit + 1)) ;; esac
        case $file_facts_rest in
            ??[sStT]*) file_facts_special=$((file_facts_special + file_facts_bit)) ;;
        esac
        file_mode=$file_mode$file_facts_digit
        file_facts_rest=${file_facts_rest#???}
    done
    file_mode=$file_facts_special$file_mode
}

# file_failed PATH TEXT: ends the run with 70 and the reason why PATH could not be changed.
# TEXT is what the command that failed said.
file_failed() {
    case $2 in
        '') file_failed_why='what was written there reads back different: is the disk full?' ;;
        *'o space left'* | *'uota exceeded'* | *'I/O error'*) file_failed_why='the disk is full' ;;
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

# file_known PATH SHA256: 0 when the bundle has put that content there at some time. Sets file_known to 1
# when it has put any.
# reads only
file_known() {
    file_known= file_known_more=1
    [ -f "$state/journal" ] || return 1
    while [ -n "$file_known_more" ] && { read -r file_known_kind file_known_sum file_known_rest || file_known_more=; } && [ -n "$file_known_more$file_known_kind" ]; do
        case "$file_known_kind ${file_known_rest#* }" in
            "file $1 ;")
                file_known=1
                [ "$file_known_sum" != "$2" ] || return 0
                ;;
        esac
    done <"$state/journal"
    return 1
}

# file_sha256 PATH: sets file_sha256. Exit code 1: PATH cannot be read; ends the run with 69
# when this host has no program for it.
# may use: sha256sum sha256 shasum openssl
file_sha256() {
    if command -v sha256sum >/dev/null 2>&1; then
        file_sha256=$(sha256sum <"$1") || return 1
    elif command -v sha256 >/dev/null 2>&1; then
        file_sha256=$(sha256 -q <"$1") || return 1
    elif command -v shasum >/dev/null 2>&1; then
        file_sha256=$(shasum -a 256 <"$1") || return 1
    elif command -v openssl >/dev/null 2>&1; then
        file_sha256=$(openssl dgst -sha256 -r <"$1") || return 1
    else
        die 69 'cannot compute a sha256: none of sha256sum, sha256, shasum, openssl is on this host'
    fi
    file_sha256=${file_sha256%% *}
}

# file_show OLD MODE NEW: under --diff, the lines that differ; of a file that not everybody may read
# (its MODE now, or the one it gets) only the sums.
# may use: diff
file_show() {
    [ -n "$run_diff" ] && ! cmp -s "$1" "$3" 2>/dev/null || return 0
    if [ -L "$1" ]; then
        say "$1 is a link, and becomes a file"
        return
    fi
    file_show_old=$1 file_show_secret=
    case $2 in *[0-3]) file_show_secret=1 ;; esac
    if [ -f "$1" ]; then
        file_facts "$1"
        case $file_mode in *[0-3]) file_show_secret=1 ;; esac
    else
        file_show_old=/dev/null
    fi
    if [ -n "$file_show_secret" ]; then
        file_show_sums "$file_show_old" "$3"
    elif command -v diff >/dev/null 2>&1; then
        file_show_text=$(diff -u "$file_show_old" "$3" 2>&1)
        # The names of the two files are of no use to anybody.
        file_show_text=${file_show_text#*"$nl"}
        say "--- $1${nl}+++ $1 (new)$nl${file_show_text#*"$nl"}"
    else
        say "$1 differs; to show its lines, diff is missing on this host"
    fi
}

# file_show_sums OLD NEW: their sums.
file_show_sums() {
    file_sha256 "$1" || file_sha256='?'
    file_show_sum=$file_sha256
    file_sha256 "$2" || file_sha256='?'
    say "sha256 $file_show_sum -> $file_sha256 (not everybody may read it)"
}

# flag NAME: sets the flag NAME, BEFORE the change that it stands for. It stays until what it asks for has
# been done. Under --check only for this run.
flag() {
    if [ -n "$run_check" ]; then
        flags_seen="$flags_seen $1 "
        return
    fi
    # In an image nothing runs that would have to take anything up.
    [ -z "$run_image" ] || return 0
    {
        [ -d "$state/flags" ] || mkdir "$state/flags"
        command : >"$state/flags/$1"
    } 2>/dev/null || die 70 "cannot make $state/flags/$1: is the disk full, or read-only?"
}

# flag_clear NAME...: after what the flags asked for has succeeded.
flag_clear() {
    for flag_clear_name in "$@"; do
        [ ! -e "$state/flags/$flag_clear_name" ] || rm -f "$state/flags/$flag_clear_name"
    done
}

# flag_outdated NAME PID: 0 when the process PID began after the change that the flag stands for.
# reads only
flag_outdated() {
    flag_outdated_boot= flag_outdated_start=
    { read -r flag_outdated_boot flag_outdated_start <"$state/flags/$1"; } 2>/dev/null
    case $flag_outdated_start in '' | *[!0-9]*) return 1 ;; esac
    { read -r flag_outdated_now </proc/sys/kernel/random/boot_id; } 2>/dev/null || return 1
    [ "$flag_outdated_boot" = "$flag_outdated_now" ] || return 0
    process_start_time "$2" || return 1
    # Too large for the arithmetic of some shells: by length, then by the digits.
    case $((${#process_started} - ${#flag_outdated_start})) in
        0) ;;
        -*) return 1 ;;
        *) return 0 ;;
    esac
    while [ "${#process_started}" -gt 6 ] && [ "${process_started%"${process_started#???}"}" = "${flag_outdated_start%"${flag_outdated_start#???}"}" ]; do
        process_started=${process_started#???} flag_outdated_start=${flag_outdated_start#???}
    done
    while [ "${#process_started}" -gt 6 ]; do
        process_started=${process_started%???} flag_outdated_start=${flag_outdated_start%???}
    done
    [ "$process_started" -gt "$flag_outdated_start" ]
}

# flag_stamp NAME: AFTER the change, writes down when that was: the boot of the host, and when a process
# began that was started just now. So a process that is younger needs no restart, whoever started it.
flag_stamp() {
    [ -e "$state/flags/$1" ] || return 0
    flag_stamp_boot=
    { read -r flag_stamp_boot </proc/sys/kernel/random/boot_id; } 2>/dev/null || return 0
    flag_stamp_line=$(cat /proc/self/stat 2>/dev/null) || return 0
    # shellcheck disable=SC2086
    set -- "$1" ${flag_stamp_line##*") "}
    { printf '%s %s\n' "$flag_stamp_boot" "${21}" >"$state/flags/$1"; } 2>/dev/null
    return 0
}

# flagged NAME: 0 when the flag NAME is set.
# reads only
flagged() {
    case $flags_seen in *" $1 "*) return 0 ;; esac
    [ -e "$state/flags/$1" ]
}

# folders PATH: makes the folders that are missing above PATH: root's, 0755.
folders() {
    case $1 in */*) ;; *) return 0 ;; esac
    folders_one=${1%/*}
    [ -n "$folders_one" ] && [ ! -d "$folders_one" ] || return 0
    folders "$folders_one"
    # Set anew: the line above has moved it up.
    folders_one=${1%/*}
    record parent "$folders_one"
    folders_said=$({ umask 022 && mkdir "$folders_one"; } 2>&1) || [ -d "$folders_one" ] ||
        file_failed "$folders_one" "$folders_said"
}

# forget: after a change to things that others may depend on. From here on each is looked at by itself.
forget() {
    look_done= look_trust=
}

# group_add NAME GID: makes the group. GID may be ''. The exit code says nothing.
# may use: groupadd addgroup pw
group_add() {
    if command -v groupadd >/dev/null 2>&1; then
        groupadd -r ${2:+-g} ${2:+"$2"} "$1"
    elif command -v addgroup >/dev/null 2>&1; then
        addgroup -S ${2:+-g} ${2:+"$2"} "$1"
    elif command -v pw >/dev/null 2>&1; then
        pw groupadd -n "$1" ${2:+-g} ${2:+"$2"}
    else
        account_free /etc/group "$2"
        account_append /etc/group "$1:x:$account_free:"
    fi
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

# group_id NAME: sets group_id to the number of the group NAME; a number stays as it is.
# Exit code other than 0: no such group.
# reads only
# may use: getent
group_id() {
    case $1 in
        root) group_id=0 && return ;;
        '' | *[!0-9]*) ;;
        *) group_id=$1 && return ;;
    esac
    case $groups_known in
        *" $1="*)
            group_id=${groups_known#*" $1="}
            group_id=${group_id%% *}
            return
            ;;
    esac
    if account_number /etc/group "$1"; then
        group_id=$account_number
    else
        group_id=$(getent group "$1" 2>/dev/null) || return
        group_id=${group_id#*:*:}
        group_id=${group_id%%:*}
    fi
    groups_known=" $1=$group_id$groups_known "
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

# handover_after ACTION SERVICE SUPERVISOR: after ACTION has succeeded, writes down what keeps the service now.
handover_after() {
    case $1 in
        start | restart | reload) ;;
        enable) [ -z "$handover_from" ] || return 0 ;; # it goes on as it is until a start
        *) return 0 ;;
    esac
    handover_back=
    if [ -n "$handover_from" ]; then
        handover_old "retire-$2" || warn "something of $2 is left under $handover_sup"
        note "took $2 over from ${handover_from##*/}, under $handover_sup"
    fi
    handover_keep "$2" "$3"
}

# handover_before ACTION SERVICE SUPERVISOR: before ACTION is done with the service, what keeps it another way lets
# go of it.
handover_before() {
    handover_find "$2" "$3"
    [ -n "$handover_from" ] || return 0
    case $1 in
        start | restart | enable) ;;
        stop | disable)
            [ "$handover_from" != "$state" ] || handover_old "$1-$2" || [ $? = 78 ] ||
                die 70 "cannot $1 $2: $handover_sup does not let go of it"
            return
            ;;
        *) return ;;
    esac
    [ "$handover_from" = "$state" ] || [ -n "$run_replace" ] ||
        die 78 "the bundle ${handover_from##*/} keeps $2 already, under $handover_sup; --replace takes it over, or uninstall that bundle"
    handover_enabled=
    handover_old --check "disable-$2" 2>/dev/null
    [ $? != 2 ] || handover_enabled=1
    if [ "$1" != enable ]; then
        handover_ran=
        ! handover_old "status-$2" 2>/dev/null || handover_ran=1
        handover_back=$2
        handover_old "stop-$2" || [ $? = 78 ] || die 70 "cannot take $2 over: ${handover_from##*/} cannot stop it"
    fi
    handover_old "disable-$2" 2>/dev/null || [ $? = 78 ] || die 70 "cannot take $2 over: ${handover_from##*/} cannot disable it"
}

# handover_clean STATE: removes the scripts that no service in STATE needs any more.
handover_clean() {
    handover_lines=
    while read -r handover_name handover_rest; do
        handover_lines="$handover_lines $handover_rest$nl"
    done <"$1/services"
    for handover_copy in "$1"/scripts/*; do
        case $handover_lines in
            *" ${handover_copy##*/}$nl"*) ;;
            *) rm -rf "$handover_copy" ;;
        esac
    done
}

# handover_digest: sets handover_digest to what tells this bundle from all others: the sum of its manifest.
handover_digest() {
    [ -z "$handover_digest" ] || return 0
    while read -r handover_digest handover_name; do
        [ "$handover_name" != manifest.json ] || return 0
    done <"$bundle/SHA256SUMS"
    die 70 "cannot find manifest.json in $bundle/SHA256SUMS"
}

# handover_dropped: lets go of the services that this bundle has no more.
handover_dropped() {
    handover_all=
    while read -r handover_name handover_sup handover_sum; do
        case $run_services in
            *" $handover_name "*) ;;
            *) handover_all="$handover_all $handover_name" ;;
        esac
    done <"$state/services"
    handover_from=$state
    for handover_gone in $handover_all; do
        handover_line "$state" "$handover_gone"
        handover_old "retire-$handover_gone" || warn "something of $handover_gone is left under $handover_sup"
        handover_write "$state" "$handover_gone" ''
        note "removed $handover_gone, which this bundle has no more"
    done
}

# handover_find SERVICE SUPERVISOR: sets handover_from to the state folder of the bundle that keeps the service
# another way, this one included; to '' when there is none.
handover_find() {
    handover_from= handover_sup= handover_sum=
    if handover_line "$state" "$1"; then
        [ "$handover_sup" = "$2" ] || handover_from=$state
        return 0
    fi
    for handover_other in "${state%/*}"/*/services; do
        handover_other=${handover_other%/services}
        if [ "$handover_other" != "$state" ] && handover_line "$handover_other" "$1"; then
            handover_from=$handover_other
            return 0
        fi
    done
}

# handover_keep SERVICE SUPERVISOR: writes down that this bundle keeps the service, and keeps its scripts for as long.
# Does so for handover_from, too, the one that has kept it before.
handover_keep() {
    handover_digest
    handover_kept=$handover_from
    if handover_line "$state" "$1" && [ "$handover_sup $handover_sum" = "$2 $handover_digest" ]; then
        for handover_copy in "$state"/scripts/*; do
            # A run was killed before it removed those of the version before; or other services still need them.
            [ "${handover_copy##*/}" = "$handover_digest" ] || handover_clean "$state"
        done
        return 0
    fi
    handover_scripts
    handover_write "$state" "$1" "$1 $2 $handover_digest"
    handover_dropped
    [ -z "$handover_kept" ] || [ "$handover_kept" = "$state" ] || handover_merge "$handover_kept" "$1"
}

# handover_line STATE SERVICE: sets handover_sup and handover_sum to what keeps the service, says the bundle with the
# state folder STATE. Exit code 1: it does not.
handover_line() {
    [ -f "$1/services" ] || return 1
    while read -r handover_name handover_sup handover_sum; do
        [ "$handover_name" != "$2" ] || return 0
    done <"$1/services"
    handover_sup= handover_sum=
    return 1
}

# handover_merge STATE SERVICE: the bundle with the state folder STATE does not keep the service any more. If that was
# all of it, what it made becomes this bundle's.
handover_merge() {
    handover_write "$1" "$2" ''
    [ ! -s "$1/services" ] || return 0
    handover_said=$({
        : >"$state/journal.new"
        for handover_journal in "$1/journal" "$state/journal"; do
            [ ! -f "$handover_journal" ] || cat "$handover_journal" >>"$state/journal.new"
        done
        if [ -d "$1/original" ]; then
            mkdir -p "$state/original" && cp -RpP "$1/original/." "$state/original"
        fi
        mv -f "$state/journal.new" "$state/journal" && rm -f "$1/journal" && rm -rf "$1"
    } 2>&1) || file_failed "$state/journal" "$handover_said"
}

# handover_old PHASE...: runs phases of the scripts that keep the service.
handover_old() {
    [ -f "$handover_from/scripts/$handover_sum/run" ] ||
        die 70 "cannot take over from ${handover_from##*/}: its scripts are not in $handover_from/scripts any more"
    # In parentheses: in some shells the function would leave the variable as it was here.
    (PALLETGEN_STATE=${handover_from%/*} && handover_run "$handover_from/scripts/$handover_sum/run" "$@")
}

# handover_return: after a start has failed: the service goes on as it did before.
handover_return() {
    handover_service=$handover_back
    [ -n "$handover_service" ] || return 0
    handover_back=
    handover_run "$bundle/run" "retire-$handover_service" 2>/dev/null
    [ -z "$handover_enabled" ] || handover_old "enable-$handover_service"
    [ -z "$handover_ran" ] || handover_old "start-$handover_service" ||
        warn "cannot bring $handover_service back under $handover_sup either"
    warn "$handover_service stays with ${handover_from##*/}, under $handover_sup"
}

# handover_run RUN PHASE...: runs phases of another bundle, or of this one, from within this run.
handover_run() {
    PALLETGEN_WITHIN=${PALLETGEN_WITHIN:-$$} PALLETGEN_CHECK= PALLETGEN_DIFF= PALLETGEN_JSON= PALLETGEN_IF_FLAG= PALLETGEN_IF_STOPPED= \
        PALLETGEN_INSTANCE_ID= PALLETGEN_PURGE= PALLETGEN_ROOT=${run_image:+/} PALLETGEN_STATE=${PALLETGEN_STATE:-${state%/*}} \
        env /bin/sh "$@" >/dev/null
}

# handover_scripts: keeps a copy of this bundle's scripts.
handover_scripts() {
    handover_copy=$state/scripts/$handover_digest
    [ ! -f "$handover_copy/run" ] || return 0
    # Run comes last: where it is, all is.
    handover_said=$({
        mkdir -p "$handover_copy" && cp -R "$bundle/phases" "$bundle/lib.sh" "$bundle/SHA256SUMS" "$handover_copy" &&
            cp "$bundle/run" "$handover_copy/run.new" && mv -f "$handover_copy/run.new" "$handover_copy/run"
    } 2>&1) || file_failed "$handover_copy" "$handover_said"
}

# handover_write STATE SERVICE LINE: makes LINE the one of the service in STATE, '' for none.
handover_write() {
    handover_lines=$3${3:+$nl}
    if [ -f "$1/services" ]; then
        while read -r handover_name handover_rest; do
            [ "$handover_name" = "$2" ] || handover_lines="$handover_lines$handover_name $handover_rest$nl"
        done <"$1/services"
    fi
    { printf '%s' "$handover_lines" >"$1/services.new" && mv -f "$1/services.new" "$1/services"; } 2>/dev/null ||
        die 70 "cannot write $1/services: is the disk full, or read-only?"
    handover_clean "$1"
}

# image_cache: puts those files of the cache into the image that the phases may ask for.
# may use: cp grep
image_cache() {
    [ -n "$PALLETGEN_CACHE" ] || return 0
    mkdir "$image_copy/cache"
    for image_left in "$PALLETGEN_CACHE"/*; do
        if [ -f "$image_left" ] && grep -qsF -e "${image_left##*/}" "$bundle"/phases/*.sh; then
            image_said=$(cp "$image_left" "$image_copy/cache" 2>&1) || file_failed "$image_folder" "$image_said"
        fi
    done
    export PALLETGEN_CACHE="/${image_copy##*/}/cache"
}

# image_clean: takes away what image_run has put there.
image_clean() {
    for image_left in "$image_copy" "$image_null"; do
        [ -z "$image_left" ] || rm -rf "$image_left"
    done
}

# image_run FOLDER PHASE...: runs the phases in FOLDER, with a copy of the bundle in there; so whatever they
# run, they cannot reach this host by mistake. Ends the run.
# may use: chroot mknod cp
image_run() {
    image_folder=$1
    shift
    [ -d "$image_folder" ] || die 64 "--root $image_folder: no such folder"
    for image_command in chroot mknod cp; do
        command -v "$image_command" >/dev/null 2>&1 || die 69 "missing on this host: $image_command"
    done
    if [ ! -e "$image_folder/bin/sh" ] && [ ! -L "$image_folder/bin/sh" ]; then
        die 70 "cannot work in $image_folder: it has no /bin/sh"
    fi
    # What a run has left that was killed.
    for image_left in "$image_folder"/.palletgen-[0-9]*; do
        if [ -d "$image_left" ] && ! kill -0 "${image_left##*-}" 2>/dev/null; then
            rm -rf "$image_left"
        fi
    done
    # Without it, what is thrown away there would become a file.
    if [ ! -c "$image_folder/dev/null" ]; then
        image_null=$image_folder/dev/null
        image_said=$({
            mkdir -p "$image_folder/dev" && rm -f "$image_null" && mknod -m 666 "$image_null" c 1 3
        } 2>&1) || file_failed "$image_null" "$image_said"
    fi
    image_copy=$image_folder/.palletgen-$$
    image_said=$({
        rm -rf "$image_copy" && mkdir -m 0700 "$image_copy" && cp -R "$bundle/." "$image_copy"
    } 2>&1) || file_failed "$image_folder" "$image_said"
    image_cache
    export PALLETGEN_ROOT=/ PALLETGEN_CHECK="$run_check" PALLETGEN_DIFF="$run_diff" PALLETGEN_JSON="$run_json"
    export PALLETGEN_OVERWRITE_CHANGES="$run_overwrite" PALLETGEN_PURGE="$run_purge" PALLETGEN_WAIT="$run_wait"
    export PALLETGEN_IF_STOPPED="$run_if_stopped" PALLETGEN_IF_FLAG="$run_if_flag" PALLETGEN_INSTANCE_ID="$run_instance"
    export PALLETGEN_REPLACE="$run_replace"
    chroot "$image_folder" /bin/sh "/${image_copy##*/}/run" "$@"
    image_code=$?
    run_done=1
    case $image_code in
        126 | 127) die 70 "cannot run /bin/sh in $image_folder: is it there, and made for this machine?" ;;
    esac
    exit "$image_code"
}

# in_place KEY: 0 when the look found KEY (a path, or packages) as it should be.
in_place() {
    [ -n "$look_trust" ] || return 1
    case $look_drift in *"$nl$1$nl"*) return 1 ;; esac
}

# journal_line LINE: sets journal_kind, journal_rest, what stands behind it, and journal_path, where the path comes
# last. Exit code 1: no whole line.
journal_line() {
    case $1 in *" ;") ;; *) return 1 ;; esac
    journal_kind=${1%% *}
    journal_rest=${1#* }
    journal_rest=${journal_rest%" ;"}
    journal_path=/${journal_rest#*/}
    # Of a file, sum and flag come before.
    [ "$journal_kind" != file ] || journal_flag=${journal_rest%%" /"*} journal_flag=${journal_flag#* }
}

# json_line EVENT NAME VALUE...: prints one JSON object, such as
# {"bundle":"b","phase":"configure","event":"changed","message":"changed /etc/x"}.
# A NAME whose VALUE is '' is left out; of code, pid and changed the VALUE is a number.
json_line() {
    json_object= json_event=$1
    shift
    set -- bundle "$bundle_name" phase "$run_phase" event "$json_event" "$@"
    while [ $# -ge 2 ]; do
        case "$1 $2" in
            "$1 ") ;;
            'code '* | 'pid '* | 'changed '*) json_object="$json_object,\"$1\":$2" ;;
            *)
                json_quote "$2"
                json_object="$json_object,\"$1\":\"$json_text\""
                ;;
        esac
        shift 2
    done
    printf '{%s}\n' "${json_object#,}"
}

# json_quote TEXT: sets json_text to TEXT as it stands in a JSON string, bytes that are not ASCII
# as a question mark.
json_quote() {
    json_text= json_rest=$1
    case $json_rest in
        *[\"\\]* | *[!\ -~]*) ;;
        *) json_text=$1 json_rest= ;;
    esac
    while [ -n "$json_rest" ]; do
        json_byte=${json_rest%"${json_rest#?}"}
        json_rest=${json_rest#?}
        case $json_byte in
            [\"\\]) json_text="$json_text\\$json_byte" ;;
            "$nl") json_text="$json_text\\n" ;;
            '	') json_text="$json_text\\t" ;;
            [\ -~]) json_text=$json_text$json_byte ;;
            *) json_text="$json_text?" ;;
        esac
    done
}

# line_copy PATH NUMBER LINE: prints the file PATH, changed as line_prepare says; as it is for NUMBER -1.
line_copy() {
    line_at=0 line_more= line_from=/dev/null
    if [ -e "$1" ]; then
        line_more=1 line_from=$1
    fi
    while [ -n "$line_more" ]; do
        IFS= read -r line_text 2>/dev/null || line_more=
        [ -n "$line_more$line_text" ] || break
        line_at=$((line_at + 1))
        if [ "$line_at" != "$2" ]; then
            printf '%s\n' "$line_text" || return
        elif [ -n "$3" ]; then
            printf '%s\n' "$3" || return
        fi
    done <"$line_from"
    [ "$2" != 0 ] || printf '%s\n' "$3"
}

# line_find PATH LINE [PREFIX]: sets line_found to 1 when LINE is a line of PATH, else to ''. Sets
# line_count to how many lines begin with PREFIX, and line_number and line_old to the number and text of the first
# of these, or line_number to that of LINE.
# reads only
line_find() {
    line_found= line_count=0 line_number=0 line_at=0 line_old=
    [ -e "$1" ] || [ -L "$1" ] || return 0
    [ -f "$1" ] && [ -r "$1" ] || die 70 "cannot read $1: it is no regular file, or this needs root"
    line_more=1
    # After a read that failed there is at most the end of a last line: yash stays for ever before a
    # byte that it takes for no character.
    while [ -n "$line_more" ]; do
        IFS= read -r line_text 2>/dev/null || line_more=
        [ -n "$line_more$line_text" ] || return 0
        line_at=$((line_at + 1))
        if [ "$line_text" = "$2" ] && [ -n "$2" ]; then
            line_found=1 line_number=$line_at
            return 0
        fi
        [ -n "$3" ] || continue
        case $line_text in
            "$3"*)
                line_count=$((line_count + 1))
                [ "$line_count" -gt 1 ] || line_number=$line_at line_old=$line_text
                ;;
        esac
    done <"$1"
}

# line_finish PATH: puts aside in the place of PATH.
line_finish() {
    line_said=$(mv -f "$aside" "$1" 2>&1) || file_failed "$1" "$line_said"
    aside=
    forget
}

# line_prepare PATH NUMBER LINE: makes aside a copy of PATH, with its owner and mode, in which LINE is the
# line with that number; '' takes that line away, and NUMBER 0 adds LINE at the end.
# 70: this shell cannot read every byte of PATH, or the disk is full.
line_prepare() {
    [ ! -L "$1" ] || die 70 "cannot change $1: it is a link; name the file that it points to"
    folders "$1"
    set_aside "$1"
    if [ -e "$1" ]; then
        line_said=$({
            rm -f "$aside" && cp -p "$1" "$aside" && line_copy "$1" -1 '' >"$aside"
        } 2>&1) || file_failed "$1" "$line_said"
        line_same "$1" "$aside" || die 70 "cannot change $1: it holds bytes that this shell does not read as text"
    fi
    line_said=$({ umask 022 && line_copy "$@" >"$aside"; } 2>&1) || file_failed "$1" "$line_said"
}

# line_same PATH COPY: 0 when COPY is the same but for a newline at its end that PATH has not.
line_same() {
    cmp -s "$1" "$2" && return
    { cat "$1" && printf '\n'; } | cmp -s - "$2"
}

# line_undo WORDS: takes back what line_in_file has recorded: N M PATH OLD LINE.
line_undo() {
    line_undo_path=${1%% *}
    set -- "$line_undo_path" "${1#* }"
    set -- "$1" "${2%% *}" "${2#* }"
    line_undo_path=$(printf "%.${1}s" "$3")
    set -- "$2" "${3#"$line_undo_path "}"
    line_undo_old=$(printf "%.${1}s" "$2")
    line_undo_line=${2#"$line_undo_old "}
    line_find "$line_undo_path" "$line_undo_line"
    [ -n "$line_found" ] || return 0
    would "take back a line of $line_undo_path" && return 0
    line_prepare "$line_undo_path" "$line_number" "$line_undo_old"
    line_finish "$line_undo_path"
    note "took back a line of $line_undo_path"
}

# link_made PATH: 0 when the bundle has made the link PATH at some time.
# reads only
link_made() {
    link_made_more=1
    [ -f "$state/journal" ] || return 1
    while [ -n "$link_made_more" ] && { IFS= read -r link_made_line || link_made_more=; } && [ -n "$link_made_more$link_made_line" ]; do
        [ "$link_made_line" != "link $1 ;" ] || return 0
    done <"$state/journal"
    return 1
}

# lock_clean: removes what the run before has left, if it was killed.
lock_clean() {
    [ -s "$state/aside" ] || return 0
    lock_left=
    read -r lock_left <"$state/aside"
    case $lock_left in
        /*.palletgen-new-*)
            if [ -e "$lock_left" ] || [ -L "$lock_left" ]; then
                # Its programs may still be at work in there.
                rm -rf "$lock_left" 2>/dev/null || { sleep 1 && rm -rf "$lock_left"; }
            fi
            ;;
    esac
}

# lock_failed TEXT: ends the run with 70. TEXT is why nothing can be written to $state.
lock_failed() {
    case $1 in
        *'ermission denied'* | *'not permitted'*) die 70 "this needs root: cannot write to $state" ;;
        *'ead-only file system'*) die 70 "cannot write to $state, which is read-only; PALLETGEN_STATE=DIR is another place" ;;
    esac
    file_failed "$state" "$1"
}

# lock_identity: sets lock_me to what owner holds, for this run.
lock_identity() {
    lock_boot=- lock_host=-
    { read -r lock_boot </proc/sys/kernel/random/boot_id; } 2>/dev/null
    { read -r lock_host </proc/sys/kernel/hostname; } 2>/dev/null
    process_start_time "$$" || process_started=-
    lock_me="$lock_host $lock_boot $$ $process_started"
}

# lock_release [FILE...]: gives the lock back, if this run has it; removes more files of $state.
lock_release() {
    [ -z "$locked" ] || rm -rf "$@" "$state/keeping" "$state/aside" "$state/lock"
    locked=
}

# lock_stale FILE: 0 when the owner that FILE names is gone for sure. Without a name for five seconds,
# its owner was killed before it wrote one.
lock_stale() {
    lock_owner= lock_owner_pid= lock_owner_boot= lock_owner_start=
    { read -r lock_owner_host lock_owner_boot lock_owner_pid lock_owner_start <"$1"; } 2>/dev/null
    if [ -z "$lock_owner_pid" ]; then
        lock_bare=$((lock_bare + 1))
        [ "$lock_bare" -gt 50 ]
        return
    fi
    # Where this one is gone, the next may be just about to write its name: that is waited for anew.
    lock_bare=0
    # Of another host, where a folder is shared, nobody can tell.
    [ "$lock_owner_host" = "$lock_host" ] || return 1
    [ "$lock_owner_boot" = "$lock_boot" ] || return 0
    ! process_alive "$lock_owner_pid" "$lock_owner_start"
}

# lock_take SECONDS: takes the lock; waits so long for one that another run holds, then ends the run
# with 75. A lock whose owner is gone is taken over. Makes $state first.
lock_take() {
    lock_identity
    lock_waited=0 lock_bare=0 lock_lent=
    until lock_try; do
        if [ "$lock_waited" -ge "$(($1 * 10))" ]; then
            die 75 "locked: another run of this bundle is at work${lock_owner_pid:+, pid $lock_owner_pid} (see $state/lock)"
        fi
        [ "$lock_waited" -gt 0 ] || warn "waiting for another run of this bundle${lock_owner_pid:+, pid $lock_owner_pid}"
        lock_waited=$((lock_waited + 1))
        nap
    done
    [ -z "$lock_lent" ] || return 0
    locked=1
    lock_clean
}

# lock_try: takes the lock if it is free, or its owner is gone. Exit code 1: it is held.
lock_try() {
    lock_owner= lock_owner_pid=
    if mkdir "$state/lock" 2>/dev/null; then
        lock_write "$state/lock/owner"
        return 0
    elif [ ! -d "$state/lock" ]; then
        # There is no $state yet; or the lock was given back a moment ago; or nothing can be made there.
        lock_said=$({
            mkdir -p "${state%/*}" && umask 077 && mkdir -p "$state" && mkdir "$state/lock"
        } 2>&1) || [ -d "$state/lock" ] || lock_failed "$lock_said"
        [ -z "$lock_said" ] || return 1
        lock_write "$state/lock/owner"
        return 0
    fi
    if ! lock_stale "$state/lock/owner"; then
        # A run that this one is part of lends its lock.
        [ -n "$PALLETGEN_WITHIN" ] && [ "$lock_owner_pid" = "$PALLETGEN_WITHIN" ] && lock_lent=1
        return
    fi
    # Of several that see this one does it; and it looks again, for another may have done it before.
    if ! mkdir "$state/lock/takeover" 2>/dev/null; then
        # Who wanted to take it over may be gone, too.
        lock_stale "$state/lock/takeover/owner" && rm -rf "$state/lock/takeover"
        return 1
    fi
    lock_write "$state/lock/takeover/owner"
    if ! lock_stale "$state/lock/owner"; then
        rm -rf "$state/lock/takeover"
        return 1
    fi
    mv -f "$state/lock/takeover/owner" "$state/lock/owner"
    rm -rf "$state/lock/takeover"
    warn "took over the lock of a run that is gone${lock_owner_pid:+, pid $lock_owner_pid}"
}

# lock_write FILE: makes FILE say that this run is the owner.
lock_write() {
    { printf '%s\n' "$lock_me" >"$1"; } 2>/dev/null && return
    rm -rf "${1%/owner}"
    die 70 "cannot write $1: is the disk full?"
}

# log_tail FILE: shows the last 20 lines of a log on stderr, indented.
log_tail() {
    if [ -s "$1" ]; then
        printf '  the end of %s:\n' "$1" >&2
        tail -n 20 "$1" | sed 's/^/    /' >&2
    else
        printf '  nothing in %s\n' "$1" >&2
    fi
}

# look_begin: forgets everything, before another look.
look_begin() {
    look_paths= look_facts=$nl look_sums= look_packages= look_done= look_drift=$nl
}

# look_contents: one sha256sum for all contents; only where something differs, another that says what.
# may use: sha256sum
look_contents() {
    [ -n "$look_sums" ] || return 0
    if command -v sha256sum >/dev/null 2>&1; then
        printf '%s' "$look_sums" | sha256sum -c >/dev/null 2>&1 && return
        look_list=$(printf '%s' "$look_sums" | sha256sum -c 2>/dev/null)$nl
    else
        look_list= # then each is looked at by itself
    fi
    while [ -n "$look_sums" ]; do
        look_one=${look_sums%%"$nl"*}
        look_one=${look_one#*"  "}
        look_sums=${look_sums#*"$nl"}
        case $look_list in
            *"$look_one: OK$nl"*) ;;
            *) look_drift=$look_drift$look_one$nl ;;
        esac
    done
}

# look_end: asks for all that was said since look_begin. Sets look_drift to what differs, a line each.
# may use: sha256sum
look_end() {
    look_ifs=$IFS
    IFS=$nl
    set -f
    # shellcheck disable=SC2086
    set -- $look_paths
    look_asked=$#
    if [ "$look_asked" -gt 0 ]; then
        look_list=$(ls -ldn "$@" 2>/dev/null)
        # shellcheck disable=SC2086
        set -- $look_list
        [ $# -eq "$look_asked" ] || look_missing
    fi
    IFS=$look_ifs
    for look_line in "$@"; do
        # shellcheck disable=SC2086
        look_fact $look_line
    done
    set +f
    look_contents
    # A phase that names packages brings the function along.
    [ -z "$look_packages" ] || call look_packages || look_drift=${look_drift}packages$nl
    look_done=1
}

# look_fact BITS LINKS UID GID SIZE MONTH DAY TIME PATH...: a line of the listing. It is as it should be when the
# same was said by look_path.
look_fact() {
    look_bits=$1 look_owner="$3 $4"
    case $look_bits in
        # Behind the bits some systems put a sign for more: an access list, a context.
        *[.+@]) look_bits=${look_bits%?} ;;
    esac
    [ $# -gt 8 ] && shift 8 || return
    case $look_bits in
        l*)
            case $look_facts in *"$nl$* is l$nl"*) return ;; esac
            look_one=$*
            look_drift=$look_drift${look_one%%" -> "*}$nl
            return
            ;;
    esac
    case $look_facts in
        *"$nl$* is $look_bits $look_owner$nl"*) return ;;
        *"$nl$* is for "*)
            look_one=${look_facts#*"$nl$* is for "}
            look_writable "${look_one%%$nl*}" && return
            ;;
    esac
    look_drift=$look_drift$*$nl
}

# look_missing: ls has no line for what is not there.
look_missing() {
    for look_one in $look_paths; do
        [ -e "$look_one" ] || [ -L "$look_one" ] || look_drift=$look_drift$look_one$nl
    done
}

# look_path PATH KIND OWNER GROUP MODE [TARGET]: PATH is to be of this KIND: - for a file, d for a
# folder, l for a link to TARGET. MODE '' for a folder: one that OWNER may write to.
look_path() {
    look_paths=$look_paths$1$nl
    if [ "$2" = l ]; then
        look_facts="$look_facts$1 -> $6 is l$nl"
    elif [ -z "$5" ]; then
        look_facts="$look_facts$1 is for $3$nl"
    elif user_id "$3" && group_id "$4"; then
        case $5 in
            0644) file_bits=rw-r--r-- ;;
            0755) file_bits=rwxr-xr-x ;;
            *) file_bits "$5" ;;
        esac
        look_facts="$look_facts$1 is $2$file_bits $user_id $group_id$nl"
    else
        look_drift=$look_drift$1$nl
    fi
}

# look_writable USER: 0 when look_bits and look_owner are those of a folder that USER may write to.
look_writable() {
    case $look_bits in
        d????w* | d???????w*) return 0 ;;
        d*) user_id "$1" && [ "$user_id" = 0 ] || [ "$user_id" = "${look_owner%% *}" ] ;;
        *) return 1 ;;
    esac
}

# looked FUNCTION: calls a phase's function that has said all it will want.
looked() {
    look_trust=$look_done
    checkable "$1"
    look_trust=
}

# nap: waits a tenth of a second; a whole one where sleep knows no fractions.
nap() {
    sleep 0.1 2>/dev/null || sleep 1
}

# nohup_configured: 0 when the service has its folder, whole: launch is put last.
# reads only
nohup_configured() {
    [ -f "$background_folder/launch" ]
}

# nohup_down: see background_down.
nohup_down() {
    background_down
}

# nohup_installed: nothing is to be installed.
# reads only
nohup_installed() {
    return 0
}

# nohup_kill: see background_kill.
nohup_kill() {
    background_kill
}

# nohup_log: shows the end of the log.
nohup_log() {
    log_tail "$nohup_log_file"
}

# nohup_look: see background_look.
nohup_look() {
    background_look
}

# nohup_no_boot ACTION NAME FOLDER: there is nothing to enable; disabled it is already.
nohup_no_boot() {
    [ -f "$3/launch" ] || die 78 "$2 is not configured on this host; run ./run configure first"
    [ "$1" = disable ] || warn "cannot $1 $2: nohup starts nothing when the host boots"
}

# nohup_reach: see background_reach.
nohup_reach() {
    background_reach
}

# nohup_service FOLDER PIDS SIGNAL LOG: where the service is.
# reads only
nohup_service() {
    background_service "$1" "$2" "$3"
    nohup_log_file=$4
}

# nohup_up: see background_up.
nohup_up() {
    background_up
}

# note TEXT: says what was changed on this host, and counts it.
note() {
    changed=$((changed + 1))
    if [ -n "$run_json" ]; then
        json_line changed message "$1"
    else
        printf '%s\n' "$1"
    fi
    return 0
}

# owner_ids PATH OWNER GROUP: sets user_id and group_id; ends the run with 70 when there is no such
# account to own PATH. Under --check an earlier phase would have made it: then the number is '?'.
owner_ids() {
    if ! user_id "$2"; then
        user_id='?'
        [ -n "$run_check" ] ||
            die 70 "cannot make $1: there is no user $2 on this host (the phase install makes it)"
    fi
    if ! group_id "$3"; then
        group_id='?'
        [ -n "$run_check" ] ||
            die 70 "cannot make $1: there is no group $3 on this host (the phase install makes it)"
    fi
}

# package_file_install PATH: installs it. The exit code says nothing.
# may use: apt-get dpkg dnf microdnf yum zypper apk
package_file_install() {
    case $package_tool in
        apt-get)
            # Without a question to the repositories first: it may need nothing from them.
            packages_apt --allow-downgrades "$1" || packages_install --allow-downgrades "$1"
            ;;
        zypper) zypper --non-interactive install --no-recommends --allow-unsigned-rpm --oldpackage "$1" ;;
        apk) apk add --no-cache --allow-untrusted "$1" ;;
        *) packages_install "$1" ;;
    esac
}

# package_find: sets package_tool to this host's package manager and package_manager to the key that
# names its packages in a bundle. Exit code 1: there is none.
# reads only
package_find() {
    # In yash the variable of a loop is the function's own.
    for package_find in apt-get dnf microdnf yum zypper apk pacman xbps-install pkg opkg; do
        package_tool=$package_find
        command -v "$package_tool" >/dev/null 2>&1 || continue
        case $package_tool in
            apt-get)
                # A few hosts of other kinds carry apt as a tool, with nothing installed by it.
                [ -s /var/lib/dpkg/status ] || continue
                package_manager=apt
                ;;
            microdnf | yum) package_manager=dnf ;;
            xbps-install) package_manager=xbps ;;
            *) package_manager=$package_tool ;;
        esac
        return 0
    done
    package_tool= package_manager=
    return 1
}

# package_words TEXT: sets package_words to the single names in it: alternatives are split up.
package_words() {
    package_words= package_words_rest=$1
    while :; do
        # posh needs the quotes, and none around them.
        package_words_one=${package_words_rest%%"|"*}
        package_words="$package_words$package_words_one "
        case $package_words_rest in
            *"|"*) package_words_rest=${package_words_rest#*"|"} ;;
            *) return 0 ;;
        esac
    done
}

# packages_act ACTION WORD...: calls the function for ACTION. The exit code says nothing.
packages_act() {
    packages_action=$1
    shift
    case $packages_action in
        install) packages_install "$@" ;;
        file) package_file_install "$@" ;;
        remove) packages_remove "$@" ;;
    esac
}

# packages_apt NAME...: apt-get install that asks nothing, waits for other runs of apt, keeps edited
# configuration files, and rather fails than removes a package. On a terminal of apt's own dpkg would count how
# far it has read its database. Exit code of apt-get.
# may use: apt-get
packages_apt() {
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends --no-remove -o Dpkg::Use-Pty=0 \
        -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -o Acquire::http::Timeout=60 \
        -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install "$@"
}

# packages_change ACTION WORD...: has the package manager install or remove packages, or install a file.
# Sets packages_said to what went wrong, if something did.
packages_change() {
    packages_quiet_own= packages_quiet=
    [ -z "$run_image" ] || packages_quiet
    # What it says is shown as it comes. The error is repeated at the end, behind all that apt says then.
    packages_said=$({ packages_act "$@" </dev/null; } 2>&1 | packages_errors)
    packages_said="$package_tool said: ${packages_said:-nothing} (does this run as root?)"
    [ -z "$packages_quiet" ] || rm -f /usr/sbin/policy-rc.d
    if [ -n "$packages_quiet_own" ]; then
        rm -rf "$aside"
        aside=
    fi
}

# packages_errors: copies stdin to stderr. Prints the last line that looks like an error, behind the last
# one about a repository that cannot be reached: without that the error may be a riddle.
packages_errors() {
    packages_errors_last= packages_errors_net=
    while IFS= read -r packages_errors_line; do
        printf '%s\n' "$packages_errors_line" >&2
        case $packages_errors_line in
            *'ailed to fetch'* | *'ould not connect'* | *'ould not resolve'*)
                packages_errors_net=$packages_errors_line
                ;;
            *[Ee]rror:* | *ERROR:* | E:* | *[Ff]ailed* | *'not found'* | *[Uu]nable* | *'No such'* | *'o space left'*)
                packages_errors_last=$packages_errors_line
                ;;
        esac
    done
    # yash ends at what is no text for it; without a reader the package manager would be killed.
    cat >&2
    printf '%s\n' "$packages_errors_net${packages_errors_net:+ }$packages_errors_last"
}

# packages_install NAME...: installs them. The exit code says nothing: look with packages_there.
# may use: apt-get dpkg dnf microdnf yum zypper apk pacman xbps-install pkg opkg
packages_install() {
    case $package_tool in
        apt-get)
            apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -o Acquire::http::Timeout=60 update
            packages_record "$@"
            # After an apt that was killed nothing can be installed before dpkg --configure.
            packages_apt "$@" || { dpkg --configure -a --force-confdef --force-confold && packages_apt "$@"; }
            ;;
        dnf) dnf -y --setopt=install_weak_deps=False install "$@" ;;
        microdnf) microdnf -y --setopt=install_weak_deps=0 install "$@" ;;
        yum) yum -y install "$@" ;;
        zypper) zypper --non-interactive install --no-recommends "$@" ;;
        apk) apk add --no-cache "$@" ;;
        # Not -Sy at once: on Arch a refresh without an upgrade of everything is for emergencies.
        pacman) pacman -S --noconfirm --needed "$@" || pacman -Sy --noconfirm --needed "$@" ;;
        xbps-install) xbps-install -Sy "$@" ;;
        pkg) ASSUME_ALWAYS_YES=yes pkg install -y "$@" ;;
        opkg) opkg update && opkg install "$@" ;;
    esac
}

# packages_query WORD...: sets packages_found to " installed/A installed/B ", the names among WORD that
# are installed, by one question to the package manager where it can answer that. A WORD may be
# alternatives: a|b. For apt a name may also be name=version or name:architecture.
# may use: dpkg-query rpm apk pacman xbps-query pkg opkg
packages_query() {
    packages_found=' '
    package_words "$*"
    # shellcheck disable=SC2086
    set -- $package_words
    [ $# -gt 0 ] || return 0
    case $package_manager in
        apt)
            packages_found=$(
                for packages_query_name in "$@"; do
                    set -- "$@" "${packages_query_name%%=*}"
                    shift
                done
                # shellcheck disable=SC2016
                dpkg-query -W -f ' ${db:Status-Status}/${Package} ${db:Status-Status}/${Package}=${Version} ${db:Status-Status}/${Package}:${Architecture} ' "$@" 2>/dev/null
            )
            ;;
        dnf | zypper) packages_query_rpm "$@" ;;
        apk)
            packages_query_list=$(apk info -e "$@" 2>/dev/null) && packages_query_list=$*
            # shellcheck disable=SC2086
            packages_query_add $packages_query_list
            ;;
        pacman)
            # It says what is missing, and 127 when something is.
            packages_query_list=$(pacman -T "$@" 2>/dev/null)
            case $? in 0 | 127) packages_query_rest "$@" ;; esac
            ;;
        *)
            for packages_query_name in "$@"; do
                case $package_manager in
                    xbps) xbps-query "$packages_query_name" ;;
                    pkg) pkg info -e "$packages_query_name" ;;
                    opkg) case $(opkg status "$packages_query_name") in *' installed'*) ;; *) false ;; esac ;;
                esac >/dev/null 2>&1 && packages_query_add "$packages_query_name"
            done
            ;;
    esac
    return 0
}

# packages_query_add NAME...: these are installed.
packages_query_add() {
    for packages_query_one in "$@"; do
        packages_found="$packages_found installed/$packages_query_one "
    done
}

# packages_query_rest NAME...: those are installed that are no line of packages_query_list.
packages_query_rest() {
    for packages_query_one in "$@"; do
        case $nl$packages_query_list$nl in
            *"$nl$packages_query_one$nl"*) ;;
            *) packages_found="$packages_found installed/$packages_query_one " ;;
        esac
    done
}

# packages_query_rpm NAME...: rpm says in a sentence what it does not find. What is no package may be
# something that a package provides: a second question.
# may use: rpm
packages_query_rpm() {
    if packages_query_list=$(rpm -q "$@" 2>&1); then
        packages_query_add "$@"
        return
    fi
    packages_query_list=$nl$packages_query_list$nl packages_query_missing=
    for packages_query_name in "$@"; do
        case $packages_query_list in
            *"${nl}package $packages_query_name is not installed$nl"*)
                packages_query_missing="$packages_query_missing $packages_query_name"
                ;;
            *' is not installed'*) packages_query_add "$packages_query_name" ;;
            *) return ;; # it says something else altogether
        esac
    done
    # shellcheck disable=SC2086
    set -- $packages_query_missing
    packages_query_list=$nl$(rpm -q --whatprovides "$@" 2>&1)$nl
    for packages_query_name in "$@"; do
        case $packages_query_list in
            *"${nl}no package provides $packages_query_name$nl"*) ;;
            *"${nl}error: "*) ;;
            *) packages_query_add "$packages_query_name" ;;
        esac
    done
}

# packages_quiet: in an image no package may start its service. Debian's ask policy-rc.d. It is a link
# to a file that is removed on every way out; without that file it does nothing.
packages_quiet() {
    [ "$package_manager" = apt ] && [ ! -e /usr/sbin/policy-rc.d ] || return 0
    if [ -z "$aside" ]; then
        packages_quiet_own=1
        set_aside "$state/package"
    fi
    packages_quiet_said=$({
        mkdir -p "$aside" && printf '%s\n' '#!/bin/sh' 'exit 101' >"$aside/policy-rc.d" &&
            chmod 0755 "$aside/policy-rc.d" && rm -f /usr/sbin/policy-rc.d &&
            ln -s "$aside/policy-rc.d" /usr/sbin/policy-rc.d
    } 2>&1) || file_failed /usr/sbin/policy-rc.d "$packages_quiet_said"
    packages_quiet=1
}

# packages_record NAME...: records what apt would install beside these, since they need it, for uninstall --purge.
# What is only brought up to date is not new. When apt cannot say, the installation will tell why.
# may use: apt-get
packages_record() {
    apt-get -q -s --no-install-recommends --no-remove install "$@" 2>/dev/null | while read -r packages_kind packages_name packages_rest; do
        case $packages_kind$packages_rest in
            Inst'['*) ;;
            Inst*) record package "$packages_name" ;;
        esac
    done
}

# packages_remove NAME...: removes them, and no package that needs them. The exit code says nothing.
# may use: dpkg rpm apk pacman xbps-remove pkg opkg
packages_remove() {
    case $package_manager in
        apt) DEBIAN_FRONTEND=noninteractive dpkg --purge "$@" ;;
        dnf | zypper) rpm -e "$@" ;;
        apk) apk del "$@" ;;
        pacman) pacman -R --noconfirm "$@" ;;
        xbps) xbps-remove -y "$@" ;;
        pkg) pkg delete -y "$@" ;;
        opkg) opkg remove "$@" ;;
    esac
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
        command -v ps >/dev/null 2>&1 || {
            # In an image there may be neither: then whoever has the number is the one.
            process_started=-
            kill -0 "$1" 2>/dev/null
            return
        }
        process_line=$(ps -o stat= -o lstart= -p "$1" 2>/dev/null) || return 1
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

# record KIND WORD...: appends a line to the journal, BEFORE what it says is done. The kinds:
#   file SHA256 FLAG PATH    the file is about to get this content; FLAG is - for none
#   secret COPY SHA256 PATH  the file is made of the bundle's copy with the sum COPY, and secrets; see put_secret
#   new PATH                 nothing was there before that
#   original PATH            a file or link that the bundle did not make was there before that
#   directory PATH | parent PATH | tree PATH | link PATH | empty PATH    made, were not there before: folders
#                            that were asked for, those above something, archives, links, files for a line
#   line N M PATH OLD LINE   a line was added, or put in the place of OLD; N and M are the lengths of PATH and OLD
#   user NAME | group NAME | package NAME                     added, were not there before
#   run NUMBER | undo NUMBER the lines after it are of that run, or of the rollback of that run
#   undone NUMBER            it was rolled back
#   replaced NAME | disabled NAME | unlinked PATH            services of the host's own that may not run, and links to them; see replaces.sh
# A line ends in " ;": one without it was cut off by a full disk, and counts for nothing.
# Whoever reads it lets the loop end by itself when read fails: yash does so at bytes that it takes for
# no characters, and leaves what it has read before.
record() {
    if [ -z "$record_run" ]; then
        run_number
        record_run="run $run_number"
        record_line "$record_run"
    fi
    record_line "$*"
}

# record_line TEXT: writes a line of the journal.
record_line() {
    { printf '\n%s ;' "$1" >>"$state/journal"; } 2>/dev/null ||
        die 70 "cannot write $state/journal: is the disk full, or read-only?"
}

# remove_file PATH: removes the file or link PATH, where there is one. A folder is an error (70).
# resource
remove_file() {
    [ -z "$looking" ] || return 0
    [ -e "$1" ] || [ -L "$1" ] || return 0
    if [ -d "$1" ] && [ ! -L "$1" ]; then
        die 70 "cannot remove $1: it is a folder"
    fi
    would "remove $1" && return 0
    remove_file_said=$(rm -f "$1" 2>&1) || file_failed "$1" "$remove_file_said"
    forget
    note "removed $1"
}

# rename_over NEW PATH: puts NEW in the place of PATH. Over a link to a folder mv would go into that
# folder, unless it is told not to, which POSIX knows no option for.
rename_over() {
    if [ ! -L "$2" ]; then
        mv -f "$1" "$2"
        return
    fi
    mv -fT "$1" "$2" 2>/dev/null || mv -fh "$1" "$2" 2>/dev/null || { rm -f "$2" && mv -f "$1" "$2"; }
}

# run_number: sets run_number, six digits; that of the run before, if it was killed or failed.
run_number() {
    run_number=
    if [ -s "$state/unfinished" ]; then
        read -r run_number <"$state/unfinished"
    fi
    case $run_number in
        [0-9][0-9][0-9][0-9][0-9][0-9]) return 0 ;;
    esac
    run_number=000000
    if [ -f "$state/journal" ]; then
        run_number_more=1
        while [ -n "$run_number_more" ] && { read -r run_number_kind run_number_value run_number_rest || run_number_more=; } && [ -n "$run_number_more$run_number_kind" ]; do
            case "$run_number_kind $run_number_value $run_number_rest" in
                "run "[0-9][0-9][0-9][0-9][0-9][0-9]" ;") run_number=$run_number_value ;;
            esac
        done <"$state/journal"
    fi
    # The 1 keeps the zeros: 08 would be no number.
    run_number=$((1$run_number + 1))
    run_number=${run_number#1}
    [ ! -e "$state/uninstalled" ] || rm -f "$state/uninstalled"
    { printf '%s\n' "$run_number" >"$state/unfinished"; } 2>/dev/null ||
        die 70 "cannot write $state/unfinished: is the disk full, or read-only?"
}

# say TEXT: tells something that is no change.
# reads only
say() {
    if [ -n "$run_json" ]; then
        json_line said message "$1"
    else
        printf '%s\n' "$1"
    fi
    return 0 # also where nobody reads that
}

# say_status SERVICE STATE PID TEXT: how a service is. STATE: running, stopped, failing,
# unconfigured, unknown. PID of its process, or ''. TEXT for people; '' where STATE says it all. Sets
# status_state and status_pid.
say_status() {
    status_state=$2 status_pid=$3
    if [ -n "$run_json" ]; then
        json_line status service "$1" state "$2" pid "$3" message "$4"
    else
        printf '%s: %s\n' "$1" "${4:-$2${3:+, pid $3}}"
    fi
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

# service_begin NAME SECONDS [PID]: from here on the service NAME has SECONDS to come up. Until then call
# service_seen after each look at it. PID, if not '', is that of a process that has been up for long enough, but may
# not be ready yet.
service_begin() {
    service_name=$1 service_seconds=$2 service_pid=$3 service_ran=$3 service_since=-1000000 service_comm=
    clock
    service_deadline=$((clock_now + service_seconds * 10))
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

# service_failed REASON: ends the run with 70, after the last lines of the service's log.
# of the supervisor: log
service_failed() {
    nap
    "${sup}_log"
    die 70 "cannot start $service_name: $1"
}

# service_is_up: says so, unless it was up before.
service_is_up() {
    [ -n "$service_ran" ] || note "started $service_name"
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

# set_aside PATH: sets aside to the name beside PATH under which something new is made. Run removes
# it on every way out; where it could not, the next run does.
set_aside() {
    set_aside_name=${1##*/}
    aside=${1%"$set_aside_name"}.$set_aside_name.palletgen-new-$$
    { printf '%s\n' "$aside" >"$state/aside"; } 2>/dev/null ||
        die 70 "cannot write $state/aside: is the disk full, or read-only?"
}

# stuck TEXT: ends the run with 70: something is in the way. Under --check it is only told, and counted.
# reads only
stuck() {
    would "fail: $1" || die 70 "$1"
}

# take_down SERVICE STOP DISABLE UNCONFIGURE STATUS SUPERVISOR: before the service's files are removed. The
# four are functions.
take_down() {
    [ -f "$state/journal" ] || return 0 # the bundle has done nothing here
    run_if_flag= run_if_stopped=        # for what is taken away there are no conditions
    "$5" >/dev/null
    case $? in
        4)
            [ "$status_state" = unconfigured ] ||
                warn "cannot tell whether $1 runs (see ./run status): it is not stopped before it is removed"
            ;;
        *)
            act stop "$1" "$2" "$5" "$6"
            act disable "$1" "$3" "$5" "$6"
            ;;
    esac
    checkable "$4"
}

# uninstall_file PATH: removes the file, or brings back what was there before the bundle put its own.
uninstall_file() {
    if [ -d "$1" ] && [ ! -L "$1" ]; then
        uninstall_keep "$1: a folder is there instead of the bundle's file"
    elif [ -e "$1" ] && ! file_edited "$1" - && [ -z "$run_overwrite" ]; then
        uninstall_keep "$1: it was edited on this host (uninstall --overwrite-changes removes it)"
    elif ! uninstall_original "$1" && [ -f "$1" ]; then
        uninstall_remove "$1" -f
    fi
}

# uninstall_folder KIND PATH: removes the folder, if nothing is in it; with all that is in it where it was asked for
# (directory) and --purge is given.
uninstall_folder() {
    if [ "$1" = directory ] && [ -n "$run_purge" ]; then
        uninstall_remove "$2" -rf
    elif [ -n "$run_check" ]; then
        return 0 # nobody can tell what would be left in it
    elif rmdir "$2" 2>/dev/null; then
        note "removed $2"
    elif [ "$1" = directory ]; then
        uninstall_keep "$2: it is not empty (uninstall --purge removes it)"
    fi
}

# uninstall_keep TEXT: says that something is kept, and remembers it.
uninstall_keep() {
    warn "kept $1"
    uninstall_kept=1
}

# uninstall_original PATH: brings back what was at PATH before the bundle. Exit code 1: nothing was.
uninstall_original() {
    [ -e "$state/original$1" ] || [ -L "$state/original$1" ] || return 1
    would "bring back $1" && return 0
    copy_back "$state/original$1" "$1"
    note "brought back $1"
}

# uninstall_path KIND PATH: removes what was made at PATH.
uninstall_path() {
    case $1 in
        file) uninstall_file "$2" ;;
        link) [ ! -L "$2" ] || uninstall_original "$2" || uninstall_remove "$2" -f ;;
        tree) [ ! -f "$2/.palletgen-sha256" ] || uninstall_remove "$2" -rf ;;
        empty) [ -s "$2" ] || [ ! -f "$2" ] || uninstall_remove "$2" -f ;;
        *) [ ! -d "$2" ] || [ -L "$2" ] || uninstall_folder "$1" "$2" ;;
    esac
}

# uninstall_remove PATH OPTION: removes PATH by rm.
uninstall_remove() {
    would "remove $1" && return 0
    uninstall_said=$(rm "$2" "$1" 2>&1) || file_failed "$1" "$uninstall_said"
    note "removed $1"
}

# user_id NAME: sets user_id to the number of the user NAME; a number stays as it is.
# Exit code other than 0: no such user.
# reads only
# may use: id
user_id() {
    case $1 in
        root) user_id=0 && return ;;
        '' | *[!0-9]*) ;;
        *) user_id=$1 && return ;;
    esac
    case $users_known in
        *" $1="*)
            user_id=${users_known#*" $1="}
            user_id=${user_id%% *}
            return
            ;;
    esac
    if account_number /etc/passwd "$1"; then
        user_id=$account_number
    else
        user_id=$(id -u "$1" 2>/dev/null) || return
    fi
    users_known=" $1=$user_id$users_known "
}

# warn TEXT: something that needs somebody's eye, on stderr.
# reads only
warn() {
    if [ -n "$run_json" ]; then
        json_line warning message "$1"
    else
        printf '%s: %s\n' "$bundle_name" "$1" >&2
    fi
    return 0
}

# would TEXT: under --check, says and counts what would be changed, and is 0. Else 1.
# reads only
would() {
    [ -n "$run_check" ] || return 1
    changed=$((changed + 1))
    if [ -n "$run_json" ]; then
        json_line would message "$1"
    else
        printf 'would %s\n' "$1"
    fi
    return 0 # where nobody reads that, the change must not be made either
}
