# What PostgreSQL needs before its first start.

# postgresql_alone: keeps Debian's packages from making a cluster called main, and from starting it, when they are
# installed for the first time.
# resource
postgresql_alone() {
    [ -z "$looking" ] && [ -z "$run_check" ] || return 0
    package_find && [ "$package_manager" = apt ] && [ ! -e /usr/bin/pg_createcluster ] || return 0
    line_in_file /etc/postgresql-common/createcluster.conf 'create_main_cluster = false' create_main_cluster
}

# postgresql_cluster DATA USER COMMAND...: makes a cluster in the folder DATA, which is there, by COMMAND -D DATA as USER.
# Where there is one already: nothing. 69: no program can change the user. 70: COMMAND failed.
# resource
# may use: setpriv chroot su
postgresql_cluster() {
    [ -z "$looking" ] && [ ! -e "$1/PG_VERSION" ] || return 0
    would "make a database cluster in $1" && return 0
    postgresql_data=$1 postgresql_user=$2
    shift 2
    postgresql_become
    postgresql_said=$({ cd "$postgresql_data" && postgresql_as "$@" -D "$postgresql_data" </dev/null; } 2>&1) ||
        die 70 "cannot make a database cluster in $postgresql_data: $postgresql_said"
    [ -e "$postgresql_data/PG_VERSION" ] || die 70 "cannot make a database cluster in $postgresql_data: $postgresql_said"
    forget
    note "made a database cluster in $postgresql_data"
}

# postgresql_become: sets postgresql_how to the program that changes the user here.
# may use: setpriv chroot su
postgresql_become() {
    postgresql_uid=$(id -u "$postgresql_user") && postgresql_gid=$(id -g "$postgresql_user") ||
        die 70 "there is no user $postgresql_user on this host"
    if setpriv --reuid 0 true 2>/dev/null; then
        postgresql_how=setpriv
    elif chroot --userspec=0:0 / true 2>/dev/null; then
        postgresql_how=chroot
    elif command -v su >/dev/null 2>&1; then
        postgresql_how=su
    else
        die 69 "cannot become $postgresql_user: none of setpriv, chroot of the GNU coreutils, su is on this host"
    fi
}

# postgresql_as COMMAND...: runs it as postgresql_user.
# may use: setpriv chroot su
postgresql_as() {
    case $postgresql_how in
        setpriv) setpriv --reuid "$postgresql_uid" --regid "$postgresql_gid" --clear-groups -- "$@" ;;
        chroot) chroot --userspec="$postgresql_uid:$postgresql_gid" --groups= / "$@" ;;
        su) su -s /bin/sh "$postgresql_user" -c 'exec "$@"' sh "$@" ;;
    esac
}
