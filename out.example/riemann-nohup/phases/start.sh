# phases/start.sh of the bundle riemann-nohup: start it now, unless it runs.
# Made by palletgen 0.1.0; ./run start reads it, after lib.sh.

# from templates/supervisors/nohup/start.sh.tmpl
start_riemann() {
    nohup_find riemann /var/lib/palletgen-nohup /run/palletgen
    nohup_running || nohup_pid=
    service_begin riemann /var/log/nohup/riemann/riemann.log 10 "$nohup_pid"
    [ -n "$nohup_pid" ] || nohup_up TERM 10
    until service_settled 1; do
        nohup_wait
    done
    service_is_up
}

# from templates/supervisors/nohup/status.sh.tmpl
status_riemann() {
    nohup_status riemann /var/lib/palletgen-nohup /run/palletgen
}

# What ./run start does.
phase_start() {
    act start riemann start_riemann status_riemann
}
