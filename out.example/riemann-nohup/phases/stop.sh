# phases/stop.sh of the bundle riemann-nohup: stop it now.
# Made by palletgen 0.1.0; ./run stop reads it, after lib.sh.

# from actions/service.sh.tmpl, templates/supervisors/nohup/service.sh.tmpl, actions/stop.sh.tmpl
stop_riemann() {
    drive nohup riemann 15
    nohup_service /var/lib/palletgen-nohup/riemann /run/palletgen TERM /var/log/nohup/riemann/riemann.log
    drive_stop TERM 10
}

# from actions/service.sh.tmpl, templates/supervisors/nohup/service.sh.tmpl, actions/status.sh.tmpl
status_riemann() {
    drive nohup riemann 15
    nohup_service /var/lib/palletgen-nohup/riemann /run/palletgen TERM /var/log/nohup/riemann/riemann.log
    drive_status riemann 1
}

# What ./run stop does.
phase_stop() {
    act stop riemann stop_riemann status_riemann nohup
}
