# phases/uninstall.sh of the bundle riemann-nohup: remove what the bundle made.
# Made by palletgen 0.1.0; ./run uninstall reads it, after lib.sh.

# account_drop FILE NAME: removes the line of NAME.
account_drop() {
    line_find "$1" '' "$2:"
    [ "$line_count" -gt 0 ] || return 0
    line_prepare "$1" "$line_number" ''
    line_finish "$1"
}

# group_remove NAME: removes the group NAME, where there is one.
# may use: groupdel delgroup pw
group_remove() {
    group_id "$1" || return 0
    would "remove group $1" && return 0
    {
        if command -v groupdel >/dev/null 2>&1; then
            groupdel "$1"
        elif command -v delgroup >/dev/null 2>&1; then
            delgroup "$1"
        elif command -v pw >/dev/null 2>&1; then
            pw groupdel -n "$1"
        else
            account_drop /etc/group "$1"
        fi
    } >&2
    groups_known=
    ! group_id "$1" || die 70 "cannot remove the group $1: see what was said above"
    forget
    note "removed group $1"
}

# packages_purge NAME...: removes packages. One that another package needs is kept, with a warning.
packages_purge() {
    package_find || return 0
    packages_query "$@"
    for packages_name in "$@"; do
        case $packages_found in *" installed/$packages_name "*) set -- "$@" "$packages_name" ;; esac
        shift
    done
    [ $# -gt 0 ] || return 0
    would "remove $*" && return 0
    packages_change remove "$@"
    packages_query "$@"
    packages_gone=
    for packages_name in "$@"; do
        case $packages_found in *" installed/$packages_name "*)
            # All at once did not do; so each that nobody needs.
            [ $# -eq 1 ] || packages_change remove "$packages_name"
            packages_query "$packages_name"
            ;;
        esac
        case $packages_found in
            *" installed/$packages_name "*) warn "kept the package $packages_name: $packages_said" ;;
            *) packages_gone="$packages_gone $packages_name" ;;
        esac
        packages_query "$@"
    done
    forget
    [ -z "$packages_gone" ] || note "removed$packages_gone"
}

# uninstall [FUNCTION...]: removes what the journal says that the bundle made, the newest first. Users, groups,
# packages, and folders with something in them only under --purge. What is kept stays in the journal, for
# another uninstall. A FUNCTION takes back what lines of other kinds say: it is called with KIND and the rest of the line.
uninstall() {
    uninstall_lines= uninstall_more=1
    if [ -f "$state/journal" ]; then
        while [ -n "$uninstall_more" ] && { IFS= read -r uninstall_line || uninstall_more=; } && [ -n "$uninstall_more$uninstall_line" ]; do
            uninstall_lines=$uninstall_line$nl$uninstall_lines
        done <"$state/journal"
    fi
    uninstall_done=$nl uninstall_packages= uninstall_kept=
    uninstall_alone
    while [ -n "$uninstall_lines" ]; do
        uninstall_line=${uninstall_lines%%"$nl"*}
        uninstall_lines=${uninstall_lines#*"$nl"}
        journal_line "$uninstall_line" || continue
        case $journal_kind in
            line) line_undo "$journal_rest" ;;
            user | group) uninstall_account "$journal_kind" "$journal_rest" ;;
            package)
                case "$uninstall_packages " in
                    *" $journal_rest "*) ;;
                    *) uninstall_packages="$uninstall_packages $journal_rest" ;;
                esac
                ;;
            file | link | tree | directory | parent | empty)
                case $uninstall_done in *"$nl$journal_path$nl"*) continue ;; esac
                uninstall_done=$uninstall_done$journal_path$nl
                uninstall_path "$journal_kind" "$journal_path"
                ;;
            *)
                for uninstall_function in "$@"; do
                    "$uninstall_function" "$journal_kind" "$journal_rest"
                done
                ;;
        esac
    done
    # All at once: some of them need others.
    if [ -n "$uninstall_packages" ]; then
        if [ -n "$run_purge" ] && [ -z "$uninstall_others" ]; then
            # shellcheck disable=SC2086
            packages_purge $uninstall_packages
        else
            uninstall_kept=1
        fi
    fi
    [ -n "$run_check" ] || uninstall_state
}

# uninstall_account KIND NAME: removes a user or group that the bundle added.
uninstall_account() {
    if [ -z "$run_purge" ] || [ -n "$uninstall_others" ]; then
        uninstall_kept=1
        return
    fi
    case $1 in
        user) user_remove "$2" ;;
        *) group_remove "$2" ;;
    esac
}

# uninstall_alone: sets uninstall_others to the other bundles on this host, which may need the packages and accounts
# of this one.
uninstall_alone() {
    uninstall_others=
    [ -n "$run_purge" ] || return 0
    for uninstall_journal in "${state%/*}"/*/journal; do
        case $uninstall_journal in
            "$state/journal" | *"*/journal") ;;
            *)
                uninstall_journal=${uninstall_journal%/journal}
                [ ! -e "$uninstall_journal/uninstalled" ] || continue
                uninstall_others="$uninstall_others ${uninstall_journal##*/}"
                ;;
        esac
    done
    [ -z "$uninstall_others" ] || warn "kept packages and accounts: other bundles may need them:$uninstall_others"
}

# uninstall_state: forgets the bundle, if nothing of it is left.
uninstall_state() {
    if [ -n "$uninstall_kept" ]; then
        rm -rf "$state/services" "$state/scripts"
        { : >"$state/uninstalled"; } 2>/dev/null
        say "what is kept is remembered in $state, for uninstall --purge"
        return
    fi
    # The journal goes first: without it nothing is left to do.
    rm -f "$state/journal"
    uninstall_said=$(rm -rf "$state" 2>&1) || file_failed "$state" "$uninstall_said"
    rmdir "${state%/*}" 2>/dev/null
    locked=
}

# user_remove NAME: removes the user NAME, where there is one; not its files.
# may use: userdel deluser pw
user_remove() {
    user_id "$1" || return 0
    would "remove user $1" && return 0
    group_id=
    group_id "$1"
    user_remove_group=$group_id
    {
        if command -v userdel >/dev/null 2>&1; then
            userdel "$1"
        elif command -v deluser >/dev/null 2>&1; then
            deluser "$1"
        elif command -v pw >/dev/null 2>&1; then
            pw userdel -n "$1"
        else
            account_drop /etc/passwd "$1"
        fi
    } >&2
    users_known= groups_known=
    ! user_id "$1" || die 70 "cannot remove the user $1: see what was said above (has it processes?)"
    # Some remove a group of that name as well, which may have been there before.
    if [ -n "$user_remove_group" ] && ! group_id "$1"; then
        group_add "$1" "$user_remove_group" >&2
    fi
    forget
    note "removed user $1"
}

# from actions/service.sh.tmpl, templates/supervisors/nohup/service.sh.tmpl, actions/stop.sh.tmpl
stop_riemann() {
    drive nohup riemann 15
    nohup_service /var/lib/palletgen-nohup/riemann /run/palletgen TERM /var/log/nohup/riemann/riemann.log
    drive_stop TERM 10
}

# from templates/supervisors/nohup/disable.sh.tmpl
disable_riemann() {
    nohup_no_boot disable riemann /var/lib/palletgen-nohup/riemann
}

# from templates/supervisors/nohup/unconfigure.sh.tmpl
unconfigure_riemann() {
    background_unconfigure /var/lib/palletgen-nohup/riemann/launch /run/palletgen riemann /var/log/nohup/riemann/riemann.log
}

# from actions/service.sh.tmpl, templates/supervisors/nohup/service.sh.tmpl, actions/status.sh.tmpl
status_riemann() {
    drive nohup riemann 15
    nohup_service /var/lib/palletgen-nohup/riemann /run/palletgen TERM /var/log/nohup/riemann/riemann.log
    drive_status riemann 1
}

# What ./run uninstall does.
phase_uninstall() {
    take_down riemann stop_riemann disable_riemann unconfigure_riemann status_riemann nohup
    uninstall
}
