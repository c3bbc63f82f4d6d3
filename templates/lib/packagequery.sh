# Questions to the package manager of the host: which one it is, and what is installed.

# package_find: sets package_tool to this host's package manager and package_manager to the key that
# names its packages in a bundle. Exit code 1: there is none.
# reads only
package_find() {
    # In yash the variable of a loop is the function's own.
    for package_find in apt-get dnf microdnf yum zypper apk pacman xbps-install pkg opkg; do
        package_tool=$package_find
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
    package_tool= package_manager=
    return 1
}

# package_words TEXT: sets package_words to the single names in it: alternatives are split up.
package_words() {
    package_words= package_words_rest=$1
    while :; do
        # posh needs the quotes, and none around them.
        package_words_one=${package_words_rest%%"|"*}
        package_words="$package_words$package_words_one "
        case $package_words_rest in
            *"|"*) package_words_rest=${package_words_rest#*"|"} ;;
            *) return 0 ;;
        esac
    done
}

# packages_query WORD...: sets packages_found to " installed/A installed/B ", the names among WORD that
# are installed, by one question to the package manager where it can answer that. A WORD may be
# alternatives: a|b. For apt a name may also be name=version or name:architecture.
# may use: dpkg-query rpm apk pacman xbps-query pkg opkg
packages_query() {
    packages_found=' '
    package_words "$*"
    # shellcheck disable=SC2086
    set -- $package_words
    [ $# -gt 0 ] || return 0
    case $package_manager in
        apt)
            packages_found=$(
                for packages_query_name in "$@"; do
                    set -- "$@" "${packages_query_name%%=*}"
                    shift
                done
                # shellcheck disable=SC2016
                dpkg-query -W -f ' ${db:Status-Status}/${Package} ${db:Status-Status}/${Package}=${Version} ${db:Status-Status}/${Package}:${Architecture} ' "$@" 2>/dev/null
            )
            ;;
        dnf | zypper) packages_query_rpm "$@" ;;
        apk)
            packages_query_list=$(apk info -e "$@" 2>/dev/null) && packages_query_list=$*
            # shellcheck disable=SC2086
            packages_query_add $packages_query_list
            ;;
        pacman)
            # It says what is missing, and 127 when something is.
            packages_query_list=$(pacman -T "$@" 2>/dev/null)
            case $? in 0 | 127) packages_query_rest "$@" ;; esac
            ;;
        *)
            for packages_query_name in "$@"; do
                case $package_manager in
                    xbps) xbps-query "$packages_query_name" ;;
                    pkg) pkg info -e "$packages_query_name" ;;
                    opkg) case $(opkg status "$packages_query_name") in *' installed'*) ;; *) false ;; esac ;;
                esac >/dev/null 2>&1 && packages_query_add "$packages_query_name"
            done
            ;;
    esac
    return 0
}

# packages_query_add NAME...: these are installed.
packages_query_add() {
    for packages_query_one in "$@"; do
        packages_found="$packages_found installed/$packages_query_one "
    done
}

# packages_query_rest NAME...: those are installed that are no line of packages_query_list.
packages_query_rest() {
    for packages_query_one in "$@"; do
        case $nl$packages_query_list$nl in
            *"$nl$packages_query_one$nl"*) ;;
            *) packages_found="$packages_found installed/$packages_query_one " ;;
        esac
    done
}

# packages_query_rpm NAME...: rpm says in a sentence what it does not find. What is no package may be
# something that a package provides: a second question.
# may use: rpm
packages_query_rpm() {
    if packages_query_list=$(rpm -q "$@" 2>&1); then
        packages_query_add "$@"
        return
    fi
    packages_query_list=$nl$packages_query_list$nl packages_query_missing=
    for packages_query_name in "$@"; do
        case $packages_query_list in
            *"${nl}package $packages_query_name is not installed$nl"*)
                packages_query_missing="$packages_query_missing $packages_query_name"
                ;;
            *' is not installed'*) packages_query_add "$packages_query_name" ;;
            *) return ;; # it says something else altogether
        esac
    done
    # shellcheck disable=SC2086
    set -- $packages_query_missing
    packages_query_list=$nl$(rpm -q --whatprovides "$@" 2>&1)$nl
    for packages_query_name in "$@"; do
        case $packages_query_list in
            *"${nl}no package provides $packages_query_name$nl"*) ;;
            *"${nl}error: "*) ;;
            *) packages_query_add "$packages_query_name" ;;
        esac
    done
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
