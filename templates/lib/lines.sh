# Single lines of files that are not the bundle's own: what else is in them may be edited by anybody.

# line_in_file PATH LINE [PREFIX [FLAG]]: sees to it that LINE is a line of the file PATH.
# It is there: nothing. Else the line that begins with PREFIX, if that is not '', becomes LINE; where
# several do, nobody can tell which one is meant: 70. Else LINE comes at the end. A PATH that is not there
# is made: root's, 0644. Its owner and mode stay. FLAG is set by a change.
# resource
line_in_file() {
    [ -z "$looking" ] || return 0
    case $2 in '' | *"$nl"*) die 70 "cannot change $1: what is to be in it is not one line" ;; esac
    line_find "$@"
    [ -z "$line_found" ] || return 0
    if [ "$line_count" -gt 1 ]; then
        stuck "cannot change $1: $line_count lines begin with \"$3\"; leave one of them"
        return
    elif would "change $1: a line of it is not as it should be"; then
        [ -z "$4" ] || flag "$4"
        return 0
    fi
    [ "$line_count" = 1 ] || line_number=0
    folders "$1"
    [ -e "$1" ] || record empty "$1"
    line_prepare "$1" "$line_number" "$2"
    # By their lengths the three can be told apart.
    record line "${#1} ${#line_old} $1 $line_old $2"
    [ -z "$4" ] || flag "$4"
    line_finish "$1"
    [ -z "$4" ] || flag_stamp "$4"
    note "changed $1"
}

# line_remove PATH LINE: removes LINE from the file PATH, where it is there.
# resource
line_remove() {
    [ -z "$looking" ] || return 0
    line_find "$1" "$2"
    [ -n "$line_found" ] || return 0
    would "remove a line from $1" && return 0
    line_prepare "$1" "$line_number" ''
    line_finish "$1"
    note "changed $1"
}

# line_undo WORDS: takes back what line_in_file has recorded: N M PATH OLD LINE.
line_undo() {
    line_undo_path=${1%% *}
    set -- "$line_undo_path" "${1#* }"
    set -- "$1" "${2%% *}" "${2#* }"
    line_undo_path=$(printf "%.${1}s" "$3")
    set -- "$2" "${3#"$line_undo_path "}"
    line_undo_old=$(printf "%.${1}s" "$2")
    line_undo_line=${2#"$line_undo_old "}
    line_find "$line_undo_path" "$line_undo_line"
    [ -n "$line_found" ] || return 0
    would "take back a line of $line_undo_path" && return 0
    line_prepare "$line_undo_path" "$line_number" "$line_undo_old"
    line_finish "$line_undo_path"
    note "took back a line of $line_undo_path"
}

# line_find PATH LINE [PREFIX]: sets line_found to 1 when LINE is a line of PATH, else to ''. Sets
# line_count to how many lines begin with PREFIX, and line_number and line_old to the number and text of the first
# of these, or line_number to that of LINE.
# reads only
line_find() {
    line_found= line_count=0 line_number=0 line_at=0 line_old=
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
                [ "$line_count" -gt 1 ] || line_number=$line_at line_old=$line_text
                ;;
        esac
    done <"$1"
}

# line_prepare PATH NUMBER LINE: makes aside a copy of PATH, with its owner and mode, in which LINE is the
# line with that number; '' takes that line away, and NUMBER 0 adds LINE at the end.
# 70: this shell cannot read every byte of PATH, or the disk is full.
line_prepare() {
    [ ! -L "$1" ] || die 70 "cannot change $1: it is a link; name the file that it points to"
    folders "$1"
    set_aside "$1"
    if [ -e "$1" ]; then
        line_said=$({
            rm -f "$aside" && cp -p "$1" "$aside" && line_copy "$1" -1 '' >"$aside"
        } 2>&1) || file_failed "$1" "$line_said"
        line_same "$1" "$aside" || die 70 "cannot change $1: it holds bytes that this shell does not read as text"
    fi
    line_said=$({ umask 022 && line_copy "$@" >"$aside"; } 2>&1) || file_failed "$1" "$line_said"
}

# line_finish PATH: puts aside in the place of PATH.
line_finish() {
    line_said=$(mv -f "$aside" "$1" 2>&1) || file_failed "$1" "$line_said"
    aside=
    forget
}

# line_same PATH COPY: 0 when COPY is the same but for a newline at its end that PATH has not.
line_same() {
    cmp -s "$1" "$2" && return
    { cat "$1" && printf '\n'; } | cmp -s - "$2"
}

# line_copy PATH NUMBER LINE: prints the file PATH, changed as line_prepare says; as it is for NUMBER -1.
line_copy() {
    line_at=0 line_more= line_from=/dev/null
    if [ -e "$1" ]; then
        line_more=1 line_from=$1
    fi
    while [ -n "$line_more" ]; do
        IFS= read -r line_text 2>/dev/null || line_more=
        [ -n "$line_more$line_text" ] || break
        line_at=$((line_at + 1))
        if [ "$line_at" != "$2" ]; then
            printf '%s\n' "$line_text" || return
        elif [ -n "$3" ]; then
            printf '%s\n' "$3" || return
        fi
    done <"$line_from"
    [ "$2" != 0 ] || printf '%s\n' "$3"
}
