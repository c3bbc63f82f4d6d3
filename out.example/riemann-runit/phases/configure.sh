# phases/configure.sh of the bundle riemann-runit: write its configuration, and that of its supervisor.
# Made by palletgen 0.1.0; ./run configure reads it, after lib.sh.

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

# file_owner PATH MODE: gives PATH its owner, group and mode where only these differ.
file_owner() {
    # The owner first: a change of it clears the setuid bit.
    file_owner_said=$({
        chown -h "$user_id:$group_id" "$1" && chmod "00$2" "$1"
    } 2>&1) || file_failed "$1" "$file_owner_said"
    note "changed $1: $file_why"
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

# keep_copy PATH COPY: copies PATH with its owner and mode, unless COPY is there. A link stays one.
keep_copy() {
    [ ! -e "$2" ] && [ ! -L "$2" ] || return 0
    keep_said=$({
        umask 077 && mkdir -p "${2%/*}" && rm -f "$state/keeping" &&
            cp -pP "$1" "$state/keeping" && mv -f "$state/keeping" "$2"
    } 2>&1) || file_failed "$2" "$keep_said"
}

# keep_original PATH: keeps the file or link PATH, which is not the bundle's, for uninstall.
keep_original() {
    keep_copy "$1" "$state/original$1"
    record original "$1"
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

# log_folder PATH USER GROUP: makes the folder for a log that USER writes ('' for root). GROUP ''
# is the user's own. A folder that is there is left as it is, if USER may write to it.
# resource
log_folder() {
    if [ -n "$looking" ]; then
        look_path "$1/." d "${2:-root}" "$3" ''
        return 0
    fi
    in_place "$1/." && return 0
    if [ ! -d "$1" ]; then
        would "make the folder $1 for the log" && return 0
        log_folder_user "$1" "$2"
        folders "$1"
        record directory "$1"
        log_folder_said=$({ umask 022 && mkdir "$1"; } 2>&1) || file_failed "$1" "$log_folder_said"
    else
        [ -n "$2" ] || return 0
        log_folder_user "$1" "$2"
        [ "$user_id" != 0 ] && file_facts "$1/." || return 0
        case "$file_owner $file_mode" in
            "$user_id "* | *[2367]? | *[2367]) return 0 ;;
        esac
        # One that the bundle made may be of a run that was killed before it was given to its user.
        service_made "$1" || die 70 "cannot use $1 for the log: the user $2 cannot write there"
        would "give the folder $1 to $2" && return 0
    fi
    if [ -n "$2" ]; then
        log_folder_group=$3
        if [ -z "$log_folder_group" ]; then
            log_folder_group=$(id -g "$2")
        fi
        log_folder_said=$(chown "$2:$log_folder_group" "$1/." 2>&1) || file_failed "$1" "$log_folder_said"
    fi
    note "changed $1"
}

# log_folder_user PATH USER: sets user_id; ends the run with 70 when there is no such user.
log_folder_user() {
    user_id "${2:-root}" ||
        die 70 "cannot make $1: there is no user $2 on this host (the phase install makes it)"
}

# look_sum PATH SHA256: the file PATH is to have this content.
look_sum() {
    look_sums="$look_sums$2  $1$nl"
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

# runit_link NAME SV_DIR SERVICE_DIR SECONDS FLAG: hands the service over to runsvdir. FLAG is that of the
# log's files.
# resource
runit_link() {
    drive runit "$1" "$4"
    runit_service "$1" "$2" "$3" '' "$4"
    [ -n "$looking$run_check" ] || [ -d "$3" ] ||
        die 69 "cannot find the folder $3: runit is not installed (the phase install does it)"
    scan_hand_over "$5" sv && return
    if scan_taken_up; then
        # Svlogd is started again, with its new files. No line is lost: runsv holds the pipe.
        sv term "$scan_link/log" >/dev/null 2>&1
    elif ! runit_supervised && runit_runsvdir "$3"; then
        die 70 "cannot configure $1: runsvdir did not start runsv for it within $4 seconds"
    fi
    flag_clear "$5"
}

# scan_hand_over FLAG PROGRAM: makes the link by which the scanner sees the service. A new service stays
# down: "down" is there before that. Exit code 1: there is more to do by the supervisor's PROGRAM, which is
# there: the service is to be taken up, or its log, whose files have the flag FLAG, to be started again.
scan_hand_over() {
    if [ -n "$looking" ]; then
        symbolic_link "$scan_folder" "$scan_link"
        return 0
    fi
    if ! in_place "$scan_link" && ! scan_linked; then
        [ -n "$run_check" ] || [ -e "$scan_folder/down" ] || scan_disable
        symbolic_link "$scan_folder" "$scan_link"
    fi
    [ -z "$run_check" ] || return 0
    if [ -n "$run_image" ] || ! command -v "$2" >/dev/null 2>&1; then
        flag_clear "$1"
        return 0
    fi
    scan_taken_up && ! flagged "$1"
}

# scan_taken_up: 0 when the supervisor has made its pipe in the service's folder.
# reads only
scan_taken_up() {
    [ -p "$scan_folder/supervise/control" ]
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

# from crates/riemann/crate.yaml
files_configure_riemann() {
    put /etc/riemann/riemann.config riemann riemann 0644 d252f76e54f2cda1a10288c6c780631ac861596633d5337ef05fc0d189a3dc31 riemann.reload
}

# from crates/riemann/configure.sh.tmpl
configure_riemann() {
    # Again, for a log_dir that was changed after the installation.
    directory /var/log/riemann riemann riemann 0755
}

# from templates/supervisors/runit/supervisor.yaml
files_configure_riemann_under_runit() {
    put /etc/sv/riemann/run root root 0755 4f25694c1c2dafc8c2cd936856fc008227c206388a542d47f5e7f993fa900279 riemann.restart
    put /etc/sv/riemann/finish root root 0755 b75cce33fb01dfe96cd30c5be032bbb5c755e2c64466f2f571f7b4366534b955
    put /etc/sv/riemann/control/t root root 0755 1f4e4c2944afbed9d0ceb83d2f9db22db955c9662f9e610df087c6f14f1e7619
    put /etc/sv/riemann/control/k root root 0755 07d39eaa41dc451b1279673376727c6297c68e1dedb34c4b0824e9552b290d83
    put /etc/sv/riemann/log/run root root 0755 23f971c76b234f1865e1e8f40a4d1615f012659e5b58838a367658ca8b1aa659 riemann.log
    put /etc/sv/riemann/log/config root root 0644 07051137bea25f2a9d20c2c1a0ac414e6c2fbcacca55d44516e67ca17443443a riemann.log
}

# from templates/supervisors/runit/configure.sh.tmpl
configure_riemann_under_runit() {
    log_folder /var/log/runit/riemann riemann ''
    symbolic_link /etc/sv/riemann/log/config /var/log/runit/riemann/config
    runit_link riemann /etc/sv /etc/service 15 riemann.log
}

# What ./run configure looks at, all at once, before anything is changed.
look_configure() {
    files_configure_riemann
    configure_riemann
    files_configure_riemann_under_runit
    configure_riemann_under_runit
}

# What ./run configure does.
phase_configure() {
    looked files_configure_riemann
    looked configure_riemann
    looked files_configure_riemann_under_runit
    looked configure_riemann_under_runit
}
