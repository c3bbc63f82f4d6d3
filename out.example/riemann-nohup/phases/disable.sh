# phases/disable.sh of the bundle riemann-nohup: do not start it when the host boots.
# Made by palletgen 0.1.0; ./run disable reads it, after lib.sh.

# from templates/supervisors/nohup/disable.sh.tmpl
disable_riemann() {
    nohup_find riemann /var/lib/palletgen-nohup /run/palletgen
    nohup_no_boot disable
}

# from templates/supervisors/nohup/status.sh.tmpl
status_riemann() {
    nohup_status riemann /var/lib/palletgen-nohup /run/palletgen
}

# What ./run disable does.
phase_disable() {
    act disable riemann disable_riemann status_riemann
}
