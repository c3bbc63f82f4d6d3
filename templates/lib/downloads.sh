# Files and archives from elsewhere. What has not the sha256 that was asked for is never put in place.
# A URL is http://, https://, ftp://, file:///PATH, just an absolute path, or bundle:CRATE/NAME for a file
# that came with the bundle. From the environment:
#   PALLETGEN_CACHE   a folder with files named by their sha256. It is looked at first; what is
#                     downloaded is added to it, where that is possible. With all files in it, no
#                     network is needed
#   PALLETGEN_MIRROR  a URL or folder that is tried before the URL itself: MIRROR/SHA256, then
#                     MIRROR/NAME with the last part of the URL
# The programs see the proxy variables (https_proxy, no_proxy ...) as they are.

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

# remote_file URL SHA256 DEST OWNER GROUP MODE [FLAG [VERIFY...]]: makes DEST the file behind URL, which
# is got only where DEST has not this SHA256. FLAG and VERIFY as for put.
# 69: no program to download with. 70: failed, DEST is as before. 78: DEST was edited on this host.
# resource
remote_file() {
    if [ -n "$looking" ]; then
        look_path "$3" - "$4" "$5" "$6"
        look_sum "$3" "$2"
        return 0
    fi
    in_place "$3" && return 0
    remote_new=
    file_differs "$3" - "$4" "$5" "$6"
    case $file_why in
        'it is '*)
            if [ -e "$3" ] && [ ! -L "$3" ]; then
                stuck "cannot change $3: it is no regular file; move it away"
                return
            fi
            remote_new=1
            ;;
        *)
            if ! file_sha256 "$3" || [ "$file_sha256" != "$2" ]; then
                remote_new=1
                file_why="its content differs${file_why:+; $file_why}"
            fi
            ;;
    esac
    [ -n "$file_why" ] || return 0
    if would "change $3: $file_why"; then
        if [ -n "$remote_new" ]; then
            [ -z "$7" ] || flag "$7"
            file_edited "$3" "$2" || [ -n "$run_overwrite" ] ||
                warn "$3 was edited on this host; it is replaced only with --overwrite-changes"
        fi
        return 0
    fi
    if [ -z "$remote_new" ]; then
        file_owner "$3" "$6"
        return 0
    fi
    folders "$3"
    set_aside "$3"
    download_into "$1" "$2" "$aside"
    remote_sum=$2 remote_dest=$3 remote_owner=$4 remote_group=$5 remote_mode=$6
    shift 6
    [ $# -gt 0 ] || set -- ''
    replace_file "$remote_dest" "$remote_owner" "$remote_group" "$remote_mode" "$remote_sum" "$@"
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
