# phases/rollback.sh of the bundle riemann-runit: bring back the files that the last changing run replaced.
# Made by palletgen 0.1.0; ./run rollback reads it, after lib.sh.

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

# What ./run rollback does.
phase_rollback() {
    rollback
}
