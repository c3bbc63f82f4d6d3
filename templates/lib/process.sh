# Looking at processes: alive or not, ready or not, and what they logged.

# process_start_time PID: sets process_started to when PID was started; it names the process together
# with PID, which may be used again. Exit code 1: no such process, or a zombie.
# may use: ps
process_start_time() {
    process_started= process_line=
    if [ -r /proc/self/stat ]; then
        # A process may have a newline in its name, so the record may have several lines.
        [ -r "/proc/$1/stat" ] && {
            while read -r process_part; do
                process_line="$process_line $process_part"
            done <"/proc/$1/stat"
        } 2>/dev/null
        # Behind the name in parentheses: field 3 is the state, field 22 the start time in ticks.
        # shellcheck disable=SC2086
        set -- ${process_line##*") "}
        case ${1:-Z} in Z | X) return 1 ;; esac
        process_started=${20}
    else
        command -v ps >/dev/null 2>&1 || {
            # In an image there may be neither: then whoever has the number is the one.
            process_started=-
            kill -0 "$1" 2>/dev/null
            return
        }
        process_line=$(ps -o stat= -o lstart= -p "$1" 2>/dev/null) || return 1
        # shellcheck disable=SC2086
        set -- $process_line
        case ${1:-Z} in Z*) return 1 ;; esac
        shift
        process_started=$*
    fi
}

# process_alive PID START: 0 when the process PID that was started at START (see
# process_start_time) still runs, else 1.
process_alive() {
    process_start_time "$1" && [ "$process_started" = "$2" ]
}

# ready_port PORT: 0 when something listens on the TCP port PORT of this host, else 1.
# 69: this host has neither /proc/net/tcp nor nc.
# may use: nc
ready_port() {
    if [ -r /proc/net/tcp ]; then
        ready_port_hex=$(printf '%04X' "$1")
        ready_port_in /proc/net/tcp /proc/net/sockstat || ready_port_in /proc/net/tcp6 /proc/net/sockstat6
    elif command -v nc >/dev/null 2>&1; then
        nc -z 127.0.0.1 "$1" >/dev/null 2>&1
    else
        die 69 "cannot look at port $1: neither /proc/net/tcp nor nc is on this host"
    fi
}

# ready_port_in TABLE COUNTS: 0 when the kernel's table of sockets has one that listens on ready_port_hex. Behind
# the last one the kernel looks through room for a hundred thousand connections, which takes milliseconds:
# where COUNTS says that there is no socket, the table is not read.
ready_port_in() {
    [ -r "$1" ] || return 1
    if [ -r "$2" ]; then
        while read -r ready_port_kind ready_port_skip; do
            case "$ready_port_kind $ready_port_skip " in
                'TCP: inuse 0 '* | 'TCP6: inuse 0 '*) return 1 ;;
                TCP*) break ;;
            esac
        done <"$2"
    fi
    while read -r ready_port_skip ready_port_local ready_port_skip ready_port_state ready_port_skip; do
        case "$ready_port_local $ready_port_state" in
            *":$ready_port_hex 0A") return 0 ;;
            *' 0A' | *' 03' | *' st') ;;
            *) return 1 ;; # those that listen come first
        esac
    done <"$1"
    return 1
}

# ready_file PATH: 0 when PATH is there, else 1.
ready_file() {
    [ -e "$1" ]
}

# log_tail FILE: shows the last 20 lines of a log on stderr, indented.
log_tail() {
    if [ -s "$1" ]; then
        printf '  the end of %s:\n' "$1" >&2
        tail -n 20 "$1" | sed 's/^/    /' >&2
    else
        printf '  nothing in %s\n' "$1" >&2
    fi
}
