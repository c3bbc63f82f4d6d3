# What a bundle remembers on this host, in the folder $state (0700):
#   journal    what it made, a line each, oldest first; see record
#   flags/     what changed and was not taken up yet; see flag
#   versions/  N/PATH, the files that the run number N replaced
#   original/  PATH, files that were there before the bundle put its own
#   unfinished the number of the run that is at work, or was when it was killed
#   aside      the temporary file of that run
#   keeping    a copy that it was making
#   uninstalled what the journal says is left of a bundle that was uninstalled
#   lock/      see lock_take
#   services   what keeps each service; see handover_line
#   scripts/   DIGEST/, the scripts of the bundle that does

# record KIND WORD...: appends a line to the journal, BEFORE what it says is done. The kinds:
#   file SHA256 FLAG PATH    the file is about to get this content; FLAG is - for none
#   secret COPY SHA256 PATH  the file is made of the bundle's copy with the sum COPY, and secrets; see put_secret
#   new PATH                 nothing was there before that
#   original PATH            a file or link that the bundle did not make was there before that
#   directory PATH | parent PATH | tree PATH | link PATH | empty PATH    made, were not there before: folders
#                            that were asked for, those above something, archives, links, files for a line
#   line N M PATH OLD LINE   a line was added, or put in the place of OLD; N and M are the lengths of PATH and OLD
#   user NAME | group NAME | package NAME                     added, were not there before
#   run NUMBER | undo NUMBER the lines after it are of that run, or of the rollback of that run
#   undone NUMBER            it was rolled back
#   replaced NAME | disabled NAME | unlinked PATH            services of the host's own that may not run, and links to them; see replaces.sh
# A line ends in " ;": one without it was cut off by a full disk, and counts for nothing.
# Whoever reads it lets the loop end by itself when read fails: yash does so at bytes that it takes for
# no characters, and leaves what it has read before.
record() {
    if [ -z "$record_run" ]; then
        run_number
        record_run="run $run_number"
        record_line "$record_run"
    fi
    record_line "$*"
}

# record_line TEXT: writes a line of the journal.
record_line() {
    { printf '\n%s ;' "$1" >>"$state/journal"; } 2>/dev/null ||
        die 70 "cannot write $state/journal: is the disk full, or read-only?"
}

# run_number: sets run_number, six digits; that of the run before, if it was killed or failed.
run_number() {
    run_number=
    if [ -s "$state/unfinished" ]; then
        read -r run_number <"$state/unfinished"
    fi
    case $run_number in
        [0-9][0-9][0-9][0-9][0-9][0-9]) return 0 ;;
    esac
    run_number=000000
    if [ -f "$state/journal" ]; then
        run_number_more=1
        while [ -n "$run_number_more" ] && { read -r run_number_kind run_number_value run_number_rest || run_number_more=; } && [ -n "$run_number_more$run_number_kind" ]; do
            case "$run_number_kind $run_number_value $run_number_rest" in
                "run "[0-9][0-9][0-9][0-9][0-9][0-9]" ;") run_number=$run_number_value ;;
            esac
        done <"$state/journal"
    fi
    # The 1 keeps the zeros: 08 would be no number.
    run_number=$((1$run_number + 1))
    run_number=${run_number#1}
    [ ! -e "$state/uninstalled" ] || rm -f "$state/uninstalled"
    { printf '%s\n' "$run_number" >"$state/unfinished"; } 2>/dev/null ||
        die 70 "cannot write $state/unfinished: is the disk full, or read-only?"
}

# set_aside PATH: sets aside to the name beside PATH under which something new is made. Run removes
# it on every way out; where it could not, the next run does.
set_aside() {
    set_aside_name=${1##*/}
    aside=${1%"$set_aside_name"}.$set_aside_name.palletgen-new-$$
    { printf '%s\n' "$aside" >"$state/aside"; } 2>/dev/null ||
        die 70 "cannot write $state/aside: is the disk full, or read-only?"
}

# flag NAME: sets the flag NAME, BEFORE the change that it stands for. It stays until what it asks for has
# been done. Under --check only for this run.
flag() {
    if [ -n "$run_check" ]; then
        flags_seen="$flags_seen $1 "
        return
    fi
    # In an image nothing runs that would have to take anything up.
    [ -z "$run_image" ] || return 0
    {
        [ -d "$state/flags" ] || mkdir "$state/flags"
        command : >"$state/flags/$1"
    } 2>/dev/null || die 70 "cannot make $state/flags/$1: is the disk full, or read-only?"
}

# flag_stamp NAME: AFTER the change, writes down when that was: the boot of the host, and when a process
# began that was started just now. So a process that is younger needs no restart, whoever started it.
flag_stamp() {
    [ -e "$state/flags/$1" ] || return 0
    flag_stamp_boot=
    { read -r flag_stamp_boot </proc/sys/kernel/random/boot_id; } 2>/dev/null || return 0
    flag_stamp_line=$(cat /proc/self/stat 2>/dev/null) || return 0
    # shellcheck disable=SC2086
    set -- "$1" ${flag_stamp_line##*") "}
    { printf '%s %s\n' "$flag_stamp_boot" "${21}" >"$state/flags/$1"; } 2>/dev/null
    return 0
}

# flagged NAME: 0 when the flag NAME is set.
# reads only
flagged() {
    case $flags_seen in *" $1 "*) return 0 ;; esac
    [ -e "$state/flags/$1" ]
}

# flag_outdated NAME PID: 0 when the process PID began after the change that the flag stands for.
# reads only
flag_outdated() {
    flag_outdated_boot= flag_outdated_start=
    { read -r flag_outdated_boot flag_outdated_start <"$state/flags/$1"; } 2>/dev/null
    case $flag_outdated_start in '' | *[!0-9]*) return 1 ;; esac
    { read -r flag_outdated_now </proc/sys/kernel/random/boot_id; } 2>/dev/null || return 1
    [ "$flag_outdated_boot" = "$flag_outdated_now" ] || return 0
    process_start_time "$2" || return 1
    # Too large for the arithmetic of some shells: by length, then by the digits.
    case $((${#process_started} - ${#flag_outdated_start})) in
        0) ;;
        -*) return 1 ;;
        *) return 0 ;;
    esac
    while [ "${#process_started}" -gt 6 ] && [ "${process_started%"${process_started#???}"}" = "${flag_outdated_start%"${flag_outdated_start#???}"}" ]; do
        process_started=${process_started#???} flag_outdated_start=${flag_outdated_start#???}
    done
    while [ "${#process_started}" -gt 6 ]; do
        process_started=${process_started%???} flag_outdated_start=${flag_outdated_start%???}
    done
    [ "$process_started" -gt "$flag_outdated_start" ]
}

# flag_clear NAME...: after what the flags asked for has succeeded.
flag_clear() {
    for flag_clear_name in "$@"; do
        [ ! -e "$state/flags/$flag_clear_name" ] || rm -f "$state/flags/$flag_clear_name"
    done
}
