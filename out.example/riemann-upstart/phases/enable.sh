# phases/enable.sh of the bundle riemann-upstart: start it when the host boots.
# Made by palletgen 0.1.0; ./run enable reads it, after lib.sh.

# upstart_enable: the service starts at boot. Nothing happens now.
upstart_enable() {
    upstart_read_override
    if [ -z "$upstart_manual" ]; then
        upstart_told
        return 0
    fi
    would "enable $upstart_name" && return 0
    upstart_override "$upstart_rest"
    note "enabled $upstart_name"
}

# from templates/supervisors/upstart/enable.sh.tmpl
enable_riemann() {
    upstart_find riemann /etc/init 15
    upstart_enable
}

# from templates/supervisors/upstart/status.sh.tmpl
status_riemann() {
    upstart_status riemann /etc/init 1
}

# What ./run enable does.
phase_enable() {
    act enable riemann enable_riemann status_riemann
}
