# phases/reload.sh of the bundle riemann-runit: make it read its configuration again.
# Made by palletgen 0.1.0; ./run reload reads it, after lib.sh.

# from templates/supervisors/runit/reload.sh.tmpl
reload_riemann() {
    runit_find riemann /etc/sv /etc/service 15
    runit_running 1 || die 70 "riemann is not running"
    runit_signal HUP
    note "reloaded riemann"
}

# from templates/supervisors/runit/status.sh.tmpl
status_riemann() {
    runit_status riemann /etc/sv /etc/service 1
}

# What ./run reload does.
phase_reload() {
    act reload riemann reload_riemann status_riemann
}
