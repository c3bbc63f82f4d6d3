# phases/configure.sh of the bundle riemann-upstart: write its configuration, and that of its supervisor.
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

# upstart_configure NAME CONF_DIR SECONDS STATE_DIR: after the job file was put. A new job does not
# start at boot until it is enabled.
upstart_configure() {
    upstart_patience=$3
    upstart_installed
    upstart_configured "$1" "$2" || die 70 "cannot find $upstart_conf.conf"
    if [ ! -e "$4/$1" ]; then
        if [ ! -e "$upstart_conf.override" ]; then
            upstart_override manual
            note "changed $upstart_conf.override"
        fi
        directory "$4" root root 0755
        { : >"$4/$1"; } 2>/dev/null || die 70 "cannot make $4/$1 (does this run as root?)"
    fi
    [ "$changed" != 0 ] || return 0
    initctl reload-configuration >/dev/null 2>&1
    upstart_look
    [ "$upstart_state" != unknown ] ||
        die 70 "upstart does not accept $upstart_conf.conf; init-checkconf tells why"
}

# upstart_configured NAME CONF_DIR: 0 when the service has its job file.
upstart_configured() {
    upstart_name=$1 upstart_conf=$2/$1
    [ -f "$upstart_conf.conf" ]
}

# upstart_installed: ends the run with 69 when upstart is not installed.
upstart_installed() {
    command -v initctl >/dev/null 2>&1 ||
        die 69 "cannot find initctl: upstart is not installed, and no current distribution has it"
}

# upstart_look: sets upstart_state to what initctl says, such as start/running or stop/waiting; to
# unknown for a job that upstart does not know, to none where no upstart answers. Sets upstart_pid
# to the main process of the job, or to ''.
upstart_look() {
    upstart_state=none upstart_pid=
    upstart_said=$(initctl status "$upstart_name" 2>&1)
    case $upstart_said in
        # riemann start/running, process 123
        "$upstart_name "*/*) ;;
        *'nknown job'*)
            # finit and others have an initctl too, which may say the same.
            case $(initctl version 2>/dev/null) in
                *upstart*) upstart_state=unknown ;;
            esac
            return
            ;;
        *) return ;;
    esac
    upstart_line=${upstart_said#"$upstart_name "}
    upstart_line=${upstart_line%%"
"*}
    upstart_state=${upstart_line%%,*}
    # In these two states the process is that of pre-start or post-stop.
    case $upstart_line in
        */pre-start,* | */post-stop,*) ;;
        *", process "*) upstart_pid=${upstart_line#*", process "} ;;
    esac
}

# upstart_override TEXT: makes TEXT the job's override file, which upstart reads after the job file.
# '' removes it.
upstart_override() {
    if [ -z "$1" ]; then
        rm -f "$upstart_conf.override" || die 70 "cannot remove $upstart_conf.override (does this run as root?)"
    else
        # As put does it; a link that somebody laid in the way is not followed.
        upstart_aside=${upstart_conf%/*}/.${upstart_conf##*/}.override.palletgen-new
        aside=$upstart_aside-$$
        (
            rm -f "$upstart_aside"* && umask 077 && set -C && printf '%s\n' "$1" >"$aside" &&
                chmod 0644 "$aside" && mv -f "$aside" "$upstart_conf.override"
        ) 2>/dev/null || die 70 "cannot write $upstart_conf.override (does this run as root?)"
        aside=
    fi
    # For hosts where upstart is not told of changes by itself. Without upstart there is nobody to tell.
    initctl reload-configuration >/dev/null 2>&1
    return 0
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

# from templates/supervisors/upstart/supervisor.yaml, templates/supervisors/upstart/configure.sh.tmpl
configure_riemann_under_upstart() {
    put usr/local/lib/palletgen/riemann /usr/local/lib/palletgen/riemann root root 0755
    put etc/init/riemann.failed.conf /etc/init/riemann.failed.conf root root 0644
    put etc/init/riemann.conf /etc/init/riemann.conf root root 0644
    upstart_configure riemann /etc/init 15 /var/lib/palletgen/upstart
}

configure_riemann || die 70 'configure_riemann failed'
configure_riemann_under_upstart || die 70 'configure_riemann_under_upstart failed'
