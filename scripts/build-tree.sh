#!/bin/sh
# Builds a tree of foreign-tree.ts, from which it gets its arguments. It runs under a lock that lives as long as the last
# process started here, so no second build can meet the remains of a killed one while they still write.
set -eu
root=$1 suite=$2 mirror=$3 packages=$4 postgres=$5

# debootstrap mounts /proc in the tree. In a mount namespace of our own that mount ends with us, however we end; a
# container without the right to have one may not mount either.
if [ "${OWN_MOUNTS:-}" = '' ] && unshare --mount true 2>/dev/null; then
  OWN_MOUNTS=1 exec unshare --mount sh "$0" "$@"
fi

# Another build was first.
[ ! -e "$root" ] || exit 0

umask 022
partial=$root.partial
rm -rf --one-file-system "$partial"
# The script of sid fits every suite since, also those the host's debootstrap is too old to know.
debootstrap --variant=minbase --include="$packages" "$suite" "$partial" "$mirror" /usr/share/debootstrap/scripts/sid

# The package's own cluster listens elsewhere and wants passwords.
chroot "$partial" pg_dropcluster "$postgres" main
chroot "$partial" setpriv --reuid=postgres --regid=postgres --init-groups \
  "/usr/lib/postgresql/$postgres/bin/initdb" -D /var/lib/postgresql/gatehouse -U postgres \
  --auth=trust --encoding=UTF8 --locale=C.UTF-8
rm -rf "$partial"/var/cache/apt/archives/*.deb "$partial"/var/lib/apt/lists/*

# Only now it is a tree.
mv "$partial" "$root"
