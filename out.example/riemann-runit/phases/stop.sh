# phases/stop.sh of the bundle riemann-runit: stop it now.
# Made by palletgen 0.1.0; ./run stop reads it, after lib.sh.

# from actions/service.sh.tmpl, templates/supervisors/runit/service.sh.tmpl, actions/stop.sh.tmpl
stop_riemann() {
    drive runit riemann 15
    runit_service riemann /etc/sv /etc/service /var/log/runit/riemann 15
    drive_stop TERM 10
}

# from actions/service.sh.tmpl, templates/supervisors/runit/service.sh.tmpl, actions/status.sh.tmpl
status_riemann() {
    drive runit riemann 15
    runit_service riemann /etc/sv /etc/service /var/log/runit/riemann 15
    drive_status riemann 1
}

# What ./run stop does.
phase_stop() {
    act stop riemann stop_riemann status_riemann runit
}
