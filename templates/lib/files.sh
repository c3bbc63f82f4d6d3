# Files, folders and links. Each function looks first and changes only what differs.
# New things are made under another name, "aside", which run removes when it is stopped midway. What
# a run that was killed left is removed by the next one; its programs may still be at work, so the
# name has the number of the run in it.

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

# file_is PATH KIND UID GID MODE: 0 when PATH is of that kind, owner, group and mode, else 1.
file_is() {
    file_is_mode=$5
    while [ "${#file_is_mode}" -lt 4 ]; do
        file_is_mode=0$file_is_mode
    done
    file_facts "$1" &&
        [ "$file_kind $file_owner $file_group $file_mode" = "$2 $3 $4 $file_is_mode" ]
}

# file_failed PATH TEXT: ends the run with 70 and the reason why PATH could not be changed.
# TEXT is what the command that failed said.
file_failed() {
    case $2 in
        '') file_failed_why='what was written there reads back different' ;;
        *'o space left'* | *'uota exceeded'*) file_failed_why='the disk is full' ;;
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

# put SRC DEST OWNER GROUP MODE: makes DEST a copy of root/SRC of the bundle, whole or not at all.
# A link in the place of DEST is replaced by the file. Missing parent folders become root's, 0755.
put() {
    put_source=$bundle/root/$1
    owner_ids "$2" "$3" "$4"
    if [ -f "$2" ]; then
        if cmp -s "$put_source" "$2" && file_is "$2" - "$user_id" "$group_id" "$5"; then
            return 0
        fi
    elif [ -e "$2" ]; then
        die 70 "cannot change $2: it is there and is no regular file"
    fi
    put_aside=${2%/*}/.${2##*/}.palletgen-new
    aside=$put_aside-$$
    put_said=$({
        umask 022
        mkdir -p "${2%/*}/." && rm -f "$put_aside"* && umask 077 && set -C &&
            cat "$put_source" >"$aside" && chown -h "$user_id:$group_id" "$aside" &&
            chmod "$5" "$aside" && cmp -s "$put_source" "$aside" &&
            file_is "$aside" - "$user_id" "$group_id" "$5" && mv -f "$aside" "$2"
    } 2>&1) || file_failed "$2" "$put_said"
    aside=
    note "changed $2"
}

# directory PATH OWNER GROUP MODE: makes the folder PATH. Missing parents become root's, 0755.
# A link to a folder is followed.
directory() {
    owner_ids "$1" "$2" "$3"
    if [ -d "$1" ]; then
        file_is "$1/." d "$user_id" "$group_id" "$4" && return 0
    elif [ -e "$1" ] || [ -L "$1" ]; then
        die 70 "cannot make the folder $1: something else is there"
    fi
    # The zeros: GNU chmod leaves a folder's setgid bit alone when the mode has fewer than five digits.
    directory_said=$({
        mkdir -p "$1" && chown "$user_id:$group_id" "$1/." && chmod "00$4" "$1/."
    } 2>&1) || file_failed "$1" "$directory_said"
    note "changed $1"
}

# link_is TARGET PATH: 0 when the link PATH points to TARGET, else 1.
# may use: readlink
link_is() {
    if command -v readlink >/dev/null 2>&1; then
        [ "$(readlink "$2")" = "$1" ]
    else
        case $(ls -ldn "$2") in *" $2 -> $1") ;; *) return 1 ;; esac
    fi
}

# symbolic_link TARGET PATH: makes PATH a link to TARGET, which need not exist. Only a link is ever replaced.
symbolic_link() {
    if [ -L "$2" ]; then
        link_is "$1" "$2" && return 0
    elif [ -e "$2" ]; then
        die 70 "cannot make the link $2: something else is there"
    fi
    symbolic_link_said=$({
        mkdir -p "${2%/*}/." && rm -f "$2" && ln -s "$1" "$2"
    } 2>&1) || file_failed "$2" "$symbolic_link_said"
    note "changed $2"
}

# remove_file PATH: removes the file or link PATH, where there is one. A folder is an error (70).
remove_file() {
    [ -e "$1" ] || [ -L "$1" ] || return 0
    if [ -d "$1" ] && [ ! -L "$1" ]; then
        die 70 "cannot remove $1: it is a folder"
    fi
    remove_file_said=$(rm -f "$1" 2>&1) || file_failed "$1" "$remove_file_said"
    note "removed $1"
}
