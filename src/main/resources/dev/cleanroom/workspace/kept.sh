# Prints "SHA256 MODE BYTES PATH", each ended by NUL, for the files that git ignores among those that the patterns mean.
# usage: sh kept.sh PATTERN…
set -eu
IFS=
for pattern do
  for path in $pattern; do
    [ ! -f "$path" ] || [ -L "$path" ] || [ ! -r "$path" ] || printf '%s\0' "$path"
  done
done | sort -zu | git check-ignore -z --stdin | head -z -n 200 | xargs -0 -r sh -c 'for path do
    set -- $(sha256sum < "$path")
    printf "%s %s %s\0" "$1" "$(stat -c "%a %s" -- "$path")" "$path"
  done' sh
