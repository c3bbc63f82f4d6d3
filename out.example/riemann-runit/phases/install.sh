# phases/install.sh of the bundle riemann-runit: put the software on the host.
# Made by palletgen 0.1.0; ./run install reads it.

# die CODE MESSAGE: prints MESSAGE on stderr and ends the run with exit code CODE.
# Not inside $( ) or ( ): there it would end only the subshell.
die() {
    printf '%s: %s\n' "$bundle_name" "$2" >&2
    exit "$1"
}

# directory PATH OWNER GROUP MODE: makes the folder PATH. Missing parents become root's, 0755.
# A link to a folder is followed.
directory() {
    owner_ids "$1" "$2" "$3"
    if [ -d "$1" ]; then
        file_is "$1/." d "$user_id" "$group_id" "$4" && return 0
    elif [ -e "$1" ] || [ -L "$1" ]; then
        die 70 "cannot make the folder $1: something else is there"
    fi
    # The zeros: GNU chmod leaves a folder's setgid bit alone when the mode has fewer than five digits.
    directory_said=$({
        mkdir -p "$1" && chown "$user_id:$group_id" "$1/." && chmod "00$4" "$1/."
    } 2>&1) || file_failed "$1" "$directory_said"
    note "changed $1"
}

# download_into URL SHA256 FILE: gets URL into FILE (0600), trying three times, and checks it.
# 70: cannot get it, or its sha256 is another.
download_into() {
    download_with "$1"
    for download_try in 1 2 3; do
        rm -f "$3"
        (download_once "$1" "$3") && break
        download_code=$?
        if [ "$download_try" = 3 ] || [ "$download_tool" = cat ]; then
            die 70 "cannot get $1: $download_tool ended with exit code $download_code"
        fi
        sleep "$download_try"
    done
    file_sha256 "$3" || die 70 "cannot get $1: cannot read what $download_tool wrote"
    [ "$file_sha256" = "$2" ] ||
        die 70 "$1 is not what was asked for: its sha256 is $file_sha256, it should be $2"
}

# download_once URL FILE: gets URL into FILE, which is not there yet. Exit code of the program.
# Gives up where nothing arrives for a minute. For use in a subshell: sets umask and noclobber.
# may use: curl wget fetch /usr/lib/apt/apt-helper
download_once() {
    umask 077
    set -C
    case $download_tool in
        cat) cat "${1#file://}" >"$2" ;;
        curl) curl -gfsSL --connect-timeout 60 --speed-limit 1 --speed-time 60 "$1" >"$2" ;;
        wget)
            # Some busybox have no timeout, and crash on -T.
            case $(wget --help 2>&1) in
                *-T*) wget -q -t 1 -T 60 -O - "$1" >"$2" ;;
                *) wget -q -O - "$1" >"$2" ;;
            esac
            ;;
        fetch) fetch -q -T 60 -o - "$1" >"$2" ;;
        *) /usr/lib/apt/apt-helper -o Acquire::http::Timeout=60 download-file "$1" "$2" >/dev/null ;;
    esac
}

# download_with URL: sets download_tool to the program that gets URL; ends the run with 69 when
# there is none.
download_with() {
    case $1 in /* | file://*) download_tool=cat && return ;; esac
    for download_tool in curl wget fetch /usr/lib/apt/apt-helper; do
        command -v "$download_tool" >/dev/null 2>&1 && return
    done
    die 69 "cannot download $1: none of curl, wget, fetch is on this host"
}

# file_facts PATH: sets file_kind (- file, d folder, l link, ...), file_owner and file_group
# (numbers) and file_mode (four octal digits). Exit code 1: nothing is there.
file_facts() {
    file_facts_line=$(ls -ldn "$1" 2>/dev/null) || return 1
    set -f
    # shellcheck disable=SC2086
    set -- $file_facts_line
    set +f
    file_owner=$3 file_group=$4
    file_facts_rest=${1#?}
    file_kind=${1%"$file_facts_rest"}
    file_mode= file_facts_special=0
    for file_facts_bit in 4 2 1; do
        file_facts_digit=0
        case $file_facts_rest in r*) file_facts_digit=4 ;; esac
        case $file_facts_rest in ?w*) file_facts_digit=$((file_facts_digit + 2)) ;; esac
        case $file_facts_rest in ??[xst]*) file_facts_digit=$((file_facts_digit + 1)) ;; esac
        case $file_facts_rest in
            ??[sStT]*) file_facts_special=$((file_facts_special + file_facts_bit)) ;;
        esac
        file_mode=$file_mode$file_facts_digit
        file_facts_rest=${file_facts_rest#???}
    done
    file_mode=$file_facts_special$file_mode
}

# file_failed PATH TEXT: ends the run with 70 and the reason why PATH could not be changed.
# TEXT is what the command that failed said.
file_failed() {
    case $2 in
        '') file_failed_why='what was written there reads back different' ;;
        *'o space left'* | *'uota exceeded'*) file_failed_why='the disk is full' ;;
        *'ead-only file system'*) file_failed_why='its file system is read-only' ;;
        *[Bb]usy*) file_failed_why='it is a mount of its own (a bind mount?): change it where it comes from, or unmount it' ;;
        *'ermission denied'* | *'not permitted'*)
            file_failed_why='not even root may do that; is it immutable (lsattr)?'
            [ "$(id -u)" = 0 ] || file_failed_why='this needs root'
            ;;
        *) file_failed_why='see what the command said' ;;
    esac
    [ -z "$2" ] || file_failed_why="$file_failed_why ($2)"
    die 70 "cannot change $1: $file_failed_why"
}

# file_is PATH KIND UID GID MODE: 0 when PATH is of that kind, owner, group and mode, else 1.
file_is() {
    file_is_mode=$5
    while [ "${#file_is_mode}" -lt 4 ]; do
        file_is_mode=0$file_is_mode
    done
    file_facts "$1" &&
        [ "$file_kind $file_owner $file_group $file_mode" = "$2 $3 $4 $file_is_mode" ]
}

# file_sha256 PATH: sets file_sha256. Exit code 1: PATH cannot be read; ends the run with 69
# when this host has no program for it.
# may use: sha256sum sha256 shasum openssl
file_sha256() {
    if command -v sha256sum >/dev/null 2>&1; then
        file_sha256=$(sha256sum <"$1") || return 1
    elif command -v sha256 >/dev/null 2>&1; then
        file_sha256=$(sha256 -q <"$1") || return 1
    elif command -v shasum >/dev/null 2>&1; then
        file_sha256=$(shasum -a 256 <"$1") || return 1
    elif command -v openssl >/dev/null 2>&1; then
        file_sha256=$(openssl dgst -sha256 -r <"$1") || return 1
    else
        die 69 'cannot compute a sha256: none of sha256sum, sha256, shasum, openssl is on this host'
    fi
    file_sha256=${file_sha256%% *}
}

# group NAME: makes the system group NAME.
# may use: groupadd addgroup pw
group() {
    if group_id "$1"; then
        return 0
    elif command -v groupadd >/dev/null 2>&1; then
        groupadd -r "$1"
    elif command -v addgroup >/dev/null 2>&1; then
        addgroup -S "$1"
    elif command -v pw >/dev/null 2>&1; then
        pw groupadd -n "$1"
    else
        die 69 "cannot make the group $1: none of groupadd, addgroup, pw is on this host"
    fi
    group_id "$1" || die 70 "cannot make the group $1 (does this run as root?)"
    note "added group $1"
}

# group_id NAME: sets group_id to the number of the group NAME; a number stays as it is.
# Exit code other than 0: no such group.
# may use: getent
group_id() {
    case $1 in
        *[!0-9]*) group_id= ;;
        *) group_id=$1 && return ;;
    esac
    if [ "$1" = root ]; then
        group_id=0
    elif command -v getent >/dev/null 2>&1; then
        group_id=$(getent group "$1") || return 1
        group_id=${group_id#*:*:}
        group_id=${group_id%%:*}
    else
        while IFS=: read -r group_id_name group_id_skip group_id_number group_id_skip; do
            if [ "$group_id_name" = "$1" ]; then
                group_id=$group_id_number
                break
            fi
        done </etc/group
        [ -n "$group_id" ]
    fi
}

# note MESSAGE: says what was changed on this host, and counts it.
note() {
    printf '%s\n' "$1"
    changed=$((changed + 1))
}

# owner_ids PATH OWNER GROUP: sets user_id and group_id; ends the run with 70 when there is no
# such account to own PATH.
owner_ids() {
    user_id "$2" || die 70 "cannot make $1: there is no user $2 on this host (the phase install makes it)"
    group_id "$3" || die 70 "cannot make $1: there is no group $3 on this host (the phase install makes it)"
}

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

# packages_apt NAME...: apt-get install that asks nothing, waits for other runs of apt, keeps edited
# configuration files, and rather fails than removes a package. Exit code of apt-get.
# may use: apt-get
packages_apt() {
    DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends --no-remove \
        -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 \
        -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install "$@"
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

# remote_directory URL SHA256 DEST OWNER GROUP STRIP: makes DEST the content of the archive URL, all
# owned by OWNER and GROUP, without the STRIP outermost folders of the archive.
# DEST/.palletgen-sha256 remembers what DEST was made from. Another archive replaces the WHOLE folder,
# so keep nothing else in it. A folder that is not empty and has no such file is an error.
# 69: a program is missing. 70: failed, DEST is as before.
remote_directory() {
    remote_dest=${3%/}
    remote_wanted="$2 $4:$5 $6" remote_found=
    # What a run that was killed left. Its tar may still be at work there, so try twice.
    for remote_left in "$remote_dest".palletgen-new-*; do
        [ -d "$remote_left" ] || continue
        if [ -d "$remote_left/old" ] && [ ! -e "$remote_dest" ]; then
            mv "$remote_left/old" "$remote_dest"
        fi
        rm -rf "$remote_left" 2>/dev/null || { sleep 1 && rm -rf "$remote_left"; }
    done
    if [ -f "$remote_dest/.palletgen-sha256" ]; then
        read -r remote_found <"$remote_dest/.palletgen-sha256"
        [ "$remote_found" != "$remote_wanted" ] || return 0
    fi
    if [ -L "$remote_dest" ] || { [ -e "$remote_dest" ] && [ ! -d "$remote_dest" ]; }; then
        die 70 "cannot unpack into $remote_dest: it is there and is no folder"
    elif [ -d "$remote_dest" ] && [ -z "$remote_found" ] && [ -n "$(ls -A "$remote_dest")" ]; then
        die 70 "cannot unpack into $remote_dest: it holds files that did not come from a bundle; move them away"
    fi
    owner_ids "$remote_dest" "$4" "$5"
    unpack_with "$1"
    aside=$remote_dest.palletgen-new-$$
    remote_tree=$aside/tree
    remote_said=$({
        mkdir -p "${remote_dest%/*}/." && mkdir -m 0700 "$aside" && mkdir "$remote_tree"
    } 2>&1) || file_failed "$remote_dest" "$remote_said"
    download_into "$1" "$2" "$aside/archive"
    unpack "$aside/archive" "$remote_tree" || die 70 "cannot unpack $1 beside $remote_dest: see what tar said"
    remote_strip=$6
    while [ "$remote_strip" -gt 0 ]; do
        remote_only=$(ls -A "$remote_tree")
        # Two names are two lines, and no folder is called so.
        if [ -z "$remote_only" ] || [ ! -d "$remote_tree/$remote_only" ]; then
            die 70 "cannot strip $6 folders from $1: what is in them is not one folder"
        fi
        remote_tree=$remote_tree/$remote_only
        remote_strip=$((remote_strip - 1))
    done
    remote_said=$({
        chown -Rh "$user_id:$group_id" "$remote_tree" && chmod 0755 "$remote_tree" &&
            printf '%s\n' "$remote_wanted" >"$remote_tree/.palletgen-sha256" &&
            { [ ! -d "$remote_dest" ] || mv "$remote_dest" "$aside/old"; } &&
            { mv "$remote_tree" "$remote_dest" || { mv "$aside/old" "$remote_dest" && false; }; }
    } 2>&1) || file_failed "$remote_dest" "$remote_said"
    rm -rf "$aside"
    aside=
    note "changed $remote_dest"
}

# unpack ARCHIVE FOLDER: unpacks with unpack_tool, as files of whoever runs this. Exit code of tar.
# may use: gzip bzip2 xz
unpack() {
    case $unpack_tool in
        gzip) gzip -dc <"$1" ;;
        bzip2) bzip2 -dc <"$1" ;;
        xz) xz -dc <"$1" ;;
        cat) cat "$1" ;;
    esac | tar -x -o -f - -C "$2"
}

# unpack_with URL: sets unpack_tool to the program that unpacks URL, by the end of its name.
# 69: the program is not on this host. 70: no archive of a known kind.
unpack_with() {
    case ${1%%[?#]*} in
        *.tar) unpack_tool=cat ;;
        *.tar.gz | *.tgz) unpack_tool=gzip ;;
        *.tar.bz2 | *.tbz | *.tbz2) unpack_tool=bzip2 ;;
        *.tar.xz | *.txz) unpack_tool=xz ;;
        *) die 70 "cannot unpack $1: it is no .tar, .tar.gz, .tar.bz2 or .tar.xz" ;;
    esac
    command -v "$unpack_tool" >/dev/null 2>&1 || die 69 "cannot unpack $1: $unpack_tool is not on this host"
}

# user NAME GROUP HOME: makes the system user NAME, who cannot log in. HOME is not created.
# GROUP is there already.
# may use: useradd adduser pw
user() {
    if user_id "$1"; then
        return 0
    fi
    group_id "$2" || die 70 "cannot make the user $1: there is no group $2 on this host"
    for user_shell in /usr/sbin/nologin /sbin/nologin /bin/false; do
        [ ! -x "$user_shell" ] || break
    done
    if command -v useradd >/dev/null 2>&1; then
        useradd -r -M -g "$2" -d "$3" -s "$user_shell" "$1"
    elif command -v adduser >/dev/null 2>&1; then
        adduser -S -D -H -G "$2" -h "$3" -s "$user_shell" "$1"
    elif command -v pw >/dev/null 2>&1; then
        pw useradd -n "$1" -g "$2" -d "$3" -s "$user_shell"
    else
        die 69 "cannot make the user $1: none of useradd, adduser, pw is on this host"
    fi
    user_id "$1" || die 70 "cannot make the user $1 (does this run as root?)"
    note "added user $1"
}

# user_id NAME: sets user_id to the number of the user NAME; a number stays as it is.
# Exit code other than 0: no such user.
user_id() {
    case $1 in
        root) user_id=0 ;;
        *[!0-9]*) user_id=$(id -u "$1" 2>/dev/null) ;;
        *) user_id=$1 ;;
    esac
}

# from crates/java/install.sh.tmpl
install_java() {
    packages apk=openjdk17-jre-headless apt=openjdk-17-jre-headless dnf=java-17-openjdk-headless pacman=jre17-openjdk-headless pkg=openjdk17 xbps=openjdk17-jre zypper=java-17-openjdk-headless
}

# from crates/runit/install.sh.tmpl
install_runit() {
    # A host that runit boots has it all, and runit-run would replace its init.
    cmp -s /sbin/init /lib/runit/runit-init 2>/dev/null ||
        packages apk=runit apt='runit runit-run' pkg=runit xbps=runit
}

# from crates/riemann/install.sh.tmpl
install_riemann() {
    group riemann
    user riemann riemann /opt/riemann
    packages apk='bash bzip2' apt='bash bzip2' dnf='bash bzip2 tar' opkg='bash bzip2 tar' pacman='bash bzip2 tar' pkg=bash xbps='bash bzip2 tar' zypper='bash bzip2 tar'
    remote_directory https://github.com/riemann/riemann/releases/download/0.3.12/riemann-0.3.12.tar.bz2 82c24c7cba3bce96957f25661f39c6162a262ba76aef24e986e73dbf2a79b7a6 /opt/riemann riemann riemann 1
    directory /var/log/riemann riemann riemann 0755
}

install_java || die 70 'install_java failed'
install_runit || die 70 'install_runit failed'
install_riemann || die 70 'install_riemann failed'
