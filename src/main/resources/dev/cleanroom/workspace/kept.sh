# Prints "SHA256 MODE BYTES PATH", each ended by NUL, for the files that git ignores among those that the patterns mean.
# What is behind a symbolic link is none of them, nor is what vanishes meanwhile.
# usage: sh kept.sh PATTERN…
set -eu
IFS=

is_behind_link() {
  folder=$1
  while [ "$folder" != "${folder%/*}" ]; do
    folder=${folder%/*}
    [ ! -L "$folder" ] || return 0
  done
  return 1
}

# Git gives up at the first path that its index has within a submodule: so it is not asked to look there.
for pattern do
  for path in $pattern; do
    [ ! -f "$path" ] || [ -L "$path" ] || [ ! -r "$path" ] || is_behind_link "$path" || printf '%s\0' "$path"
  done
done | sort -zu | git check-ignore -z --stdin --no-index | head -z -n 200 | xargs -0 -r sh -c 'for path do
    ! git --literal-pathspecs ls-files --error-unmatch -- "$path" >/dev/null 2>&1 || continue
    hash=$(sha256sum < "$path") && size=$(stat -c "%a %s" -- "$path") || continue
    printf "%s %s %s\0" "${hash%% *}" "$size" "$path"
  done' sh
