# phases/reload.sh of the bundle riemann-upstart: make it read its configuration again.
# Made by palletgen 0.1.0; ./run reload reads it, after lib.sh.

# from templates/supervisors/upstart/reload.sh.tmpl
reload_riemann() {
    upstart_find riemann /etc/init 15
    upstart_running 1 || die 70 "riemann is not running"
    upstart_signal HUP
    note "reloaded riemann"
}

# from templates/supervisors/upstart/status.sh.tmpl
status_riemann() {
    upstart_status riemann /etc/init 1
}

# What ./run reload does.
phase_reload() {
    act reload riemann reload_riemann status_riemann
}
