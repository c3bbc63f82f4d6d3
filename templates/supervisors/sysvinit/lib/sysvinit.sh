# Services as scripts in /etc/init.d. How they run is in background.sh; here is what happens at boot.
# Functions set sysvinit_script and sysvinit_name, its name.

# sysvinit_service SCRIPT FOLDER PIDS SIGNAL LOG AFTER...: where the service is, and which others are started
# before it.
# reads only
sysvinit_service() {
    sysvinit_script=$1 sysvinit_name=${1##*/}
    background_service "$2" "$3" "$4"
    sysvinit_log_file=$5
    shift 5
    sysvinit_after=$*
}

# sysvinit_installed: nothing is to be installed.
# reads only
sysvinit_installed() {
    return 0
}

# sysvinit_configured: 0 when the service has its script, which is put last.
# reads only
sysvinit_configured() {
    [ -f "$sysvinit_script" ]
}

# sysvinit_look: see background_look.
sysvinit_look() {
    background_look
}

# sysvinit_reach: see background_reach.
sysvinit_reach() {
    background_reach
}

# sysvinit_up: see background_up.
sysvinit_up() {
    background_up
}

# sysvinit_down: see background_down.
sysvinit_down() {
    background_down
}

# sysvinit_kill: see background_kill.
sysvinit_kill() {
    background_kill
}

# sysvinit_log: shows the end of the log.
sysvinit_log() {
    log_tail "$sysvinit_log_file"
}

# sysvinit_folders: sets sysvinit_rc to what the folders of the runlevels are called, without the level and
# ".d": here /etc/rc, elsewhere in a folder of that name.
# reads only
sysvinit_folders() {
    sysvinit_rc=/etc/rc
    for sysvinit_folder in /etc/rc.d/rc /etc/init.d/rc; do
        if [ -d "${sysvinit_folder}3.d" ] && [ ! -d "${sysvinit_rc}3.d" ]; then
            sysvinit_rc=$sysvinit_folder
        fi
    done
}

# sysvinit_links LEVELS LETTER: sets sysvinit_found to the links of the service that begin with LETTER, S to start or
# K to stop, in the folders of the runlevels; sysvinit_count to in how many of these there is one.
# reads only
sysvinit_links() {
    sysvinit_folders
    sysvinit_found= sysvinit_count=0
    for sysvinit_level in $1; do
        sysvinit_before=$sysvinit_found
        for sysvinit_link in "$sysvinit_rc$sysvinit_level.d/$2"[0-9][0-9]"$sysvinit_name"; do
            [ ! -L "$sysvinit_link" ] || sysvinit_found="$sysvinit_found $sysvinit_link"
        done
        [ "$sysvinit_found" = "$sysvinit_before" ] || sysvinit_count=$((sysvinit_count + 1))
    done
}

# sysvinit_enabled: 0 when the service starts at boot. The flag NAME.boot says that a run was killed while it
# changed that: then enable and disable have to do it again.
# reads only
sysvinit_enabled() {
    sysvinit_links '2 3 4 5' S
    if flagged "$sysvinit_name.boot"; then
        case $run_phase in enable*) return 1 ;; esac
        return 0
    fi
    [ "$sysvinit_count" != 0 ]
}

# sysvinit_enable: has the service started at boot.
# may use: update-rc.d chkconfig insserv
sysvinit_enable() {
    flag "$sysvinit_name.boot"
    if command -v update-rc.d >/dev/null 2>&1; then
        sysvinit_said=$(update-rc.d "$sysvinit_name" defaults 2>&1)
        # It leaves alone what was disabled, and has links only to stop it.
        sysvinit_links '2 3 4 5' K
        [ "$sysvinit_count" = 0 ] || sysvinit_said=$(update-rc.d "$sysvinit_name" enable 2>&1)
    elif command -v chkconfig >/dev/null 2>&1; then
        sysvinit_said=$({ chkconfig --add "$sysvinit_name" && chkconfig "$sysvinit_name" on; } 2>&1)
    elif command -v insserv >/dev/null 2>&1; then
        sysvinit_said=$(insserv "$sysvinit_name" 2>&1)
    else
        sysvinit_link_all
    fi
    sysvinit_links '2 3 4 5' S
    [ "$sysvinit_count" != 0 ] || die 70 "cannot enable $sysvinit_name: ${sysvinit_said:-no link was made}"
    flag_clear "$sysvinit_name.boot"
}

# sysvinit_link_all: makes the links: to start it late, after those that are to be started before, and to stop it
# early. Others that it has go.
sysvinit_link_all() {
    sysvinit_said=
    sysvinit_number=20
    for sysvinit_other in $sysvinit_after; do
        for sysvinit_link in "${sysvinit_rc}"[2-5].d/S[0-9][0-9]"$sysvinit_other"; do
            [ -L "$sysvinit_link" ] || continue
            sysvinit_link=${sysvinit_link##*/S}
            # The 1 keeps the zeros: 08 would be no number.
            sysvinit_link=1${sysvinit_link%"$sysvinit_other"}
            [ "$((sysvinit_link - 100))" -lt "$sysvinit_number" ] || sysvinit_number=$((sysvinit_link - 99))
        done
    done
    [ "$sysvinit_number" -le 99 ] || sysvinit_number=99
    sysvinit_stop=$((200 - sysvinit_number)) sysvinit_made=' '
    for sysvinit_level in 0 1 2 3 4 5 6; do
        case $sysvinit_level in
            [016]) sysvinit_link=K${sysvinit_stop#1} ;;
            *) sysvinit_link=S$sysvinit_number ;;
        esac
        sysvinit_link=$sysvinit_rc$sysvinit_level.d/$sysvinit_link$sysvinit_name
        sysvinit_made="$sysvinit_made$sysvinit_link "
        folders "$sysvinit_link"
        [ -L "$sysvinit_link" ] || sysvinit_said=$(ln -s "$sysvinit_script" "$sysvinit_link" 2>&1) ||
            file_failed "$sysvinit_link" "$sysvinit_said"
    done
    sysvinit_unlink "$sysvinit_made"
}

# sysvinit_disable: does not have the service started at boot.
# may use: update-rc.d chkconfig insserv
sysvinit_disable() {
    flag "$sysvinit_name.boot"
    if command -v update-rc.d >/dev/null 2>&1; then
        sysvinit_said=$(update-rc.d "$sysvinit_name" disable 2>&1)
    elif command -v chkconfig >/dev/null 2>&1; then
        sysvinit_said=$(chkconfig "$sysvinit_name" off 2>&1)
    elif command -v insserv >/dev/null 2>&1; then
        sysvinit_said=$(insserv -r "$sysvinit_name" 2>&1)
    else
        sysvinit_unlink ''
    fi
    sysvinit_links '2 3 4 5' S
    [ "$sysvinit_count" = 0 ] || die 70 "cannot disable $sysvinit_name: ${sysvinit_said:-its links are still there}"
    flag_clear "$sysvinit_name.boot"
}

# sysvinit_configure SCRIPT NAME AFTER...: where the script of a service that is enabled has changed, its place among
# the others may have changed too. The flag NAME.order says so.
# may use: update-rc.d chkconfig insserv
# resource
sysvinit_configure() {
    if [ -n "$looking$run_check" ] || ! flagged "$2.order"; then
        return 0
    fi
    sysvinit_script=$1 sysvinit_name=$2
    shift 2
    sysvinit_after=$*
    sysvinit_links '2 3 4 5' S
    if [ "$sysvinit_count" = 0 ]; then
        : # it has no place
    elif command -v update-rc.d >/dev/null 2>&1; then
        update-rc.d "$sysvinit_name" defaults
    elif command -v chkconfig >/dev/null 2>&1; then
        chkconfig "$sysvinit_name" resetpriorities
    elif command -v insserv >/dev/null 2>&1; then
        insserv "$sysvinit_name"
    else
        sysvinit_link_all
    fi >/dev/null 2>&1
    flag_clear "$sysvinit_name.order"
}

# sysvinit_unlink KEEP: removes the links of the service that are not among KEEP: ' LINK LINK '.
sysvinit_unlink() {
    for sysvinit_letter in S K; do
        sysvinit_links '0 1 2 3 4 5 6 S' "$sysvinit_letter"
        for sysvinit_link in $sysvinit_found; do
            case $1 in *" $sysvinit_link "*) continue ;; esac
            sysvinit_said=$(rm -f "$sysvinit_link" 2>&1) || file_failed "$sysvinit_link" "$sysvinit_said"
        done
    done
}

# sysvinit_unconfigure SCRIPT NAME: removes the links of the service NAME, which is stopped and disabled.
# may use: update-rc.d chkconfig insserv
# resource
sysvinit_unconfigure() {
    sysvinit_script=$1 sysvinit_name=$2
    # Somebody else may have a script of that name.
    if [ -n "$looking" ] || ! service_made "$1"; then
        return 0
    fi
    sysvinit_links '0 1 2 3 4 5 6 S' S
    [ "$sysvinit_count" != 0 ] || sysvinit_links '0 1 2 3 4 5 6 S' K
    [ "$sysvinit_count" != 0 ] || return 0
    would "remove the links to $1" && return 0
    # These also know who else has to be told.
    if command -v update-rc.d >/dev/null 2>&1; then
        update-rc.d -f "$2" remove
    elif command -v chkconfig >/dev/null 2>&1; then
        chkconfig --del "$2"
    elif command -v insserv >/dev/null 2>&1; then
        insserv -r "$2"
    fi >/dev/null 2>&1
    sysvinit_unlink ''
    note "removed the links to $1"
}
