# prometheus_node_exporter_textfiles FOLDER: sees to it that FOLDER is there; Debian's package brings it, with an
# owner of its own.
# resource
prometheus_node_exporter_textfiles() {
    [ -d "$1" ] || directory "$1" root root 0755
}
