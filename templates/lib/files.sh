# Files, folders and links. Each function looks first and changes only what differs.
# New things are made under another name, see set_aside, and put in place by a rename: whoever looks
# sees all of the old or all of the new.

# file_facts PATH: sets file_kind (- file, d folder, l link, ...), file_owner and file_group
# (numbers) and file_mode (four octal digits). Exit code 1: nothing is there.
file_facts() {
    file_facts_line=$(ls -ldn "$1" 2>/dev/null) || return 1
    set -f
    # shellcheck disable=SC2086
    set -- $file_facts_line
    set +f
    file_owner=$3 file_group=$4
    file_facts_rest=${1#?}
    file_kind=${1%"$file_facts_rest"}
    file_mode= file_facts_special=0
    for file_facts_bit in 4 2 1; do
        file_facts_digit=0
        case $file_facts_rest in r*) file_facts_digit=4 ;; esac
        case $file_facts_rest in ?w*) file_facts_digit=$((file_facts_digit + 2)) ;; esac
        case $file_facts_rest in ??[xst]*) file_facts_digit=$((file_facts_digit + 1)) ;; esac
        case $file_facts_rest in
            ??[sStT]*) file_facts_special=$((file_facts_special + file_facts_bit)) ;;
        esac
        file_mode=$file_mode$file_facts_digit
        file_facts_rest=${file_facts_rest#???}
    done
    file_mode=$file_facts_special$file_mode
}

# file_differs PATH KIND OWNER GROUP MODE: sets file_why to how PATH is not as wanted, such as
# "its mode is 0600, should be 0644"; '' when all is well. Sets user_id and group_id.
file_differs() {
    file_why=
    owner_ids "$1" "$3" "$4"
    if ! file_facts "$1"; then
        file_why='it is not there'
        return
    fi
    file_wanted=$5
    while [ "${#file_wanted}" -lt 4 ]; do
        file_wanted=0$file_wanted
    done
    if [ "$file_kind" != "$2" ]; then
        case $file_kind in
            l) file_why='it is a link' ;;
            *) file_why="it is of the kind $file_kind" ;;
        esac
        return
    fi
    [ "$file_owner" = "$user_id" ] || file_why="its owner is $file_owner, should be $3"
    [ "$file_group" = "$group_id" ] || file_why="${file_why:+$file_why; }its group is $file_group, should be $4"
    [ "$file_mode" = "$file_wanted" ] || file_why="${file_why:+$file_why; }its mode is $file_mode, should be $file_wanted"
}

# file_bits MODE: sets file_bits to what ls shows for an octal mode: rw-r----- for 0640.
file_bits() {
    file_bits= file_bits_rest=$1 file_bits_special=0
    case $1 in
        ????)
            file_bits_special=${1%???}
            file_bits_rest=${1#?}
            ;;
    esac
    for file_bits_one in 4s 2s 1t; do
        case $file_bits_rest in
            [0-3]*) file_bits=$file_bits- ;;
            *) file_bits=${file_bits}r ;;
        esac
        case $file_bits_rest in
            [2367]*) file_bits=${file_bits}w ;;
            *) file_bits=$file_bits- ;;
        esac
        file_bits_x=-
        case $file_bits_rest in [1357]*) file_bits_x=x ;; esac
        if [ "$((file_bits_special & ${file_bits_one%?}))" != 0 ]; then
            case $file_bits_one$file_bits_x in
                ?s-) file_bits_x=S ;;
                ?s*) file_bits_x=s ;;
                ?t-) file_bits_x=T ;;
                *) file_bits_x=t ;;
            esac
        fi
        file_bits=$file_bits$file_bits_x
        file_bits_rest=${file_bits_rest#?}
    done
}

# file_failed PATH TEXT: ends the run with 70 and the reason why PATH could not be changed.
# TEXT is what the command that failed said.
file_failed() {
    case $2 in
        '') file_failed_why='what was written there reads back different: is the disk full?' ;;
        *'o space left'* | *'uota exceeded'* | *'I/O error'*) file_failed_why='the disk is full' ;;
        *'ead-only file system'*) file_failed_why='its file system is read-only' ;;
        *[Bb]usy*) file_failed_why='it is a mount of its own (a bind mount?): change it where it comes from, or unmount it' ;;
        *'ermission denied'* | *'not permitted'*)
            file_failed_why='not even root may do that; is it immutable (lsattr)?'
            [ "$(id -u)" = 0 ] || file_failed_why='this needs root'
            ;;
        *) file_failed_why='see what the command said' ;;
    esac
    [ -z "$2" ] || file_failed_why="$file_failed_why ($2)"
    die 70 "cannot change $1: $file_failed_why"
}

# file_sha256 PATH: sets file_sha256. Exit code 1: PATH cannot be read; ends the run with 69
# when this host has no program for it.
# may use: sha256sum sha256 shasum openssl
file_sha256() {
    if command -v sha256sum >/dev/null 2>&1; then
        file_sha256=$(sha256sum <"$1") || return 1
    elif command -v sha256 >/dev/null 2>&1; then
        file_sha256=$(sha256 -q <"$1") || return 1
    elif command -v shasum >/dev/null 2>&1; then
        file_sha256=$(shasum -a 256 <"$1") || return 1
    elif command -v openssl >/dev/null 2>&1; then
        file_sha256=$(openssl dgst -sha256 -r <"$1") || return 1
    else
        die 69 'cannot compute a sha256: none of sha256sum, sha256, shasum, openssl is on this host'
    fi
    file_sha256=${file_sha256%% *}
}

# folders PATH: makes the folders that are missing above PATH: root's, 0755.
folders() {
    case $1 in */*) ;; *) return 0 ;; esac
    folders_one=${1%/*}
    [ -n "$folders_one" ] && [ ! -d "$folders_one" ] || return 0
    folders "$folders_one"
    # Set anew: the line above has moved it up.
    folders_one=${1%/*}
    record parent "$folders_one"
    folders_said=$({ umask 022 && mkdir "$folders_one"; } 2>&1) || [ -d "$folders_one" ] ||
        file_failed "$folders_one" "$folders_said"
}

# put DEST OWNER GROUP MODE SHA256 [FLAG [VERIFY...]]: makes DEST a copy of its file in root/ of the
# bundle, whole or not at all. FLAG is set when that is a change of its content ('' for none). VERIFY
# is a command that has to accept the new file; its name is appended.
# Missing parent folders become root's, 0755. 78: DEST was edited on this host, or is a link.
# resource
put() {
    if [ -n "$looking" ]; then
        look_path "$1" - "$2" "$3" "$4"
        look_sum "$1" "$5"
        return 0
    fi
    in_place "$1" && return 0
    file_compare "$1" "$2" "$3" "$4" "$bundle/root$1"
    [ -n "$file_why$file_stuck" ] || return 0
    [ -z "$file_stuck" ] || { stuck "$file_stuck" && return; }
    if [ -n "$run_check" ]; then
        file_would "$@"
        return 0
    fi
    if [ -z "$file_new" ]; then
        file_owner "$1" "$4"
        return 0
    fi
    folders "$1"
    set_aside "$1"
    put_said=$({
        umask 077 && rm -f "$aside" && set -C && cat "$bundle/root$1" >"$aside"
    } 2>&1) || file_failed "$1" "$put_said"
    replace_file "$@"
}

# file_compare DEST OWNER GROUP MODE NEW: sets file_why to how DEST is not as wanted, with the
# content of NEW; '' when it is. Sets file_new to 1 when the content has to be written, and file_stuck to
# why that cannot be done.
file_compare() {
    file_new= file_stuck=
    file_differs "$1" - "$2" "$3" "$4"
    case $file_why in
        'it is not there' | 'it is a link')
            file_new=1
            return
            ;;
        'it is of'*)
            file_new=1 file_stuck="cannot change $1: it is no regular file; move it away"
            return
            ;;
    esac
    if [ ! -r "$1" ]; then
        file_why="${file_why:+$file_why; }its content can be compared by root alone"
    elif ! cmp -s "$5" "$1"; then
        file_new=1
        file_why="its content differs${file_why:+; $file_why}"
    fi
}

# file_would DEST OWNER GROUP MODE SHA256 [FLAG]: what replace_file would do, under --check.
file_would() {
    would "change $1: $file_why"
    file_show "$1" "$4" "$bundle/root$1"
    if [ -n "$file_new" ]; then
        [ -z "$6" ] || flag "$6"
        file_edited "$1" "$5" || [ -n "$run_overwrite" ] ||
            warn "$1 was edited on this host; it is replaced only with --overwrite-changes"
    fi
}

# file_owner PATH MODE: gives PATH its owner, group and mode where only these differ.
file_owner() {
    # The owner first: a change of it clears the setuid bit.
    file_owner_said=$({
        chown -h "$user_id:$group_id" "$1" && chmod "00$2" "$1"
    } 2>&1) || file_failed "$1" "$file_owner_said"
    note "changed $1: $file_why"
}

# replace_file DEST OWNER GROUP MODE SHA256 FLAG [VERIFY...]: puts the finished file $aside in the
# place of DEST. The old one is kept. 78: somebody edited it on this host. 70: cannot.
replace_file() {
    owner_ids "$1" "$2" "$3"
    replace_dest=$1 replace_mode=$4 replace_sum=$5 replace_flag=$6
    file_edited "$1" "$5" || [ -n "$run_overwrite" ] || file_refused "$1" "$4"
    file_show "$1" "$4" "$aside"
    shift 5
    [ $# -eq 0 ] || shift
    replace_said=$({
        chown -h "$user_id:$group_id" "$aside" && chmod "00$replace_mode" "$aside"
    } 2>&1) || file_failed "$replace_dest" "$replace_said"
    # On a full disk it would have been cut off, so its sum is taken, not believed.
    if ! file_sha256 "$aside" || [ "$file_sha256" != "$replace_sum" ]; then
        file_failed "$replace_dest" ''
    fi
    if [ $# -gt 0 ]; then
        command -v "$1" >/dev/null 2>&1 || die 69 "cannot change $replace_dest: $1, which has to accept it, is missing"
        replace_said=$("$@" "$aside" 2>&1 </dev/null) ||
            die 70 "cannot change $replace_dest: $* does not accept the new one${replace_said:+: $replace_said}"
    fi
    keep_version "$replace_dest"
    [ -e "$replace_dest" ] || [ -L "$replace_dest" ] || record new "$replace_dest"
    record file "$replace_sum" "${replace_flag:--}" "$replace_dest"
    [ -z "$replace_flag" ] || flag "$replace_flag"
    replace_said=$(rename_over "$aside" "$replace_dest" 2>&1) || file_failed "$replace_dest" "$replace_said"
    aside=
    [ -z "$replace_flag" ] || flag_stamp "$replace_flag"
    note "changed $replace_dest"
}

# file_edited PATH SHA256: 0 when PATH may be replaced: it is not there, has that content, or content
# that the bundle itself has put there, or was never the bundle's; or it is a link of the bundle's own. Else somebody
# edited it, or made it a link: 1. Sets file_foreign to 1 where it is not the bundle's.
file_edited() {
    file_foreign=
    if [ -L "$1" ]; then
        link_made "$1"
        return
    fi
    [ -f "$1" ] && file_sha256 "$1" && [ "$file_sha256" != "$2" ] || return 0
    file_known "$1" "$file_sha256" && return
    if [ -f "$state/original$1" ] && cmp -s "$state/original$1" "$1"; then
        # A run was stopped before it had put its own.
        file_foreign=1
        return
    fi
    [ -z "$file_known" ] || return 1
    file_foreign=1
}

# file_known PATH SHA256: 0 when the bundle has put that content there at some time. Sets file_known to 1
# when it has put any.
# reads only
file_known() {
    file_known= file_known_more=1
    [ -f "$state/journal" ] || return 1
    while [ -n "$file_known_more" ] && { read -r file_known_kind file_known_sum file_known_rest || file_known_more=; } && [ -n "$file_known_more$file_known_kind" ]; do
        case "$file_known_kind ${file_known_rest#* }" in
            "file $1 ;")
                file_known=1
                [ "$file_known_sum" != "$2" ] || return 0
                ;;
        esac
    done <"$state/journal"
    return 1
}

# file_refused PATH MODE: ends the run with 78: PATH was edited on this host.
file_refused() {
    [ ! -L "$1" ] ||
        die 78 "cannot change $1: it is a link on this host. Remove it, or give --overwrite-changes"
    run_diff=1
    if [ -n "$run_json" ]; then
        file_show "$1" "$2" "$aside"
    else
        file_show "$1" "$2" "$aside" >&2
    fi
    die 78 "cannot change $1: it was edited on this host since the last run. Take the change over into the settings, or give --overwrite-changes"
}

# file_show OLD MODE NEW: under --diff, the lines that differ; of a file that not everybody may read
# (its MODE now, or the one it gets) only the sums.
# may use: diff
file_show() {
    [ -n "$run_diff" ] && ! cmp -s "$1" "$3" 2>/dev/null || return 0
    if [ -L "$1" ]; then
        say "$1 is a link, and becomes a file"
        return
    fi
    file_show_old=$1 file_show_secret=
    case $2 in *[0-3]) file_show_secret=1 ;; esac
    if [ -f "$1" ]; then
        file_facts "$1"
        case $file_mode in *[0-3]) file_show_secret=1 ;; esac
    else
        file_show_old=/dev/null
    fi
    if [ -n "$file_show_secret" ]; then
        file_show_sums "$file_show_old" "$3"
    elif command -v diff >/dev/null 2>&1; then
        file_show_text=$(diff -u "$file_show_old" "$3" 2>&1)
        # The names of the two files are of no use to anybody.
        file_show_text=${file_show_text#*"$nl"}
        say "--- $1${nl}+++ $1 (new)$nl${file_show_text#*"$nl"}"
    else
        say "$1 differs; to show its lines, diff is missing on this host"
    fi
}

# file_show_sums OLD NEW: their sums.
file_show_sums() {
    file_sha256 "$1" || file_sha256='?'
    file_show_sum=$file_sha256
    file_sha256 "$2" || file_sha256='?'
    say "sha256 $file_show_sum -> $file_sha256 (not everybody may read it)"
}

# keep_version PATH: keeps the file PATH, which is about to be replaced or removed; of each file the
# last five. One that is not the bundle's own is kept for uninstall as well.
keep_version() {
    if [ -L "$1" ]; then # with --overwrite-changes
        link_made "$1" || keep_original "$1"
        return
    fi
    [ -f "$1" ] || return 0
    run_number
    keep_copy "$1" "$state/versions/$run_number$1"
    [ -z "$file_foreign" ] || keep_original "$1"
    set -- "$state"/versions/*"$1"
    while [ $# -gt 5 ]; do
        rm -f "$1"
        shift
    done
}

# keep_original PATH: keeps the file or link PATH, which is not the bundle's, for uninstall.
keep_original() {
    keep_copy "$1" "$state/original$1"
    record original "$1"
}

# keep_copy PATH COPY: copies PATH with its owner and mode, unless COPY is there. A link stays one.
keep_copy() {
    [ ! -e "$2" ] && [ ! -L "$2" ] || return 0
    keep_said=$({
        umask 077 && mkdir -p "${2%/*}" && rm -f "$state/keeping" &&
            cp -pP "$1" "$state/keeping" && mv -f "$state/keeping" "$2"
    } 2>&1) || file_failed "$2" "$keep_said"
}

# directory PATH OWNER GROUP MODE: makes the folder PATH. Missing parents become root's, 0755.
# A link to a folder is followed.
# resource
directory() {
    if [ -n "$looking" ]; then
        look_path "$1/." d "$2" "$3" "$4"
        return 0
    fi
    in_place "$1/." && return 0
    if [ ! -d "$1" ] && { [ -e "$1" ] || [ -L "$1" ]; }; then
        stuck "cannot make the folder $1: something else is there; move it away"
        return
    fi
    file_differs "$1/." d "$2" "$3" "$4"
    [ -n "$file_why" ] || return 0
    would "change $1: $file_why" && return 0
    # Its owner and mode come after it: a run that is killed between the two is made good by the next.
    if [ ! -d "$1" ]; then
        folders "$1"
        record directory "$1"
        directory_said=$({ umask 077 && mkdir "$1"; } 2>&1) || file_failed "$1" "$directory_said"
    fi
    # The zeros: GNU chmod leaves a folder's setgid bit alone when the mode has fewer than five digits.
    directory_said=$({
        chown "$user_id:$group_id" "$1/." && chmod "00$4" "$1/."
    } 2>&1) || file_failed "$1" "$directory_said"
    note "changed $1"
}

# link_is TARGET PATH: 0 when the link PATH points to TARGET, else 1.
# reads only
# may use: readlink
link_is() {
    if command -v readlink >/dev/null 2>&1; then
        [ "$(readlink "$2")" = "$1" ]
    else
        case $(ls -ldn "$2") in *" $2 -> $1") ;; *) return 1 ;; esac
    fi
}

# symbolic_link TARGET PATH: makes PATH a link to TARGET, which need not exist. Only a link is ever replaced.
# resource
symbolic_link() {
    if [ -n "$looking" ]; then
        look_path "$2" l '' '' '' "$1"
        return 0
    fi
    in_place "$2" && return 0
    if [ -L "$2" ]; then
        link_is "$1" "$2" && return 0
    elif [ -e "$2" ]; then
        stuck "cannot make the link $2: something else is there; move it away"
        return
    fi
    would "make $2 a link to $1" && return 0
    folders "$2"
    if [ -L "$2" ] && ! link_made "$2"; then
        keep_original "$2"
    fi
    record link "$2"
    set_aside "$2"
    symbolic_link_said=$({
        rm -f "$aside" && ln -s "$1" "$aside" && rename_over "$aside" "$2"
    } 2>&1) || file_failed "$2" "$symbolic_link_said"
    aside=
    forget # other paths may go through it
    note "changed $2"
}

# link_made PATH: 0 when the bundle has made the link PATH at some time.
# reads only
link_made() {
    link_made_more=1
    [ -f "$state/journal" ] || return 1
    while [ -n "$link_made_more" ] && { IFS= read -r link_made_line || link_made_more=; } && [ -n "$link_made_more$link_made_line" ]; do
        [ "$link_made_line" != "link $1 ;" ] || return 0
    done <"$state/journal"
    return 1
}

# rename_over NEW PATH: puts NEW in the place of PATH. Over a link to a folder mv would go into that
# folder, unless it is told not to, which POSIX knows no option for.
rename_over() {
    if [ ! -L "$2" ]; then
        mv -f "$1" "$2"
        return
    fi
    mv -fT "$1" "$2" 2>/dev/null || mv -fh "$1" "$2" 2>/dev/null || { rm -f "$2" && mv -f "$1" "$2"; }
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
