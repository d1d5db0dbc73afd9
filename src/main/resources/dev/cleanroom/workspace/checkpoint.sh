# Commits the whole worktree of the current directory in the shadow repository if it differs from PREVIOUS.
# usage: sh checkpoint.sh PREVIOUS KNOWN_HEAD MESSAGE
# Environment: GIT_DIR (the shadow), GIT_WORK_TREE, author and committer.
# Prints "unchanged", or "COMMIT HEAD PACK_BYTES LEFT_OUT" (HEAD: the user's; LEFT_OUT: number of files of 100 MB or more),
# then what diff-tree --raw --numstat -z says of the change; the pack is in $GIT_DIR/outbox.pack.
# Exit 65: the shadow lacks PREVIOUS or is damaged; prepare.sh repairs it.
set -eu
previous=$1 known=$2 message=$3
changed=$GIT_DIR/changed sized=$GIT_DIR/sized

[ ! -e "$GIT_DIR/index.lock" ] || rm -f "$GIT_DIR/index.lock"
[ -f "$GIT_DIR/index" ] || git read-tree "$previous" || exit 65

# What git add -A would take, in one scan.
exclude=
[ ! -f .git/info/exclude ] || exclude=--exclude-from=.git/info/exclude
git ls-files -z -o -m --exclude-standard $exclude --deduplicate > "$changed" || exit 65

# The user's HEAD, mostly where it was. Each process costs more than what it does: git is asked only if it moved.
at='' head=''
if read -r at < .git/HEAD && [ -f ".git/${at#ref: }" ]; then
  read -r head < ".git/${at#ref: }" || head=
fi 2>/dev/null
[ "$head" = "$known" ] || head=$(git --git-dir=.git rev-parse -q --verify 'HEAD^{commit}' 2>/dev/null) || head=$known

made='' old=''
[ ! -f "$GIT_DIR/made" ] || read -r made old < "$GIT_DIR/made" || :
[ "$made" = "$previous" ] || old=$(git rev-parse -q --verify "$previous^{tree}") || exit 65
tree=$old
left=0

if [ -s "$changed" ]; then
  listed=$changed
  # Nested repositories and large files are rare; one line of this tells.
  if xargs -0 -r stat --printf='%s %n\n' -- < "$changed" 2>/dev/null | grep -qE '^[0-9]{9,} |/$'; then
    # A nested repository is one entry with / at its end, and add -A would keep nothing but its commit id: take its files.
    grep -z '/$' "$changed" | xargs -0 -r sh -c 'for nested do (
        unset GIT_DIR GIT_WORK_TREE
        cd "$nested" && git ls-files -z -o -c --exclude-standard --deduplicate | grep -zv "/$" \
          | xargs -0 -r sh -c "at=\$1; shift; for path do printf \"%s%s\\0\" \"\$at\" \"\$path\"; done" sh "$nested"
      ) || :; done' sh > "$changed.nested"
    grep -zv '/$' "$changed" > "$changed.flat" || :
    cat "$changed.flat" "$changed.nested" > "$changed"
    # What exists passes by its size; what does not is a deletion.
    xargs -0 -r stat --printf='%s %n\0' -- < "$changed" > "$sized" 2>/dev/null || :
    left=$(grep -zcE '^[0-9]{9,} ' "$sized") || :
    {
      xargs -0 -r sh -c 'for path do [ -e "$path" ] || [ -L "$path" ] || printf "%s\0" "$path"; done' sh < "$changed"
      sed -z -E -n '/^[0-9]{1,8} /{s/^[0-9]+ //;p}' "$sized"
    } > "$changed.kept"
    listed=$changed.kept
  fi
  # One file that cannot be read must not keep the others out.
  git update-index -z --add --remove --replace --stdin < "$listed" 2>/dev/null \
    || git add -A --ignore-errors . 2>/dev/null || :
fi
# After restore.sh the index is not of PREVIOUS, whatever changed since.
if [ -s "$changed" ] || [ -e "$GIT_DIR/restored" ]; then
  tree=$(git write-tree 2>/dev/null) || exit 65
fi

if [ "$tree" = "$old" ] && [ "$head" = "$known" ]; then
  [ ! -e "$GIT_DIR/restored" ] || rm -f "$GIT_DIR/restored"
  echo unchanged
  exit
fi

# The user's own commits travel as a second parent; they are borrowed for these two commands and live on in the server.
export GIT_ALTERNATE_OBJECT_DIRECTORIES=.git/objects
second=
[ "$head" = "$known" ] || [ "$head" = "$previous" ] || second="-p $head"
commit=$(git commit-tree -p "$previous" $second -m "$message" "$tree") || exit 65
printf "%s\n^%s\n" "$commit" "$previous" | git pack-objects -q --threads=1 --revs --stdout --delta-base-offset > "$GIT_DIR/outbox.pack" || exit 65
echo "$commit $head $(stat -c %s "$GIT_DIR/outbox.pack") $left"
echo "$commit $tree" > "$GIT_DIR/made"
rm -f "$GIT_DIR/restored"
git diff-tree -r -z --no-renames --raw --numstat "$previous" "$commit"
