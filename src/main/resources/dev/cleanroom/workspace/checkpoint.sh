# Commits the whole worktree of the current directory in the shadow repository if it differs from PREVIOUS.
# usage: sh checkpoint.sh PREVIOUS KNOWN_HEAD MESSAGE all|told KEPT
# KEPT: names what belongs to the checkpoint and is elsewhere, or is empty.
# all: every file is looked at. told: only the NUL-terminated paths on standard input can have changed since the last time.
# Environment: GIT_DIR (the shadow), GIT_WORK_TREE, author and committer.
# Prints "unchanged", or "COMMIT HEAD PACK_BYTES LIST_BYTES" (HEAD: the user's), then LIST_BYTES of NUL-terminated "BYTES PATH"
# for files of 100 MB or more and such as cannot be read, which are in no checkpoint, then what diff-tree --raw --numstat -z
# says of the change; the pack is in $GIT_DIR/outbox.pack.
# Exit 65: the shadow lacks PREVIOUS or is damaged; prepare.sh repairs it.
set -eu
previous=$1 known=$2 message=$3 looked=$4 kept=$5
changed=$GIT_DIR/changed sized=$GIT_DIR/sized out=$GIT_DIR/leftout

[ -d "$GIT_DIR/objects" ] || exit 65
[ ! -e "$GIT_DIR/index.lock" ] || rm -f "$GIT_DIR/index.lock"
[ "$looked" = all ] || cat > "$changed"
if [ ! -f "$GIT_DIR/index" ] || [ ! -f "$out" ]; then
  looked=all
  [ -f "$GIT_DIR/index" ] || git read-tree "$previous" || exit 65
  : > "$out"
fi
: > "$out.next"

exclude=
[ ! -f .git/info/exclude ] || exclude=--exclude-from=.git/info/exclude
export saving='--exclude=.cleanroom-*.tmp' # what a save that is under way will rename

# All that git add -A would take, in one scan.
scan() {
  # A submodule with something in it is kept file by file, as other repositories within are.
  git ls-files -z -s | sed -z -n 's/^160000 [0-9a-f]* [0-9]*\t//p' > "$changed.links" || exit 65
  if [ -s "$changed.links" ]; then
    xargs -0 sh -c 'for link do [ -z "$(ls -A -- "$link" 2>/dev/null)" ] || printf "%s\0" "$link"; done' sh \
      < "$changed.links" | git update-index -z --force-remove --stdin
  fi
  git ls-files -z -o -m --exclude-standard "$saving" $exclude --deduplicate > "$changed" || exit 65
}

# Parts a list of paths: small files and links to .kept, large files to .large as "BYTES PATH", all else to .other.
part() {
  xargs -0 -r stat --printf='%f %s %n\0' -- < "$1" > "$sized" 2>/dev/null || :
  sed -z -n -E '/^[8a][0-9a-f]{3} [0-9]{1,8} /{s/^[^ ]+ [^ ]+ //;p}' "$sized" > "$changed.kept"
  sed -z -n -E '/^8[0-9a-f]{3} [0-9]{9,} /{s/^[^ ]+ //;p}' "$sized" > "$changed.large"
  { cat "$changed.kept"; sed -z 's/^[0-9]* //' "$changed.large"; } | sort -z > "$changed.there"
  sort -z "$1" | comm -z -23 - "$changed.there" > "$changed.other"
}

# Puts into the index what the paths in $changed are now. Fails if a scan is needed for that.
take() {
  if [ "$looked" = told ] && [ -s "$out" ]; then
    sed -z 's/^[0-9]* //' "$out" >> "$changed"
  fi
  [ -s "$changed" ] || return 0
  if xargs -0 -r stat --printf='%f %s %n\0' -- < "$changed" > "$sized" 2>/dev/null \
    && ! grep -qzvE '^[8a][0-9a-f]{3} [0-9]{1,8} ' "$sized"; then
    add < "$changed"
    return
  fi
  part "$changed"
  # Also one where the index has a file of that name.
  sed -z -n -E '/^4/{s/^[^ ]+ [^ ]+ //;s:/*$:/:;p}' "$sized" > "$changed.nested"
  cat "$changed.large" >> "$out.next"
  mv "$changed.kept" "$changed.files"
  if [ "$looked" = told ] && [ -s "$changed.other" ]; then
    [ "$(tr -dc '\0' < "$changed.other" | wc -c)" -le 200 ] || return 1 # a scan is quicker
    # Of a directory that came or went, all that the index has below it.
    GIT_LITERAL_PATHSPECS=1 xargs -0 git ls-files -z -- < "$changed.other" > "$changed.below" || exit 65
    part "$changed.below"
    cat "$changed.kept" >> "$changed.files"
  fi
  [ ! -s "$changed.other" ] || git update-index -z --force-remove --stdin < "$changed.other" 2>/dev/null || exit 65
  add < "$changed.files"
}

# One file that cannot be read must not keep the others out.
add() {
  cat > "$changed.add"
  git update-index -z --add --remove --replace --stdin < "$changed.add" 2>/dev/null && return
  export out
  xargs -0 -r -n 64 sh -c 'git update-index --add --remove --replace -- "$@" 2>/dev/null || for path do
      git update-index --add --remove --replace -- "$path" 2>/dev/null || [ -r "$path" ] || [ -L "$path" ] \
        || stat --printf="%s %n\0" -- "$path" >> "$out.next" || :
    done' sh < "$changed.add"
}

if [ "$looked" = all ] || ! take; then
  looked=all
  : > "$out.next"
  : > "$changed.nested"
  scan
  take
  # A repository within is one entry with / at its end, and add -A would keep nothing but its commit id: its files are taken.
  # With these in the index the next scan finds what is further within.
  depth=0
  while [ -s "$changed.nested" ] && [ $depth -lt 8 ]; do
    depth=$((depth + 1))
    xargs -0 -r sh -c 'for nested do (
        unset GIT_DIR GIT_WORK_TREE
        cd -- "$nested" && git ls-files -z -o -c --exclude-standard "$saving" --deduplicate | grep -zv "/$" \
          | xargs -0 -r sh -c "at=\$1; shift; for path do printf \"%s%s\\0\" \"\$at\" \"\$path\"; done" sh "$nested"
      ) || :; done' sh < "$changed.nested" > "$changed"
    : > "$changed.nested"
    [ -s "$changed" ] || break
    take
    scan
    : > "$out.next"
    take
  done
fi
sort -zu "$out.next" > "$out.new"

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
# After restore.sh the index is not of PREVIOUS, whatever changed since.
if [ "$looked" = all ] || [ -s "$changed" ] || [ -e "$GIT_DIR/restored" ]; then
  tree=$(git write-tree 2>/dev/null) || exit 65
fi

of='' before=''
[ ! -f "$GIT_DIR/kept" ] || read -r of before < "$GIT_DIR/kept" || :
if [ "$of" != "$previous" ]; then
  before=$(git log -1 --format=%B "$previous" | sed -n 's/^Cleanroom-Kept: //p' | tail -n 1)
  echo "$previous $before" > "$GIT_DIR/kept"
fi
if [ "$tree" = "$old" ] && [ "$head" = "$known" ] && [ "$before" = "$kept" ] && cmp -s "$out" "$out.new"; then
  [ ! -e "$GIT_DIR/restored" ] || rm -f "$GIT_DIR/restored"
  echo unchanged
  exit
fi

# The user's own commits travel as a second parent; they are borrowed for these two commands and live on in the server.
export GIT_ALTERNATE_OBJECT_DIRECTORIES=.git/objects
second=
[ "$head" = "$known" ] || [ "$head" = "$previous" ] || second="-p $head"
commit=$({
  printf '%s\n' "$message"
  [ -z "$kept" ] || echo "Cleanroom-Kept: $kept"
  [ ! -s "$out.new" ] || head -z -n 100 "$out.new" | tr '\n\0' '?\n' | sed 's/^/Cleanroom-Left-Out: /'
} | git commit-tree -p "$previous" $second "$tree") || exit 65
printf "%s\n^%s\n" "$commit" "$previous" | git pack-objects -q --threads=1 --revs --stdout --delta-base-offset > "$GIT_DIR/outbox.pack" || exit 65
echo "$commit $head $(stat -c '%s' "$GIT_DIR/outbox.pack") $(stat -c '%s' "$out.new")"
cat "$out.new"
mv "$out.new" "$out"
echo "$commit $tree" > "$GIT_DIR/made"
echo "$commit $kept" > "$GIT_DIR/kept"
[ ! -e "$GIT_DIR/restored" ] || rm -f "$GIT_DIR/restored"
git diff-tree -r -z --no-renames --raw --numstat "$previous" "$commit"

# Loose objects make what reads many of them slow. By name, not by what reaches them: the user's commits may be gone by now.
if [ "$looked" = all ]; then
  set -- "$GIT_DIR"/objects/17/*
  if [ $# -gt 27 ]; then # of 256 folders, as git gc guesses that there are 6 700
    (cd "$GIT_DIR/objects" && find ?? -type f ! -name 'tmp_*' | tr -d /) \
      | git pack-objects -q --threads=1 "$GIT_DIR/objects/pack/pack" > /dev/null && git prune-packed -q || :
  fi
fi
