# phases/status.sh of the bundle riemann-upstart: tell whether it runs.
# Made by palletgen 0.1.0; ./run status reads it, after lib.sh.

# worse CODE: makes the status code CODE the run's result, unless that is worse already.
# From bad to good: 1 dead or failing, 4 unknown, 3 stopped, 0 running.
worse() {
    # In an image all is as it should be.
    [ -z "$run_image" ] || return 0
    case "$1 $result" in
        *1*) result=1 ;;
        *4*) result=4 ;;
        *3*) result=3 ;;
    esac
}

# from actions/service.sh.tmpl, templates/supervisors/upstart/service.sh.tmpl, actions/status.sh.tmpl
status_riemann() {
    drive upstart riemann 15
    upstart_service riemann /etc/init /var/log/upstart/riemann.log
    drive_status riemann 1
}

# What ./run status does.
phase_status() {
    status_riemann || worse $?
}
