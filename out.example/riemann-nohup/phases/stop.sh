# phases/stop.sh of the bundle riemann-nohup: stop it now.
# Made by palletgen 0.1.0; ./run stop reads it, after lib.sh.

# from templates/supervisors/nohup/stop.sh.tmpl
stop_riemann() {
    nohup_find riemann /var/lib/palletgen-nohup /run/palletgen
    nohup_down TERM 10
}

# from templates/supervisors/nohup/status.sh.tmpl
status_riemann() {
    nohup_status riemann /var/lib/palletgen-nohup /run/palletgen
}

# What ./run stop does.
phase_stop() {
    act stop riemann stop_riemann status_riemann
}
