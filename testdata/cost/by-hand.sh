#!/bin/sh
# by-hand.sh FOLDER: what somebody who knows how would write by hand to see that nothing is to be done: the
# checks of a run of the bundle riemann-runit (install configure enable start), all at once.
# Of FOLDER it reads
#   paths     a line for each file, folder and link: its line of ls -ldn without links, size and date
#   sums      for sha256sum -c
#   packages  names, one a line
# It says what differs, and ends with 1 then.
LC_ALL=C
export LC_ALL
cd "$1" || exit 70
differs=0
say() {
    printf '%s\n' "$1"
    differs=1
}

# Accounts: the files are read by the shell itself.
user='' group=''
while IFS=: read -r name rest; do
    [ "$name" != riemann ] || group=1
done </etc/group
while IFS=: read -r name rest; do
    [ "$name" != riemann ] || user=1
done </etc/passwd
[ -n "$user$group" ] || say 'the account riemann is not there'

# Packages: one question.
set --
while read -r name; do
    set -- "$@" "$name"
done <packages
case $(dpkg-query -W -f '${Status}\n' "$@" 2>&1) in
    *'not-installed'* | *'deinstall'* | *'no packages found'*) say 'a package is missing' ;;
esac

# The archive: its stamp.
stamp=
read -r stamp </opt/riemann/.palletgen-sha256
[ -n "$stamp" ] || say '/opt/riemann is not there'

# Kind, mode and owner of everything: one ls.
set --
while read -r mode owner path; do
    set -- "$@" "${path%% -> *}"
done <paths
listed=$(ls -ldn "$@" 2>&1)
while read -r mode owner path; do
    case $listed in
        *"$mode "*" $path"*) ;;
        *) say "$path differs" ;;
    esac
done <paths

# All contents: one sha256sum.
sha256sum -c sums >/dev/null 2>&1 || say 'a file has another content'

# The service: enabled, and it runs.
[ ! -e /etc/sv/riemann/down ] || say 'riemann is disabled'
case $(sv status /etc/service/riemann) in
    run:*) ;;
    *) say 'riemann does not run' ;;
esac
exit "$differs"
