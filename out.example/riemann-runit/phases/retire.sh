# phases/retire.sh of the bundle riemann-runit: stop it and take it from its supervisor; the rest stays.
# Made by palletgen 0.1.0; ./run retire reads it, after lib.sh.

# retire FOLDER FILE...: removes these files, which the bundle made for a service's supervisor. With FOLDER, which is the
# service's own, all that it made in there goes, and FOLDER itself.
retire() {
    retire_folder=$1
    shift
    for retire_path in "$@"; do
        ! service_made "$retire_path" || uninstall_file "$retire_path"
    done
    [ -n "$retire_folder" ] && [ -f "$state/journal" ] || return 0
    retire_lines= retire_more=1
    while [ -n "$retire_more" ] && { IFS= read -r retire_line || retire_more=; } && [ -n "$retire_more$retire_line" ]; do
        case $retire_line in
            [dlpe]*" $retire_folder ;" | [dlpe]*" $retire_folder/"*) retire_lines=$retire_line$nl$retire_lines ;;
        esac
    done <"$state/journal"
    while [ -n "$retire_lines" ]; do
        journal_line "${retire_lines%%$nl*}" && uninstall_path "$journal_kind" "$journal_path"
        retire_lines=${retire_lines#*"$nl"}
    done
}

# from actions/service.sh.tmpl, templates/supervisors/runit/service.sh.tmpl, actions/stop.sh.tmpl
stop_riemann() {
    drive runit riemann 15
    runit_service riemann /etc/sv /etc/service /var/log/runit/riemann 15
    drive_stop TERM 10
}

# from actions/service.sh.tmpl, templates/supervisors/runit/service.sh.tmpl, actions/disable.sh.tmpl
disable_riemann() {
    drive runit riemann 15
    runit_service riemann /etc/sv /etc/service /var/log/runit/riemann 15
    drive_disable
}

# from templates/supervisors/runit/unconfigure.sh.tmpl
unconfigure_riemann() {
    runit_unconfigure riemann /etc/sv /etc/service 15 /var/log/runit/riemann
}

# from actions/service.sh.tmpl, templates/supervisors/runit/service.sh.tmpl, actions/status.sh.tmpl
status_riemann() {
    drive runit riemann 15
    runit_service riemann /etc/sv /etc/service /var/log/runit/riemann 15
    drive_status riemann 1
}

# from templates/supervisors/runit/supervisor.yaml
retire_riemann() {
    retire /etc/sv/riemann /etc/sv/riemann/run /etc/sv/riemann/finish /etc/sv/riemann/control/t /etc/sv/riemann/control/k /etc/sv/riemann/log/run /etc/sv/riemann/log/config
}

# What ./run retire does.
phase_retire() {
    case $only in '' | *' 'riemann' '*) { take_down riemann stop_riemann disable_riemann unconfigure_riemann status_riemann runit && retire_riemann; } ;; esac
}
