# phases/disable.sh of the bundle riemann-runit: do not start it when the host boots.
# Made by palletgen 0.1.0; ./run disable reads it.

# die CODE MESSAGE: prints MESSAGE on stderr and ends the run with exit code CODE.
# Not inside $( ) or ( ): there it would end only the subshell.
die() {
    printf '%s: %s\n' "$bundle_name" "$2" >&2
    exit "$1"
}

# note MESSAGE: says what was changed on this host, and counts it.
note() {
    printf '%s\n' "$1"
    changed=$((changed + 1))
}

# runit_configured NAME SV_DIR SERVICE_DIR: 0 when the service has its folder, and the link to it.
runit_configured() {
    runit_name=$1 runit_folder=$2/$1 runit_service=$3/$1
    [ -f "$runit_folder/run" ] && [ -d "$runit_service" ]
}

# runit_disable: the service does not start at boot. The process that runs is left alone.
runit_disable() {
    [ ! -e "$runit_folder/down" ] || return 0
    runit_make_down
    note "disabled $runit_name"
}

# runit_find NAME SV_DIR SERVICE_DIR SECONDS: what all others here are about. Ends the run with 78
# when it is not configured, with 69 when runit is not installed. SECONDS is how long runsvdir may
# take to see a service.
runit_find() {
    runit_patience=$4
    command -v sv >/dev/null 2>&1 ||
        die 69 "cannot find sv: runit is not installed (the phase install does it)"
    runit_configured "$1" "$2" "$3" ||
        die 78 "$1 is not configured on this host; run ./run configure first"
}

# runit_make_down: makes the file that keeps the service down at boot.
runit_make_down() {
    { : >"$runit_folder/down"; } 2>/dev/null || die 70 "cannot make $runit_folder/down (does this run as root?)"
}

# from templates/supervisors/runit/disable.sh.tmpl
disable_riemann() {
    runit_find riemann /etc/sv /etc/service 15
    runit_disable
}

disable_riemann || die 70 'disable_riemann failed'
