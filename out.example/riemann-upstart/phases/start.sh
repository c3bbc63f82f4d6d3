# phases/start.sh of the bundle riemann-upstart: start it now, unless it runs.
# Made by palletgen 0.1.0; ./run start reads it, after lib.sh.

# from templates/supervisors/upstart/start.sh.tmpl
start_riemann() {
    upstart_find riemann /etc/init 15
    upstart_running 1 || upstart_pid=
    service_begin riemann /var/log/upstart/riemann.log 15 "$upstart_pid"
    [ -n "$upstart_pid" ] || upstart_up
    until service_settled 1; do
        upstart_wait
    done
    service_is_up
}

# from templates/supervisors/upstart/status.sh.tmpl
status_riemann() {
    upstart_status riemann /etc/init 1
}

# What ./run start does.
phase_start() {
    act start riemann start_riemann status_riemann
}
