# Repositories of packages. What they hold is believed because it is signed: the key is given by its
# sha256. Each function is for one kind of package manager, and does nothing on hosts with another one.

# apt_source NAME URIS SUITES COMPONENTS KEY_URL KEY_SHA256: for apt, the file
# /etc/apt/sources.list.d/NAME.sources, and its key in /etc/apt/keyrings. URIS, SUITES and COMPONENTS
# are separated by spaces; COMPONENTS is '' for a SUITE that ends in a slash.
# resource
apt_source() {
    package_find && [ "$package_manager" = apt ] || return 0
    source_words "$@"
    directory /etc/apt/keyrings root root 0755
    source_key "$5" "$6" "/etc/apt/keyrings/$1"
    source_file "/etc/apt/sources.list.d/$1.sources" "Types: deb
URIs: $2
Suites: $3
${4:+Components: $4$nl}Signed-By: $source_key
"
}

# rpm_source NAME BASEURL KEY_URL KEY_SHA256: for dnf and yum the file /etc/yum.repos.d/NAME.repo, for zypper
# /etc/zypp/repos.d/NAME.repo, and its key in /etc/pki/rpm-gpg, known to rpm.
# resource
rpm_source() {
    package_find || return 0
    case $package_manager in
        dnf) rpm_source_file=/etc/yum.repos.d/$1.repo ;;
        zypper) rpm_source_file=/etc/zypp/repos.d/$1.repo ;;
        *) return 0 ;;
    esac
    source_words "$@"
    # The key is put there only when rpm has accepted it.
    remote_file "$3" "$4" "/etc/pki/rpm-gpg/RPM-GPG-KEY-$1" root root 0644 '' rpm --import
    source_file "$rpm_source_file" "[$1]
name=$1
baseurl=$2
enabled=1
autorefresh=1
gpgcheck=1
gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-$1
"
}

# apk_source URL KEY_NAME KEY_URL KEY_SHA256: for apk, a line of /etc/apk/repositories, and the key
# /etc/apk/keys/KEY_NAME.
# resource
apk_source() {
    package_find && [ "$package_manager" = apk ] || return 0
    source_words "$@"
    remote_file "$3" "$4" "/etc/apk/keys/$2" root root 0644
    line_in_file /etc/apk/repositories "$1"
}

# source_words WORD...: ends the run with 70 when one of them is more than a line.
source_words() {
    case $* in *"$nl"*) die 70 "cannot add the repository $1: it is described by more than one line" ;; esac
}

# source_key URL SHA256 PATH: puts the key there, and sets source_key to its name: PATH.asc for a key in
# letters, else PATH.gpg. apt goes by the name.
source_key() {
    source_key=$3.asc
    [ -f "$3.asc" ] || [ ! -f "$3.gpg" ] || source_key=$3.gpg
    if [ -n "$looking" ]; then
        look_path "$source_key" - root root 0644
        look_sum "$source_key" "$2"
        return 0
    fi
    in_place "$source_key" && return 0
    if [ -f "$source_key" ] && file_sha256 "$source_key" && [ "$file_sha256" = "$2" ]; then
        remote_file "$1" "$2" "$source_key" root root 0644
        return
    fi
    would "add the key $source_key" && return 0
    folders "$3"
    set_aside "$3"
    download_into "$1" "$2" "$aside"
    source_key=$3.gpg
    { read -r source_key_line <"$aside"; } 2>/dev/null
    case $source_key_line in '-----BEGIN PGP'*) source_key=$3.asc ;; esac
    replace_file "$source_key" root root 0644 "$2" ''
}

# source_file PATH TEXT: makes PATH (root's, 0644) a file with this content.
source_file() {
    if [ -n "$looking" ]; then
        look_path "$1" - root root 0644
        return 0
    fi
    source_is "$1" "$2" && in_place "$1" && return
    file_differs "$1" - root root 0644
    source_new=
    if ! source_is "$1" "$2"; then
        source_new=1
        [ "$file_why" = 'it is not there' ] || file_why="its content differs${file_why:+; $file_why}"
    fi
    [ -n "$file_why" ] || return 0
    would "change $1: $file_why" && return 0
    if [ -z "$source_new" ]; then
        file_owner "$1" 0644
        return
    fi
    folders "$1"
    set_aside "$1"
    source_said=$({
        umask 077 && rm -f "$aside" && printf '%s' "$2" >"$aside"
    } 2>&1) || file_failed "$1" "$source_said"
    source_is "$aside" "$2" && file_sha256 "$aside" || file_failed "$1" ''
    replace_file "$1" root root 0644 "$file_sha256" ''
}

# source_is PATH TEXT: 0 when PATH is a regular file with this content.
source_is() {
    [ -f "$1" ] && [ ! -L "$1" ] || return 1
    source_text=
    while IFS= read -r source_line; do
        source_text=$source_text$source_line$nl
    done <"$1" 2>/dev/null
    [ "$source_text" = "$2" ]
}
