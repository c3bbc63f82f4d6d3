# Files with secrets in them. In the bundle's own copy <palletgen:NAME:HOW> stands in the place of each; $secrets, see
# run, has the values. None of them ever becomes an argument of a program: those everybody on the host can see.

# put_secret DEST OWNER GROUP MODE SHA256 [FLAG [VERIFY...]]: put, of a file with secrets. SHA256 is that of the bundle's
# own copy. Nothing of the file is shown, not even its sum: a short secret could be guessed by that.
# resource
put_secret() {
    secret_content "$1" "$5"
    if [ -n "$looking" ]; then
        look_path "$1" - "$2" "$3" "$4"
        look_sum "$1" "$secret_sum"
        return 0
    fi
    in_place "$1" && return 0
    secret_compare "$1" "$2" "$3" "$4"
    [ -n "$file_why$file_stuck" ] || return 0
    [ -z "$file_stuck" ] || { stuck "$file_stuck" && return; }
    [ -z "$run_diff" ] || [ -z "$file_new" ] || say "$1 differs; it holds a secret, so nothing of it is shown"
    secret_diff=$run_diff run_diff=
    if [ -n "$run_check" ]; then
        file_would "$1" "$2" "$3" "$4" "$secret_sum" "$6"
    elif [ -z "$file_new" ]; then
        file_owner "$1" "$4"
    else
        secret_replace "$@"
    fi
    run_diff=$secret_diff
}

# secret_replace DEST OWNER GROUP MODE SHA256 [FLAG [VERIFY...]]: makes DEST the file that secret_text is.
secret_replace() {
    file_edited "$1" "$secret_sum" || [ -n "$run_overwrite" ] ||
        die 78 "cannot change $1: it was edited on this host since the last run, or is a link. Take the change over into the settings, or give --overwrite-changes"
    folders "$1"
    set_aside "$1"
    secret_said=$({
        umask 077 && rm -f "$aside" && set -C && secret_print >"$aside"
    } 2>&1) || file_failed "$1" "$secret_said"
    record secret "$5" "$secret_sum" "$1"
    secret_dest=$1 secret_owner=$2 secret_group=$3 secret_mode=$4 secret_flag=$6
    shift 5
    [ $# -eq 0 ] || shift
    if [ $# -gt 0 ]; then
        command -v "$1" >/dev/null 2>&1 || die 69 "cannot change $secret_dest: $1, which has to accept it, is missing"
        "$@" "$aside" >/dev/null 2>&1 </dev/null ||
            die 70 "cannot change $secret_dest: $* does not accept the new one (what it says is not shown: the file holds a secret)"
    fi
    replace_file "$secret_dest" "$secret_owner" "$secret_group" "$secret_mode" "$secret_sum" "$secret_flag"
}

# secret_compare DEST OWNER GROUP MODE: as file_compare. Where the secrets are not given, the content can only be that
# of the last run.
secret_compare() {
    if [ -n "$secret_text" ]; then
        file_compare "$1" "$2" "$3" "$4" - <<END
$secret_text
END
    elif [ -f "$1" ] && file_sha256 "$1" && [ "$file_sha256" = "$secret_sum" ]; then
        file_compare "$1" "$2" "$3" "$4" "$1"
    else
        file_compare "$1" "$2" "$3" "$4" "$bundle/root$1"
    fi
}

# secret_content DEST SHA256: sets secret_text to what DEST is to hold, without the last line end, and secret_sum to
# the sum of it all. Under --check, where a secret is not given: secret_text to '', and secret_sum to the sum of what the
# last run has put there, if that was made of the same copy.
secret_content() {
    if secret_fill "$1"; then
        secret_sha256
        return
    fi
    secret_text= secret_more=1
    secret_sum=0000000000000000000000000000000000000000000000000000000000000000
    [ -f "$state/journal" ] || return 0
    while [ -n "$secret_more" ] && { IFS= read -r secret_line || secret_more=; } && [ -n "$secret_more$secret_line" ]; do
        case $secret_line in
            "secret $2 "*" $1 ;")
                secret_sum=${secret_line#"secret $2 "}
                secret_sum=${secret_sum%" $1 ;"}
                ;;
        esac
    done <"$state/journal"
}

# secret_fill DEST: sets secret_text to the bundle's copy with the secrets in it. Exit code 1: one is not given.
secret_fill() {
    secret_text= secret_more=1
    while [ -n "$secret_more" ] && { IFS= read -r secret_line || secret_more=; } && [ -n "$secret_more$secret_line" ]; do
        while :; do
            case $secret_line in
                *"<palletgen:"*) ;;
                *) break ;;
            esac
            secret_text=$secret_text${secret_line%%"<palletgen:"*}
            secret_line=${secret_line#*"<palletgen:"}
            secret_name=${secret_line%%:*} secret_how=${secret_line#*:}
            secret_line=${secret_how#*">"} secret_how=${secret_how%%">"*}
            secret_find "$secret_name" || return 1
            secret_escape "$1"
        done
        secret_text=$secret_text$secret_line$nl
    done <"$bundle/root$1"
    secret_text=${secret_text%"$nl"}
}

# secret_find NAME: sets secret_found to the secret. Exit code 1: it is not given.
# reads only
secret_find() {
    case $secrets in *"$nl$1="*) ;; *) return 1 ;; esac
    secret_rest=${secrets#*"$nl$1="}
    secret_found=${secret_rest%%"$nl"*}
    secret_rest=${secret_rest#*"$nl"}
    while :; do
        case $secret_rest in ' '*) ;; *) break ;; esac
        secret_rest=${secret_rest#' '}
        secret_found=$secret_found$nl${secret_rest%%"$nl"*}
        secret_rest=${secret_rest#*"$nl"}
    done
}

# secret_escape DEST: adds secret_found to secret_text, as secret_how says.
secret_escape() {
    case $secret_how:$secret_found in
        plain:*[!A-Za-z0-9_.,:@%+/=-]*)
            die 64 "cannot put the secret $secret_name into $1: it can hold only letters, digits and _ . , : @ % + / = - there"
            ;;
        backslashed:*[\"\\]* | backslashed:*"$nl"* | doubled:*"'"* | sh:*"'"*) ;;
        *)
            secret_text=$secret_text$secret_found
            return
            ;;
    esac
    while [ -n "$secret_found" ]; do
        secret_byte=${secret_found%"${secret_found#?}"}
        secret_found=${secret_found#?}
        case $secret_how$secret_byte in
            backslashed[\"\\]) secret_text=$secret_text\\ ;;
            backslashed"$nl") secret_text=$secret_text\\ secret_byte=n ;;
            doubled\') secret_text=$secret_text\' ;;
            sh\') secret_text=$secret_text\'\\\' ;;
        esac
        secret_text=$secret_text$secret_byte
    done
}

# secret_print: prints secret_text. By a here-document: in some shells printf is a program.
secret_print() {
    cat <<END
$secret_text
END
}

# secret_sha256: sets secret_sum to the sum of what secret_print prints.
# may use: sha256sum sha256 shasum openssl
secret_sha256() {
    if command -v sha256sum >/dev/null 2>&1; then
        secret_sum=$(secret_print | sha256sum)
    elif command -v sha256 >/dev/null 2>&1; then
        secret_sum=$(secret_print | sha256 -q)
    elif command -v shasum >/dev/null 2>&1; then
        secret_sum=$(secret_print | shasum -a 256)
    elif command -v openssl >/dev/null 2>&1; then
        secret_sum=$(secret_print | openssl dgst -sha256 -r)
    else
        die 69 'cannot compute a sha256: none of sha256sum, sha256, shasum, openssl is on this host'
    fi
    secret_sum=${secret_sum%% *}
}
