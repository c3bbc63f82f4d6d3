# Back to how it was: the versions that a run replaced, and all that the bundle made.

# rollback: brings back the files that the last changing run replaced, and removes those that it added
# to them. The services take that up by ensure-service. 70: there is nothing older.
rollback() {
    set -- "$state"/versions/[0-9]*
    while [ $# -gt 1 ]; do
        shift
    done
    [ -d "$1" ] || die 70 'cannot roll back: no older version is kept here'
    rollback_folder=$1 rollback_run=${1##*/} rollback_now= rollback_old=$nl rollback_done=$nl
    # What this writes to the journal is of another run, and so comes after what is read here.
    rollback_more=1
    while [ -n "$rollback_more" ] && { read -r rollback_kind rollback_sum rollback_flag rollback_path || rollback_more=; } && [ -n "$rollback_more$rollback_kind" ]; do
        case $rollback_kind$rollback_now in
            run*) rollback_now=$rollback_sum ;;
            "file$rollback_run")
                rollback_path=${rollback_path%" ;"}
                case $rollback_done in *"$nl$rollback_path$nl"*) continue ;; esac
                rollback_done=$rollback_done$rollback_path$nl
                rollback_file "$rollback_path" "$rollback_folder$rollback_path"
                ;;
            file*) rollback_old=$rollback_old${rollback_path%" ;"}$nl ;;
        esac
    done <"$state/journal"
    [ -z "$run_check" ] || return 0
    # By another name first: half of a folder would be taken for all of it.
    rollback_said=$({
        rm -rf "$state/undone" && mv "$rollback_folder" "$state/undone" && rm -rf "$state/undone"
    } 2>&1) || file_failed "$rollback_folder" "$rollback_said"
}

# rollback_file PATH VERSION: makes PATH what VERSION is; removes it where the run had added it.
rollback_file() {
    if [ -f "$2" ]; then
        ! cmp -s "$1" "$2" || return 0
        file_sha256 "$2" || die 70 "cannot read $2"
        rollback_sum=$file_sha256
    else
        case $rollback_old in
            *"$nl$1$nl"*)
                warn "left $1 alone: so old a version of it is not kept"
                return 0
                ;;
        esac
        [ -f "$1" ] || return 0
        rollback_sum=
    fi
    file_edited "$1" "$rollback_sum" && [ -z "$file_foreign" ] || [ -n "$run_overwrite" ] ||
        die 78 "cannot roll back $1: it was edited on this host; --overwrite-changes does it all the same"
    if [ -z "$rollback_sum" ]; then
        would "remove $1" && return 0
        [ "$rollback_flag" = - ] || flag "$rollback_flag"
        rollback_said=$(rm -f "$1" 2>&1) || file_failed "$1" "$rollback_said"
        [ "$rollback_flag" = - ] || flag_stamp "$rollback_flag"
        note "removed $1"
        return 0
    fi
    would "bring back $1" && return 0
    record file "$rollback_sum" "$rollback_flag" "$1"
    [ "$rollback_flag" = - ] || flag "$rollback_flag"
    copy_back "$2" "$1"
    [ "$rollback_flag" = - ] || flag_stamp "$rollback_flag"
    note "brought back $1"
}

# copy_back COPY PATH: makes PATH the file COPY, with its owner and mode.
copy_back() {
    folders "$2"
    set_aside "$2"
    copy_back_said=$({
        umask 077 && rm -f "$aside" && cp -p "$1" "$aside" && mv -f "$aside" "$2"
    } 2>&1) || file_failed "$2" "$copy_back_said"
    aside=
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

# uninstall_seen PATH: 0 from the second time on that it is asked for PATH.
uninstall_seen() {
    case $uninstall_done in *"$nl$1$nl"*) return 0 ;; esac
    uninstall_done=$uninstall_done$1$nl
    return 1
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

# uninstall_link PATH: removes the link.
uninstall_link() {
    [ -L "$1" ] || return 0
    would "remove $1" && return 0
    uninstall_said=$(rm -f "$1" 2>&1) || file_failed "$1" "$uninstall_said"
    note "removed $1"
}

# uninstall_tree PATH: removes a folder that was made from an archive, with all that is in it.
uninstall_tree() {
    [ -d "$1" ] && [ -f "$1/.palletgen-sha256" ] || return 0
    would "remove $1" && return 0
    uninstall_said=$(rm -rf "$1" 2>&1) || file_failed "$1" "$uninstall_said"
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

# uninstall_state: forgets the bundle. The journal goes first: without it nothing is left to do.
uninstall_state() {
    rm -f "$state/journal"
    uninstall_said=$(rm -rf "$state" 2>&1) || file_failed "$state" "$uninstall_said"
    locked=
}
