# phases/rollback.sh of the bundle riemann-upstart: bring back the files that the last changing run replaced.
# Made by palletgen 0.1.0; ./run rollback reads it, after lib.sh.

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

# rollback_flag PATH: sets rollback_flag to the flag of the file PATH, '' for none.
rollback_flag() {
    rollback_flag= rollback_more=1
    while [ -n "$rollback_more" ] && { IFS= read -r rollback_line || rollback_more=; } && [ -n "$rollback_more$rollback_line" ]; do
        journal_line "$rollback_line" || continue
        case "$journal_kind $journal_path" in "file $1") rollback_flag=$journal_flag ;; esac
    done <"$state/journal"
    [ "$rollback_flag" != - ] || rollback_flag=
}

# What ./run rollback does.
phase_rollback() {
    rollback
}
