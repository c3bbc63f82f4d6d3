# Packages of the host's own package manager. What is installed is left alone, also when a newer
# version is to be had. What the package manager says goes to stderr.

# packages KEY=WORDS...: installs the packages (separated by spaces) that stand under the KEY of this
# host's package manager: apt, dnf (also for microdnf and yum), zypper, apk, pacman, xbps, pkg, opkg.
# Either of a|b will do; where there is neither, a is installed. For apt real packages, no virtual ones.
# 69: this host's key is not among them. 70: not installed.
# resource
packages() {
    if ! package_find; then
        [ -z "$looking" ] || return 0
        die 69 'cannot install packages: no package manager that palletgen knows is on this host'
    fi
    packages_keys=' ' packages_words=
    for packages_pair in "$@"; do
        packages_keys="$packages_keys${packages_pair%%=*} "
        case $packages_pair in "$package_manager="*) packages_words=${packages_pair#*=} ;; esac
    done
    case $packages_keys in
        *" $package_manager "*) ;;
        *)
            [ -z "$looking" ] || return 0
            die 69 "cannot install packages with $package_tool: the names are given for$packages_keys""only"
            ;;
    esac
    # The names are split into words in many places; there is no pattern among them, and no option.
    case " $packages_words" in *[*?[]* | *' -'* | *'|-'*)
        [ -z "$looking" ] || return 0
        die 70 "cannot install $packages_words: not all of these are names of packages"
        ;;
    esac
    # shellcheck disable=SC2086
    set -- $packages_words
    if [ -n "$looking" ]; then
        [ $# -eq 0 ] || look_packages "$@"
        return 0
    fi
    if [ $# -eq 0 ] || in_place packages; then
        return 0
    fi
    packages_query "$@"
    packages_lack "$@" || return 0
    # shellcheck disable=SC2086
    set -- $packages_lack
    would "install $*" && return 0
    for packages_name in "$@"; do
        record package "${packages_name%%=*}"
    done
    packages_change install "$@"
    # A phase that replaces services brings the function along.
    [ -z "$replaces_names" ] || call replaces_installed
    packages_query "$@"
    # shellcheck disable=SC2086
    ! packages_lack "$@" || die 70 "cannot install${packages_lack}: $packages_said"
    forget
    note "installed $*"
}

# packages_change ACTION WORD...: has the package manager install or remove packages, or install a file.
# Sets packages_said to what went wrong, if something did.
packages_change() {
    packages_quiet_own= packages_quiet=
    [ -z "$run_image" ] || packages_quiet
    # What it says is shown as it comes. The error is repeated at the end, behind all that apt says then.
    packages_said=$({ packages_act "$@" </dev/null; } 2>&1 | packages_errors)
    packages_said="$package_tool said: ${packages_said:-nothing} (does this run as root?)"
    [ -z "$packages_quiet" ] || rm -f /usr/sbin/policy-rc.d
    if [ -n "$packages_quiet_own" ]; then
        rm -rf "$aside"
        aside=
    fi
}

# packages_act ACTION WORD...: calls the function for ACTION. The exit code says nothing.
packages_act() {
    packages_action=$1
    shift
    case $packages_action in
        install) packages_install "$@" ;;
        file) package_file_install "$@" ;;
        remove) packages_remove "$@" ;;
    esac
}

# packages_errors: copies stdin to stderr. Prints the last line that looks like an error, behind the last
# one about a repository that cannot be reached: without that the error may be a riddle.
packages_errors() {
    packages_errors_last= packages_errors_net=
    while IFS= read -r packages_errors_line; do
        printf '%s\n' "$packages_errors_line" >&2
        case $packages_errors_line in
            *'ailed to fetch'* | *'ould not connect'* | *'ould not resolve'*)
                packages_errors_net=$packages_errors_line
                ;;
            *[Ee]rror:* | *ERROR:* | E:* | *[Ff]ailed* | *'not found'* | *[Uu]nable* | *'No such'* | *'o space left'*)
                packages_errors_last=$packages_errors_line
                ;;
        esac
    done
    # yash ends at what is no text for it; without a reader the package manager would be killed.
    cat >&2
    printf '%s\n' "$packages_errors_net${packages_errors_net:+ }$packages_errors_last"
}

# packages_quiet: in an image no package may start its service. Debian's ask policy-rc.d. It is a link
# to a file that is removed on every way out; without that file it does nothing.
packages_quiet() {
    [ "$package_manager" = apt ] && [ ! -e /usr/sbin/policy-rc.d ] || return 0
    if [ -z "$aside" ]; then
        packages_quiet_own=1
        set_aside "$state/package"
    fi
    packages_quiet_said=$({
        mkdir -p "$aside" && printf '%s\n' '#!/bin/sh' 'exit 101' >"$aside/policy-rc.d" &&
            chmod 0755 "$aside/policy-rc.d" && rm -f /usr/sbin/policy-rc.d &&
            ln -s "$aside/policy-rc.d" /usr/sbin/policy-rc.d
    } 2>&1) || file_failed /usr/sbin/policy-rc.d "$packages_quiet_said"
    packages_quiet=1
}

# packages_install NAME...: installs them. The exit code says nothing: look with packages_there.
# may use: apt-get dpkg dnf microdnf yum zypper apk pacman xbps-install pkg opkg
packages_install() {
    case $package_tool in
        apt-get)
            apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -o Acquire::http::Timeout=60 update
            packages_record "$@"
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

# packages_record NAME...: records what apt would install beside these, since they need it, for uninstall --purge.
# What is only brought up to date is not new. When apt cannot say, the installation will tell why.
# may use: apt-get
packages_record() {
    apt-get -q -s --no-install-recommends --no-remove install "$@" 2>/dev/null | while read -r packages_kind packages_name packages_rest; do
        case $packages_kind$packages_rest in
            Inst'['*) ;;
            Inst*) record package "$packages_name" ;;
        esac
    done
}

# packages_apt NAME...: apt-get install that asks nothing, waits for other runs of apt, keeps edited
# configuration files, and rather fails than removes a package. On a terminal of apt's own dpkg would count how
# far it has read its database. Exit code of apt-get.
# may use: apt-get
packages_apt() {
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends --no-remove -o Dpkg::Use-Pty=0 \
        -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -o Acquire::http::Timeout=60 \
        -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install "$@"
}

# package_file URL SHA256 NAME: installs the package NAME from a file: .deb, .rpm or .apk, on hosts whose
# package manager is for such files; on others it does nothing. For URL see downloads. What it depends on
# comes from the host's repositories. Where another version of NAME is to be replaced, NAME is
# name=version of a deb, or name-version of an rpm. 70: not installed.
# resource
package_file() {
    package_find || return 0
    package_file_end=${1%%[?#]*}
    case $package_manager.${package_file_end##*.} in
        apt.deb | dnf.rpm | zypper.rpm | apk.apk) ;;
        *) return 0 ;;
    esac
    if [ -n "$looking" ]; then
        look_packages "$3"
        return 0
    fi
    in_place packages && return 0
    packages_query "$3"
    packages_lack "$3" || return 0
    would "install $3 from $1" && return 0
    # By another version it would not be there any more.
    packages_query "${3%%=*}"
    ! packages_lack "${3%%=*}" || record package "${3%%=*}"
    set_aside "$state/package"
    package_file_said=$({
        rm -rf "$aside" && mkdir -m 0755 "$aside"
    } 2>&1) || file_failed "$aside" "$package_file_said"
    package_file=$aside/package.${package_file_end##*.}
    download_into "$1" "$2" "$package_file"
    packages_change file "$package_file"
    rm -rf "$aside"
    aside=
    packages_query "$3"
    ! packages_lack "$3" || die 70 "cannot install $3 from $1: $packages_said"
    forget
    note "installed $3"
}

# package_file_install PATH: installs it. The exit code says nothing.
# may use: apt-get dpkg dnf microdnf yum zypper apk
package_file_install() {
    case $package_tool in
        apt-get)
            # Without a question to the repositories first: it may need nothing from them.
            packages_apt --allow-downgrades "$1" || packages_install --allow-downgrades "$1"
            ;;
        zypper) zypper --non-interactive install --no-recommends --allow-unsigned-rpm --oldpackage "$1" ;;
        apk) apk add --no-cache --allow-untrusted "$1" ;;
        *) packages_install "$1" ;;
    esac
}

# packages_purge NAME...: removes packages. One that another package needs is kept, with a warning.
packages_purge() {
    package_find || return 0
    packages_query "$@"
    for packages_name in "$@"; do
        case $packages_found in *" installed/$packages_name "*) set -- "$@" "$packages_name" ;; esac
        shift
    done
    [ $# -gt 0 ] || return 0
    would "remove $*" && return 0
    packages_change remove "$@"
    packages_query "$@"
    packages_gone=
    for packages_name in "$@"; do
        case $packages_found in *" installed/$packages_name "*)
            # All at once did not do; so each that nobody needs.
            [ $# -eq 1 ] || packages_change remove "$packages_name"
            packages_query "$packages_name"
            ;;
        esac
        case $packages_found in
            *" installed/$packages_name "*) warn "kept the package $packages_name: $packages_said" ;;
            *) packages_gone="$packages_gone $packages_name" ;;
        esac
        packages_query "$@"
    done
    forget
    [ -z "$packages_gone" ] || note "removed$packages_gone"
}

# packages_remove NAME...: removes them, and no package that needs them. The exit code says nothing.
# may use: dpkg rpm apk pacman xbps-remove pkg opkg
packages_remove() {
    case $package_manager in
        apt) DEBIAN_FRONTEND=noninteractive dpkg --purge "$@" ;;
        dnf | zypper) rpm -e "$@" ;;
        apk) apk del "$@" ;;
        pacman) pacman -R --noconfirm "$@" ;;
        xbps) xbps-remove -y "$@" ;;
        pkg) pkg delete -y "$@" ;;
        opkg) opkg remove "$@" ;;
    esac
}

# preseed LINE...: answers Debian's questions before a package is installed. A LINE reads
# "PACKAGE QUESTION TYPE ANSWER"; a PACKAGE that is installed already keeps the answers it has.
# Where debconf-set-selections is absent: nothing. Not counted as a change: the installation is.
# resource
# may use: debconf-set-selections
preseed() {
    if [ -n "$looking$run_check" ] || in_place packages; then
        return 0
    fi
    command -v debconf-set-selections >/dev/null 2>&1 || return 0
    package_find && [ "$package_manager" = apt ] || return 0
    for preseed_line in "$@"; do
        packages_query "${preseed_line%% *}"
        packages_lack "${preseed_line%% *}" || continue
        printf '%s\n' "$preseed_line" | debconf-set-selections >&2 || die 70 "cannot preseed: $preseed_line"
    done
}
