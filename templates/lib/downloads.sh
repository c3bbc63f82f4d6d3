# Files and archives from elsewhere. What has not the sha256 that was asked for is never put in place.
# A URL may also be file:///PATH or just an absolute path.

# download_with URL: sets download_tool to the program that gets URL; ends the run with 69 when
# there is none.
download_with() {
    case $1 in /* | file://*) download_tool=cat && return ;; esac
    for download_tool in curl wget fetch /usr/lib/apt/apt-helper; do
        command -v "$download_tool" >/dev/null 2>&1 && return
    done
    die 69 "cannot download $1: none of curl, wget, fetch is on this host"
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

# download URL SHA256 DEST: makes DEST (0644) the file behind URL; nothing to do where DEST has
# this SHA256. 69: no program to download with. 70: failed, DEST is as before.
download() {
    if [ -f "$3" ]; then
        file_sha256 "$3" && [ "$file_sha256" = "$2" ] && return 0
    elif [ -e "$3" ]; then
        die 70 "cannot change $3: it is there and is no regular file"
    fi
    download_aside=${3%/*}/.${3##*/}.palletgen-new
    aside=$download_aside-$$
    download_said=$({
        mkdir -p "${3%/*}/." && rm -f "$download_aside"*
    } 2>&1) || file_failed "$3" "$download_said"
    download_into "$1" "$2" "$aside"
    download_said=$({
        chmod 0644 "$aside" && mv -f "$aside" "$3"
    } 2>&1) || file_failed "$3" "$download_said"
    aside=
    note "changed $3"
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
