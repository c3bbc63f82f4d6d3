# Services that move: to another supervisor, or to another bundle.
#
# What keeps a service is written in $state/services, a line "SERVICE SUPERVISOR DIGEST" each. The scripts of the
# bundle with that digest are in $state/scripts/DIGEST, so that they can still stop the service when a later
# version of the bundle, or another bundle, takes it over. There is never a time when both keep it: the old one
# lets go of it before the new one starts it, and is called back when that fails.

# handover_digest: sets handover_digest to what tells this bundle from all others: the sum of its manifest.
handover_digest() {
    [ -z "$handover_digest" ] || return 0
    while read -r handover_digest handover_name; do
        [ "$handover_name" != manifest.json ] || return 0
    done <"$bundle/SHA256SUMS"
    die 70 "cannot find manifest.json in $bundle/SHA256SUMS"
}

# handover_line STATE SERVICE: sets handover_sup and handover_sum to what keeps the service, says the bundle with the
# state folder STATE. Exit code 1: it does not.
handover_line() {
    [ -f "$1/services" ] || return 1
    while read -r handover_name handover_sup handover_sum; do
        [ "$handover_name" != "$2" ] || return 0
    done <"$1/services"
    handover_sup= handover_sum=
    return 1
}

# handover_find SERVICE SUPERVISOR: sets handover_from to the state folder of the bundle that keeps the service
# another way, this one included; to '' when there is none.
handover_find() {
    handover_from= handover_sup= handover_sum=
    if handover_line "$state" "$1"; then
        [ "$handover_sup" = "$2" ] || handover_from=$state
        return 0
    fi
    for handover_other in "${state%/*}"/*/services; do
        handover_other=${handover_other%/services}
        if [ "$handover_other" != "$state" ] && handover_line "$handover_other" "$1"; then
            handover_from=$handover_other
            return 0
        fi
    done
}

# handover_old PHASE...: runs phases of the scripts that keep the service.
handover_old() {
    [ -f "$handover_from/scripts/$handover_sum/run" ] ||
        die 70 "cannot take over from ${handover_from##*/}: its scripts are not in $handover_from/scripts any more"
    # In parentheses: in some shells the function would leave the variable as it was here.
    (PALLETGEN_STATE=${handover_from%/*} && handover_run "$handover_from/scripts/$handover_sum/run" "$@")
}

# handover_run RUN PHASE...: runs phases of another bundle, or of this one, from within this run.
handover_run() {
    PALLETGEN_WITHIN=${PALLETGEN_WITHIN:-$$} PALLETGEN_CHECK= PALLETGEN_DIFF= PALLETGEN_JSON= PALLETGEN_IF_FLAG= PALLETGEN_IF_STOPPED= \
        PALLETGEN_INSTANCE_ID= PALLETGEN_PURGE= PALLETGEN_ROOT=${run_image:+/} PALLETGEN_STATE=${PALLETGEN_STATE:-${state%/*}} \
        env /bin/sh "$@" >/dev/null
}

# handover_before ACTION SERVICE SUPERVISOR: before ACTION is done with the service, what keeps it another way lets
# go of it.
handover_before() {
    handover_find "$2" "$3"
    [ -n "$handover_from" ] || return 0
    case $1 in
        start | restart | enable) ;;
        stop | disable)
            [ "$handover_from" != "$state" ] || handover_old "$1-$2" || [ $? = 78 ] ||
                die 70 "cannot $1 $2: $handover_sup does not let go of it"
            return
            ;;
        *) return ;;
    esac
    [ "$handover_from" = "$state" ] || [ -n "$run_replace" ] ||
        die 78 "the bundle ${handover_from##*/} keeps $2 already, under $handover_sup; --replace takes it over, or uninstall that bundle"
    handover_enabled=
    handover_old --check "disable-$2" 2>/dev/null
    [ $? != 2 ] || handover_enabled=1
    if [ "$1" != enable ]; then
        handover_ran=
        ! handover_old "status-$2" 2>/dev/null || handover_ran=1
        handover_back=$2
        handover_old "stop-$2" || [ $? = 78 ] || die 70 "cannot take $2 over: ${handover_from##*/} cannot stop it"
    fi
    handover_old "disable-$2" 2>/dev/null || [ $? = 78 ] || die 70 "cannot take $2 over: ${handover_from##*/} cannot disable it"
}

# handover_after ACTION SERVICE SUPERVISOR: after ACTION has succeeded, writes down what keeps the service now.
handover_after() {
    case $1 in
        start | restart | reload) ;;
        enable) [ -z "$handover_from" ] || return 0 ;; # it goes on as it is until a start
        *) return 0 ;;
    esac
    handover_back=
    if [ -n "$handover_from" ]; then
        handover_old "retire-$2" || warn "something of $2 is left under $handover_sup"
        note "took $2 over from ${handover_from##*/}, under $handover_sup"
    fi
    handover_keep "$2" "$3"
}

# handover_keep SERVICE SUPERVISOR: writes down that this bundle keeps the service, and keeps its scripts for as long.
# Does so for handover_from, too, the one that has kept it before.
handover_keep() {
    handover_digest
    handover_kept=$handover_from
    if handover_line "$state" "$1" && [ "$handover_sup $handover_sum" = "$2 $handover_digest" ]; then
        for handover_copy in "$state"/scripts/*; do
            # A run was killed before it removed those of the version before; or other services still need them.
            [ "${handover_copy##*/}" = "$handover_digest" ] || handover_clean "$state"
        done
        return 0
    fi
    handover_scripts
    handover_write "$state" "$1" "$1 $2 $handover_digest"
    handover_dropped
    [ -z "$handover_kept" ] || [ "$handover_kept" = "$state" ] || handover_merge "$handover_kept" "$1"
}

# handover_scripts: keeps a copy of this bundle's scripts.
handover_scripts() {
    handover_copy=$state/scripts/$handover_digest
    [ ! -f "$handover_copy/run" ] || return 0
    # Run comes last: where it is, all is.
    handover_said=$({
        mkdir -p "$handover_copy" && cp -R "$bundle/phases" "$bundle/lib.sh" "$bundle/SHA256SUMS" "$handover_copy" &&
            cp "$bundle/run" "$handover_copy/run.new" && mv -f "$handover_copy/run.new" "$handover_copy/run"
    } 2>&1) || file_failed "$handover_copy" "$handover_said"
}

# handover_write STATE SERVICE LINE: makes LINE the one of the service in STATE, '' for none.
handover_write() {
    handover_lines=$3${3:+$nl}
    if [ -f "$1/services" ]; then
        while read -r handover_name handover_rest; do
            [ "$handover_name" = "$2" ] || handover_lines="$handover_lines$handover_name $handover_rest$nl"
        done <"$1/services"
    fi
    { printf '%s' "$handover_lines" >"$1/services.new" && mv -f "$1/services.new" "$1/services"; } 2>/dev/null ||
        die 70 "cannot write $1/services: is the disk full, or read-only?"
    handover_clean "$1"
}

# handover_clean STATE: removes the scripts that no service in STATE needs any more.
handover_clean() {
    handover_lines=
    while read -r handover_name handover_rest; do
        handover_lines="$handover_lines $handover_rest$nl"
    done <"$1/services"
    for handover_copy in "$1"/scripts/*; do
        case $handover_lines in
            *" ${handover_copy##*/}$nl"*) ;;
            *) rm -rf "$handover_copy" ;;
        esac
    done
}

# handover_dropped: lets go of the services that this bundle has no more.
handover_dropped() {
    handover_all=
    while read -r handover_name handover_sup handover_sum; do
        case $run_services in
            *" $handover_name "*) ;;
            *) handover_all="$handover_all $handover_name" ;;
        esac
    done <"$state/services"
    handover_from=$state
    for handover_gone in $handover_all; do
        handover_line "$state" "$handover_gone"
        handover_old "retire-$handover_gone" || warn "something of $handover_gone is left under $handover_sup"
        handover_write "$state" "$handover_gone" ''
        note "removed $handover_gone, which this bundle has no more"
    done
}

# handover_merge STATE SERVICE: the bundle with the state folder STATE does not keep the service any more. If that was
# all of it, what it made becomes this bundle's.
handover_merge() {
    handover_write "$1" "$2" ''
    [ ! -s "$1/services" ] || return 0
    handover_said=$({
        : >"$state/journal.new"
        for handover_journal in "$1/journal" "$state/journal"; do
            [ ! -f "$handover_journal" ] || cat "$handover_journal" >>"$state/journal.new"
        done
        if [ -d "$1/original" ]; then
            mkdir -p "$state/original" && cp -RpP "$1/original/." "$state/original"
        fi
        mv -f "$state/journal.new" "$state/journal" && rm -f "$1/journal" && rm -rf "$1"
    } 2>&1) || file_failed "$state/journal" "$handover_said"
}

# handover_return: after a start has failed: the service goes on as it did before.
handover_return() {
    handover_service=$handover_back
    [ -n "$handover_service" ] || return 0
    handover_back=
    handover_run "$bundle/run" "retire-$handover_service" 2>/dev/null
    [ -z "$handover_enabled" ] || handover_old "enable-$handover_service"
    [ -z "$handover_ran" ] || handover_old "start-$handover_service" ||
        warn "cannot bring $handover_service back under $handover_sup either"
    warn "$handover_service stays with ${handover_from##*/}, under $handover_sup"
}
