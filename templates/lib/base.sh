# What every other function builds on: messages, the count of changes, waiting.

# say TEXT: tells something that is no change.
# reads only
say() {
    if [ -n "$run_json" ]; then
        json_line said message "$1"
    else
        printf '%s\n' "$1"
    fi
    return 0 # also where nobody reads that
}

# note TEXT: says what was changed on this host, and counts it.
note() {
    changed=$((changed + 1))
    if [ -n "$run_json" ]; then
        json_line changed message "$1"
    else
        printf '%s\n' "$1"
    fi
    return 0
}

# would TEXT: under --check, says and counts what would be changed, and is 0. Else 1.
# reads only
would() {
    [ -n "$run_check" ] || return 1
    changed=$((changed + 1))
    if [ -n "$run_json" ]; then
        json_line would message "$1"
    else
        printf 'would %s\n' "$1"
    fi
    return 0 # where nobody reads that, the change must not be made either
}

# stuck TEXT: ends the run with 70: something is in the way. Under --check it is only told, and counted.
# reads only
stuck() {
    would "fail: $1" || die 70 "$1"
}

# warn TEXT: something that needs somebody's eye, on stderr.
# reads only
warn() {
    if [ -n "$run_json" ]; then
        json_line warning message "$1"
    else
        printf '%s: %s\n' "$bundle_name" "$1" >&2
    fi
    return 0
}

# die CODE TEXT: says on stderr why, and how much was changed before, and ends the run with exit code CODE.
# Not inside $( ) or ( ): there it would end only the subshell.
# reads only
die() {
    if [ -n "$run_json" ]; then
        json_line failed code "$1" message "$2"
    fi
    # Under --check nothing was.
    if [ -z "$run_check" ] && [ "$changed" != 0 ]; then
        set -- "$1" "$2 (changed=$changed)"
    fi
    printf '%s: %s\n' "$bundle_name" "$2" >&2
    exit "$1"
}

# say_status SERVICE STATE PID TEXT: how a service is. STATE: running, stopped, failing,
# unconfigured, unknown. PID of its process, or ''. TEXT for people; '' where STATE says it all. Sets
# status_state and status_pid.
say_status() {
    status_state=$2 status_pid=$3
    if [ -n "$run_json" ]; then
        json_line status service "$1" state "$2" pid "$3" message "$4"
    else
        printf '%s: %s\n' "$1" "${4:-$2${3:+, pid $3}}"
    fi
}

# json_line EVENT NAME VALUE...: prints one JSON object, such as
# {"bundle":"b","phase":"configure","event":"changed","message":"changed /etc/x"}.
# A NAME whose VALUE is '' is left out; of code, pid and changed the VALUE is a number.
json_line() {
    json_object= json_event=$1
    shift
    set -- bundle "$bundle_name" phase "$run_phase" event "$json_event" "$@"
    while [ $# -ge 2 ]; do
        case "$1 $2" in
            "$1 ") ;;
            'code '* | 'pid '* | 'changed '*) json_object="$json_object,\"$1\":$2" ;;
            *)
                json_quote "$2"
                json_object="$json_object,\"$1\":\"$json_text\""
                ;;
        esac
        shift 2
    done
    printf '{%s}\n' "${json_object#,}"
}

# json_quote TEXT: sets json_text to TEXT as it stands in a JSON string, bytes that are not ASCII
# as a question mark.
json_quote() {
    json_text= json_rest=$1
    case $json_rest in
        *[\"\\]* | *[!\ -~]*) ;;
        *) json_text=$1 json_rest= ;;
    esac
    while [ -n "$json_rest" ]; do
        json_byte=${json_rest%"${json_rest#?}"}
        json_rest=${json_rest#?}
        case $json_byte in
            [\"\\]) json_text="$json_text\\$json_byte" ;;
            "$nl") json_text="$json_text\\n" ;;
            '	') json_text="$json_text\\t" ;;
            [\ -~]) json_text=$json_text$json_byte ;;
            *) json_text="$json_text?" ;;
        esac
    done
}

# call FUNCTION: calls a function that a phase script brings along.
call() {
    "$1"
}

# nap: waits a tenth of a second; a whole one where sleep knows no fractions.
nap() {
    sleep 0.1 2>/dev/null || sleep 1
}

# worse CODE: makes the status code CODE the run's result, unless that is worse already.
# From bad to good: 1 dead or failing, 4 unknown, 3 stopped, 0 running.
worse() {
    # In an image all is as it should be.
    [ -z "$run_image" ] || return 0
    case "$1 $result" in
        *1*) result=1 ;;
        *4*) result=4 ;;
        *3*) result=3 ;;
    esac
}
