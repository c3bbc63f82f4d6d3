# phases/start.sh of the bundle riemann-runit: start it now, unless it runs.
# Made by palletgen 0.1.0; ./run start reads it, after lib.sh.

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

# from templates/supervisors/runit/status.sh.tmpl
status_riemann() {
    runit_status riemann /etc/sv /etc/service 1
}

# What ./run start does.
phase_start() {
    act start riemann start_riemann status_riemann
}
