#!/bin/sh
# Prepares a host for bubblewrap sandboxes, as root; does nothing where it was done before.
#
#   prepare-host.sh [--home DIR] [--pid PID]
#
# Makes the system user `cleanroom` with a range of subordinate ids (one host id per person and project), gives it a
# cgroup subtree for the sandboxes' limits, and, with --home, the data folder. --pid moves a process (the launcher,
# before it drops root) into the subtree: cgroup v2 lets a user move processes only within what it owns.
set -eu

user=cleanroom
count=65536 # ids: more pairs of person and project than one server sees
home=
pid=
while [ $# -gt 0 ]; do
    case $1 in
        --home) home=$2 ;;
        --pid) pid=$2 ;;
        *) echo "usage: prepare-host.sh [--home DIR] [--pid PID]" >&2; exit 2 ;;
    esac
    shift 2
done
[ "$(id -u)" = 0 ] || { echo "prepare-host.sh must be run by root" >&2; exit 1; }

if ! getent passwd $user >/dev/null; then
    useradd --system --user-group --home-dir /var/lib/cleanroom --no-create-home --shell /usr/sbin/nologin $user
fi

# The first free range at or above 300000, the same in both files.
first_free() {
    awk -F: 'BEGIN { first = 300000 } NF == 3 && $2 + $3 > first { first = $2 + $3 } END { print first }' \
        /etc/subuid /etc/subgid
}
touch /etc/subuid /etc/subgid
if ! grep -q "^$user:" /etc/subuid || ! grep -q "^$user:" /etc/subgid; then
    first=$(first_free)
    sed -i "/^$user:/d" /etc/subuid /etc/subgid
    echo "$user:$first:$count" >>/etc/subuid
    echo "$user:$first:$count" >>/etc/subgid
fi

if [ -n "$home" ]; then
    mkdir -p "$home"
    chown $user:$user "$home"
    chmod 0700 "$home"
fi

root=/sys/fs/cgroup
if [ -e $root/cgroup.controllers ]; then
    # v2: the subtree itself holds no process; the server lives in a sibling of the sandboxes.
    if mkdir -p $root/cleanroom/server 2>/dev/null; then
        for controller in cpu memory pids; do
            echo "+$controller" >$root/cgroup.subtree_control 2>/dev/null || true
            echo "+$controller" >$root/cleanroom/cgroup.subtree_control 2>/dev/null || true
        done
        for group in $root/cleanroom $root/cleanroom/server; do
            chown $user $group $group/cgroup.procs $group/cgroup.subtree_control
        done
        [ -z "$pid" ] || echo "$pid" >$root/cleanroom/server/cgroup.procs
    fi
else
    for controller in pids memory cpu freezer; do
        if [ -d $root/$controller ] && mkdir -p $root/$controller/cleanroom 2>/dev/null; then
            chown $user $root/$controller/cleanroom $root/$controller/cleanroom/cgroup.procs
        fi
    done
fi
