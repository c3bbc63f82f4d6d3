# haproxy_cage FOLDER: sees to it that FOLDER is there; the packages of some distributions bring it, each with an
# owner of its own.
# resource
haproxy_cage() {
    [ -d "$1" ] || directory "$1" root root 0755
}
