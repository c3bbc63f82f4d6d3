# phases/ensure-service.sh of the bundle riemann-runit: start it, or have it take up what was changed.
# Made by palletgen 0.1.0; ./run ensure-service reads it, after lib.sh.

# ensure SERVICE START RELOAD RESTART STATUS SUPERVISOR: starts what does not run, or is not ready; has what runs
# take up what was changed since it was started. The four are functions.
ensure() {
    ensure_code=0 handover_from=
    [ -n "$run_image" ] || "$5" >/dev/null || ensure_code=$?
    if [ "$ensure_code" != 0 ]; then
        act start "$1" "$2" "$5" "$6"
    elif act_outdated "$1"; then
        [ -z "$run_check" ] || return 0
        # Its process is there; start waits until it is ready, too.
        [ -n "$run_image$run_if_flag$run_if_stopped" ] || "$2" || die 70 "cannot start $1: the last command failed"
        handover_keep "$1" "$6"
    elif flagged "$1.restart"; then
        act restart "$1" "$4" "$5" "$6"
    elif flagged "$1.reload"; then
        act reload "$1" "$3" "$5" "$6"
    fi
}

# from actions/service.sh.tmpl, templates/supervisors/runit/service.sh.tmpl, actions/start.sh.tmpl
start_riemann() {
    drive runit riemann 15
    runit_service riemann /etc/sv /etc/service /var/log/runit/riemann 15
    drive_start 1 15
    drive_up TERM 10 /opt/riemann/bin/riemann / riemann ''
    until drive_launched && service_settled 1; do
        drive_wait
    done
    service_is_up
}

# from actions/service.sh.tmpl, templates/supervisors/runit/service.sh.tmpl, actions/reload.sh.tmpl
reload_riemann() {
    drive runit riemann 15
    runit_service riemann /etc/sv /etc/service /var/log/runit/riemann 15
    drive_running 1
    drive_signal HUP
    note "reloaded riemann"
}

# from actions/service.sh.tmpl, templates/supervisors/runit/service.sh.tmpl, actions/restart.sh.tmpl
restart_riemann() {
    drive runit riemann 15
    runit_service riemann /etc/sv /etc/service /var/log/runit/riemann 15
    drive_restart TERM 10 15
    drive_up TERM 10 /opt/riemann/bin/riemann / riemann ''
    until drive_launched && service_settled 1; do
        drive_wait
    done
    service_is_up
}

# from actions/service.sh.tmpl, templates/supervisors/runit/service.sh.tmpl, actions/status.sh.tmpl
status_riemann() {
    drive runit riemann 15
    runit_service riemann /etc/sv /etc/service /var/log/runit/riemann 15
    drive_status riemann 1
}

# What ./run ensure-service does.
phase_ensure_service() {
    ensure riemann start_riemann reload_riemann restart_riemann status_riemann runit
}
