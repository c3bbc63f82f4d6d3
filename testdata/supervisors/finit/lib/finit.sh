# finit_service NAME FINIT_DIR SV_DIR RUN_DIR INITCTL LOG_DIRECTORY PATIENCE: where the service is.
# reads only
finit_service() {
    finit_name=$1 finit_job=$1:pg
    finit_folder=$3/$1 finit_link=$2/$1.conf finit_boot=$2/$1.boot.conf finit_now=$2/$1.now.conf
    finit_loaded=$4/$1.conf finit_notes=$4/$1.pid finit_began=$4/$1.began finit_ended=$4/$1.ended
    finit_ctl=$5 finit_log=$6/$1.log finit_patience=$7
}

# finit_installed: ends the run where finit is not there. Upstart has an initctl, too.
# reads only
finit_installed() {
    command -v finit >/dev/null 2>&1 && [ -x "$finit_ctl" ] || die 69 "cannot find finit, or $finit_ctl: finit is not installed"
    case $("$finit_ctl" version 2>/dev/null) in
        *[Ff]init*) ;;
        *) die 69 "$finit_ctl is not finit's" ;;
    esac
}

# finit_configured: 0 when the service has its folder, and finit the link to it.
# reads only
finit_configured() {
    [ -f "$finit_folder/service.conf" ] && [ -L "$finit_link" ]
}

# finit_look: asks finit.
# reads only
finit_look() {
    sup_state=unknown sup_pid='' sup_code='' finit_pid=
    # Lines of the system's log come first, then these:
    #      Status : stopped (code=exited, status=3)
    #         PID : 12
    finit_answer=$("$finit_ctl" -b -p status "$finit_job" 2>/dev/null)
    finit_code=$?
    case $finit_answer in
        *'     Status : '*) ;;
        *)
            [ "$finit_code" -eq 255 ] || sup_state=none
            return 0
            ;;
    esac
    finit_answer=${finit_answer##*"     Status : "}
    finit_status=${finit_answer%%"
"*}
    sup_pid=${finit_answer##*"        PID : "}
    sup_pid=${sup_pid%%"
"*}
    [ "$sup_pid" != 0 ] || sup_pid=
    case $finit_status in
        running*) sup_state=run ;;
        stopped*)
            sup_state=down
            [ ! -e "$finit_ended" ] || sup_state=dead
            ;;
        crashed* | missing*) sup_state=dead ;;
        stopping* | cleanup*) sup_state=end ;;
        *) sup_state=begin ;;
    esac
    finit_pid=$sup_pid
    [ -z "$sup_pid" ] || finit_noted
    # finit does not say how a process that runs ended before.
    case $finit_status in
        *'(code=exited, status='*)
            sup_code=${finit_status##*status=}
            sup_code=${sup_code%%[!0-9]*}
            ;;
        *'(code=signal, status='*)
            sup_code=${finit_status##*status=}
            sup_code=$((128 + ${sup_code%%[!0-9]*}))
            ;;
    esac
}

# finit_noted: what the run file notes of its process: it may still do other things before it becomes that.
# reads only
finit_noted() {
    finit_first='' finit_main=0
    [ ! -f "$finit_notes" ] || read -r finit_first finit_main <"$finit_notes"
    if [ "$finit_first" != "$sup_pid" ]; then
        # It notes nothing, or has not done so yet.
        case $({ tr '\000' ' ' <"/proc/$sup_pid/cmdline"; } 2>/dev/null) in
            *"$finit_folder/run guard "* | *"$finit_folder/run noted "*) finit_main=0 ;;
            *) return 0 ;;
        esac
    fi
    sup_pid=
    if [ "$finit_main" != 0 ] && [ -d "/proc/$finit_main" ]; then
        sup_pid=$finit_main
    elif [ "$sup_state" = run ]; then
        sup_state=begin
    fi
}

# finit_ask COMMAND...: has initctl do something.
finit_ask() {
    "$finit_ctl" -b "$@" >/dev/null 2>&1
}

# finit_until STATE...: waits until the service is in one of the states.
finit_until() {
    finit_tries=$((finit_patience * 10))
    while :; do
        finit_look
        case " $* " in
            *" $sup_state "*) return 0 ;;
        esac
        finit_tries=$((finit_tries - 1))
        [ "$finit_tries" -gt 0 ] || return 1
        nap
    done
}

# finit_reach: waits for finit, and has it read its folder.
finit_reach() {
    finit_until unknown run begin dead end down || die 69 "cannot reach $sup_name: finit does not answer"
    [ "$sup_state" = unknown ] || return 0
    finit_ask reload
    finit_until run begin dead end down || die 69 "cannot reach $sup_name: finit does not know it"
    finit_note
}

# finit_note: notes what finit has read.
finit_note() {
    mkdir -p "${finit_loaded%/*}" && cp "$finit_folder/service.conf" "$finit_loaded" ||
        die 70 "cannot make $finit_loaded"
}

# finit_up: starts the service. Some of what its file says finit takes up only from a file that is new.
# A start by initctl would leave the process a socket of finit; what finit reads as not manual it starts without.
finit_up() {
    finit_down
    if ! cmp -s "$finit_loaded" "$finit_folder/service.conf"; then
        rm -f "$finit_loaded"
        mv "$finit_link" "$finit_link.off" || die 70 "cannot move $finit_link"
        finit_ask reload
        finit_until unknown || warn "finit still has $finit_name"
        mv "$finit_link.off" "$finit_link" || die 70 "cannot move $finit_link.off"
        finit_ask reload
        finit_until down || warn "finit does not take up $finit_link"
        finit_note
    fi
    sed 's/ manual:yes / /' "$finit_folder/service.conf" >"$finit_loaded.up" &&
        ln -sf "$finit_loaded.up" "$finit_now" || die 70 "cannot make $finit_now"
    kill -HUP 1
    finit_until run begin dead end || warn "finit does not start $finit_name"
    rm -f "$finit_now" "$finit_loaded.up"
}

# finit_down: stops it.
finit_down() {
    rm -f "$finit_began" "$finit_ended"
    finit_ask stop "$finit_job"
}

# finit_kill: kills its process group; where there is a guard, only the process: that ends the guard.
finit_kill() {
    if [ -n "$sup_pid" ] && [ "$sup_pid" != "$finit_pid" ]; then
        kill -KILL "$sup_pid"
    elif [ -n "$finit_pid" ]; then
        group_kill KILL "$finit_pid"
    fi
}

# finit_enabled: 0 when it starts at boot.
# reads only
finit_enabled() {
    [ -L "$finit_boot" ]
}

# finit_enable: has it start at boot.
finit_enable() {
    ln -sf "$finit_folder/boot.conf" "$finit_boot" || die 70 "cannot make $finit_boot"
}

# finit_disable: keeps it from that.
finit_disable() {
    rm -f "$finit_boot" || die 70 "cannot remove $finit_boot"
}

# finit_log: shows the end of its log, on stderr.
# reads only
finit_log() {
    [ ! -f "$finit_log" ] || tail -n 20 "$finit_log" >&2
}

# finit_remove NAME FINIT_DIR SV_DIR RUN_DIR INITCTL LOG_DIRECTORY PATIENCE: takes the stopped service out of finit's hands.
# resource
finit_remove() {
    finit_service "$@"
    [ -z "$looking" ] && { [ -L "$finit_link" ] || [ -L "$finit_boot" ] || [ -e "$finit_loaded" ]; } || return 0
    would "take $1 out of $2" && return 0
    rm -f "$finit_link" "$finit_boot" "$finit_now" "$finit_loaded" "$finit_notes" "$finit_began" "$finit_ended" || die 70 "cannot remove $finit_link"
    if [ -z "$run_image" ]; then
        finit_ask reload
        finit_until unknown none || warn "finit still has $1"
    fi
    note "removed $finit_link"
}
