# phases/uninstall.sh of the bundle riemann-runit: remove what the bundle made.
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

# runit_leave: after the link was removed, waits until runsv and svlogd are gone.
runit_leave() {
    [ -p "$runit_folder/supervise/ok" ] && command -v sv >/dev/null 2>&1 || return 0
    runit_service=$runit_folder
    clock
    runit_leave_end=$((clock_now + sup_patience * 10)) runit_leave_last=$((clock_now + sup_patience * 20))
    runit_look
    while [ "$sup_state" != none ]; do
        # Runsvdir would do it too, when it looks again.
        sv exit "$runit_service" >/dev/null 2>&1
        nap
        clock
        if [ "$clock_now" -ge "$runit_leave_last" ]; then
            die 70 "cannot remove $sup_name: runsv does not end"
        elif [ "$clock_now" -ge "$runit_leave_end" ]; then
            # A stray process of the service holds the pipe to the log.
            sv term "$runit_service/log" >/dev/null 2>&1
        fi
        runit_look
    done
}

# runit_unconfigure NAME SV_DIR SERVICE_DIR SECONDS LOG_DIR: takes the service, which is stopped, out
# of runsvdir's hands, and removes what runsv and the functions above have made. Logs stay, unless
# run_purge is set.
# resource
runit_unconfigure() {
    drive runit "$1" "$4"
    runit_service "$1" "$2" "$3" '' "$4"
    # Somebody else may have a service of that name.
    if [ -n "$looking" ] || ! service_made "$runit_folder/run"; then
        return 0
    fi
    runit_left=
    for runit_made in "$runit_folder/supervise" "$runit_folder/log/supervise" "$runit_folder/down"; do
        if [ -e "$runit_made" ] || [ -L "$runit_made" ]; then
            runit_left=1
        fi
    done
    if [ -n "$runit_left" ] || runit_linked; then
        would "take $1 out of $3" && return 0
        if runit_linked; then
            runit_said=$(rm -f "$runit_service" 2>&1) || file_failed "$runit_service" "$runit_said"
        fi
        [ -n "$run_image" ] || runit_leave
        runit_said=$(rm -rf "$runit_folder/supervise" "$runit_folder/log/supervise" "$runit_folder/down" 2>&1) ||
            file_failed "$runit_folder" "$runit_said"
        note "removed $3/$1"
    fi
    set -- "$5/lock" "$5"/current "$5"/state "$5"/newstate "$5"/@*.[stu]
    [ -n "$run_purge" ] || set -- "$1" # an empty file
    for runit_made in "$@"; do
        [ ! -f "$runit_made" ] || remove_file "$runit_made"
    done
}

# take_down SERVICE STOP DISABLE UNCONFIGURE STATUS: before the service's files are removed. The four are
# functions.
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
            act stop "$1" "$2" "$5"
            act disable "$1" "$3" "$5"
            ;;
    esac
    checkable "$4"
}

# uninstall: removes what the journal says that the bundle made, the newest first. Users, groups,
# packages, and folders with something in them only under --purge. What is kept stays in the journal, for
# another uninstall.
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
            package) uninstall_packages="$uninstall_packages $journal_rest" ;;
            file | link | tree | directory | parent | empty)
                case $uninstall_done in *"$nl$journal_path$nl"*) continue ;; esac
                uninstall_done=$uninstall_done$journal_path$nl
                uninstall_path "$journal_kind" "$journal_path"
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

# uninstall_state: forgets the bundle, if nothing of it is left.
uninstall_state() {
    if [ -n "$uninstall_kept" ]; then
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

# from actions/service.sh.tmpl, templates/supervisors/runit/service.sh.tmpl, actions/stop.sh.tmpl
stop_riemann() {
    drive runit riemann 15
    runit_service riemann /etc/sv /etc/service /var/log/runit/riemann 15
    drive_stop TERM 10
}

# from actions/service.sh.tmpl, templates/supervisors/runit/service.sh.tmpl, actions/disable.sh.tmpl
disable_riemann() {
    drive runit riemann 15
    runit_service riemann /etc/sv /etc/service /var/log/runit/riemann 15
    drive_disable
}

# from templates/supervisors/runit/unconfigure.sh.tmpl
unconfigure_riemann() {
    runit_unconfigure riemann /etc/sv /etc/service 15 /var/log/runit/riemann
}

# from actions/service.sh.tmpl, templates/supervisors/runit/service.sh.tmpl, actions/status.sh.tmpl
status_riemann() {
    drive runit riemann 15
    runit_service riemann /etc/sv /etc/service /var/log/runit/riemann 15
    drive_status riemann 1
}

# What ./run uninstall does.
phase_uninstall() {
    take_down riemann stop_riemann disable_riemann unconfigure_riemann status_riemann
    uninstall
}
