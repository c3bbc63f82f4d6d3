# phases/restart.sh of the bundle riemann-upstart: stop and start it.
# Made by palletgen 0.1.0; ./run restart reads it, after lib.sh.

# from templates/supervisors/upstart/restart.sh.tmpl
restart_riemann() {
    upstart_find riemann /etc/init 15
    upstart_down TERM 10
    service_begin riemann /var/log/upstart/riemann.log 15
    upstart_up
    until service_settled 1; do
        upstart_wait
    done
    service_is_up
}

# from templates/supervisors/upstart/status.sh.tmpl
status_riemann() {
    upstart_status riemann /etc/init 1
}

# What ./run restart does.
phase_restart() {
    act restart riemann restart_riemann status_riemann
}
