# phases/disable.sh of the bundle riemann-nohup: do not start it when the host boots.
# Made by palletgen 0.1.0; ./run disable reads it, after lib.sh.

# from templates/supervisors/nohup/disable.sh.tmpl
disable_riemann() {
    nohup_no_boot disable riemann /var/lib/palletgen-nohup/riemann
}

# from actions/service.sh.tmpl, templates/supervisors/nohup/service.sh.tmpl, actions/status.sh.tmpl
status_riemann() {
    drive nohup riemann 15
    nohup_service /var/lib/palletgen-nohup/riemann /run/palletgen TERM /var/log/nohup/riemann/riemann.log
    drive_status riemann 1
}

# What ./run disable does.
phase_disable() {
    act disable riemann disable_riemann status_riemann nohup
}
