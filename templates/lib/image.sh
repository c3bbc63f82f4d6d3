# Images that do not run: a folder with the root file system of another host.

# image_run FOLDER PHASE...: runs the phases in FOLDER, with a copy of the bundle in there; so whatever they
# run, they cannot reach this host by mistake. Ends the run.
# may use: chroot mknod cp
image_run() {
    image_folder=$1
    shift
    [ -d "$image_folder" ] || die 64 "--root $image_folder: no such folder"
    for image_command in chroot mknod cp; do
        command -v "$image_command" >/dev/null 2>&1 || die 69 "missing on this host: $image_command"
    done
    if [ ! -e "$image_folder/bin/sh" ] && [ ! -L "$image_folder/bin/sh" ]; then
        die 70 "cannot work in $image_folder: it has no /bin/sh"
    fi
    # What a run has left that was killed.
    for image_left in "$image_folder"/.palletgen-[0-9]*; do
        if [ -d "$image_left" ] && ! kill -0 "${image_left##*-}" 2>/dev/null; then
            rm -rf "$image_left"
        fi
    done
    # Without it, what is thrown away there would become a file.
    if [ ! -c "$image_folder/dev/null" ]; then
        image_null=$image_folder/dev/null
        image_said=$({
            mkdir -p "$image_folder/dev" && rm -f "$image_null" && mknod -m 666 "$image_null" c 1 3
        } 2>&1) || file_failed "$image_null" "$image_said"
    fi
    image_copy=$image_folder/.palletgen-$$
    image_said=$({
        rm -rf "$image_copy" && mkdir -m 0700 "$image_copy" && cp -R "$bundle/." "$image_copy"
    } 2>&1) || file_failed "$image_folder" "$image_said"
    image_cache
    export PALLETGEN_ROOT=/ PALLETGEN_CHECK="$run_check" PALLETGEN_DIFF="$run_diff" PALLETGEN_JSON="$run_json"
    export PALLETGEN_OVERWRITE_CHANGES="$run_overwrite" PALLETGEN_PURGE="$run_purge" PALLETGEN_WAIT="$run_wait"
    export PALLETGEN_IF_STOPPED="$run_if_stopped" PALLETGEN_IF_FLAG="$run_if_flag" PALLETGEN_INSTANCE_ID="$run_instance"
    export PALLETGEN_REPLACE="$run_replace"
    chroot "$image_folder" /bin/sh "/${image_copy##*/}/run" "$@"
    image_code=$?
    run_done=1
    case $image_code in
        126 | 127) die 70 "cannot run /bin/sh in $image_folder: is it there, and made for this machine?" ;;
    esac
    exit "$image_code"
}

# image_cache: puts those files of the cache into the image that the phases may ask for.
# may use: cp grep
image_cache() {
    [ -n "$PALLETGEN_CACHE" ] || return 0
    mkdir "$image_copy/cache"
    for image_left in "$PALLETGEN_CACHE"/*; do
        if [ -f "$image_left" ] && grep -qsF -e "${image_left##*/}" "$bundle"/phases/*.sh; then
            image_said=$(cp "$image_left" "$image_copy/cache" 2>&1) || file_failed "$image_folder" "$image_said"
        fi
    done
    export PALLETGEN_CACHE="/${image_copy##*/}/cache"
}

# image_clean: takes away what image_run has put there.
image_clean() {
    for image_left in "$image_copy" "$image_null"; do
        [ -z "$image_left" ] || rm -rf "$image_left"
    done
}
