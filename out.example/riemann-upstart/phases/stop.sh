# phases/stop.sh of the bundle riemann-upstart: stop it now.
# Made by palletgen 0.1.0; ./run stop reads it, after lib.sh.

# from templates/supervisors/upstart/stop.sh.tmpl
stop_riemann() {
    upstart_find riemann /etc/init 15
    upstart_down TERM 10
}

# from templates/supervisors/upstart/status.sh.tmpl
status_riemann() {
    upstart_status riemann /etc/init 1
}

# What ./run stop does.
phase_stop() {
    act stop riemann stop_riemann status_riemann
}
