# phases/configure.sh of the bundle riemann-nohup: write its configuration, and that of its supervisor.
# Made by palletgen 0.1.0; ./run configure reads it.

# die CODE MESSAGE: prints MESSAGE on stderr and ends the run with exit code CODE.
# Not inside $( ) or ( ): there it would end only the subshell.
die() {
    printf '%s: %s\n' "$bundle_name" "$2" >&2
    exit "$1"
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

# file_is PATH KIND UID GID MODE: 0 when PATH is of that kind, owner, group and mode, else 1.
file_is() {
    file_is_mode=$5
    while [ "${#file_is_mode}" -lt 4 ]; do
        file_is_mode=0$file_is_mode
    done
    file_facts "$1" &&
        [ "$file_kind $file_owner $file_group $file_mode" = "$2 $3 $4 $file_is_mode" ]
}

# group_id NAME: sets group_id to the number of the group NAME; a number stays as it is.
# Exit code other than 0: no such group.
# may use: getent
group_id() {
    case $1 in
        *[!0-9]*) group_id= ;;
        *) group_id=$1 && return ;;
    esac
    if [ "$1" = root ]; then
        group_id=0
    elif command -v getent >/dev/null 2>&1; then
        group_id=$(getent group "$1") || return 1
        group_id=${group_id#*:*:}
        group_id=${group_id%%:*}
    else
        while IFS=: read -r group_id_name group_id_skip group_id_number group_id_skip; do
            if [ "$group_id_name" = "$1" ]; then
                group_id=$group_id_number
                break
            fi
        done </etc/group
        [ -n "$group_id" ]
    fi
}

# log_folder PATH USER GROUP: makes the folder for a log that USER writes ('' for root). GROUP ''
# is the user's own. A folder that is there is left as it is.
log_folder() {
    [ -z "$2" ] || user_id "$2" ||
        die 70 "cannot make $1: there is no user $2 on this host (the phase install makes it)"
    if [ ! -d "$1" ]; then
        log_folder_group=$3
        if [ -z "$log_folder_group" ]; then
            log_folder_group=$(id -g "${2:-root}")
        fi
        directory "$1" "${2:-root}" "$log_folder_group" 0755
    elif [ -n "$2" ] && [ "$user_id" != 0 ] && file_facts "$1/."; then
        case "$file_owner $file_mode" in
            "$user_id "* | *[2367]? | *[2367]) ;;
            *) die 70 "cannot use $1 for the log: the user $2 cannot write there" ;;
        esac
    fi
}

# nohup_configure NAME NOHUP_DIR RUN_DIR: after all else is there.
nohup_configure() {
    nohup_configured "$1" "$2" "$3" || { : >"$nohup_folder/configured"; } 2>/dev/null ||
        die 70 "cannot make $nohup_folder/configured (does this run as root?)"
}

# nohup_configured NAME NOHUP_DIR RUN_DIR: 0 when the service has its folder, whole.
nohup_configured() {
    nohup_name=$1 nohup_folder=$2/$1 nohup_file=$3/$1.pid
    [ -f "$nohup_folder/configured" ]
}

# note MESSAGE: says what was changed on this host, and counts it.
note() {
    printf '%s\n' "$1"
    changed=$((changed + 1))
}

# owner_ids PATH OWNER GROUP: sets user_id and group_id; ends the run with 70 when there is no
# such account to own PATH.
owner_ids() {
    user_id "$2" || die 70 "cannot make $1: there is no user $2 on this host (the phase install makes it)"
    group_id "$3" || die 70 "cannot make $1: there is no group $3 on this host (the phase install makes it)"
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

# user_id NAME: sets user_id to the number of the user NAME; a number stays as it is.
# Exit code other than 0: no such user.
user_id() {
    case $1 in
        root) user_id=0 ;;
        *[!0-9]*) user_id=$(id -u "$1" 2>/dev/null) ;;
        *) user_id=$1 ;;
    esac
}

# from crates/riemann/crate.yaml, crates/riemann/configure.sh.tmpl
configure_riemann() {
    put etc/riemann/riemann.config /etc/riemann/riemann.config riemann riemann 0644
    # Again, for a log_dir that was changed after the installation.
    directory /var/log/riemann riemann riemann 0755
}

# from templates/supervisors/nohup/supervisor.yaml, templates/supervisors/nohup/configure.sh.tmpl
configure_riemann_under_nohup() {
    put var/lib/palletgen-nohup/riemann/launch /var/lib/palletgen-nohup/riemann/launch root root 0755
    put var/lib/palletgen-nohup/riemann/as-user /var/lib/palletgen-nohup/riemann/as-user root root 0755
    put var/lib/palletgen-nohup/riemann/run /var/lib/palletgen-nohup/riemann/run root root 0755
    log_folder /var/log/nohup/riemann riemann ''
    nohup_configure riemann /var/lib/palletgen-nohup /run/palletgen
}

configure_riemann || die 70 'configure_riemann failed'
configure_riemann_under_nohup || die 70 'configure_riemann_under_nohup failed'
