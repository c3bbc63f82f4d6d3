# phases/enable.sh of the bundle riemann-nohup: start it when the host boots.
# Made by palletgen 0.1.0; ./run enable reads it, after lib.sh.

# from templates/supervisors/nohup/enable.sh.tmpl
enable_riemann() {
    nohup_find riemann /var/lib/palletgen-nohup /run/palletgen
    nohup_no_boot enable
}

# from templates/supervisors/nohup/status.sh.tmpl
status_riemann() {
    nohup_status riemann /var/lib/palletgen-nohup /run/palletgen
}

# What ./run enable does.
phase_enable() {
    act enable riemann enable_riemann status_riemann
}
