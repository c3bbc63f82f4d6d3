# phases/enable.sh of the bundle riemann-runit: start it when the host boots.
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

# runit_enable: the service starts at boot. It is waited for before, where runsvdir is about to take it up.
runit_enable() {
    [ -n "$run_image" ] || runit_supervised
    scan_enable
}

# scan_enable: the service starts at boot. The supervisor has looked for "down" before that.
scan_enable() {
    scan_said=$(rm -f "$scan_folder/down" 2>&1) || file_failed "$scan_folder/down" "$scan_said"
}

# from actions/service.sh.tmpl, templates/supervisors/runit/service.sh.tmpl, actions/enable.sh.tmpl
enable_riemann() {
    drive runit riemann 15
    runit_service riemann /etc/sv /etc/service /var/log/runit/riemann 15
    drive_enable
}

# from actions/service.sh.tmpl, templates/supervisors/runit/service.sh.tmpl, actions/status.sh.tmpl
status_riemann() {
    drive runit riemann 15
    runit_service riemann /etc/sv /etc/service /var/log/runit/riemann 15
    drive_status riemann 1
}

# What ./run enable does.
phase_enable() {
    act enable riemann enable_riemann status_riemann runit
}
