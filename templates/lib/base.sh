# What every other function builds on: messages, the count of changes, waiting.

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

# nap: waits a tenth of a second; a whole one where sleep knows no fractions.
nap() {
    sleep 0.1 2>/dev/null || sleep 1
}

# worse CODE: makes the status code CODE the run's result, unless that is worse already.
# From bad to good: 1 dead or failing, 4 unknown, 3 stopped, 0 running.
worse() {
    case "$1 $result" in
        *1*) result=1 ;;
        *4*) result=4 ;;
        *3*) result=3 ;;
    esac
}
