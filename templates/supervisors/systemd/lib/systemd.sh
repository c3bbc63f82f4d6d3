# Services under systemd. Functions set systemd_unit (NAME.service), systemd_file, its unit file, and
# systemd_link, the link by which it starts at boot.

# systemd_service NAME UNIT_DIR WANTED_BY FLAG LOG USER: where the service is. FLAG says that its unit file
# was changed since its process was started. LOG is '' for the journal. USER is whose own systemd runs it, ''
# for that of the host.
# reads only
systemd_service() {
    systemd_unit=$1.service systemd_folder=$2 systemd_file=$2/$1.service systemd_link=$2/$3.wants/$1.service
    systemd_flag=$4 systemd_log=$5 systemd_user=$6 systemd_stopping=
}

# systemd_installed: ends the run with 69 when systemd is not installed.
# reads only
systemd_installed() {
    command -v systemctl >/dev/null 2>&1 ||
        die 69 "cannot find systemctl: systemd is not installed (the phase install does it)"
}

# systemd_runs: 0 when the systemd runs that is to run the service.
# reads only
systemd_runs() {
    [ -z "$run_image" ] && [ -d /run/systemd/system ] || return 1
    [ -z "$systemd_user" ] || { user_id "$systemd_user" && [ -S "/run/user/$user_id/systemd/private" ]; }
}

# systemd_ctl WORD...: systemctl. A user's own systemd answers to that user alone.
# reads only
# may use: setpriv
systemd_ctl() {
    if [ -z "$systemd_user" ]; then
        systemctl "$@" 2>&1
    else
        setpriv --reuid "$user_id" --regid "$(id -g "$systemd_user")" --clear-groups \
            env XDG_RUNTIME_DIR="/run/user/$user_id" systemctl --user "$@" 2>&1
    fi
}

# systemd_configured: 0 when the service has its unit file.
# reads only
systemd_configured() {
    [ -f "$systemd_file" ]
}

# systemd_look: asks systemd. Sets systemd_stale to yes when it has not read the unit file as that is now.
systemd_look() {
    sup_state=none sup_pid= sup_code= sup_grace= systemd_stale=
    systemd_runs || return 0
    systemd_said=$(systemd_ctl show -p LoadState,ActiveState,SubState,MainPID,Job,Restart,Result \
        -p ExecMainCode,ExecMainStatus,NeedDaemonReload "$systemd_unit") || return 0
    systemd_value NeedDaemonReload
    systemd_stale=$systemd_value
    systemd_value LoadState
    if [ "$systemd_value" != loaded ]; then
        sup_state=unknown
        return
    fi
    systemd_value Job
    systemd_job=$systemd_value
    systemd_value ActiveState
    case $systemd_value in
        inactive)
            sup_state=down
            # Its start waits for other units.
            [ -z "$systemd_job" ] || sup_state=begin
            ;;
        activating) sup_state=begin ;;
        deactivating)
            sup_state=end
            # Nobody stops it: what its process left is brought to an end, before it starts again.
            [ -n "$systemd_job" ] || sup_state=begin sup_grace=0
            ;;
        failed) systemd_failed ;;
        *) sup_state=run ;;
    esac
    systemd_value MainPID
    case "$sup_state $systemd_value" in
        'run '* | 'end '[1-9]*) sup_pid=$systemd_value ;;
    esac
    systemd_value SubState
    # Between two starts.
    case $systemd_value in auto-restart*) sup_grace=0 ;; esac
    systemd_value ExecMainStatus
    sup_code=$systemd_value
    systemd_value ExecMainCode
    case $systemd_value in
        0) sup_code= ;;
        [23]) sup_code=$((128 + sup_code)) ;; # by a signal
    esac
}

# systemd_value NAME: sets systemd_value to what systemd has said of the property NAME.
# reads only
systemd_value() {
    systemd_value=${nl}$systemd_said$nl
    case $systemd_value in
        *"$nl$1="*) ;;
        *)
            systemd_value=
            return
            ;;
    esac
    systemd_value=${systemd_value#*"$nl$1="}
    systemd_value=${systemd_value%%"$nl"*}
}

# systemd_failed: sets sup_state where systemd says failed. It says so too of what was stopped and then
# ended with an error, or had to be killed.
systemd_failed() {
    sup_state=dead
    systemd_value Restart
    systemd_failed_restart=$systemd_value
    systemd_value Result
    case "$systemd_stopping $systemd_failed_restart $systemd_value" in
        1*) systemd_ctl reset-failed "$systemd_unit" >/dev/null ;;
        ' always start-limit-hit') return ;;
        ' always '*) ;; # it would start again, had it not been stopped
        *) return ;;
    esac
    sup_state=down
}

# systemd_reach: has systemd read the unit file.
systemd_reach() {
    if [ "$sup_state" = none ]; then
        [ -z "$systemd_user" ] ||
            die 69 "cannot reach $sup_name: no systemd of $systemd_user answers (loginctl enable-linger $systemd_user keeps one running)"
        ! systemd_runs ||
            die 70 "cannot reach $sup_name: systemd does not answer; this needs root (${systemd_said%%$nl*})"
        die 69 "cannot reach $sup_name: systemd does not run this host"
    fi
    systemd_reload
    systemd_look
    case $sup_state in none | unknown) systemd_refused ;; esac
}

# systemd_refused: ends the run with 70, and what systemd does not like about the unit file.
systemd_refused() {
    systemd_said=$(systemd_ctl show -p LoadState,LoadError "$systemd_unit")
    systemd_value LoadError
    systemd_why=$systemd_value
    systemd_value LoadState
    die 70 "systemd does not accept $systemd_file: ${systemd_why:-$systemd_value}"
}

# systemd_reload: has systemd read all its files again. What runs is not touched.
systemd_reload() {
    systemd_said=$(systemd_ctl daemon-reload) || die 70 "cannot make systemd read $systemd_file: $systemd_said"
}

# systemd_up: tells systemd to start the service, as its file is now.
systemd_up() {
    systemd_stopping=
    # A file that was brought back is older than the one that systemd knows, which then says no.
    if [ "$systemd_stale" = yes ] || flagged "$systemd_flag"; then
        systemd_reload
    fi
    # How often it was started up to now does not count.
    systemd_ctl reset-failed "$systemd_unit" >/dev/null
    systemd_said=$(systemd_ctl start --no-block "$systemd_unit") || service_failed "$systemd_said"
}

# systemd_down: tells systemd to stop the service.
systemd_down() {
    systemd_stopping=1
    systemd_said=$(systemd_ctl stop --no-block "$systemd_unit") || die 70 "cannot stop $sup_name: $systemd_said"
}

# systemd_kill: kills the process; systemd itself kills the others of the service.
systemd_kill() {
    [ -z "$sup_pid" ] || kill -KILL "$sup_pid"
}

# systemd_log: shows the end of the log; and what systemd itself says, where it could not make the process.
# may use: journalctl
systemd_log() {
    if [ -n "$systemd_log" ]; then
        log_tail "$systemd_log"
        [ "${sup_code:-0}" -ge 200 ] || return 0
    fi
    if [ -z "$systemd_user" ]; then
        set -- -u "$systemd_unit"
    else
        set -- "SYSLOG_IDENTIFIER=$sup_name" "_UID=$user_id" + "USER_UNIT=$systemd_unit" "_UID=$user_id"
    fi
    journalctl --sync >/dev/null 2>&1
    printf '  the end of journalctl %s:\n' "$*" >&2
    journalctl -q --no-pager -o cat -n 20 "$@" 2>&1 | sed 's/^/    /' >&2
}

# systemd_enabled: 0 when the service starts at boot.
# reads only
systemd_enabled() {
    for systemd_one in "$systemd_folder"/*.wants/"$systemd_unit"; do
        [ ! -L "$systemd_one" ] || return 0
    done
    return 1
}

# systemd_enable: what systemctl enable does, which an image may not have.
systemd_enable() {
    folders "$systemd_link"
    systemd_said=$(ln -s "$systemd_file" "$systemd_link" 2>&1) || file_failed "$systemd_link" "$systemd_said"
    systemd_unlink "$systemd_link"
    systemd_tell
}

# systemd_disable: the service does not start at boot.
systemd_disable() {
    systemd_unlink ''
    systemd_tell
}

# systemd_unlink KEPT: removes the links by which the service starts at boot, but the one KEPT.
systemd_unlink() {
    for systemd_one in "$systemd_folder"/*.wants/"$systemd_unit"; do
        [ "$systemd_one" != "$1" ] && [ -L "$systemd_one" ] || continue
        systemd_said=$(rm -f "$systemd_one" 2>&1) || file_failed "$systemd_one" "$systemd_said"
    done
}

# systemd_tell: systemd_reload, where systemd runs.
systemd_tell() {
    ! systemd_runs || systemd_reload
}

# systemd_hold: before the unit file is put. A new service does not start at boot, even where links of one
# that was removed by hand are left.
# resource
systemd_hold() {
    [ -z "$looking" ] && ! systemd_configured && ! service_made "$systemd_file" || return 0
    for systemd_one in "$systemd_folder"/*.wants/"$systemd_unit"; do
        if [ -L "$systemd_one" ] && [ ! -e "$systemd_one" ]; then
            remove_file "$systemd_one"
        fi
    done
}

# systemd_log_folder: ends the run with 70 where the folder of the log is not root's alone. Systemd opens the log as
# root: whoever may write there could make it a link to any file.
systemd_log_folder() {
    file_facts "${systemd_log%/*}/." || return 0
    case "$file_owner $file_group $file_mode" in
        "0 0 "??[014567][0145] | "0 "*" "??[0145][0145]) ;;
        *) die 70 "cannot use ${systemd_log%/*} for the log: systemd opens it as root, but others may write there; give the folder to root, or name another" ;;
    esac
}

# systemd_configure: after the unit file was put. Where its process is older, systemd may have to read it again.
# resource
systemd_configure() {
    [ -z "$looking" ] || return 0
    if systemd_enabled && [ ! -L "$systemd_link" ]; then
        would "make $systemd_link" && return 0
        systemd_enable
        note "changed $systemd_link"
    fi
    [ -z "$run_check" ] && flagged "$systemd_flag" || return 0
    [ -z "$systemd_log" ] || [ -n "$systemd_user" ] || systemd_log_folder
    systemd_runs || return 0
    systemd_look
    if [ "$systemd_stale" = yes ] || [ "$sup_state" = unknown ]; then
        systemd_reload
        systemd_look
    fi
    [ "$sup_state" != unknown ] || systemd_refused
}

# systemd_unconfigure: removes the service, which is stopped. Its log and the older ones beside it stay, unless
# run_purge is set.
# resource
systemd_unconfigure() {
    # Somebody else may have a unit of that name.
    if [ -n "$looking" ] || ! service_made "$systemd_file"; then
        return 0
    fi
    if [ -z "$run_check" ] && { systemd_configured || flagged "$systemd_unit"; }; then
        flag "$systemd_unit" # for a run that is killed before systemd knows
        systemd_disable
        uninstall_file "$systemd_file"
        systemd_tell
        ! systemd_runs || systemd_ctl reset-failed "$systemd_unit" >/dev/null
        flag_clear "$systemd_unit"
    fi
    [ -n "$run_purge" ] && [ -n "$systemd_log" ] || return 0
    for systemd_one in "$systemd_log" "$systemd_log".[0-9]*; do
        [ ! -f "$systemd_one" ] || remove_file "$systemd_one"
    done
}
