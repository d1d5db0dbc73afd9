# Deletes folders that sandboxes wrote; run by the engine as `sh -c`, as the server's user. HOST_ID as for the start.
set -eu
if [ -z "$HOST_ID" ]; then
    exec rm -rf -- "$@"
fi
exec unshare --user --map-root-user --map-users="$HOST_ID,1000,1" --map-groups="$HOST_ID,1000,1" rm -rf -- "$@"
