# phases/disable.sh of the bundle riemann-upstart: do not start it when the host boots.
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

# upstart_configured NAME CONF_DIR: 0 when the service has its job file.
upstart_configured() {
    upstart_name=$1 upstart_conf=$2/$1
    [ -f "$upstart_conf.conf" ]
}

# upstart_disable: the service does not start at boot. The process that runs is left alone.
upstart_disable() {
    upstart_read_override
    [ -z "$upstart_manual" ] || return 0
    upstart_override "$upstart_rest${upstart_rest:+"
"}manual"
    note "disabled $upstart_name"
}

# upstart_find NAME CONF_DIR SECONDS: what all others here are about. Ends the run with 69 when
# upstart is not installed, with 78 when the service is not configured.
upstart_find() {
    upstart_patience=$3
    upstart_installed
    upstart_configured "$1" "$2" ||
        die 78 "$1 is not configured on this host; run ./run configure first"
}

# upstart_installed: ends the run with 69 when upstart is not installed.
upstart_installed() {
    command -v initctl >/dev/null 2>&1 ||
        die 69 "cannot find initctl: upstart is not installed, and no current distribution has it"
}

# upstart_override TEXT: makes TEXT the job's override file, which upstart reads after the job file.
# '' removes it.
upstart_override() {
    if [ -z "$1" ]; then
        rm -f "$upstart_conf.override" || die 70 "cannot remove $upstart_conf.override (does this run as root?)"
    else
        # As put does it; a link that somebody laid in the way is not followed.
        upstart_aside=${upstart_conf%/*}/.${upstart_conf##*/}.override.palletgen-new
        aside=$upstart_aside-$$
        (
            rm -f "$upstart_aside"* && umask 077 && set -C && printf '%s\n' "$1" >"$aside" &&
                chmod 0644 "$aside" && mv -f "$aside" "$upstart_conf.override"
        ) 2>/dev/null || die 70 "cannot write $upstart_conf.override (does this run as root?)"
        aside=
    fi
    # For hosts where upstart is not told of changes by itself. Without upstart there is nobody to tell.
    initctl reload-configuration >/dev/null 2>&1
    return 0
}

# upstart_read_override: sets upstart_manual to yes when the override file keeps the job from
# starting by itself, else to ''; and upstart_rest to the lines of the file that do not.
upstart_read_override() {
    upstart_manual= upstart_rest=
    [ -f "$upstart_conf.override" ] || return 0
    while IFS= read -r upstart_line || [ -n "$upstart_line" ]; do
        case $upstart_line in
            manual | manual[[:blank:]]*) upstart_manual=yes ;;
            *)
                upstart_rest=$upstart_rest${upstart_rest:+"
"}$upstart_line
                ;;
        esac
    done <"$upstart_conf.override"
}

# from templates/supervisors/upstart/disable.sh.tmpl
disable_riemann() {
    upstart_find riemann /etc/init 15
    upstart_disable
}

disable_riemann || die 70 'disable_riemann failed'
