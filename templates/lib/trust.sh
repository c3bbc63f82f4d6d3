# The signature of the bundle. These functions stand in run itself, since they are at work before lib.sh is read:
# they use nothing but what is at hand there.

# trust_refuse CODE TEXT: ends the run before anything was read or changed.
trust_refuse() {
    printf '%s: %s\n' "$bundle_name" "$2" >&2
    if [ -n "$trust_json" ]; then
        case $2 in *[\"\\]* | *[!\ -~]*) set -- "$1" 'refused; standard error says why' ;; esac
        printf '{"bundle":"%s","event":"%s",%s}\n' "$bundle_name" failed "\"code\":$1,\"message\":\"$2\"" \
            "$bundle_name" end "\"changed\":0,\"code\":$1"
    fi
    if [ -n "$run_unpacked" ]; then
        rm -rf "$bundle"
        rmdir "${bundle%/*}"
    fi
    exit "$1"
}

# trust_asked ARGUMENT...: sets trust_file to the file of keys that --trusted or PALLETGEN_TRUSTED names, '' for none;
# and trust_json, '' unless the run is to print JSON.
trust_asked() {
    trust_file=$PALLETGEN_TRUSTED trust_before= trust_json=${PALLETGEN_JSON#0}
    for trust_one in "$@"; do
        case $trust_one in --json) trust_json=1 ;; esac
    done
    PALLETGEN_TRUSTED= # whatever this run calls of the bundle, it has checked
    for trust_one in "$@" ''; do
        case $trust_before:$trust_one in
            --trusted: | --trusted:-* | *:--trusted=) trust_refuse 64 '--trusted needs a value' ;;
            --trusted:*) trust_file=$trust_one ;;
            *:--trusted=*) trust_file=${trust_one#*=} ;;
        esac
        trust_before=$trust_one
    done
}

# trust_check: ends the run with 70 unless a key in trust_file has signed the bundle, and its files are what was signed.
# may use: ssh-keygen
trust_check() {
    case $trust_file in /*) ;; *) trust_file=$run_from/$trust_file ;; esac
    [ -f "$trust_file" ] && [ -r "$trust_file" ] || trust_refuse 64 "--trusted $trust_file: no such file"
    command -v ssh-keygen >/dev/null 2>&1 || trust_refuse 69 'missing on this host: ssh-keygen, which checks the signature'
    for trust_one in SHA256SUMS SHA256SUMS.sig; do
        [ -f "$trust_one" ] && [ ! -L "$trust_one" ] || trust_refuse 70 "not signed: it has no file $trust_one"
    done
    trust_kind
    if [ -n "$trust_plain" ]; then
        trust_key
    else
        trust_signer
    fi
    trust_list=${nl}SHA256SUMS${nl}SHA256SUMS.sig$nl
    while IFS= read -r trust_one; do
        trust_list=$trust_list${trust_one#*"  "}$nl
    done <SHA256SUMS
    trust_folder ''
    trust_sums
}

# trust_kind: sets trust_plain to 1 when trust_file holds plain public keys, to '' when it is an allowed_signers file.
trust_kind() {
    trust_plain= trust_signers=
    while read -r trust_one trust_two trust_rest || [ -n "$trust_one" ]; do
        case "$trust_one $trust_two" in
            ' ' | '#'*) ;;
            ssh-*' AAAA'* | ecdsa-*' AAAA'* | sk-*' AAAA'*) trust_plain=1 ;;
            *) trust_signers=1 ;;
        esac
    done <"$trust_file"
    case $trust_plain$trust_signers in
        '') trust_refuse 64 "--trusted $trust_file: there is no key in it" ;;
        11) trust_refuse 64 "--trusted $trust_file: some of its lines are plain keys, others begin with who signs; make them alike" ;;
    esac
}

# trust_key: the signature is good, and made by one of the plain keys.
# may use: ssh-keygen
trust_key() {
    trust_said=$(ssh-keygen -Y check-novalidate -n palletgen -s SHA256SUMS.sig <SHA256SUMS 2>/dev/null) || trust_wrong
    trust_two=${trust_said##* } # Good "palletgen" signature with ED25519 key SHA256:...
    trust_rest=$(ssh-keygen -l -E sha256 -f "$trust_file" 2>/dev/null)$nl
    while [ -n "$trust_rest" ]; do
        trust_one=${trust_rest%%"$nl"*} # 256 SHA256:... comment (ED25519)
        trust_rest=${trust_rest#*"$nl"}
        trust_one=${trust_one#* }
        case $trust_two in SHA256:*) [ "${trust_one%% *}" != "$trust_two" ] || return 0 ;; esac
    done
    trust_refuse 70 "not to be trusted: it is signed by the key $trust_two, which is not in $trust_file"
}

# trust_signer: the signature is good, and made by somebody whom the allowed_signers file lets sign bundles now.
# may use: ssh-keygen
trust_signer() {
    trust_rest=$(ssh-keygen -Y find-principals -f "$trust_file" -s SHA256SUMS.sig </dev/null 2>/dev/null)$nl
    while [ -n "$trust_rest" ]; do
        trust_one=${trust_rest%%"$nl"*}
        trust_rest=${trust_rest#*"$nl"}
        if [ -n "$trust_one" ] &&
            ssh-keygen -Y verify -f "$trust_file" -I "$trust_one" -n palletgen -s SHA256SUMS.sig <SHA256SUMS >/dev/null 2>&1; then
            return
        fi
    done
    trust_wrong
}

# trust_wrong: ends the run with the reason why a signature is not good.
# may use: ssh-keygen
trust_wrong() {
    trust_said=$(ssh-keygen -Y check-novalidate -n palletgen -s SHA256SUMS.sig <SHA256SUMS 2>&1) &&
        trust_refuse 70 "not to be trusted: it is signed by the key ${trust_said##* }, which $trust_file does not let sign bundles now"
    case $trust_said in
        *'option -- Y'* | *'nsupported operation'*) trust_refuse 69 'ssh-keygen on this host cannot check signatures: it takes OpenSSH 8.2' ;;
    esac
    trust_refuse 70 'not to be trusted: its signature does not fit SHA256SUMS'
}

# trust_folder PREFIX: in the folder with that prefix, there are plain files, and only those in trust_list.
trust_folder() {
    for trust_one in "$1"* "$1".[!.]* "$1"..?*; do
        if [ -L "$trust_one" ]; then
            trust_refuse 70 "not to be trusted: $trust_one is a link"
        elif [ -d "$trust_one" ]; then
            trust_folder "$trust_one/"
        elif [ -e "$trust_one" ]; then
            [ -f "$trust_one" ] || trust_refuse 70 "not to be trusted: $trust_one is no plain file"
            case $trust_one in
                *"$nl"*) ;;
                *) case $trust_list in *"$nl$trust_one$nl"*) continue ;; esac ;;
            esac
            trust_refuse 70 "not to be trusted: $trust_one is not among the files that were signed"
        fi
    done
}

# trust_sums: the files are what SHA256SUMS says. All of its lines are read, even where the first is wrong.
# may use: sha256sum shasum sha256 openssl
trust_sums() {
    if command -v sha256sum >/dev/null 2>&1; then
        trust_said=$(sha256sum -c SHA256SUMS 2>/dev/null) && return
    elif command -v shasum >/dev/null 2>&1; then
        trust_said=$(shasum -a 256 -c SHA256SUMS 2>/dev/null) && return
    else
        trust_said=
        while IFS= read -r trust_one; do
            trust_sum "${trust_one#*"  "}"
            [ "$trust_sum" = "${trust_one%% *}" ] || trust_said="$trust_said${trust_one#*"  "}: differs$nl"
        done <SHA256SUMS
        [ -n "$trust_said" ] || return 0
    fi
    trust_rest=$trust_said$nl trust_said=
    while [ -n "$trust_rest" ]; do
        trust_one=${trust_rest%%"$nl"*}
        trust_rest=${trust_rest#*"$nl"}
        case $trust_one in '' | *': OK') ;; *) trust_said="$trust_said ${trust_one%: *}" ;; esac
    done
    trust_refuse 70 "not to be trusted: changed since it was signed, or missing:$trust_said"
}

# trust_sum FILE: sets trust_sum, '' where it cannot be read.
# may use: sha256 openssl
trust_sum() {
    if command -v sha256 >/dev/null 2>&1; then
        trust_sum=$(sha256 -q <"$1" 2>/dev/null)
    elif command -v openssl >/dev/null 2>&1; then
        trust_sum=$(openssl dgst -sha256 -r <"$1" 2>/dev/null)
    else
        trust_refuse 69 'cannot compute a sha256: none of sha256sum, sha256, shasum, openssl is on this host'
    fi
    trust_sum=${trust_sum%% *}
}
