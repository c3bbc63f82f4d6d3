# System accounts. One that exists already is left as it is.
# Numbers are looked up in /etc/passwd and /etc/group without another program, and those that were
# found are remembered in users_known and groups_known. Accounts of a directory service have id or
# getent asked.

# account_number FILE NAME: sets account_number to the number of NAME in FILE, /etc/passwd or
# /etc/group. Exit code 1: it is not in there.
# reads only
account_number() {
    account_name= account_number=
    [ -r "$1" ] || return 1
    while IFS=: read -r account_name account_rest account_number account_rest; do
        [ "$account_name" != "$2" ] || return 0
    done <"$1"
    # The last line may have no end.
    [ "$account_name" = "$2" ] && [ -n "$account_number" ]
}

# user_id NAME: sets user_id to the number of the user NAME; a number stays as it is.
# Exit code other than 0: no such user.
# reads only
# may use: id
user_id() {
    case $1 in
        root) user_id=0 && return ;;
        '' | *[!0-9]*) ;;
        *) user_id=$1 && return ;;
    esac
    case $users_known in
        *" $1="*)
            user_id=${users_known#*" $1="}
            user_id=${user_id%% *}
            return
            ;;
    esac
    if account_number /etc/passwd "$1"; then
        user_id=$account_number
    else
        user_id=$(id -u "$1" 2>/dev/null) || return
    fi
    users_known=" $1=$user_id$users_known "
}

# group_id NAME: sets group_id to the number of the group NAME; a number stays as it is.
# Exit code other than 0: no such group.
# reads only
# may use: getent
group_id() {
    case $1 in
        root) group_id=0 && return ;;
        '' | *[!0-9]*) ;;
        *) group_id=$1 && return ;;
    esac
    case $groups_known in
        *" $1="*)
            group_id=${groups_known#*" $1="}
            group_id=${group_id%% *}
            return
            ;;
    esac
    if account_number /etc/group "$1"; then
        group_id=$account_number
    else
        group_id=$(getent group "$1" 2>/dev/null) || return
        group_id=${group_id#*:*:}
        group_id=${group_id%%:*}
    fi
    groups_known=" $1=$group_id$groups_known "
}

# owner_ids PATH OWNER GROUP: sets user_id and group_id; ends the run with 70 when there is no such
# account to own PATH. Under --check an earlier phase would have made it: then the number is '?'.
owner_ids() {
    if ! user_id "$2"; then
        user_id='?'
        [ -n "$run_check" ] ||
            die 70 "cannot make $1: there is no user $2 on this host (the phase install makes it)"
    fi
    if ! group_id "$3"; then
        group_id='?'
        [ -n "$run_check" ] ||
            die 70 "cannot make $1: there is no group $3 on this host (the phase install makes it)"
    fi
}

# group NAME [GID]: makes the system group NAME, with the number GID where that is not ''.
# 70: it is there with another number, or cannot be made.
# resource
group() {
    [ -z "$looking" ] || return 0
    if group_id "$1"; then
        [ "${2:-$group_id}" = "$group_id" ] ||
            die 70 "cannot make the group $1 with the id $2: it is there with the id $group_id, and files may be its"
        return 0
    fi
    would "add group $1" && return 0
    record group "$1"
    group_add "$1" "$2" >&2
    group_id "$1" && [ "${2:-$group_id}" = "$group_id" ] ||
        die 70 "cannot make the group $1: see what was said above (does this run as root?)"
    forget
    note "added group $1"
}

# group_add NAME GID: makes the group. GID may be ''. The exit code says nothing.
# may use: groupadd addgroup pw
group_add() {
    if command -v groupadd >/dev/null 2>&1; then
        groupadd -r ${2:+-g} ${2:+"$2"} "$1"
    elif command -v addgroup >/dev/null 2>&1; then
        addgroup -S ${2:+-g} ${2:+"$2"} "$1"
    elif command -v pw >/dev/null 2>&1; then
        pw groupadd -n "$1" ${2:+-g} ${2:+"$2"}
    else
        account_free /etc/group "$2"
        account_append /etc/group "$1:x:$account_free:"
    fi
}

# user NAME GROUP HOME [UID]: makes the system user NAME, who cannot log in, with the number UID where
# that is not ''. HOME is not created. GROUP is there already.
# 70: it is there with another number, or cannot be made.
# resource
user() {
    [ -z "$looking" ] || return 0
    if user_id "$1"; then
        [ "${4:-$user_id}" = "$user_id" ] ||
            die 70 "cannot make the user $1 with the id $4: it is there with the id $user_id, and files may be its"
        return 0
    fi
    would "add user $1" && return 0
    group_id "$2" || die 70 "cannot make the user $1: there is no group $2 on this host"
    record user "$1"
    user_add "$@" >&2
    user_id "$1" && [ "${4:-$user_id}" = "$user_id" ] ||
        die 70 "cannot make the user $1: see what was said above (does this run as root?)"
    forget
    note "added user $1"
}

# user_add NAME GROUP HOME [UID]: makes the user. The exit code says nothing. Needs group_id.
# may use: useradd adduser pw
user_add() {
    for user_shell in /usr/sbin/nologin /sbin/nologin /bin/false; do
        [ ! -x "$user_shell" ] || break
    done
    if command -v useradd >/dev/null 2>&1; then
        useradd -r -M -g "$2" -d "$3" -s "$user_shell" ${4:+-u} ${4:+"$4"} "$1"
    elif command -v adduser >/dev/null 2>&1; then
        adduser -S -D -H -G "$2" -h "$3" -s "$user_shell" ${4:+-u} ${4:+"$4"} "$1"
    elif command -v pw >/dev/null 2>&1; then
        pw useradd -n "$1" -g "$2" -d "$3" -s "$user_shell" ${4:+-u} ${4:+"$4"}
    else
        account_free /etc/passwd "$4"
        account_append /etc/passwd "$1:*:$account_free:$group_id::$3:$user_shell"
    fi
}

# user_remove NAME: removes the user NAME, where there is one; not its files.
# may use: userdel deluser pw
user_remove() {
    user_id "$1" || return 0
    would "remove user $1" && return 0
    group_id=
    group_id "$1"
    user_remove_group=$group_id
    {
        if command -v userdel >/dev/null 2>&1; then
            userdel "$1"
        elif command -v deluser >/dev/null 2>&1; then
            deluser "$1"
        elif command -v pw >/dev/null 2>&1; then
            pw userdel -n "$1"
        else
            account_drop /etc/passwd "$1"
        fi
    } >&2
    users_known= groups_known=
    ! user_id "$1" || die 70 "cannot remove the user $1: see what was said above (has it processes?)"
    # Some remove a group of that name as well, which may have been there before.
    if [ -n "$user_remove_group" ] && ! group_id "$1"; then
        group_add "$1" "$user_remove_group" >&2
    fi
    forget
    note "removed user $1"
}

# group_remove NAME: removes the group NAME, where there is one.
# may use: groupdel delgroup pw
group_remove() {
    group_id "$1" || return 0
    would "remove group $1" && return 0
    {
        if command -v groupdel >/dev/null 2>&1; then
            groupdel "$1"
        elif command -v delgroup >/dev/null 2>&1; then
            delgroup "$1"
        elif command -v pw >/dev/null 2>&1; then
            pw groupdel -n "$1"
        else
            account_drop /etc/group "$1"
        fi
    } >&2
    groups_known=
    ! group_id "$1" || die 70 "cannot remove the group $1: see what was said above"
    forget
    note "removed group $1"
}

# account_free FILE NUMBER: sets account_free to NUMBER, or where that is '' to the highest one of a
# system account that is free in FILE, /etc/passwd or /etc/group. 70: there is none, or NUMBER is taken.
account_free() {
    account_used=' '
    if [ -r "$1" ]; then
        while IFS=: read -r account_name account_rest account_number account_rest; do
            account_used="$account_used$account_number "
        done <"$1"
        account_used="$account_used$account_number "
    fi
    account_free=${2:-999}
    while :; do
        case $account_used in *" $account_free "*) ;; *) return 0 ;; esac
        [ -z "$2" ] && [ "$account_free" -gt 100 ] || die 70 "the id $account_free is taken already in $1"
        account_free=$((account_free - 1))
    done
}

# account_append FILE LINE: adds a line to /etc/passwd or /etc/group, for hosts that have no program
# for that.
account_append() {
    line_prepare "$1" 0 "$2"
    line_finish "$1"
}

# account_drop FILE NAME: removes the line of NAME.
account_drop() {
    line_find "$1" '' "$2:"
    [ "$line_count" -gt 0 ] || return 0
    line_prepare "$1" "$line_number" ''
    line_finish "$1"
}
