# Back to how it was: what the last changing run replaced, and all that the bundle made.

# rollback: takes back what the last changing run did to files: brings back those that it replaced, removes
# those that it added, and restores lines. The services take that up by ensure-service. 70: there is nothing to
# take back.
rollback() {
    rollback_find
    case $rollback_run in
        '') die 70 'cannot roll back: nothing that a run has changed is left to be taken back' ;;
        000001) die 70 'cannot roll back: the first run has made it all; see uninstall' ;;
    esac
    record_run="undo $rollback_run"
    [ -n "$run_check" ] || record_line "$record_run"
    rollback_now= rollback_new=$nl rollback_done=$nl rollback_secret=$nl rollback_lines= rollback_more=1
    while [ -n "$rollback_more" ] && { IFS= read -r rollback_line || rollback_more=; } && [ -n "$rollback_more$rollback_line" ]; do
        journal_line "$rollback_line" || continue
        case $journal_kind$rollback_now in
            run* | undo*) rollback_now=$journal_rest ;;
            "file$rollback_run") rollback_done=$rollback_done$journal_path$nl ;;
            "line$rollback_run") rollback_lines=$journal_rest$nl$rollback_lines ;;
            "new$rollback_run") rollback_new=$rollback_new$journal_path$nl ;;
            secret*) rollback_secret=$rollback_secret$journal_path$nl ;;
        esac
        case $journal_kind in undo) rollback_now=000000 ;; esac
    done <"$state/journal"
    rollback_seen=$nl
    rollback_done=${rollback_done#"$nl"}
    while [ -n "$rollback_done" ]; do
        rollback_path=${rollback_done%%"$nl"*}
        rollback_done=${rollback_done#*"$nl"}
        case $rollback_seen in *"$nl$rollback_path$nl"*) continue ;; esac
        rollback_seen=$rollback_seen$rollback_path$nl
        rollback_file "$rollback_path" "$state/versions/$rollback_run$rollback_path"
    done
    while [ -n "$rollback_lines" ]; do
        line_undo "${rollback_lines%%$nl*}"
        rollback_lines=${rollback_lines#*"$nl"}
    done
    [ -z "$run_check" ] || return 0
    record_line "undone $rollback_run"
    rm -rf "$state/versions/$rollback_run"
}

# rollback_find: sets rollback_run to the number of the last run that changed a file or a line and was not rolled
# back; '' when there is none.
rollback_find() {
    rollback_run= rollback_now= rollback_runs=' ' rollback_more=1
    [ -f "$state/journal" ] || return 0
    while [ -n "$rollback_more" ] && { IFS= read -r rollback_line || rollback_more=; } && [ -n "$rollback_more$rollback_line" ]; do
        journal_line "$rollback_line" || continue
        case $journal_kind in
            run) rollback_now=$journal_rest ;;
            undo) rollback_now= ;;
            undone) rollback_runs=${rollback_runs%%" $journal_rest "*}' ' ;;
            file | line)
                case $rollback_now$rollback_runs in
                    ' '* | *" $rollback_now "*) ;;
                    *) rollback_runs="$rollback_runs$rollback_now " ;;
                esac
                ;;
        esac
    done <"$state/journal"
    rollback_runs=${rollback_runs% }
    rollback_run=${rollback_runs##* }
}

# journal_line LINE: sets journal_kind, journal_rest, what stands behind it, and journal_path, where the path comes
# last. Exit code 1: no whole line.
journal_line() {
    case $1 in *" ;") ;; *) return 1 ;; esac
    journal_kind=${1%% *}
    journal_rest=${1#* }
    journal_rest=${journal_rest%" ;"}
    journal_path=/${journal_rest#*/}
    # Of a file, sum and flag come before.
    [ "$journal_kind" != file ] || journal_flag=${journal_rest%%" /"*} journal_flag=${journal_flag#* }
}

# rollback_flag PATH: sets rollback_flag to the flag of the file PATH, '' for none.
rollback_flag() {
    rollback_flag= rollback_more=1
    while [ -n "$rollback_more" ] && { IFS= read -r rollback_line || rollback_more=; } && [ -n "$rollback_more$rollback_line" ]; do
        journal_line "$rollback_line" || continue
        case "$journal_kind $journal_path" in "file $1") rollback_flag=$journal_flag ;; esac
    done <"$state/journal"
    [ "$rollback_flag" != - ] || rollback_flag=
}

# rollback_file PATH VERSION: makes PATH what VERSION is; removes it where the run had added it.
rollback_file() {
    rollback_flag "$1"
    if [ -d "$1" ] && [ ! -L "$1" ]; then
        stuck "cannot bring back $1: a folder is there; move it away"
        return
    elif [ -f "$2" ]; then
        ! cmp -s "$1" "$2" 2>/dev/null || return 0
        file_sha256 "$2" || die 70 "cannot read $2"
        rollback_sum=$file_sha256
    else
        [ -f "$1" ] || return 0
        case $rollback_new in
            *"$nl$1$nl"*) rollback_sum= ;;
            *)
                warn "left $1 alone: so old a version of it is not kept"
                return 0
                ;;
        esac
    fi
    file_edited "$1" "$rollback_sum" && [ -z "$file_foreign" ] || [ -n "$run_overwrite" ] ||
        die 78 "cannot roll back $1: it was edited on this host; --overwrite-changes does it all the same"
    if [ -z "$rollback_sum" ]; then
        would "remove $1" && return 0
        [ -z "$rollback_flag" ] || flag "$rollback_flag"
        rollback_said=$(rm -f "$1" 2>&1) || file_failed "$1" "$rollback_said"
        [ -z "$rollback_flag" ] || flag_stamp "$rollback_flag"
        note "removed $1"
        return 0
    fi
    file_facts "$2"
    case $rollback_secret in
        *"$nl$1$nl"*) ;;
        *) file_show "$1" "$file_mode" "$2" ;;
    esac
    would "bring back $1" && return 0
    # What somebody had written there by hand stays that.
    ! file_known "$1" "$rollback_sum" || record file "$rollback_sum" "${rollback_flag:--}" "$1"
    [ -z "$rollback_flag" ] || flag "$rollback_flag"
    copy_back "$2" "$1"
    [ -z "$rollback_flag" ] || flag_stamp "$rollback_flag"
    note "brought back $1"
}

# copy_back COPY PATH: makes PATH the file or link COPY, with its owner and mode.
copy_back() {
    folders "$2"
    set_aside "$2"
    copy_back_said=$({
        umask 077 && rm -f "$aside" && cp -pP "$1" "$aside" && rename_over "$aside" "$2"
    } 2>&1) || file_failed "$2" "$copy_back_said"
    aside=
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

# retire FOLDER FILE...: removes these files, which the bundle made for a service's supervisor. With FOLDER, which is the
# service's own, all that it made in there goes, and FOLDER itself.
retire() {
    retire_folder=$1
    shift
    for retire_path in "$@"; do
        ! service_made "$retire_path" || uninstall_file "$retire_path"
    done
    [ -n "$retire_folder" ] && [ -f "$state/journal" ] || return 0
    retire_lines= retire_more=1
    while [ -n "$retire_more" ] && { IFS= read -r retire_line || retire_more=; } && [ -n "$retire_more$retire_line" ]; do
        case $retire_line in
            [dlpe]*" $retire_folder ;" | [dlpe]*" $retire_folder/"*) retire_lines=$retire_line$nl$retire_lines ;;
        esac
    done <"$state/journal"
    while [ -n "$retire_lines" ]; do
        journal_line "${retire_lines%%$nl*}" && uninstall_path "$journal_kind" "$journal_path"
        retire_lines=${retire_lines#*"$nl"}
    done
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

# uninstall_keep TEXT: says that something is kept, and remembers it.
uninstall_keep() {
    warn "kept $1"
    uninstall_kept=1
}

# uninstall_remove PATH OPTION: removes PATH by rm.
uninstall_remove() {
    would "remove $1" && return 0
    uninstall_said=$(rm "$2" "$1" 2>&1) || file_failed "$1" "$uninstall_said"
    note "removed $1"
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

# uninstall_original PATH: brings back what was at PATH before the bundle. Exit code 1: nothing was.
uninstall_original() {
    [ -e "$state/original$1" ] || [ -L "$state/original$1" ] || return 1
    would "bring back $1" && return 0
    copy_back "$state/original$1" "$1"
    note "brought back $1"
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
