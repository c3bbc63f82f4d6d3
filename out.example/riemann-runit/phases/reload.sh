# phases/reload.sh of the bundle riemann-runit: make it read its configuration again.
# Made by palletgen 0.1.0; ./run reload reads it, after lib.sh.

# from actions/service.sh.tmpl, templates/supervisors/runit/service.sh.tmpl, actions/reload.sh.tmpl
reload_riemann() {
    drive runit riemann 15
    runit_service riemann /etc/sv /etc/service /var/log/runit/riemann 15
    drive_running 1
    drive_signal HUP
    note "reloaded riemann"
}

# from actions/service.sh.tmpl, templates/supervisors/runit/service.sh.tmpl, actions/status.sh.tmpl
status_riemann() {
    drive runit riemann 15
    runit_service riemann /etc/sv /etc/service /var/log/runit/riemann 15
    drive_status riemann 1
}

# What ./run reload does.
phase_reload() {
    act reload riemann reload_riemann status_riemann runit
}
