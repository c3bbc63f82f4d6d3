# phases/ensure-service.sh of the bundle riemann-runit: start it, or have it take up what was changed.
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

# from templates/supervisors/runit/start.sh.tmpl
start_riemann() {
    runit_find riemann /etc/sv /etc/service 15
    runit_running 1 || runit_pid=
    service_begin riemann /var/log/runit/riemann/current 15 "$runit_pid"
    [ -n "$runit_pid" ] || runit_up 10
    until service_settled 1; do
        runit_wait
    done
    service_is_up
}

# from templates/supervisors/runit/reload.sh.tmpl
reload_riemann() {
    runit_find riemann /etc/sv /etc/service 15
    runit_running 1 || die 70 "riemann is not running"
    runit_signal HUP
    note "reloaded riemann"
}

# from templates/supervisors/runit/restart.sh.tmpl
restart_riemann() {
    runit_find riemann /etc/sv /etc/service 15
    runit_down 10
    service_begin riemann /var/log/runit/riemann/current 15
    runit_up 10
    until service_settled 1; do
        runit_wait
    done
    service_is_up
}

# from templates/supervisors/runit/status.sh.tmpl
status_riemann() {
    runit_status riemann /etc/sv /etc/service 1
}

# What ./run ensure-service does.
phase_ensure_service() {
    ensure riemann start_riemann reload_riemann restart_riemann status_riemann
}
