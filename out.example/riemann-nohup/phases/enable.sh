# phases/enable.sh of the bundle riemann-nohup: start it when the host boots.
# Made by palletgen 0.1.0; ./run enable reads it, after lib.sh.

# from templates/supervisors/nohup/enable.sh.tmpl
enable_riemann() {
    nohup_no_boot enable riemann /var/lib/palletgen-nohup/riemann
}

# from actions/service.sh.tmpl, templates/supervisors/nohup/service.sh.tmpl, actions/status.sh.tmpl
status_riemann() {
    drive nohup riemann 15
    nohup_service /var/lib/palletgen-nohup/riemann /run/palletgen TERM /var/log/nohup/riemann/riemann.log
    drive_status riemann 1
}

# What ./run enable does.
phase_enable() {
    act enable riemann enable_riemann status_riemann nohup
}
