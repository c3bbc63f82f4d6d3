# phases/disable.sh of the bundle riemann-runit: do not start it when the host boots.
# Made by palletgen 0.1.0; ./run disable reads it, after lib.sh.

# from templates/supervisors/runit/disable.sh.tmpl
disable_riemann() {
    runit_find riemann /etc/sv /etc/service 15
    runit_disable
}

# from templates/supervisors/runit/status.sh.tmpl
status_riemann() {
    runit_status riemann /etc/sv /etc/service 1
}

# What ./run disable does.
phase_disable() {
    act disable riemann disable_riemann status_riemann
}
