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
# package manager can answer that. For apt a NAME may also be name=version or name:architecture.
# may use: dpkg-query rpm apk pacman xbps-query pkg opkg
packages_there() {
    case $package_manager in
        apt)
            packages_there_list=$(
                for packages_there_name in "$@"; do
                    set -- "$@" "${packages_there_name%%=*}"
                    shift
                done
                # shellcheck disable=SC2016
                dpkg-query -W -f ' ${db:Status-Status}/${Package} ${db:Status-Status}/${Package}=${Version} ${db:Status-Status}/${Package}:${Architecture} ' "$@" 2>/dev/null
            )
            for packages_there_name in "$@"; do
                case $packages_there_list in *" installed/$packages_there_name "*) ;; *) return 1 ;; esac
            done
            ;;
        dnf | zypper) rpm -q "$@" >/dev/null 2>&1 || rpm -q --whatprovides "$@" >/dev/null 2>&1 ;;
        pacman) pacman -T "$@" >/dev/null 2>&1 ;;
        *)
            for packages_there_name in "$@"; do
                case $package_manager in
                    apk) apk info -e "$packages_there_name" ;;
                    xbps) xbps-query "$packages_there_name" ;;
                    pkg) pkg info -e "$packages_there_name" ;;
                    opkg) case $(opkg status "$packages_there_name") in *' installed'*) ;; *) false ;; esac ;;
                esac >/dev/null 2>&1 || return 1
            done
            ;;
    esac
}

# packages_install NAME...: installs them. The exit code says nothing: look with packages_there.
# may use: apt-get dpkg dnf microdnf yum zypper apk pacman xbps-install pkg opkg
packages_install() {
    case $package_tool in
        apt-get)
            apt-get -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 update
            # After an apt that was killed nothing can be installed before dpkg --configure.
            packages_apt "$@" || { dpkg --configure -a --force-confdef --force-confold && packages_apt "$@"; }
            ;;
        dnf) dnf -y --setopt=install_weak_deps=False install "$@" ;;
        microdnf) microdnf -y --setopt=install_weak_deps=0 install "$@" ;;
        yum) yum -y install "$@" ;;
        zypper) zypper --non-interactive install --no-recommends "$@" ;;
        apk) apk add --no-cache "$@" ;;
        # Not -Sy at once: on Arch a refresh without an upgrade of everything is for emergencies.
        pacman) pacman -S --noconfirm --needed "$@" || pacman -Sy --noconfirm --needed "$@" ;;
        xbps-install) xbps-install -Sy "$@" ;;
        pkg) ASSUME_ALWAYS_YES=yes pkg install -y "$@" ;;
        opkg) opkg update && opkg install "$@" ;;
    esac
}

# packages_apt NAME...: apt-get install that asks nothing, waits for other runs of apt, keeps edited
# configuration files, and rather fails than removes a package. Exit code of apt-get.
# may use: apt-get
packages_apt() {
    DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends --no-remove \
        -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 \
        -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install "$@"
}

# packages KEY=NAMES...: installs the NAMES (separated by spaces) that stand under the KEY of this
# host's package manager: apt, dnf (also for microdnf and yum), zypper, apk, pacman, xbps, pkg, opkg.
# Real package names, no virtual ones. 69: this host's key is not among them. 70: not installed.
packages() {
    package_manager
    packages_keys=' ' packages_names=
    for packages_pair in "$@"; do
        packages_keys="$packages_keys${packages_pair%%=*} "
        case $packages_pair in "$package_manager="*) packages_names=${packages_pair#*=} ;; esac
    done
    case $packages_keys in
        *" $package_manager "*) ;;
        *) die 69 "cannot install packages with $package_tool: the names are given for$packages_keys""only" ;;
    esac
    set -f
    # shellcheck disable=SC2086
    set -- $packages_names
    set +f
    for packages_name in "$@"; do
        case $packages_name in -*) die 70 "cannot install $packages_name: that is an option, no package" ;; esac
    done
    if [ $# -eq 0 ] || packages_there "$@"; then
        return 0
    fi
    for packages_name in "$@"; do
        packages_there "$packages_name" || set -- "$@" "$packages_name"
        shift
    done
    packages_install "$@" >&2
    packages_there "$@" || die 70 "cannot install $*: see what $package_tool said (does this run as root?)"
    note "installed $*"
}

# preseed LINE...: answers Debian's questions before a package is installed. A LINE reads
# "PACKAGE QUESTION TYPE ANSWER"; a PACKAGE that is installed already keeps the answers it has.
# Where debconf-set-selections is absent: nothing. Not counted as a change: the installation is.
# may use: debconf-set-selections
preseed() {
    command -v debconf-set-selections >/dev/null 2>&1 || return 0
    package_manager
    [ "$package_manager" = apt ] || return 0
    for preseed_line in "$@"; do
        packages_there "${preseed_line%% *}" && continue
        printf '%s\n' "$preseed_line" | debconf-set-selections >&2 || die 70 "cannot preseed: $preseed_line"
    done
}
