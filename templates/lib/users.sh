# System accounts. One that exists already is left as it is.

# user_id NAME: sets user_id to the number of the user NAME; a number stays as it is.
# Exit code other than 0: no such user.
user_id() {
    case $1 in
        root) user_id=0 ;;
        *[!0-9]*) user_id=$(id -u "$1" 2>/dev/null) ;;
        *) user_id=$1 ;;
    esac
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

# owner_ids PATH OWNER GROUP: sets user_id and group_id; ends the run with 70 when there is no
# such account to own PATH.
owner_ids() {
    user_id "$2" || die 70 "cannot make $1: there is no user $2 on this host (the phase install makes it)"
    group_id "$3" || die 70 "cannot make $1: there is no group $3 on this host (the phase install makes it)"
}

# group NAME: makes the system group NAME.
# may use: groupadd addgroup pw
group() {
    if group_id "$1"; then
        return 0
    elif command -v groupadd >/dev/null 2>&1; then
        groupadd -r "$1"
    elif command -v addgroup >/dev/null 2>&1; then
        addgroup -S "$1"
    elif command -v pw >/dev/null 2>&1; then
        pw groupadd -n "$1"
    else
        die 69 "cannot make the group $1: none of groupadd, addgroup, pw is on this host"
    fi
    group_id "$1" || die 70 "cannot make the group $1 (does this run as root?)"
    note "added group $1"
}

# user NAME GROUP HOME: makes the system user NAME, who cannot log in. HOME is not created.
# GROUP is there already.
# may use: useradd adduser pw
user() {
    if user_id "$1"; then
        return 0
    fi
    group_id "$2" || die 70 "cannot make the user $1: there is no group $2 on this host"
    for user_shell in /usr/sbin/nologin /sbin/nologin /bin/false; do
        [ ! -x "$user_shell" ] || break
    done
    if command -v useradd >/dev/null 2>&1; then
        useradd -r -M -g "$2" -d "$3" -s "$user_shell" "$1"
    elif command -v adduser >/dev/null 2>&1; then
        adduser -S -D -H -G "$2" -h "$3" -s "$user_shell" "$1"
    elif command -v pw >/dev/null 2>&1; then
        pw useradd -n "$1" -g "$2" -d "$3" -s "$user_shell"
    else
        die 69 "cannot make the user $1: none of useradd, adduser, pw is on this host"
    fi
    user_id "$1" || die 70 "cannot make the user $1 (does this run as root?)"
    note "added user $1"
}
