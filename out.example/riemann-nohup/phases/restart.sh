# phases/restart.sh of the bundle riemann-nohup: stop and start it.
# Made by palletgen 0.1.0; ./run restart reads it, after lib.sh.

# from templates/supervisors/nohup/restart.sh.tmpl
restart_riemann() {
    nohup_find riemann /var/lib/palletgen-nohup /run/palletgen
    nohup_down TERM 10
    service_begin riemann /var/log/nohup/riemann/riemann.log 10
    nohup_up TERM 10
    until service_settled 1; do
        nohup_wait
    done
    service_is_up
}

# from templates/supervisors/nohup/status.sh.tmpl
status_riemann() {
    nohup_status riemann /var/lib/palletgen-nohup /run/palletgen
}

# What ./run restart does.
phase_restart() {
    act restart riemann restart_riemann status_riemann
}
