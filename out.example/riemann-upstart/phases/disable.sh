# phases/disable.sh of the bundle riemann-upstart: do not start it when the host boots.
# Made by palletgen 0.1.0; ./run disable reads it, after lib.sh.

# from templates/supervisors/upstart/disable.sh.tmpl
disable_riemann() {
    upstart_find riemann /etc/init 15
    upstart_disable
}

# from templates/supervisors/upstart/status.sh.tmpl
status_riemann() {
    upstart_status riemann /etc/init 1
}

# What ./run disable does.
phase_disable() {
    act disable riemann disable_riemann status_riemann
}
