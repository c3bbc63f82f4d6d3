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

# line_find PATH LINE [PREFIX]: sets line_found to 1 when LINE is a line of PATH, else to ''. Sets
# line_count to how many lines begin with PREFIX, and line_number to the number of the first of these, or
# of LINE.
# reads only
line_find() {
    line_found= line_count=0 line_number=0 line_at=0
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
                [ "$line_count" -gt 1 ] || line_number=$line_at
                ;;
        esac
    done <"$1"
}

# line_remove PATH LINE: removes LINE from the file PATH, where it is there.
# resource
line_remove() {
    [ -z "$looking" ] || return 0
    line_find "$1" "$2"
    [ -n "$line_found" ] || return 0
    would "remove the line \"$2\" from $1" && return 0
    line_prepare "$1" "$line_number" ''
    line_finish "$1"
    note "changed $1"
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
    runit_leave_end=$((clock_now + runit_patience * 10)) runit_leave_last=$((clock_now + runit_patience * 20))
    runit_look
    while [ "$runit_state" != none ]; do
        # Runsvdir would do it too, when it looks again.
        sv exit "$runit_service" >/dev/null 2>&1
        nap
        clock
        if [ "$clock_now" -ge "$runit_leave_last" ]; then
            die 70 "cannot remove $runit_name: runsv does not end"
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
    runit_patience=$4
    runit_configured "$1" "$2" "$3"
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
        note "removed $runit_service"
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
    take_down_code=0
    "$5" >/dev/null || take_down_code=$?
    if [ "$take_down_code" != 4 ]; then
        act stop "$1" "$2" "$5" && act disable "$1" "$3" "$5" || return
    fi
    "$4"
}

# uninstall: removes what the journal says that the bundle made, the newest first. Users, groups,
# packages, and folders with something in them only under --purge.
uninstall() {
    uninstall_lines=
    if [ -f "$state/journal" ]; then
        uninstall_more=1
        while [ -n "$uninstall_more" ] && { IFS= read -r uninstall_line || uninstall_more=; } && [ -n "$uninstall_more$uninstall_line" ]; do
            case $uninstall_line in *" ;") uninstall_lines=${uninstall_line%" ;"}$nl$uninstall_lines ;; esac
        done <"$state/journal"
    fi
    uninstall_done=$nl uninstall_packages=
    while [ -n "$uninstall_lines" ]; do
        uninstall_line=${uninstall_lines%%"$nl"*}
        uninstall_lines=${uninstall_lines#*"$nl"}
        uninstall_path=/${uninstall_line#*" /"}
        case $uninstall_line in
            "file "*) uninstall_seen "$uninstall_path" || uninstall_file "$uninstall_path" ;;
            "link "*) uninstall_seen "$uninstall_path" || uninstall_link "$uninstall_path" ;;
            "tree "*) uninstall_seen "$uninstall_path" || uninstall_tree "$uninstall_path" ;;
            "directory "*) uninstall_seen "$uninstall_path" || uninstall_folder "$uninstall_path" ;;
            "line "*)
                uninstall_line=${uninstall_line#line }
                line_remove "${uninstall_line%% *}" "${uninstall_line#* }"
                ;;
            "user "*) [ -z "$run_purge" ] || user_remove "${uninstall_line#* }" ;;
            "group "*) [ -z "$run_purge" ] || group_remove "${uninstall_line#* }" ;;
            "package "*) uninstall_packages="$uninstall_packages ${uninstall_line#* }" ;;
        esac
    done
    # All at once: some of them need others.
    # shellcheck disable=SC2086
    [ -z "$run_purge" ] || [ -z "$uninstall_packages" ] || packages_purge $uninstall_packages
    [ -n "$run_check" ] || uninstall_state
}

# uninstall_file PATH: removes the file, or brings back what was there before the bundle put its own.
uninstall_file() {
    if [ -f "$1" ] && [ ! -L "$1" ]; then
        if ! file_edited "$1" - && [ -z "$run_overwrite" ]; then
            warn "kept $1: it was edited on this host (--overwrite-changes removes it)"
            return 0
        fi
    elif [ ! -f "$state/original$1" ]; then
        return 0
    fi
    if [ -f "$state/original$1" ]; then
        ! cmp -s "$state/original$1" "$1" || return 0
        would "bring back $1" && return 0
        copy_back "$state/original$1" "$1"
        note "brought back $1"
        return 0
    fi
    would "remove $1" && return 0
    uninstall_said=$(rm -f "$1" 2>&1) || file_failed "$1" "$uninstall_said"
    note "removed $1"
}

# uninstall_folder PATH: removes the folder, if nothing is in it, or under --purge.
uninstall_folder() {
    [ -d "$1" ] && [ ! -L "$1" ] || return 0
    if [ -n "$run_purge" ]; then
        would "remove $1" && return 0
        uninstall_said=$(rm -rf "$1" 2>&1) || file_failed "$1" "$uninstall_said"
    elif [ -n "$run_check" ]; then
        return 0 # nobody can tell what would be left in it
    elif ! rmdir "$1" 2>/dev/null; then
        say "kept $1: it is not empty (--purge removes it)"
        return 0
    fi
    note "removed $1"
}

# uninstall_link PATH: removes the link.
uninstall_link() {
    [ -L "$1" ] || return 0
    would "remove $1" && return 0
    uninstall_said=$(rm -f "$1" 2>&1) || file_failed "$1" "$uninstall_said"
    note "removed $1"
}

# uninstall_seen PATH: 0 from the second time on that it is asked for PATH.
uninstall_seen() {
    case $uninstall_done in *"$nl$1$nl"*) return 0 ;; esac
    uninstall_done=$uninstall_done$1$nl
    return 1
}

# uninstall_state: forgets the bundle. The journal goes first: without it nothing is left to do.
uninstall_state() {
    rm -f "$state/journal"
    uninstall_said=$(rm -rf "$state" 2>&1) || file_failed "$state" "$uninstall_said"
    locked=
}

# uninstall_tree PATH: removes a folder that was made from an archive, with all that is in it.
uninstall_tree() {
    [ -d "$1" ] && [ -f "$1/.palletgen-sha256" ] || return 0
    would "remove $1" && return 0
    uninstall_said=$(rm -rf "$1" 2>&1) || file_failed "$1" "$uninstall_said"
    note "removed $1"
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

# from templates/supervisors/runit/stop.sh.tmpl
stop_riemann() {
    runit_find riemann /etc/sv /etc/service 15
    runit_down 10
}

# from templates/supervisors/runit/disable.sh.tmpl
disable_riemann() {
    runit_find riemann /etc/sv /etc/service 15
    runit_disable
}

# from templates/supervisors/runit/unconfigure.sh.tmpl
unconfigure_riemann() {
    runit_unconfigure riemann /etc/sv /etc/service 15 /var/log/runit/riemann
}

# from templates/supervisors/runit/status.sh.tmpl
status_riemann() {
    runit_status riemann /etc/sv /etc/service 1
}

# What ./run uninstall does.
phase_uninstall() {
    take_down riemann stop_riemann disable_riemann unconfigure_riemann status_riemann || die 70 'unconfigure_riemann failed'
    uninstall
}
