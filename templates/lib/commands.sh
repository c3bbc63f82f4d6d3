# Commands of a crate's own, and waiting for what others do.

# exec_checked TEXT COMMAND...: runs COMMAND, every time: a change each. TEXT says what for, such as
# "load the schema". What it prints goes to stderr. 70: it failed.
# resource
exec_checked() {
    [ -z "$looking" ] || return 0
    would "$1" && return 0
    exec_run "$@"
    note "done: $1"
}

# exec_once PATH TEXT COMMAND...: as exec_checked, only where PATH is not there, which COMMAND makes.
# resource
exec_once() {
    [ -z "$looking" ] && [ ! -e "$1" ] || return 0
    would "$2" && return 0
    exec_path=$1
    shift
    exec_run "$@"
    [ -e "$exec_path" ] || die 70 "cannot $1: $2 ended well, but $exec_path is not there"
    note "done: $1"
}

# exec_run TEXT COMMAND...: runs COMMAND. 70: it failed.
exec_run() {
    exec_text=$1 exec_code=0
    shift
    # Without env a function of this bundle, or a builtin, could come before the program.
    env "$@" </dev/null >&2 || exec_code=$?
    forget
    [ "$exec_code" = 0 ] || die 70 "cannot $exec_text: $1 ended with exit code $exec_code"
}

# wait_for_file PATH SECONDS: waits until PATH is there. Not in an image, where nothing would make it, and
# not under --check. 70: it has not come.
# resource
wait_for_file() {
    wait_for "$1" "$2" ready_file "$1"
}

# wait_for_port PORT SECONDS: waits until something listens on the TCP port PORT of this host. Not in an
# image, and not under --check. 70: nothing does.
# resource
wait_for_port() {
    wait_for "port $1" "$2" ready_port "$1"
}

# wait_for NAME SECONDS READY WORD: waits until the function READY (ready_file, ready_port) is 0 for WORD.
wait_for() {
    [ -z "$looking$run_check$run_image" ] || return 0
    clock
    wait_for_end=$((clock_now + $2 * 10))
    while :; do
        case $3 in
            ready_port) ready_port "$4" && return ;;
            *) ready_file "$4" && return ;;
        esac
        clock
        [ "$clock_now" -lt "$wait_for_end" ] || die 70 "$1 was not there after $2 seconds"
        nap
    done
}
