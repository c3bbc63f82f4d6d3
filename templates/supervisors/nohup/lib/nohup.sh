# Services as plain background processes: see background.sh.

# nohup_service FOLDER PIDS SIGNAL LOG: where the service is.
# reads only
nohup_service() {
    background_service "$1" "$2" "$3"
    nohup_log_file=$4
}

# nohup_installed: nothing is to be installed.
# reads only
nohup_installed() {
    return 0
}

# nohup_configured: 0 when the service has its folder, whole: launch is put last.
# reads only
nohup_configured() {
    [ -f "$background_folder/launch" ]
}

# nohup_look: see background_look.
nohup_look() {
    background_look
}

# nohup_reach: see background_reach.
nohup_reach() {
    background_reach
}

# nohup_up: see background_up.
nohup_up() {
    background_up
}

# nohup_down: see background_down.
nohup_down() {
    background_down
}

# nohup_kill: see background_kill.
nohup_kill() {
    background_kill
}

# nohup_log: shows the end of the log.
nohup_log() {
    log_tail "$nohup_log_file"
}

# nohup_no_boot ACTION NAME FOLDER: there is nothing to enable; disabled it is already.
nohup_no_boot() {
    [ -f "$3/launch" ] || die 78 "$2 is not configured on this host; run ./run configure first"
    [ "$1" = disable ] || warn "cannot $1 $2: nohup starts nothing when the host boots"
}
