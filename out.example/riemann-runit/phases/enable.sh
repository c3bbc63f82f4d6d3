# phases/enable.sh of the bundle riemann-runit: start it when the host boots.
# Made by palletgen 0.1.0; ./run enable reads it, after lib.sh.

# runit_enable: the service starts at boot. Nothing happens now: runsv has looked for "down"
# already, since it is waited for where it will come.
runit_enable() {
    [ -e "$runit_folder/down" ] || return 0
    would "enable $runit_name" && return 0
    [ -n "$run_image" ] || runit_supervised
    runit_said=$(rm -f "$runit_folder/down" 2>&1) || file_failed "$runit_folder/down" "$runit_said"
    note "enabled $runit_name"
}

# from templates/supervisors/runit/enable.sh.tmpl
enable_riemann() {
    runit_find riemann /etc/sv /etc/service 15
    runit_enable
}

# from templates/supervisors/runit/status.sh.tmpl
status_riemann() {
    runit_status riemann /etc/sv /etc/service 1
}

# What ./run enable does.
phase_enable() {
    act enable riemann enable_riemann status_riemann
}
