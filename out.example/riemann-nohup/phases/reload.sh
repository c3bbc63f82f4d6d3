# phases/reload.sh of the bundle riemann-nohup: make it read its configuration again.
# Made by palletgen 0.1.0; ./run reload reads it, after lib.sh.

# from actions/service.sh.tmpl, templates/supervisors/nohup/service.sh.tmpl, actions/reload.sh.tmpl
reload_riemann() {
    drive nohup riemann 15
    nohup_service /var/lib/palletgen-nohup/riemann /run/palletgen TERM /var/log/nohup/riemann/riemann.log
    drive_running 1
    drive_signal HUP
    note "reloaded riemann"
}

# from actions/service.sh.tmpl, templates/supervisors/nohup/service.sh.tmpl, actions/status.sh.tmpl
status_riemann() {
    drive nohup riemann 15
    nohup_service /var/lib/palletgen-nohup/riemann /run/palletgen TERM /var/log/nohup/riemann/riemann.log
    drive_status riemann 1
}

# What ./run reload does.
phase_reload() {
    act reload riemann reload_riemann status_riemann nohup
}
