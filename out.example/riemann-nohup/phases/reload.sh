# phases/reload.sh of the bundle riemann-nohup: make it read its configuration again.
# Made by palletgen 0.1.0; ./run reload reads it, after lib.sh.

# from templates/supervisors/nohup/reload.sh.tmpl
reload_riemann() {
    nohup_find riemann /var/lib/palletgen-nohup /run/palletgen
    nohup_running || die 70 "riemann is not running"
    nohup_signal HUP
    note "reloaded riemann"
}

# from templates/supervisors/nohup/status.sh.tmpl
status_riemann() {
    nohup_status riemann /var/lib/palletgen-nohup /run/palletgen
}

# What ./run reload does.
phase_reload() {
    act reload riemann reload_riemann status_riemann
}
