# phases/stop.sh of the bundle riemann-runit: stop it now.
# Made by palletgen 0.1.0; ./run stop reads it, after lib.sh.

# from templates/supervisors/runit/stop.sh.tmpl
stop_riemann() {
    runit_find riemann /etc/sv /etc/service 15
    runit_down 10
}

# from templates/supervisors/runit/status.sh.tmpl
status_riemann() {
    runit_status riemann /etc/sv /etc/service 1
}

# What ./run stop does.
phase_stop() {
    act stop riemann stop_riemann status_riemann
}
