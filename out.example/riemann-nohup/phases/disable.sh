# phases/disable.sh of the bundle riemann-nohup: do not start it when the host boots.
# Made by palletgen 0.1.0; ./run disable reads it.

# die CODE MESSAGE: prints MESSAGE on stderr and ends the run with exit code CODE.
# Not inside $( ) or ( ): there it would end only the subshell.
die() {
    printf '%s: %s\n' "$bundle_name" "$2" >&2
    exit "$1"
}

# nohup_configured NAME NOHUP_DIR RUN_DIR: 0 when the service has its folder, whole.
nohup_configured() {
    nohup_name=$1 nohup_folder=$2/$1 nohup_file=$3/$1.pid
    [ -f "$nohup_folder/configured" ]
}

# nohup_find NAME NOHUP_DIR RUN_DIR: what all others here are about. Ends the run with 78 when it
# is not configured.
nohup_find() {
    nohup_configured "$1" "$2" "$3" ||
        die 78 "$1 is not configured on this host; run ./run configure first"
}

# nohup_no_boot ACTION: says that there is nothing to enable or disable.
nohup_no_boot() {
    printf '%s: warning: cannot %s %s: nohup starts nothing when the host boots\n' \
        "$bundle_name" "$1" "$nohup_name" >&2
}

# from templates/supervisors/nohup/disable.sh.tmpl
disable_riemann() {
    nohup_find riemann /var/lib/palletgen-nohup /run/palletgen
    nohup_no_boot disable
}

disable_riemann || die 70 'disable_riemann failed'
