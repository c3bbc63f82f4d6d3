# phases/restart.sh of the bundle riemann-runit: stop and start it.
# Made by palletgen 0.1.0; ./run restart reads it, after lib.sh.

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

# What ./run restart does.
phase_restart() {
    act restart riemann restart_riemann status_riemann
}
