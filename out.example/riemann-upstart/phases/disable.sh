# phases/disable.sh of the bundle riemann-upstart: do not start it when the host boots.
# Made by palletgen 0.1.0; ./run disable reads it, after lib.sh.

# from actions/service.sh.tmpl, templates/supervisors/upstart/service.sh.tmpl, actions/disable.sh.tmpl
disable_riemann() {
    drive upstart riemann 15
    upstart_service riemann /etc/init /var/log/upstart/riemann.log
    drive_disable
}

# from actions/service.sh.tmpl, templates/supervisors/upstart/service.sh.tmpl, actions/status.sh.tmpl
status_riemann() {
    drive upstart riemann 15
    upstart_service riemann /etc/init /var/log/upstart/riemann.log
    drive_status riemann 1
}

# What ./run disable does.
phase_disable() {
    act disable riemann disable_riemann status_riemann upstart
}
