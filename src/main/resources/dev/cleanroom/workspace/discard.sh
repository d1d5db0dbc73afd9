# Makes files what the user's index has, and deletes those that it does not have and git does not ignore.
# usage: sh discard.sh < NUL-terminated paths
# Exit 66: a file is too large for a checkpoint, so this could not be undone; nothing was changed.
set -eu
work=$(mktemp -d .git/cleanroom/discard.XXXXXX)
trap 'rm -rf "$work"' EXIT
cat > "$work/paths"
xargs -0 -r git ls-files -z -o --exclude-standard -- < "$work/paths" | grep -zv '/$' > "$work/untracked" || :
xargs -0 -r git ls-files -z -c -- < "$work/paths" > "$work/tracked"
cat "$work/untracked" "$work/tracked" | xargs -0 -r stat --printf='%s\n' -- 2>/dev/null | grep -qE '^[0-9]{9,}$' && exit 66
xargs -0 -r rm -f -- < "$work/untracked"
xargs -0 -r dirname -z -- < "$work/untracked" | sort -zu | xargs -0 -r rmdir -p --ignore-fail-on-non-empty -- 2>/dev/null || :
git checkout-index -f -u -z --stdin < "$work/tracked"
