# phases/enable.sh of the bundle riemann-upstart: start it when the host boots.
# Made by palletgen 0.1.0; ./run enable reads it, after lib.sh.

# drive_enable: the service starts at boot. Nothing happens now.
# of the supervisor: enabled enable
drive_enable() {
    drive_configured
    ! "${sup}_enabled" || return 0
    would "enable $sup_name" && return 0
    "${sup}_enable"
    note "enabled $sup_name"
}

# upstart_enable: the service starts at boot. Nothing happens now.
upstart_enable() {
    upstart_override "$upstart_rest"
}

# from actions/service.sh.tmpl, templates/supervisors/upstart/service.sh.tmpl, actions/enable.sh.tmpl
enable_riemann() {
    drive upstart riemann 15
    upstart_service riemann /etc/init /var/log/upstart/riemann.log
    drive_enable
}

# from actions/service.sh.tmpl, templates/supervisors/upstart/service.sh.tmpl, actions/status.sh.tmpl
status_riemann() {
    drive upstart riemann 15
    upstart_service riemann /etc/init /var/log/upstart/riemann.log
    drive_status riemann 1
}

# What ./run enable does.
phase_enable() {
    act enable riemann enable_riemann status_riemann upstart
}
