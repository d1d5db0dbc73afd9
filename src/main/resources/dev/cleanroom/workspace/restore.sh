# Makes the worktree of the current directory what TARGET has, and the shadow's index with it. Files that git ignores, and
# those too large for a checkpoint, stay unless TARGET has something in their place.
# usage: sh restore.sh TARGET
# Environment: GIT_DIR (the shadow, whose index is of the files as they are), GIT_WORK_TREE.
# Exit 65: the shadow lacks TARGET or is damaged; prepare.sh repairs it.
set -eu
target=$1
[ ! -e "$GIT_DIR/index.lock" ] || rm -f "$GIT_DIR/index.lock"
git rev-parse -q --verify "$target^{tree}" >/dev/null 2>&1 || exit 65
[ -f "$GIT_DIR/index" ] || exit 65
git update-index -q --refresh >/dev/null 2>&1 || :
: > "$GIT_DIR/restored" # the next checkpoint looks at the index, not only at what differs from it
git read-tree --reset -u "$target"
