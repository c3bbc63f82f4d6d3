# phases/start.sh of the bundle riemann-upstart: start it now, unless it runs.
# Made by palletgen 0.1.0; ./run start reads it, after lib.sh.

# from actions/service.sh.tmpl, templates/supervisors/upstart/service.sh.tmpl, actions/start.sh.tmpl
start_riemann() {
    drive upstart riemann 15
    upstart_service riemann /etc/init /var/log/upstart/riemann.log
    drive_start 1 15
    drive_up TERM 10 /opt/riemann/bin/riemann / riemann ''
    until drive_launched && service_settled 1; do
        drive_wait
    done
    service_is_up
}

# from actions/service.sh.tmpl, templates/supervisors/upstart/service.sh.tmpl, actions/status.sh.tmpl
status_riemann() {
    drive upstart riemann 15
    upstart_service riemann /etc/init /var/log/upstart/riemann.log
    drive_status riemann 1
}

# What ./run start does.
phase_start() {
    act start riemann start_riemann status_riemann upstart
}
