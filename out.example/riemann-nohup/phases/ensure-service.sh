# phases/ensure-service.sh of the bundle riemann-nohup: start it, or have it take up what was changed.
# Made by palletgen 0.1.0; ./run ensure-service reads it, after lib.sh.

# ensure SERVICE START RELOAD RESTART STATUS: starts what does not run; has what runs take up what was
# changed since it was started. The four are functions.
ensure() {
    ensure_code=0
    [ -n "$run_image" ] || "$5" >/dev/null || ensure_code=$?
    if [ "$ensure_code" != 0 ]; then
        act start "$1" "$2" "$5"
    elif act_outdated "$1"; then
        return 0
    elif flagged "$1.restart"; then
        act restart "$1" "$4" "$5"
    elif flagged "$1.reload"; then
        act reload "$1" "$3" "$5"
    fi
}

# from templates/supervisors/nohup/start.sh.tmpl
start_riemann() {
    nohup_find riemann /var/lib/palletgen-nohup /run/palletgen
    nohup_running || nohup_pid=
    service_begin riemann /var/log/nohup/riemann/riemann.log 10 "$nohup_pid"
    [ -n "$nohup_pid" ] || nohup_up TERM 10
    until service_settled 1; do
        nohup_wait
    done
    service_is_up
}

# from templates/supervisors/nohup/reload.sh.tmpl
reload_riemann() {
    nohup_find riemann /var/lib/palletgen-nohup /run/palletgen
    nohup_running || die 70 "riemann is not running"
    nohup_signal HUP
    note "reloaded riemann"
}

# from templates/supervisors/nohup/restart.sh.tmpl
restart_riemann() {
    nohup_find riemann /var/lib/palletgen-nohup /run/palletgen
    nohup_down TERM 10
    service_begin riemann /var/log/nohup/riemann/riemann.log 10
    nohup_up TERM 10
    until service_settled 1; do
        nohup_wait
    done
    service_is_up
}

# from templates/supervisors/nohup/status.sh.tmpl
status_riemann() {
    nohup_status riemann /var/lib/palletgen-nohup /run/palletgen
}

# What ./run ensure-service does.
phase_ensure_service() {
    ensure riemann start_riemann reload_riemann restart_riemann status_riemann
}
