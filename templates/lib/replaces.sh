# Services that the host's packages bring along for the software that the bundle runs itself. A second copy of it would
# take its port and its data.

# replaces_service NAME...: keeps the services of these names, which are those of packages, from ever running beside the
# bundle's own: when a package is installed or upgraded, at boot, and by hand. To be called before packages, with all
# names of the service, those of aliases too; NAME@ are all instances of a template. Under systemd the unit is masked; on
# other hosts with dpkg the script in /etc/init.d is diverted; elsewhere, where no package starts anything, the
# service is disabled. A file of that name that a bundle has made is left alone. 78: the service runs already;
# with --replace it is stopped. uninstall makes it what it was before; it is not started again by that.
# resource
# undone by: replaces_undo
replaces_service() {
    replaces_host
    # For packages, too, which may bring them along.
    replaces_names=$*
    for replaces_one in "$@"; do
        case $replaces_host in
            systemd) replaces_unit "$replaces_one" "/etc/systemd/system/$replaces_one.service" ;;
            dpkg) replaces_script "$replaces_one" "/etc/init.d/$replaces_one" ;;
            *) replaces_other "$replaces_one" ;;
        esac
    done
}

# replaces_host: sets replaces_host to what keeps services down on this host.
# reads only
replaces_host() {
    replaces_host=
    if [ -d /run/systemd/system ] || { [ -n "$run_image" ] && command -v systemctl >/dev/null 2>&1; }; then
        replaces_host=systemd
    elif [ -s /var/lib/dpkg/status ] && command -v dpkg-divert >/dev/null 2>&1; then
        replaces_host=dpkg
    fi
}

# replaces_unit NAME PATH: masks the unit NAME by a link at PATH.
# may use: systemctl
replaces_unit() {
    if [ -L "$2" ] || [ ! -e "$2" ]; then
        if [ -n "$looking" ]; then
            look_path "$2" l '' '' '' /dev/null
            return 0
        fi
        in_place "$2" && return 0
        [ ! -L "$2" ] || ! link_is /dev/null "$2" || return 0
    elif [ -n "$looking" ] || replaces_ours "$2"; then
        return 0
    fi
    replaces_runs=
    case $1 in
        *@) replaces_pattern="$1*.service" ;;
        *) replaces_pattern=$1.service ;;
    esac
    # One that is started again and again runs, too. There is a line for each instance.
    [ -n "$run_image" ] || case $nl$(systemctl is-active "$replaces_pattern" 2>/dev/null) in
        *"$nl"active* | *"$nl"activating* | *"$nl"reloading*) replaces_runs=1 ;;
    esac
    replaces_agreed "$1" || return 0
    [ -z "$replaces_runs" ] || replaces_stop "$1" systemctl stop "$replaces_pattern"
    replaces_links keep "$1"
    [ ! -e "$2" ] && [ ! -L "$2" ] || keep_original "$2"
    record link "$2"
    folders "$2"
    set_aside "$2"
    replaces_said=$({ rm -f "$aside" && ln -s /dev/null "$aside" && rename_over "$aside" "$2"; } 2>&1) || file_failed "$2" "$replaces_said"
    aside=
    replaces_installed
    forget
    note "masked $1, a service of the host's own"
}

# replaces_script NAME PATH: diverts the script PATH, so that it has another name wherever a package puts it.
# may use: dpkg-divert
replaces_script() {
    [ -z "$looking" ] || return 0
    if [ -e "$2" ]; then
        ! replaces_ours "$2" || return 0
    else
        ! replaces_diverted "$2" || return 0
    fi
    replaces_runs=
    if [ -z "$run_image" ] && [ -x "$2" ] && hostservice_script "$1" status >/dev/null 2>&1; then
        replaces_runs=1
    fi
    replaces_agreed "$1" || return 0
    [ -z "$replaces_runs" ] || replaces_stop "$1" hostservice_script "$1" stop
    replaces_links keep "$1"
    replaces_aside "$2"
    replaces_said=$({
        dpkg-divert --quiet --local --rename --divert "$replaces_aside" --add "$2" &&
            # A run was killed between the two.
            { [ ! -e "$2" ] || mv -f "$2" "$replaces_aside"; }
    } 2>&1 </dev/null) || die 70 "cannot divert $2: $replaces_said"
    forget
    note "diverted $2, the script of a service of the host's own"
}

# replaces_other NAME: disables the service NAME of a host whose packages start nothing by themselves.
replaces_other() {
    [ -z "$looking" ] && hostservice_find "$1" && hostservice_enabled "$1" disable || return 0
    ! replaces_ours "/etc/init.d/$1" && ! replaces_ours "/etc/sv/$1/run" || return 0
    replaces_runs=
    if [ -z "$run_image" ] && hostservice_runs "$1"; then
        replaces_runs=1
    fi
    replaces_agreed "$1" || return 0
    [ -z "$replaces_runs" ] || replaces_stop "$1" hostservice_act "$1" stop
    record disabled "$1"
    replaces_said=$(hostservice_act "$1" disable 2>&1 </dev/null) || die 70 "cannot disable the service $1: $replaces_said"
    forget
    note "disabled $1, a service of the host's own"
}

# replaces_agreed NAME: 0 where the service may be replaced, and writes that down. Ends the run with 78 where it
# runs; 1 under --check.
replaces_agreed() {
    if [ -n "$replaces_runs" ] && [ -z "$run_replace" ]; then
        replaces_said="the service $1 of the host's own runs already; with --replace it is stopped, and kept from running"
        ! would "fail: $replaces_said" || return 1
        die 78 "$replaces_said"
    fi
    ! would "${replaces_runs:+stop $1, and }keep $1, a service of the host's own, from running" || return 1
    record replaced "$1"
}

# replaces_stop NAME COMMAND...: stops the service by that command.
replaces_stop() {
    replaces_name=$1
    shift
    replaces_said=$("$@" 2>&1 </dev/null) || die 70 "cannot stop the service $replaces_name: $replaces_said"
    note "stopped $replaces_name, a service of the host's own"
}

# replaces_links WHAT NAME: removes the links by which the service is started at boot, and those of systemd that give it other
# names. WHAT is keep where uninstall is to bring them back.
replaces_links() {
    case $2 in
        *@) set -- "$1" "$2" /etc/systemd/system/*.wants/"$2"*.service /etc/systemd/system/*.requires/"$2"*.service ;;
        *)
            set -- "$1" "$2" /etc/systemd/system/*.wants/"$2.service" /etc/systemd/system/*.requires/"$2.service" \
                /etc/rc?.d/[SK][0-9][0-9]"$2" /etc/runlevels/*/"$2"
            for replaces_link in /etc/systemd/system/*.service; do
                [ ! -L "$replaces_link" ] || ! replaces_alias "$replaces_link" "$2" || set -- "$@" "$replaces_link"
            done
            ;;
    esac
    replaces_what=$1
    shift 2
    for replaces_link in "$@"; do
        [ -L "$replaces_link" ] || continue
        if [ "$replaces_what" = keep ]; then
            record unlinked "$replaces_link"
            keep_original "$replaces_link"
        fi
        replaces_said=$(rm -f "$replaces_link" 2>&1) || file_failed "$replaces_link" "$replaces_said"
    done
}

# replaces_alias LINK NAME: 0 when LINK is another name of a packaged unit NAME.
replaces_alias() {
    link_is "/lib/systemd/system/$2.service" "$1" || link_is "/usr/lib/systemd/system/$2.service" "$1"
}

# replaces_ours PATH: 0 when a bundle has made PATH.
# reads only
replaces_ours() {
    grep -qsF -e " $1 ;" "${state%/*}"/*/journal
}

# replaces_aside PATH: sets replaces_aside to the name of a diverted script. No init takes a hidden file for a script.
# reads only
replaces_aside() {
    replaces_aside=${1%/*}/.${1##*/}.replaced
}

# replaces_diverted PATH: 0 when PATH is diverted by a bundle.
# reads only
replaces_diverted() {
    replaces_aside "$1"
    [ ! -e "$replaces_aside" ] || return 0
    # Three lines each: from, to, package.
    while read -r replaces_from && read -r replaces_to && read -r replaces_by; do
        [ "$replaces_from $replaces_to" != "$1 $replaces_aside" ] || return 0
    done 2>/dev/null </var/lib/dpkg/diversions
    return 1
}

# replaces_reload: has systemd read its units anew.
# may use: systemctl
replaces_reload() {
    [ ! -d /run/systemd/system ] || [ -n "$run_image" ] || systemctl daemon-reload >/dev/null 2>&1 || true
}

# replaces_installed: packages were installed: what they have enabled under systemd is disabled.
replaces_installed() {
    [ "$replaces_host" = systemd ] || return 0
    for replaces_installed in $replaces_names; do
        replaces_links remove "$replaces_installed"
    done
    replaces_reload
}

# replaces_undo KIND WORD: takes back what the journal's line says: replaced NAME, unlinked PATH, disabled NAME.
# may use: dpkg-divert
replaces_undo() {
    case $1 in
        replaced) ;;
        unlinked)
            [ -L "$2" ] || [ ! -L "$state/original$2" ] || uninstall_original "$2"
            return 0
            ;;
        disabled)
            hostservice_find "$2" && ! hostservice_enabled "$2" enable || return 0
            would "enable the service $2 again" && return 0
            replaces_said=$(hostservice_act "$2" enable 2>&1 </dev/null) || warn "cannot enable the service $2: $replaces_said"
            note "enabled the service $2 again"
            return 0
            ;;
        *) return 0 ;;
    esac
    replaces_host
    if [ "$replaces_host" = dpkg ] && replaces_diverted "/etc/init.d/$2"; then
        would "bring back /etc/init.d/$2" && return 0
        replaces_said=$(dpkg-divert --quiet --local --rename --remove "/etc/init.d/$2" 2>&1 </dev/null) ||
            die 70 "cannot bring back /etc/init.d/$2: $replaces_said"
        note "brought back /etc/init.d/$2"
    fi
    [ -n "$run_check" ] || replaces_reload
}
