# Packages of the host's own package manager. What is installed is left alone, also when a newer
# version is to be had. What the package manager says goes to stderr.

# package_manager: sets package_tool to this host's package manager and package_manager to the
# key that names its packages in a bundle. Ends the run with 69 when there is none.
package_manager() {
    for package_tool in apt-get dnf microdnf yum zypper apk pacman xbps-install pkg opkg; do
        command -v "$package_tool" >/dev/null 2>&1 || continue
        case $package_tool in
            apt-get)
                # A few hosts of other kinds carry apt as a tool, with nothing installed by it.
                [ -s /var/lib/dpkg/status ] || continue
                package_manager=apt
                ;;
            microdnf | yum) package_manager=dnf ;;
            xbps-install) package_manager=xbps ;;
            *) package_manager=$package_tool ;;
        esac
        return 0
    done
    die 69 'cannot install packages: no package manager that palletgen knows is on this host'
}

# packages_there NAME...: 0 when every one is installed, else 1. One question for all where the
# package manager can answer that. For apt a NAME may be name=version or name:architecture.
# may use: dpkg-query rpm apk pacman xbps-query pkg opkg
packages_there() {
    case $package_manager in
        apt)
            for packages_there_name in "$@"; do
                set -- "$@" "${packages_there_name%%=*}"
                shift
            done
            ;;
    esac
}
