# phases/install.sh of the bundle riemann-upstart: put the software on the host.
# Made by palletgen 0.1.0; ./run install reads it, after lib.sh.

# download_into URL SHA256 FILE: gets into FILE (0600) what has this sha256: from the cache, a mirror or
# the URL. 70: cannot, or its sha256 is another.
download_into() {
    case $1 in
        /* | file:* | bundle:*)
            download_try "$1" "$2" "$3" 1 || die 70 "cannot get $1: $download_why"
            return
            ;;
    esac
    if [ -n "$PALLETGEN_CACHE" ] && [ -f "$PALLETGEN_CACHE/$2" ]; then
        download_try "$PALLETGEN_CACHE/$2" "$2" "$3" 1 && return
        warn "not used: $PALLETGEN_CACHE/$2: $download_why"
    fi
    if [ -n "$PALLETGEN_MIRROR" ]; then
        download_last=${1%%[?#]*}
        for download_name in "$2" "${download_last##*/}"; do
            if download_try "${PALLETGEN_MIRROR%/}/$download_name" "$2" "$3" 1; then
                download_keep "$2" "$3"
                return
            fi
        done
        warn "not from the mirror: ${PALLETGEN_MIRROR%/}/$download_name: $download_why"
    fi
    download_try "$1" "$2" "$3" 3 || die 70 "cannot get $1: $download_why"
    download_keep "$2" "$3"
}

# download_keep SHA256 FILE: adds FILE to the cache, if there is one that can be written to.
download_keep() {
    [ -n "$PALLETGEN_CACHE" ] && [ -w "$PALLETGEN_CACHE" ] || return 0
    download_cached=$PALLETGEN_CACHE/.$1.palletgen-new-$$
    # Nobody else's file is changed: the name is new, and only the rename makes it known.
    {
        rm -f "$PALLETGEN_CACHE/.$1".palletgen-new-* && cp "$2" "$download_cached" &&
            chmod 0644 "$download_cached" && mv -f "$download_cached" "$PALLETGEN_CACHE/$1"
    } 2>/dev/null || rm -f "$download_cached"
}

# download_once FILE: gets download_from into FILE, which is not there yet. Exit code of the program.
# Gives up where nothing arrives for a minute. For use in a subshell: sets umask and noclobber.
# may use: curl wget fetch /usr/lib/apt/apt-helper
download_once() {
    umask 077
    set -C
    case $download_tool in
        cat) cat "$download_from" >"$1" ;;
        curl) curl -gfsSL --connect-timeout 60 --speed-limit 1 --speed-time 60 "$download_from" >"$1" ;;
        wget)
            # Some busybox have no timeout, and crash on -T. GNU's -q says nothing of errors.
            case $(wget --help 2>&1) in
                *--no-verbose*) wget -nv -t 1 -T 60 -O - "$download_from" >"$1" ;;
                *-T*) wget -q -T 60 -O - "$download_from" >"$1" ;;
                *) wget -q -O - "$download_from" >"$1" ;;
            esac
            ;;
        fetch) fetch -q -T 60 -o - "$download_from" >"$1" ;;
        *)
            /usr/lib/apt/apt-helper -q -o Acquire::Retries=0 -o Acquire::http::Timeout=60 \
                download-file "$download_from" "$1" >/dev/null
            ;;
    esac
}

# download_try URL SHA256 FILE TIMES: gets URL into FILE (0600), and tries so many times. 0: FILE has this
# sha256. Else 1 and download_why. Ends the run with 70 when FILE cannot be written.
download_try() {
    download_with "$1"
    download_count=1
    while :; do
        rm -f "$3"
        download_said=$(download_once "$3" 2>&1) && [ -f "$3" ] && break
        download_code=$?
        case $download_said in
            *'o space left'* | *'ead-only file system'*) file_failed "${3%.palletgen-new-*}" "$download_said" ;;
            *'ailed writing'* | *'ailure writing'* | *'annot write'*)
                file_failed "$3" "No space left on device? $download_said"
                ;;
        esac
        download_why="$download_tool ended with exit code $download_code${download_said:+: $download_said}"
        if [ "$download_count" -ge "$4" ] || [ "$download_tool" = cat ]; then
            return 1
        fi
        sleep "$download_count"
        download_count=$((download_count + 1))
    done
    if ! file_sha256 "$3"; then
        download_why="cannot read what $download_tool wrote"
        return 1
    fi
    download_why="its sha256 is $file_sha256, it should be $2"
    [ "$file_sha256" = "$2" ]
}

# download_with URL: sets download_tool to the program that gets URL, and download_from to what it is to
# get. Ends the run with 69 when there is none.
download_with() {
    download_tool=cat
    case $1 in
        /*) download_from=$1 ;;
        file://*) download_from=/${1#file://*/} ;;
        bundle:*) download_from=$bundle/files/${1#bundle:} ;;
        *)
            download_from=$1
            # In yash the variable of a loop is the function's own.
            for download_with in curl wget fetch /usr/lib/apt/apt-helper; do
                download_tool=$download_with
                command -v "$download_tool" >/dev/null 2>&1 && return
            done
            die 69 "cannot download $1: none of curl, wget, fetch is on this host, nor is the file in PALLETGEN_CACHE"
            ;;
    esac
}

# group NAME [GID]: makes the system group NAME, with the number GID where that is not ''.
# 70: it is there with another number, or cannot be made.
# resource
group() {
    [ -z "$looking" ] || return 0
    if group_id "$1"; then
        [ "${2:-$group_id}" = "$group_id" ] ||
            die 70 "cannot make the group $1 with the id $2: it is there with the id $group_id, and files may be its"
        return 0
    fi
    would "add group $1" && return 0
    record group "$1"
    group_add "$1" "$2" >&2
    group_id "$1" && [ "${2:-$group_id}" = "$group_id" ] ||
        die 70 "cannot make the group $1: see what was said above (does this run as root?)"
    forget
    note "added group $1"
}

# look_packages WORD...: these packages are to be installed. Without a WORD: asks for all that were
# named since $look_packages was '', by one question; 0 when all are there.
look_packages() {
    if [ $# -gt 0 ]; then
        look_packages="$look_packages $*"
    else
        look_packages_answer
    fi
}

# look_packages_answer: 0 when all packages in $look_packages are there.
look_packages_answer() {
    # shellcheck disable=SC2086
    set -- $look_packages
    [ $# -eq 0 ] || packages_there "$@"
}

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

# packages_lack WORD...: sets packages_lack to what packages_found has not: of alternatives, where there
# is neither, the first. Exit code 1: nothing is missing.
packages_lack() {
    packages_lack=
    for packages_lack_word in "$@"; do
        package_words "$packages_lack_word"
        for packages_lack_name in $package_words; do
            case $packages_found in *" installed/$packages_lack_name "*) continue 2 ;; esac
        done
        packages_lack_word=${packages_lack_word%%"|"*}
        packages_lack="$packages_lack $packages_lack_word"
    done
    [ -n "$packages_lack" ]
}

# packages_there WORD...: 0 when every one is installed, else 1. One question for all.
# reads only
packages_there() {
    package_find || return
    packages_query "$@"
    ! packages_lack "$@"
}

# remote_directory URL SHA256 DEST OWNER GROUP STRIP [FLAG]: makes DEST the content of the archive URL, all
# owned by OWNER and GROUP, without the STRIP outermost folders of the archive.
# DEST/.palletgen-sha256 remembers what DEST was made from. Another archive replaces the WHOLE folder,
# so keep nothing else in it. A folder that is not empty and has no such file is an error.
# 69: a program is missing. 70: failed, DEST is as before.
# resource
remote_directory() {
    if [ -n "$looking" ]; then
        look_path "${3%/}/." d "$4" "$5" 0755
        return 0
    fi
    remote_dest=${3%/} remote_wanted="$2 $4:$5 $6" remote_found=
    remote_old=${remote_dest%/*}/.${remote_dest##*/}.palletgen-old
    if [ -d "$remote_old" ] && [ -z "$run_check" ]; then
        # A run was killed between the two renames below, or right after them.
        if [ -e "$remote_dest" ]; then
            rm -rf "$remote_old"
        else
            mv "$remote_old" "$remote_dest"
        fi
    fi
    if [ -f "$remote_dest/.palletgen-sha256" ]; then
        read -r remote_found <"$remote_dest/.palletgen-sha256"
        if [ "$remote_found" = "$remote_wanted" ]; then
            # What is in it is nobody's business but its owner's.
            in_place "$remote_dest/." || directory "$remote_dest" "$4" "$5" 0755
            return
        fi
    fi
    if [ -L "$remote_dest" ] || { [ -e "$remote_dest" ] && [ ! -d "$remote_dest" ]; }; then
        stuck "cannot unpack into $remote_dest: it is there and is no folder; move it away"
        return
    elif [ -n "$remote_found" ]; then
        remote_why='it is from another archive, or of another owner'
    elif [ ! -d "$remote_dest" ]; then
        remote_why='it is not there'
    elif [ -n "$(ls -A "$remote_dest")" ]; then
        stuck "cannot unpack into $remote_dest: it holds files that did not come from a bundle; move them away"
        return
    else
        remote_why='it is empty'
    fi
    if would "change $remote_dest: $remote_why"; then
        [ -z "$7" ] || flag "$7"
        return 0
    fi
    owner_ids "$remote_dest" "$4" "$5"
    unpack_with "$1"
    folders "$remote_dest"
    set_aside "$remote_dest"
    remote_tree=$aside/tree
    remote_said=$({
        rm -rf "$aside" && mkdir -m 0700 "$aside" && mkdir "$remote_tree"
    } 2>&1) || file_failed "$remote_dest" "$remote_said"
    download_into "$1" "$2" "$aside/archive"
    if ! remote_said=$(unpack "$aside/archive" "$remote_tree" 2>&1); then
        case $remote_said in *'rote only'* | *'hort write'*) remote_said="No space left on device: $remote_said" ;; esac
        file_failed "$remote_dest" "cannot unpack $1: $remote_said"
    fi
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
            printf '%s\n' "$remote_wanted" >"$remote_tree/.palletgen-sha256"
    } 2>&1) || file_failed "$remote_dest" "$remote_said"
    [ -n "$remote_found" ] || record tree "$remote_dest"
    [ -z "$7" ] || flag "$7"
    # The old one has a name that is not removed when this is killed between the two.
    remote_said=$({
        { [ ! -d "$remote_dest" ] || mv "$remote_dest" "$remote_old"; } &&
            { mv "$remote_tree" "$remote_dest" || { mv "$remote_old" "$remote_dest" && false; }; }
    } 2>&1) || file_failed "$remote_dest" "$remote_said"
    rm -rf "$aside" "$remote_old"
    aside=
    forget
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

# user NAME GROUP HOME [UID]: makes the system user NAME, who cannot log in, with the number UID where
# that is not ''. HOME is not created. GROUP is there already.
# 70: it is there with another number, or cannot be made.
# resource
user() {
    [ -z "$looking" ] || return 0
    if user_id "$1"; then
        [ "${4:-$user_id}" = "$user_id" ] ||
            die 70 "cannot make the user $1 with the id $4: it is there with the id $user_id, and files may be its"
        return 0
    fi
    would "add user $1" && return 0
    group_id "$2" || die 70 "cannot make the user $1: there is no group $2 on this host"
    record user "$1"
    user_add "$@" >&2
    user_id "$1" && [ "${4:-$user_id}" = "$user_id" ] ||
        die 70 "cannot make the user $1: see what was said above (does this run as root?)"
    forget
    note "added user $1"
}

# user_add NAME GROUP HOME [UID]: makes the user. The exit code says nothing. Needs group_id.
# may use: useradd adduser pw
user_add() {
    for user_shell in /usr/sbin/nologin /sbin/nologin /bin/false; do
        [ ! -x "$user_shell" ] || break
    done
    if command -v useradd >/dev/null 2>&1; then
        useradd -r -M -g "$2" -d "$3" -s "$user_shell" ${4:+-u} ${4:+"$4"} "$1"
    elif command -v adduser >/dev/null 2>&1; then
        adduser -S -D -H -G "$2" -h "$3" -s "$user_shell" ${4:+-u} ${4:+"$4"} "$1"
    elif command -v pw >/dev/null 2>&1; then
        pw useradd -n "$1" -g "$2" -d "$3" -s "$user_shell" ${4:+-u} ${4:+"$4"}
    else
        account_free /etc/passwd "$4"
        account_append /etc/passwd "$1:*:$account_free:$group_id::$3:$user_shell"
    fi
}

# from crates/java/install.sh.tmpl
install_java() {
    packages apk=openjdk17-jre-headless apt=openjdk-17-jre-headless dnf=java-17-openjdk-headless pacman=jre17-openjdk-headless pkg=openjdk17 xbps=openjdk17-jre zypper=java-17-openjdk-headless
}

# from crates/upstart/install.sh.tmpl
install_upstart() {
    command -v initctl >/dev/null 2>&1 ||
        packages apt=upstart dnf=upstart
}

# from crates/riemann/install.sh.tmpl
install_riemann() {
    group riemann
    user riemann riemann /opt/riemann
    packages apk='bash bzip2' apt='bash bzip2' dnf='bash bzip2 tar' opkg='bash bzip2 tar' pacman='bash bzip2 tar' pkg=bash xbps='bash bzip2 tar' zypper='bash bzip2 tar'
    remote_directory https://github.com/riemann/riemann/releases/download/0.3.12/riemann-0.3.12.tar.bz2 82c24c7cba3bce96957f25661f39c6162a262ba76aef24e986e73dbf2a79b7a6 /opt/riemann riemann riemann 1
    directory /var/log/riemann riemann riemann 0755
}

# What ./run install looks at, all at once, before anything is changed.
look_install() {
    install_java
    install_riemann
}

# What ./run install does.
phase_install() {
    looked install_java
    checkable install_upstart
    looked install_riemann
}
