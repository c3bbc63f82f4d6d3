# Services under launchd. Functions set launchd_name (the label), launchd_plist, launchd_link (what has launchd load
# it at boot).

# launchd_service FOLDER LINK LOG: where the service is.
# reads only
launchd_service() {
    launchd_name=${1##*/} launchd_plist=$1/${1##*/}.plist launchd_link=$2 launchd_log_file=$3
    sup_launcher="/bin/sh $1/"
}

# launchd_installed: ends the run with 69 when this is no macOS.
# reads only
launchd_installed() {
    command -v launchctl >/dev/null 2>&1 || die 69 'cannot find launchctl: this host has no launchd'
}

# launchd_configured: 0 when the service has its property list, which is put last.
# reads only
launchd_configured() {
    [ -f "$launchd_plist" ]
}

# launchd_look: asks launchd. What is not loaded is stopped.
# reads only
launchd_look() {
    sup_state=down sup_pid= sup_code= sup_grace=20
    launchd_said=$(launchctl print "system/$launchd_name" 2>/dev/null) || return 0
    # Lines such as "state = running", "pid = 123", "last exit code = 1".
    launchd_value pid
    case $launchd_value in
        '' | *[!0-9]*) ;;
        *)
            sup_state=run sup_pid=$launchd_value
            return
            ;;
    esac
    launchd_value 'last exit code'
    sup_code=${launchd_value%%:*}
    case $sup_code in *[!0-9]*) sup_code= ;; esac
    launchd_value state
    case $launchd_value in
        'not running' | exited) sup_state=dead ;;
        *) sup_state=begin ;; # such as "spawn scheduled"
    esac
}

# launchd_value NAME: sets launchd_value to what launchctl has said about NAME; '' when nothing.
launchd_value() {
    launchd_value=
    case $launchd_said in
        *"$nl	$1 = "*)
            launchd_value=${launchd_said#*"$nl	$1 = "}
            launchd_value=${launchd_value%%"$nl"*}
            ;;
    esac
}

# launchd_reach: never needed.
launchd_reach() {
    return 0
}

# launchd_root ACTION: ends the run with 70 when it is not root's, who alone can do ACTION.
launchd_root() {
    [ "$(id -u)" = 0 ] || die 70 "cannot $1 $sup_name: this needs root"
}

# launchd_up: loads the service, which starts it.
launchd_up() {
    launchd_root start
    launchd_said=$(launchctl bootstrap system "$launchd_plist" 2>&1) || service_failed "launchctl says: $launchd_said"
}

# launchd_down: unloads the service, which stops it. It may take longer than launchctl does.
launchd_down() {
    launchd_root stop
    launchctl bootout "system/$launchd_name" >/dev/null 2>&1
    return 0
}

# launchd_kill: kills the process of the service, and what is left of its group.
launchd_kill() {
    [ -z "$sup_pid" ] || group_kill KILL "$sup_pid" || kill -KILL "$sup_pid"
}

# launchd_log: shows the end of the log.
launchd_log() {
    log_tail "$launchd_log_file"
}

# launchd_enabled: 0 when the service starts at boot.
# reads only
launchd_enabled() {
    [ -L "$launchd_link" ]
}

# launchd_enable: has the service started at boot.
launchd_enable() {
    folders "$launchd_link"
    launchd_said=$(ln -s "$launchd_plist" "$launchd_link" 2>&1) || file_failed "$launchd_link" "$launchd_said"
}

# launchd_disable: does not have the service started at boot.
launchd_disable() {
    launchd_said=$(rm -f "$launchd_link" 2>&1) || file_failed "$launchd_link" "$launchd_said"
}

# launchd_unconfigure FOLDER LINK LOG: removes what the functions here have made for the service, which is stopped and
# disabled. LOG and the older ones beside it stay, unless run_purge is set.
# resource
launchd_unconfigure() {
    # Somebody else may have a service of that name.
    if [ -n "$looking" ] || ! service_made "$1/${1##*/}.plist"; then
        return 0
    fi
    [ ! -L "$2" ] || remove_file "$2"
    [ -n "$run_purge" ] || return 0
    for launchd_made in "$3" "$3".[0-9]*; do
        [ ! -f "$launchd_made" ] || remove_file "$launchd_made"
    done
}
