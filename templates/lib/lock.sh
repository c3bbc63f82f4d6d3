# One run at a time per bundle and host. The lock is the folder $state/lock, since mkdir is one step;
# its file owner says whose it is: host, boot, pid and start of the process.

# lock_identity: sets lock_me to what owner holds, for this run.
lock_identity() {
    lock_boot=- lock_host=-
    { read -r lock_boot </proc/sys/kernel/random/boot_id; } 2>/dev/null
    { read -r lock_host </proc/sys/kernel/hostname; } 2>/dev/null
    process_start_time "$$" || process_started=-
    lock_me="$lock_host $lock_boot $$ $process_started"
}

# lock_take SECONDS: takes the lock; waits so long for one that another run holds, then ends the run
# with 75. A lock whose owner is gone is taken over. Makes $state first.
lock_take() {
    lock_identity
    lock_waited=0 lock_bare=0 lock_lent=
    until lock_try; do
        if [ "$lock_waited" -ge "$(($1 * 10))" ]; then
            die 75 "locked: another run of this bundle is at work${lock_owner_pid:+, pid $lock_owner_pid} (see $state/lock)"
        fi
        [ "$lock_waited" -gt 0 ] || warn "waiting for another run of this bundle${lock_owner_pid:+, pid $lock_owner_pid}"
        lock_waited=$((lock_waited + 1))
        nap
    done
    [ -z "$lock_lent" ] || return 0
    locked=1
    lock_clean
}

# lock_try: takes the lock if it is free, or its owner is gone. Exit code 1: it is held.
lock_try() {
    lock_owner= lock_owner_pid=
    if mkdir "$state/lock" 2>/dev/null; then
        lock_write "$state/lock/owner"
        return 0
    elif [ ! -d "$state/lock" ]; then
        # There is no $state yet; or the lock was given back a moment ago; or nothing can be made there.
        lock_said=$({
            mkdir -p "${state%/*}" && umask 077 && mkdir -p "$state" && mkdir "$state/lock"
        } 2>&1) || [ -d "$state/lock" ] || lock_failed "$lock_said"
        [ -z "$lock_said" ] || return 1
        lock_write "$state/lock/owner"
        return 0
    fi
    if ! lock_stale "$state/lock/owner"; then
        # A run that this one is part of lends its lock.
        [ -n "$PALLETGEN_WITHIN" ] && [ "$lock_owner_pid" = "$PALLETGEN_WITHIN" ] && lock_lent=1
        return
    fi
    # Of several that see this one does it; and it looks again, for another may have done it before.
    if ! mkdir "$state/lock/takeover" 2>/dev/null; then
        # Who wanted to take it over may be gone, too.
        lock_stale "$state/lock/takeover/owner" && rm -rf "$state/lock/takeover"
        return 1
    fi
    lock_write "$state/lock/takeover/owner"
    if ! lock_stale "$state/lock/owner"; then
        rm -rf "$state/lock/takeover"
        return 1
    fi
    mv -f "$state/lock/takeover/owner" "$state/lock/owner"
    rm -rf "$state/lock/takeover"
    warn "took over the lock of a run that is gone${lock_owner_pid:+, pid $lock_owner_pid}"
}

# lock_failed TEXT: ends the run with 70. TEXT is why nothing can be written to $state.
lock_failed() {
    case $1 in
        *'ermission denied'* | *'not permitted'*) die 70 "this needs root: cannot write to $state" ;;
        *'ead-only file system'*) die 70 "cannot write to $state, which is read-only; PALLETGEN_STATE=DIR is another place" ;;
    esac
    file_failed "$state" "$1"
}

# lock_write FILE: makes FILE say that this run is the owner.
lock_write() {
    { printf '%s\n' "$lock_me" >"$1"; } 2>/dev/null && return
    rm -rf "${1%/owner}"
    die 70 "cannot write $1: is the disk full?"
}

# lock_stale FILE: 0 when the owner that FILE names is gone for sure. Without a name for five seconds,
# its owner was killed before it wrote one.
lock_stale() {
    lock_owner= lock_owner_pid= lock_owner_boot= lock_owner_start=
    { read -r lock_owner_host lock_owner_boot lock_owner_pid lock_owner_start <"$1"; } 2>/dev/null
    if [ -z "$lock_owner_pid" ]; then
        lock_bare=$((lock_bare + 1))
        [ "$lock_bare" -gt 50 ]
        return
    fi
    # Where this one is gone, the next may be just about to write its name: that is waited for anew.
    lock_bare=0
    # Of another host, where a folder is shared, nobody can tell.
    [ "$lock_owner_host" = "$lock_host" ] || return 1
    [ "$lock_owner_boot" = "$lock_boot" ] || return 0
    ! process_alive "$lock_owner_pid" "$lock_owner_start"
}

# lock_clean: removes what the run before has left, if it was killed.
lock_clean() {
    [ -s "$state/aside" ] || return 0
    lock_left=
    read -r lock_left <"$state/aside"
    case $lock_left in
        /*.palletgen-new-*)
            if [ -e "$lock_left" ] || [ -L "$lock_left" ]; then
                # Its programs may still be at work in there.
                rm -rf "$lock_left" 2>/dev/null || { sleep 1 && rm -rf "$lock_left"; }
            fi
            ;;
    esac
}

# lock_release [FILE...]: gives the lock back, if this run has it; removes more files of $state.
lock_release() {
    [ -z "$locked" ] || rm -rf "$@" "$state/keeping" "$state/aside" "$state/lock"
    locked=
}
