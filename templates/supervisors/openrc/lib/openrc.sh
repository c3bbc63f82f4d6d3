# Services under OpenRC's supervise-daemon. Functions set openrc_script (/etc/init.d/NAME), openrc_name and
# openrc_files, what begins the names of the files in which its scripts tell about it: .pid (pid, start time,
# session), .first (after a start there was no process yet), .ended (it is not to be started again), .err (what went
# wrong before there was a log), .supervisor (pid of its supervise-daemon) and .stop (who stops it).

# openrc_service SCRIPT RUNLEVELS RUNLEVEL FOLDER FILES LOG: where the service is.
# reads only
openrc_service() {
    openrc_script=$1 openrc_name=${1##*/} openrc_levels=$2 openrc_level=$3
    openrc_files=$5/$openrc_name openrc_log_file=$6 sup_launcher="/bin/sh $4/"
}

# openrc_installed: ends the run with 69 when OpenRC is not installed.
# reads only
openrc_installed() {
    command -v openrc-run >/dev/null 2>&1 ||
        die 69 "cannot find openrc-run: OpenRC is not installed (the phase install does it)"
}

# openrc_configured: 0 when the service has its script, which is put last.
# reads only
openrc_configured() {
    [ -f "$openrc_script" ]
}

# openrc_look: reads what OpenRC and supervise-daemon write down.
# reads only
openrc_look() {
    sup_state=none sup_pid= sup_grace= openrc_supervisor=
    [ -e /run/openrc/softlevel ] || return 0
    openrc_child
    if [ -L "/run/openrc/stopping/$openrc_name" ] || openrc_stops; then
        sup_state=end
    elif [ -L "/run/openrc/started/$openrc_name" ]; then
        sup_state=dead
        if [ -n "$openrc_supervisor" ]; then
            sup_state=begin
            [ -e "$openrc_files.first" ] || sup_grace=0
            [ -z "$sup_pid" ] || sup_state=run
        elif [ -e "$openrc_files.first" ]; then
            # OpenRC calls it started before supervise-daemon has written its pid.
            sup_state=begin sup_grace=25
        fi
    elif [ -L "/run/openrc/starting/$openrc_name" ]; then
        sup_state=begin
    elif [ -e "$openrc_files.ended" ] || [ -L "/run/openrc/failed/$openrc_name" ]; then
        sup_state=dead
    else
        sup_state=down
    fi
}

# openrc_child: sets openrc_supervisor to the pid of the supervise-daemon, and sup_pid to that of the service; '' where
# there is none. Before the launch script has written its file, it is not the service yet.
# reads only
openrc_child() {
    openrc_comm=
    { read -r openrc_supervisor <"$openrc_files.supervisor" && read -r openrc_comm <"/proc/$openrc_supervisor/comm"; } 2>/dev/null
    [ "$openrc_comm" = supervise-daemo ] || openrc_supervisor=
    { read -r openrc_pid openrc_start openrc_rest <"$openrc_files.pid"; } 2>/dev/null || return 0
    ! process_alive "$openrc_pid" "$openrc_start" || sup_pid=$openrc_pid
}

# openrc_stops: 0 when a stop is under way, of which OpenRC has forgotten already.
# reads only
openrc_stops() {
    { read -r openrc_pid openrc_start <"$openrc_files.stop"; } 2>/dev/null && process_alive "$openrc_pid" "$openrc_start"
}

# openrc_reach: ends the run: OpenRC does not run.
openrc_reach() {
    die 69 "cannot reach $sup_name: OpenRC does not run on this host (there is no /run/openrc/softlevel)"
}

# openrc_root ACTION: ends the run with 70 when it is not root's, who alone can do ACTION.
openrc_root() {
    [ "$(id -u)" = 0 ] || die 70 "cannot $1 $sup_name: this needs root"
}

# openrc_up: tells OpenRC to start the service. Other services are not touched.
# may use: env
openrc_up() {
    openrc_root start
    # The service ignores nothing that the caller of this run does, where env can see to that.
    if env --default-signal true 2>/dev/null; then
        openrc_said=$(env --default-signal "$openrc_script" --nodeps start 2>&1 </dev/null)
    else
        openrc_said=$("$openrc_script" --nodeps start 2>&1 </dev/null)
    fi || service_failed "OpenRC says: $openrc_said"
}

# openrc_down: tells OpenRC to stop the service; nobody waits for that, since it takes until the process has ended.
openrc_down() {
    openrc_root stop
    case $sup_state in
        end) return 0 ;;
        dead)
            openrc_said=$(rm -f "$openrc_files.ended" 2>&1) || file_failed "$openrc_files.ended" "$openrc_said"
            if [ ! -L "/run/openrc/started/$openrc_name" ]; then
                openrc_zap
                return
            fi
            ;;
    esac
    # The first setsid leads a group, so that the second has to fork.
    setsid setsid "$openrc_script" --nodeps stop </dev/null >/dev/null 2>&1
}

# openrc_zap: has OpenRC forget how the service, which is stopped, ended.
openrc_zap() {
    [ ! -L "/run/openrc/failed/$openrc_name" ] || "$openrc_script" zap >/dev/null 2>&1
}

# openrc_kill: kills the process of the service, and what is left of its group. The supervisor may not have heard that it is to end.
openrc_kill() {
    [ -z "$openrc_supervisor" ] || kill -TERM "$openrc_supervisor"
    [ -z "$sup_pid" ] || group_kill KILL "$sup_pid"
}

# openrc_log: shows the end of the log, and what went wrong before it was open.
openrc_log() {
    log_tail "$openrc_log_file"
    [ ! -s "$openrc_files.err" ] || log_tail "$openrc_files.err"
}

# openrc_enabled: 0 when the service is in a runlevel.
# reads only
openrc_enabled() {
    for openrc_link in "$openrc_levels"/*/"$openrc_name"; do
        [ ! -L "$openrc_link" ] || return 0
    done
    return 1
}

# openrc_enable: puts the service into the runlevel. This is what rc-update does, which an image may lack.
openrc_enable() {
    openrc_link=$openrc_levels/$openrc_level/$openrc_name
    folders "$openrc_link"
    openrc_said=$(ln -s "$openrc_script" "$openrc_link" 2>&1) || file_failed "$openrc_link" "$openrc_said"
}

# openrc_disable: takes the service out of all runlevels.
openrc_disable() {
    for openrc_link in "$openrc_levels"/*/"$openrc_name"; do
        [ -L "$openrc_link" ] || continue
        openrc_said=$(rm -f "$openrc_link" 2>&1) || file_failed "$openrc_link" "$openrc_said"
    done
}

# openrc_unconfigure SCRIPT FILES LOG: removes what the functions here and the service's scripts have made for it; it
# is stopped and disabled. LOG and the older ones beside it stay, unless run_purge is set.
# resource
openrc_unconfigure() {
    # Somebody else may have a script of that name.
    if [ -n "$looking" ] || ! service_made "$1"; then
        return 0
    fi
    openrc_name=${1##*/}
    openrc_files=$2/$openrc_name
    for openrc_made in "$openrc_files.pid" "$openrc_files.first" "$openrc_files.ended" "$openrc_files.err" \
        "$openrc_files.supervisor" "$openrc_files.stop"; do
        [ ! -e "$openrc_made" ] || remove_file "$openrc_made"
    done
    # Other services may have theirs there.
    [ -n "$run_check" ] || [ ! -d "$2" ] || rmdir "$2" 2>/dev/null
    [ -n "$run_purge" ] || return 0
    for openrc_log in "$3" "$3".[0-9]*; do
        [ ! -f "$openrc_log" ] || remove_file "$openrc_log"
    done
}
