# One look at everything, before anything is changed. First the functions of the phases are called
# with $looking set: then they change nothing, and say through look_path and look_sum what they will
# want. Then one ls, one sha256sum and one question to the package manager answer for all of them,
# and in the real pass in_place tells a function that it has nothing to do.

# look_path PATH KIND OWNER GROUP MODE [TARGET]: PATH is to be of this KIND: - for a file, d for a
# folder, l for a link to TARGET. MODE '' for a folder: one that OWNER may write to.
look_path() {
    look_paths=$look_paths$1$nl
    look_wants="$look_wants$2 ${3:--} ${4:--} ${5:--} $6$nl"
}

# look_sum PATH SHA256: the file PATH is to have this content.
look_sum() {
    look_sums="$look_sums$2  $1$nl"
}

# look_begin: forgets everything, before another look.
look_begin() {
    look_paths= look_wants= look_sums= look_packages= look_done= look_drift=$nl
}

# look_end: asks for all that was said since look_begin. Sets look_drift to what differs, a line each.
# may use: sha256sum
look_end() {
    look_ifs=$IFS
    IFS=$nl
    set -f
    # shellcheck disable=SC2086
    set -- $look_paths
    IFS=$look_ifs
    if [ $# -gt 0 ]; then
        # What is not there has no line.
        look_list=$(ls -ldn "$@" 2>/dev/null)$nl
        look_rest=$look_list
        for look_one in "$@"; do
            look_want=${look_wants%%"$nl"*}
            look_wants=${look_wants#*"$nl"}
            look_find "$look_one"
            # shellcheck disable=SC2086
            look_judge "$look_one" $look_want || look_drift=$look_drift$look_one$nl
        done
    fi
    set +f
    look_contents
    # A phase that names packages brings the function along.
    [ -z "$look_packages" ] || call look_packages || look_drift=${look_drift}packages$nl
    look_done=1
}

# look_find PATH: sets look_line to the line of PATH in the listing. That is sorted, and so are most
# of the questions: the next line first.
look_find() {
    look_line=${look_rest%%"$nl"*}
    case $look_line in
        *" $1" | *" $1 -> "*)
            look_rest=${look_rest#*"$nl"}
            return
            ;;
    esac
    case $look_list in
        *" $1$nl"*) look_line=${look_list%%" $1$nl"*}" $1" ;;
        *" $1 -> "*)
            look_line=${look_list#*" $1 -> "}
            look_line=${look_list%%" $1 -> "*}" $1 -> ${look_line%%"$nl"*}"
            ;;
        *)
            look_line=
            return
            ;;
    esac
    look_line=${look_line##*"$nl"}
}

# look_judge PATH KIND OWNER GROUP MODE [TARGET]: 0 when look_line says so. - is for ''.
look_judge() {
    case $2 in
        l)
            case $look_line in
                l*" $1 -> $6"*) [ "${look_line##*" $1 -> "}" = "${look_want#* * * * }" ] && return ;;
            esac
            return 1
            ;;
    esac
    # Under a folder of its own a user may write; of a log's folder no more is asked.
    if [ "$5" = - ]; then
        look_writable "$3"
        return
    fi
    look_bits=
    case $5 in
        0644) look_bits=rw-r--r-- ;;
        0755) look_bits=rwxr-xr-x ;;
        *) file_bits "$5" && look_bits=$file_bits ;;
    esac
    # Behind the bits some systems put a sign for more: an access list, a context.
    case $look_line in
        "$2$look_bits "* | "$2$look_bits"[.+@]" "*) ;;
        *) return 1 ;;
    esac
    user_id "$3" && group_id "$4" || return 1
    # shellcheck disable=SC2086
    set -- $look_line
    [ "$3 $4" = "$user_id $group_id" ]
}

# look_writable USER: 0 when look_line is that of a folder that USER ('-' is root) may write to.
look_writable() {
    case $look_line in
        d????w* | d???????w*) return 0 ;;
        d*) ;;
        *) return 1 ;;
    esac
    [ "$1" != - ] || return 0
    user_id "$1" || return 1
    [ "$user_id" != 0 ] || return 0
    # shellcheck disable=SC2086
    set -- $look_line
    [ "$3" = "$user_id" ]
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
    "$1"
    looked_code=$?
    look_trust=
    return "$looked_code"
}

# opaque FUNCTION: calls a phase's function that runs commands of its own. Nobody knows what they would
# do, so under --check it is left out, and what was looked at before counts no more.
opaque() {
    if [ -n "$run_check" ]; then
        warn "not checked: $1 runs commands of its own"
        return 0
    fi
    "$1"
    opaque_code=$?
    forget
    return "$opaque_code"
}
