# Starts one sandbox; run by the engine as `sh -c`, as the server's user, in a session of its own.
#
# FOLDER    the sandbox's folder: workspace/, run/, arguments; gets info (pid 1's host pid) and runner.log
# FILES     passwd, group, hosts, filter.bpf
# RUNTIME   the runner's program
# CACHES    the home of this person's sandboxes of this project
# HOST_ID   of the sandbox, from the server user's range; empty: the server's own id
# FRESH     not empty: workspace and caches are still the server's, give them to the sandbox
# GROUPS_V1, GROUP_V2   cgroup directories to make and enter; empty where there are none
# MEMORY, CPU_MICROS, PIDS, FILES_OPEN   the limits; CPU_MICROS of 100 000
set -eu
umask 022
exec </dev/null >"$FOLDER/runner.log" 2>&1 7>"$FOLDER/info" 8<"$FOLDER/arguments" 9<"$FILES/filter.bpf"

limit() { # best effort where a kernel lacks the file (no swap accounting): the preflight says which limits hold
    [ ! -e "$2" ] || echo "$1" >"$2"
}
if [ -n "$GROUPS_V1" ]; then
    mkdir -p $GROUPS_V1
    for group in $GROUPS_V1; do
        limit "$PIDS" "$group/pids.max"
        limit "$MEMORY" "$group/memory.limit_in_bytes"
        limit "$MEMORY" "$group/memory.memsw.limit_in_bytes"
        limit 100000 "$group/cpu.cfs_period_us"
        limit "$CPU_MICROS" "$group/cpu.cfs_quota_us"
        echo $$ >"$group/cgroup.procs"
    done
fi
if [ -n "$GROUP_V2" ]; then
    mkdir -p "$GROUP_V2"
    limit "$PIDS" "$GROUP_V2/pids.max"
    limit "$MEMORY" "$GROUP_V2/memory.max"
    limit 0 "$GROUP_V2/memory.swap.max"
    limit "$CPU_MICROS 100000" "$GROUP_V2/cpu.max"
    echo $$ >"$GROUP_V2/cgroup.procs"
fi

rlimits="prlimit --core=0:0 --nofile=$FILES_OPEN:$FILES_OPEN --"
if [ -z "$HOST_ID" ]; then
    exec $rlimits bwrap --args 8 -- "$@"
fi

# As the server's own id first: only it can pass its 0700 folders. The sandbox's id then sees the mounts below /mnt.
export rlimits
exec unshare --user --mount --map-root-user --map-users="$HOST_ID,1000,1" --map-groups="$HOST_ID,1000,1" sh -euc '
    [ -z "$FRESH" ] || chown 1000:1000 "$FOLDER/workspace" "$CACHES"
    mount -t tmpfs -o mode=755 mounts /mnt
    mkdir /mnt/workspace /mnt/caches /mnt/run /mnt/runtime /mnt/files
    mount --bind "$FOLDER/workspace" /mnt/workspace
    mount --bind "$CACHES" /mnt/caches
    mount --bind "$FOLDER/run" /mnt/run
    mount --bind "$RUNTIME" /mnt/runtime
    mount --bind "$FILES" /mnt/files
    exec setpriv --reuid=1000 --regid=1000 --clear-groups -- $rlimits bwrap --args 8 -- "$@"
' sh "$@"
