# What all actions on services have in common, whatever the supervisor: images, --check, conditions,
# flags. A service's flags: NAME.reload, its configuration was changed; NAME.restart, what starts it was.

# act ACTION SERVICE FUNCTION STATUS SUPERVISOR: calls FUNCTION, which does ACTION (start, stop, restart,
# reload, enable, disable), where that is to be done. STATUS is the function that tells how the service is.
act() {
    case "$run_image $1" in
        '1 enable' | '1 disable' | ' '*) ;;
        *)
            say "$2: no $1, nothing runs in an image"
            return 0
            ;;
    esac
    if [ -n "$run_if_flag" ] && ! flagged "$run_if_flag"; then
        say "$2: no $1, the flag $run_if_flag is not set"
        return 0
    fi
    if [ -n "$run_if_stopped" ]; then
        "$4" >/dev/null
        act_code=$?
        if [ "$act_code" != 3 ]; then
            say "$2: no $1, it is not stopped"
            return 0
        fi
    fi
    if [ -n "$run_check" ]; then
        act_check "$@"
        return
    fi
    handover_before "$1" "$2" "$5"
    act_changed=$changed
    "$3" || die 70 "cannot $1 $2: the last command failed"
    handover_after "$1" "$2" "$5"
    run_acted=1
    case $1 in
        start)
            if [ "$changed" != "$act_changed" ]; then
                flag_clear "$2.reload" "$2.restart"
            elif flagged "$2.reload" || flagged "$2.restart"; then
                # A process that ran before has not seen what was changed since.
                "$4" >/dev/null
                act_outdated "$2" || say "$2 runs since before its files were changed: see ensure-service"
            fi
            ;;
        restart) flag_clear "$2.reload" "$2.restart" ;;
        reload) flag_clear "$2.reload" ;;
    esac
}

# act_outdated SERVICE: clears the flags that the process which a status function has just seen has outlived: a
# run was killed after it had started that, or somebody else did. Exit code 1: a flag is left.
act_outdated() {
    act_left=0
    for act_flag in "$1.reload" "$1.restart"; do
        flagged "$act_flag" || continue
        if [ -n "$status_pid" ] && flag_outdated "$act_flag" "$status_pid"; then
            [ -n "$run_check" ] || flag_clear "$act_flag"
        else
            act_left=1
        fi
    done
    return "$act_left"
}

# act_check ACTION SERVICE FUNCTION STATUS SUPERVISOR: says what act would change.
act_check() {
    handover_find "$2" "$5"
    case $1$handover_from in
        start/* | restart/*)
            would "take $2 over from ${handover_from##*/}, under $handover_sup"
            return 0
            ;;
    esac
    "$4" >/dev/null
    act_code=$?
    if [ "$act_code" = 4 ] && [ "$changed" -gt 0 ]; then
        # What is missing here, an earlier phase of this run would have brought.
        would "$1 $2"
        return 0
    fi
    case "$1 $act_code" in
        'start 0' | 'stop 3') ;;
        'start '*)
            # start and ensure-service in one run: the second finds it running.
            case $act_started in *" $2 "*) return 0 ;; esac
            act_started="$act_started $2 "
            would "start $2"
            ;;
        'enable '* | 'disable '*) "$3" ;; # it says so itself, or why it cannot
        *' 4')
            [ "$status_state" != unconfigured ] ||
                die 78 "$2 is not configured on this host; run ./run configure first"
            die 69 "cannot tell how $2 is: see ./run status"
            ;;
        'reload '[13]) die 70 "$2 is not running" ;;
        *) would "$1 $2" ;;
    esac
}

# ensure SERVICE START RELOAD RESTART STATUS SUPERVISOR: starts what does not run, or is not ready; has what runs
# take up what was changed since it was started. The four are functions.
ensure() {
    ensure_code=0 handover_from=
    [ -n "$run_image" ] || "$5" >/dev/null || ensure_code=$?
    if [ "$ensure_code" != 0 ]; then
        act start "$1" "$2" "$5" "$6"
    elif act_outdated "$1"; then
        [ -z "$run_check" ] || return 0
        # Its process is there; start waits until it is ready, too.
        [ -n "$run_image$run_if_flag$run_if_stopped" ] || "$2" || die 70 "cannot start $1: the last command failed"
        handover_keep "$1" "$6"
    elif flagged "$1.restart"; then
        act restart "$1" "$4" "$5" "$6"
    elif flagged "$1.reload"; then
        act reload "$1" "$3" "$5" "$6"
    fi
}

# take_down SERVICE STOP DISABLE UNCONFIGURE STATUS SUPERVISOR: before the service's files are removed. The
# four are functions.
take_down() {
    [ -f "$state/journal" ] || return 0 # the bundle has done nothing here
    run_if_flag= run_if_stopped=        # for what is taken away there are no conditions
    "$5" >/dev/null
    case $? in
        4)
            [ "$status_state" = unconfigured ] ||
                warn "cannot tell whether $1 runs (see ./run status): it is not stopped before it is removed"
            ;;
        *)
            act stop "$1" "$2" "$5" "$6"
            act disable "$1" "$3" "$5" "$6"
            ;;
    esac
    checkable "$4"
}
