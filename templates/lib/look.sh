# One look at everything, before anything is changed. First the functions of the phases are called
# with $looking set: then they change nothing, and say through look_path and look_sum what they will
# want. Then one ls, one sha256sum and one question to the package manager answer for all of them,
# and in the real pass in_place tells a function that it has nothing to do.

# look_path PATH KIND OWNER GROUP MODE [TARGET]: PATH is to be of this KIND: - for a file, d for a
# folder, l for a link to TARGET. MODE '' for a folder: one that OWNER may write to.
look_path() {
    look_paths=$look_paths$1$nl
    if [ "$2" = l ]; then
        look_facts="$look_facts$1 -> $6 is l$nl"
    elif [ -z "$5" ]; then
        look_facts="$look_facts$1 is for $3$nl"
    elif user_id "$3" && group_id "$4"; then
        case $5 in
            0644) file_bits=rw-r--r-- ;;
            0755) file_bits=rwxr-xr-x ;;
            *) file_bits "$5" ;;
        esac
        look_facts="$look_facts$1 is $2$file_bits $user_id $group_id$nl"
    else
        look_drift=$look_drift$1$nl
    fi
}

# look_sum PATH SHA256: the file PATH is to have this content.
look_sum() {
    look_sums="$look_sums$2  $1$nl"
}

# look_begin: forgets everything, before another look.
look_begin() {
    look_paths= look_facts=$nl look_sums= look_packages= look_done= look_drift=$nl
}

# look_end: asks for all that was said since look_begin. Sets look_drift to what differs, a line each.
# may use: sha256sum
look_end() {
    look_ifs=$IFS
    IFS=$nl
    set -f
    # shellcheck disable=SC2086
    set -- $look_paths
    look_asked=$#
    if [ "$look_asked" -gt 0 ]; then
        look_list=$(ls -ldn "$@" 2>/dev/null)
        # shellcheck disable=SC2086
        set -- $look_list
        [ $# -eq "$look_asked" ] || look_missing
    fi
    IFS=$look_ifs
    for look_line in "$@"; do
        # shellcheck disable=SC2086
        look_fact $look_line
    done
    set +f
    look_contents
    # A phase that names packages brings the function along.
    [ -z "$look_packages" ] || call look_packages || look_drift=${look_drift}packages$nl
    look_done=1
}

# look_missing: ls has no line for what is not there.
look_missing() {
    for look_one in $look_paths; do
        [ -e "$look_one" ] || [ -L "$look_one" ] || look_drift=$look_drift$look_one$nl
    done
}

# look_fact BITS LINKS UID GID SIZE MONTH DAY TIME PATH...: a line of the listing. It is as it should be when the
# same was said by look_path.
look_fact() {
    look_bits=$1 look_owner="$3 $4"
    case $look_bits in
        # Behind the bits some systems put a sign for more: an access list, a context.
        *[.+@]) look_bits=${look_bits%?} ;;
    esac
    [ $# -gt 8 ] && shift 8 || return
    case $look_bits in
        l*)
            case $look_facts in *"$nl$* is l$nl"*) return ;; esac
            look_one=$*
            look_drift=$look_drift${look_one%%" -> "*}$nl
            return
            ;;
    esac
    case $look_facts in
        *"$nl$* is $look_bits $look_owner$nl"*) return ;;
        *"$nl$* is for "*)
            look_one=${look_facts#*"$nl$* is for "}
            look_writable "${look_one%%$nl*}" && return
            ;;
    esac
    look_drift=$look_drift$*$nl
}

# look_writable USER: 0 when look_bits and look_owner are those of a folder that USER may write to.
look_writable() {
    case $look_bits in
        d????w* | d???????w*) return 0 ;;
        d*) user_id "$1" && [ "$user_id" = 0 ] || [ "$user_id" = "${look_owner%% *}" ] ;;
        *) return 1 ;;
    esac
}

# look_contents: one sha256sum for all contents; only where something differs, another that says what.
# may use: sha256sum
look_contents() {
    [ -n "$look_sums" ] || return 0
    if command -v sha256sum >/dev/null 2>&1; then
        printf '%s' "$look_sums" | sha256sum -c >/dev/null 2>&1 && return
        look_list=$(printf '%s' "$look_sums" | sha256sum -c 2>/dev/null)$nl
    else
        look_list= # then each is looked at by itself
    fi
    while [ -n "$look_sums" ]; do
        look_one=${look_sums%%"$nl"*}
        look_one=${look_one#*"  "}
        look_sums=${look_sums#*"$nl"}
        case $look_list in
            *"$look_one: OK$nl"*) ;;
            *) look_drift=$look_drift$look_one$nl ;;
        esac
    done
}

# in_place KEY: 0 when the look found KEY (a path, or packages) as it should be.
in_place() {
    [ -n "$look_trust" ] || return 1
    case $look_drift in *"$nl$1$nl"*) return 1 ;; esac
}

# forget: after a change to things that others may depend on. From here on each is looked at by itself.
forget() {
    look_done= look_trust=
}

# looked FUNCTION: calls a phase's function that has said all it will want.
looked() {
    look_trust=$look_done
    checkable "$1"
    look_trust=
}

# checkable FUNCTION: calls a phase's function that changes nothing under --check.
checkable() {
    "$1" || die 70 "$1: its last command failed"
}

# opaque FUNCTION: calls a phase's function that runs commands of its own. Nobody knows what they would
# do, so under --check it is left out, and what was looked at before counts no more.
opaque() {
    if [ -n "$run_check" ]; then
        warn "not checked: $1 runs commands of its own"
        return 0
    fi
    checkable "$1"
    forget
}
