# Services of the host's own init, which are not the bundle's: those of a package, such as a database.

# service NAME ACTION: start, stop, restart, reload, enable or disable the service NAME of the host's init:
# systemd, OpenRC, runit or the scripts in /etc/init.d. To start what runs, to stop what is stopped, to
# enable what is enabled: nothing. enable and disable are about the next boot only, except under runit,
# which runs what is enabled. In an image nothing is started or stopped. 69: no init that this knows. 70: failed.
# resource
service() {
    [ -z "$looking" ] || return 0
    case $2 in
        enable | disable) ;;
        start | stop | restart | reload)
            if [ -n "$run_image" ]; then
                say "$1: no $2, nothing runs in an image"
                return 0
            fi
            ;;
        *) die 70 "cannot $2 the service $1: the actions are start, stop, restart, reload, enable, disable" ;;
    esac
    hostservice_find "$1" || die 69 "cannot $2 the service $1: no init that palletgen knows is on this host"
    hostservice_done "$1" "$2" && return 0
    would "$2 the service $1" && return 0
    hostservice_said=$(hostservice_act "$1" "$2" 2>&1 </dev/null) ||
        die 70 "cannot $2 the service $1: ${hostservice_said:-$hostservice_init said nothing}"
    forget
    case $2 in
        stop) note "stopped the service $1" ;;
        enable | disable) note "${2}d the service $1" ;;
        *) note "${2}ed the service $1" ;;
    esac
}

# hostservice_find NAME: sets hostservice_init to what looks after the services of this host: systemd,
# openrc, runit, or init for scripts. For runit sets hostservice_folder. Exit code 1: nothing that is known.
# reads only
hostservice_find() {
    if [ -d /run/systemd/system ] || { [ -n "$run_image" ] && command -v systemctl >/dev/null 2>&1; }; then
        hostservice_init=systemd
    elif command -v rc-service >/dev/null 2>&1; then
        hostservice_init=openrc
    elif [ -d "/etc/sv/$1" ] && command -v sv >/dev/null 2>&1; then
        hostservice_init=runit
        hostservice_folder=/etc/runit/runsvdir/default
        # There it is what runs now; the folder above is what is to run at boot.
        [ -d /var/service ] && [ -d "$hostservice_folder" ] || hostservice_folder=/etc/service
    elif [ -d /etc/init.d ] || [ -d /etc/rc.d/init.d ]; then
        hostservice_init=init
    else
        return 1
    fi
}

# hostservice_done NAME ACTION: 0 when there is nothing to do.
hostservice_done() {
    case $2 in
        start) hostservice_runs "$1" ;;
        stop) ! hostservice_runs "$1" ;;
        enable) hostservice_enabled "$1" "$2" ;;
        disable) ! hostservice_enabled "$1" "$2" ;;
        reload)
            hostservice_runs "$1" || die 70 "cannot reload the service $1: it is not running"
            return 1
            ;;
        *) return 1 ;;
    esac
}

# hostservice_runs NAME: 0 when the service runs.
# may use: systemctl rc-service sv
hostservice_runs() {
    case $hostservice_init in
        systemd) systemctl is-active --quiet "$1" ;;
        openrc) rc-service "$1" status ;;
        runit) case $(sv status "$hostservice_folder/$1") in run:*) ;; *) false ;; esac ;;
        init)
            # Jobs of upstart answer this way as well, with 0 always.
            hostservice_text=$(hostservice_script "$1" status) || return
            case $hostservice_text in *stop/*) false ;; esac
            ;;
    esac >/dev/null 2>&1
}

# hostservice_enabled NAME ACTION: 0 when the service is started at boot, or enable could not change that.
# may use: systemctl
hostservice_enabled() {
    case $hostservice_init in
        systemd)
            hostservice_text=$(hostservice_systemd is-enabled "$1" 2>/dev/null)
            # What is static is started by others, and can neither be enabled nor disabled.
            case "$2 $hostservice_text" in
                'enable static' | 'enable indirect' | *' enabled' | *' alias' | *' linked' | *' generated') return 0 ;;
            esac
            return 1
            ;;
        openrc)
            for hostservice_folder in /etc/runlevels/*; do
                [ ! -L "$hostservice_folder/$1" ] || return 0
            done
            return 1
            ;;
        runit) set -- "$hostservice_folder/$1" ;;
        # One link for each runlevel that it is started in.
        init) set -- /etc/rc[2345].d/S[0-9][0-9]"$1" /etc/rc.d/rc[2345].d/S[0-9][0-9]"$1" ;;
    esac
    for hostservice_link in "$@"; do
        [ ! -L "$hostservice_link" ] || return 0
    done
    return 1
}

# hostservice_act NAME ACTION: does it. Exit code of the program.
# may use: systemctl rc-service rc-update sv update-rc.d chkconfig
hostservice_act() {
    case "$hostservice_init $2" in
        'systemd '*able) hostservice_systemd "$2" "$1" ;;
        'systemd '*) systemctl "$2" "$1" ;;
        'openrc enable') rc-update add "$1" default ;;
        'openrc disable') rc-update del "$1" ;;
        'openrc '*) rc-service "$1" "$2" ;;
        'runit enable') mkdir -p "$hostservice_folder" && ln -s "/etc/sv/$1" "$hostservice_folder/$1" ;;
        'runit disable') rm -f "$hostservice_folder/$1" ;;
        'runit reload') sv hup "$hostservice_folder/$1" ;;
        'runit '*) sv -w 30 "$2" "$hostservice_folder/$1" ;;
        'init '*able)
            if command -v update-rc.d >/dev/null 2>&1; then
                update-rc.d "$1" defaults && update-rc.d "$1" "$2"
            elif command -v chkconfig >/dev/null 2>&1; then
                case $2 in
                    enable) chkconfig --add "$1" && chkconfig "$1" on ;;
                    *) chkconfig "$1" off ;;
                esac
            else
                printf '%s\n' 'neither update-rc.d nor chkconfig is on this host'
                return 1
            fi
            ;;
        *) hostservice_script "$1" "$2" ;;
    esac
}

# hostservice_systemd ACTION NAME: systemctl, which without a running systemd works on the files.
# may use: systemctl
hostservice_systemd() {
    if [ -n "$run_image" ] || [ ! -d /run/systemd/system ]; then
        SYSTEMD_OFFLINE=1 systemctl "$1" "$2"
    else
        systemctl "$1" "$2"
    fi
}

# hostservice_script NAME ACTION: calls the script in /etc/init.d, by the program service where that is there.
hostservice_script() {
    for hostservice_program in /usr/sbin/service /sbin/service; do
        if [ -x "$hostservice_program" ]; then
            "$hostservice_program" "$1" "$2"
            return
        fi
    done
    for hostservice_program in /etc/init.d /etc/rc.d/init.d; do
        if [ -x "$hostservice_program/$1" ]; then
            env -i PATH="$PATH" LC_ALL=C "$hostservice_program/$1" "$2"
            return
        fi
    done
    printf '%s\n' "there is no script for $1 in /etc/init.d"
    return 1
}
