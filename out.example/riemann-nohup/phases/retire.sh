# phases/retire.sh of the bundle riemann-nohup: stop it and take it from its supervisor; the rest stays.
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

# from actions/service.sh.tmpl, templates/supervisors/nohup/service.sh.tmpl, actions/stop.sh.tmpl
stop_riemann() {
    drive nohup riemann 15
    nohup_service /var/lib/palletgen-nohup/riemann /run/palletgen TERM /var/log/nohup/riemann/riemann.log
    drive_stop TERM 10
}

# from templates/supervisors/nohup/disable.sh.tmpl
disable_riemann() {
    nohup_no_boot disable riemann /var/lib/palletgen-nohup/riemann
}

# from templates/supervisors/nohup/unconfigure.sh.tmpl
unconfigure_riemann() {
    background_unconfigure /var/lib/palletgen-nohup/riemann/launch /run/palletgen riemann /var/log/nohup/riemann/riemann.log
}

# from actions/service.sh.tmpl, templates/supervisors/nohup/service.sh.tmpl, actions/status.sh.tmpl
status_riemann() {
    drive nohup riemann 15
    nohup_service /var/lib/palletgen-nohup/riemann /run/palletgen TERM /var/log/nohup/riemann/riemann.log
    drive_status riemann 1
}

# from templates/supervisors/nohup/supervisor.yaml
retire_riemann() {
    retire /var/lib/palletgen-nohup/riemann /var/lib/palletgen-nohup/riemann/run /var/lib/palletgen-nohup/riemann/launch
}

# What ./run retire does.
phase_retire() {
    case $only in '' | *' 'riemann' '*) { take_down riemann stop_riemann disable_riemann unconfigure_riemann status_riemann nohup && retire_riemann; } ;; esac
}
