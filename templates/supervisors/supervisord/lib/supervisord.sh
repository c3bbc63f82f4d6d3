# Services under supervisord. Functions set supervisord_name; supervisord_file, the file of its section;
# supervisord_boot, the one that says that it starts at boot; and supervisord_group, the file in which its
# launcher writes down the process group. A call of supervisorctl takes half a second: where the process
# that it has told of is still there, it is not asked again.

# supervisord_service NAME CONF_DIR SUFFIX RUN_DIR CONFIG: where the service is; CONFIG is the file of
# supervisord itself, '' for where that looks by itself.
# reads only
supervisord_service() {
    # The second file comes after the first in the order of their names, and so has the last word.
    supervisord_name=$1 supervisord_file=$2/$1.$3 supervisord_boot=$2/$1.start-at-boot.$3
    supervisord_group=$4/$1.supervisord supervisord_config=$5
    supervisord_job= supervisord_doing= supervisord_pid= supervisord_old=
}

# supervisord_process RESTART FLAG LOG LAUNCHER: what its process is like. RESTART is when it is started again;
# FLAG says that its section was changed since that was started.
# reads only
supervisord_process() {
    supervisord_restart=$1 supervisord_flag=$2 supervisord_log=$3 sup_launcher="/bin/sh $4"
}

# supervisord_installed: ends the run with 69 when supervisord is not installed.
# reads only
supervisord_installed() {
    command -v supervisorctl >/dev/null 2>&1 ||
        die 69 "cannot find supervisorctl: supervisord is not installed (the phase install does it)"
}

# supervisord_configured: 0 when the service has its section.
# reads only
supervisord_configured() {
    [ -f "$supervisord_file" ]
}

# supervisord_ctl WORD...: supervisorctl, which prints its errors as it does all else. What Python has to say
# about its modules is of no use.
# reads only
supervisord_ctl() {
    if [ -n "$supervisord_config" ]; then
        set -- -c "$supervisord_config" "$@"
    fi
    supervisorctl "$@" 2>/dev/null
}

# supervisord_look: looks at the process, and asks supervisord where that does not tell enough.
supervisord_look() {
    sup_grace= sup_pid= sup_code=
    case $supervisord_doing in
        stop)
            sup_state=end sup_pid=$supervisord_pid
            ! supervisord_alive && ! supervisord_works || return 0
            if wait "$supervisord_job" 2>/dev/null; then
                sup_state=down
            else
                supervisord_ask
            fi
            case $sup_state in
                run | begin) supervisord_tell stop ;; # between an end and the next start it does not obey
                dead | down)
                    # Without it, what has ended was stopped.
                    rm -f "$supervisord_group"
                    sup_state=down
                    ;;
            esac
            return
            ;;
        start)
            sup_state=begin
            if supervisord_written && [ "$supervisord_found" != "$supervisord_old" ]; then
                supervisord_pid=$supervisord_found supervisord_start=$supervisord_began sup_state=run sup_pid=$supervisord_found
                return 0
            fi
            ! supervisord_works || return 0
            ;;
        *)
            sup_state=run sup_pid=$supervisord_pid
            ! supervisord_alive || return 0
            ;;
    esac
    supervisord_doing=
    supervisord_ask
}

# supervisord_alive: 0 when the process that was seen before is still there.
# reads only
supervisord_alive() {
    [ -n "$supervisord_pid" ] && process_alive "$supervisord_pid" "$supervisord_start"
}

# supervisord_works: 0 while supervisorctl is still at work on what it was told last.
# reads only
supervisord_works() {
    [ -n "$supervisord_job" ] && process_start_time "$supervisord_job"
}

# supervisord_written: 0 when the process that the launcher has written down last is there. Sets
# supervisord_last to its pid, and where it is there supervisord_found to it, and supervisord_began.
# reads only
supervisord_written() {
    supervisord_found= supervisord_last= supervisord_began=
    { read -r supervisord_last supervisord_began <"$supervisord_group"; } 2>/dev/null
    [ -n "$supervisord_last" ] && process_alive "$supervisord_last" "$supervisord_began" || return 1
    supervisord_found=$supervisord_last
}

# supervisord_ask: asks supervisord.
supervisord_ask() {
    sup_state=none sup_pid= supervisord_pid=
    supervisord_said=$(supervisord_ctl status "$supervisord_name")
    # app   RUNNING   pid 12, uptime 0:00:05
    case $supervisord_said in
        *"no such process"* | *"no such group"*)
            sup_state=unknown
            return
            ;;
        "$supervisord_name "*) ;;
        *) return ;;
    esac
    set -f
    # shellcheck disable=SC2086
    set -- $supervisord_said
    set +f
    case $2 in
        RUNNING) sup_pid=${4%,} ;;
        STARTING) ! supervisord_written || sup_pid=$supervisord_found ;;
        STOPPING)
            sup_state=end
            ! supervisord_written || sup_pid=$supervisord_found
            return
            ;;
        BACKOFF | EXITED) supervisord_ended "$2" ;;
        STOPPED) sup_state=down ;;
        FATAL) sup_state=dead ;;
    esac
    case $2 in
        EXITED | FATAL)
            [ "$sup_state" != dead ] || [ -e "$supervisord_group" ] || sup_state=down
            ;;
        RUNNING | STARTING)
            sup_state=begin
            if [ -n "$sup_pid" ] && process_start_time "$sup_pid"; then
                sup_state=run supervisord_pid=$sup_pid supervisord_start=$process_started
            fi
            ;;
    esac
}

# supervisord_ended STATE: sets sup_state for a process that has ended.
supervisord_ended() {
    # Between two starts. What is left of the group counts as the service's process.
    sup_state=begin sup_grace=0
    if ! supervisord_written && [ -n "$supervisord_last" ] && [ ! -e "/proc/$supervisord_last" ] && group_alive "$supervisord_last"; then
        sup_pid=$supervisord_last
    fi
    [ "$1" = EXITED ] || return 0
    supervisord_code
    case "$sup_code $supervisord_restart" in
        *' always') ;;
        '0 '*) sup_state=down ;;
        *' never') sup_state=dead ;;
    esac
}

# supervisord_code: sets sup_code to the exit code of the process that has ended, which supervisorctl does not
# tell; '' where supervisord's own modules cannot be asked either.
supervisord_code() {
    supervisord_program=$(command -v supervisorctl)
    IFS= read -r supervisord_line <"$supervisord_program"
    case $supervisord_line in '#!'*python*) ;; *) return 0 ;; esac
    set -- "$supervisord_program"
    if [ -n "$supervisord_config" ]; then
        set -- "$@" -c "$supervisord_config"
    fi
    # Its words are a program, and maybe an option.
    # shellcheck disable=SC2086
    sup_code=$(${supervisord_line#??} -c 'import sys
from supervisor.options import ClientOptions
sys.argv = sys.argv[1:]
options = ClientOptions()
options.realize(sys.argv[1:])
print(options.getServerProxy().supervisor.getProcessInfo(sys.argv[-1])["exitstatus"])
' "$@" status "$supervisord_name" 2>/dev/null) || sup_code=
    # Of a signal it does not tell which.
    case $sup_code in -*) sup_code=128 ;; esac
}

# supervisord_reach: has supervisord take up the section, where it does not know it yet.
supervisord_reach() {
    if [ "$sup_state" = none ]; then
        case $supervisord_said in
            *ermission*) die 70 "cannot reach $sup_name: this needs root" ;;
        esac
        die 69 "cannot reach $sup_name: no supervisord answers (${supervisord_said%%$nl*})"
    fi
    supervisord_take || die 70 "supervisord does not accept $supervisord_file: $supervisord_said"
    case $supervisord_said in
        *": added process group"*) sup_state=down ;;
        *) die 70 "supervisord does not read $supervisord_file: is it named by its [include]?" ;;
    esac
}

# supervisord_take: has supervisord read the section anew. A process of it would be stopped. What is enabled it
# then starts by itself, and so sets supervisord_doing.
supervisord_take() {
    supervisord_stamp
    supervisord_written
    supervisord_old=$supervisord_last
    supervisord_said=$(supervisord_ctl update "$supervisord_name") || return
    case $supervisord_said in
        *": added process group"* | *": updated process group"*) ! supervisord_enabled || supervisord_doing=start ;;
    esac
    [ -z "$supervisord_stamp" ] || {
        mkdir -p "${supervisord_group%/*}" && printf '%s\n' "$supervisord_stamp" >"$supervisord_group.taken"
    } 2>/dev/null
    return 0
}

# supervisord_stamp: sets supervisord_stamp to what is different after each change of the section, '' when that is
# not known.
# reads only
supervisord_stamp() {
    supervisord_stamp=
    { read -r supervisord_stamp <"$state/flags/$supervisord_flag"; } 2>/dev/null
}

# supervisord_taken: 0 when supervisord has read the section since its last change.
# reads only
supervisord_taken() {
    flagged "$supervisord_flag" || return 0
    supervisord_stamp
    supervisord_seen=
    { read -r supervisord_seen <"$supervisord_group.taken"; } 2>/dev/null
    [ -n "$supervisord_stamp" ] && [ "$supervisord_stamp" = "$supervisord_seen" ]
}

# supervisord_up: tells supervisord to start the service, as its section is now.
supervisord_up() {
    supervisord_pid=
    supervisord_taken || supervisord_take ||
        service_failed "supervisord does not accept $supervisord_file: $supervisord_said"
    # Told twice, it could start once more what has ended meanwhile.
    [ "$supervisord_doing" = start ] || supervisord_tell start
}

# supervisord_down: tells supervisord to stop the service.
supervisord_down() {
    supervisord_tell stop
}

# supervisord_tell WORD: supervisorctl start or stop, which wait for the end of that: here nobody does. The exit
# code of the job is 0 when that has come.
supervisord_tell() {
    supervisord_written
    supervisord_old=$supervisord_last supervisord_doing=$1
    # By exec: at a call of a function the shell would keep what was open, to have it back later.
    (
        exec </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
        supervisord_ctl "$1" "$supervisord_name" | grep -q ": $1"
    ) &
    supervisord_job=$!
}

# supervisord_kill: kills the process, and its group, where supervisord, which may have been told late, does not
# do that itself.
supervisord_kill() {
    [ -z "$sup_pid" ] || [ "$clock_now" -lt "$((drive_end_time + 50))" ] || group_kill KILL "$sup_pid"
}

# supervisord_log: shows the end of the log.
supervisord_log() {
    log_tail "$supervisord_log"
}

# supervisord_enabled: 0 when the service starts at boot.
# reads only
supervisord_enabled() {
    [ -f "$supervisord_boot" ]
}

# supervisord_enable: the service starts at boot. Nothing happens now: supervisord is not told.
supervisord_enable() {
    set_aside "$supervisord_boot"
    supervisord_said=$({
        umask 022 && rm -f "$aside" && set -C &&
            printf '%s\n' "; $supervisord_name starts with supervisord." "[program:$supervisord_name]" 'autostart=true' >"$aside" &&
            mv -f "$aside" "$supervisord_boot"
    } 2>&1) || file_failed "$supervisord_boot" "$supervisord_said"
    aside=
}

# supervisord_disable: the service does not start at boot. The process that runs is left alone.
supervisord_disable() {
    supervisord_said=$(rm -f "$supervisord_boot" 2>&1) || file_failed "$supervisord_boot" "$supervisord_said"
}

# supervisord_log_folder: ends the run with 70 where the folder of the log is not root's alone. Supervisord opens the log as
# root: whoever may write there could make it a link to any file.
supervisord_log_folder() {
    file_facts "${supervisord_log%/*}/." || return 0
    case "$file_owner $file_group $file_mode" in
        "0 0 "??[014567][0145] | "0 "*" "??[0145][0145]) ;;
        *) die 70 "cannot use ${supervisord_log%/*} for the log: supervisord opens it as root, but others may write there; give the folder to root, or name another" ;;
    esac
}

# supervisord_configure NAME: after the section was put, which supervisord may not know yet. One that it knows is
# taken up by the next start: it would stop the process.
# resource
supervisord_configure() {
    [ -z "$looking$run_check" ] && flagged "$supervisord_flag" || return 0
    supervisord_log_folder
    [ -z "$run_image" ] && command -v supervisorctl >/dev/null 2>&1 || return 0
    sup_name=$1
    supervisord_ask
    [ "$sup_state" != unknown ] || supervisord_reach
}

# supervisord_unconfigure NAME: removes the service, which is stopped. Its log and the older ones beside it stay,
# unless run_purge is set.
# resource
supervisord_unconfigure() {
    # Somebody else may have a section of that name.
    if [ -n "$looking" ] || ! service_made "$supervisord_file"; then
        return 0
    fi
    if [ -z "$run_check" ] && { supervisord_configured || flagged "$1.section"; }; then
        flag "$1.section" # for a run that is killed before supervisord knows
        supervisord_disable
        uninstall_file "$supervisord_file"
        if [ -z "$run_image" ] && command -v supervisorctl >/dev/null 2>&1; then
            supervisord_take
        fi
        rm -f "$supervisord_group" "$supervisord_group.taken"
        rmdir "${supervisord_group%/*}" 2>/dev/null
        flag_clear "$1.section"
    fi
    [ -n "$run_purge" ] || return 0
    for supervisord_one in "$supervisord_log" "$supervisord_log".[0-9]*; do
        [ ! -f "$supervisord_one" ] || remove_file "$supervisord_one"
    done
}
