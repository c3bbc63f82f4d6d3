# phases/disable.sh of the bundle riemann-runit: do not start it when the host boots.
# Made by palletgen 0.1.0; ./run disable reads it, after lib.sh.

# from actions/service.sh.tmpl, templates/supervisors/runit/service.sh.tmpl, actions/disable.sh.tmpl
disable_riemann() {
    drive runit riemann 15
    runit_service riemann /etc/sv /etc/service /var/log/runit/riemann 15
    drive_disable
}

# from actions/service.sh.tmpl, templates/supervisors/runit/service.sh.tmpl, actions/status.sh.tmpl
status_riemann() {
    drive runit riemann 15
    runit_service riemann /etc/sv /etc/service /var/log/runit/riemann 15
    drive_status riemann 1
}

# What ./run disable does.
phase_disable() {
    act disable riemann disable_riemann status_riemann runit
}
