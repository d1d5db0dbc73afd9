# Prints what the user's repository in the current directory would commit and what it would not, untracked files included.
# usage: sh changes.sh BASE MOST_LIST MOST_PATCH
# One line "HEAD BRANCH N N N N N" (BRANCH: - when detached) says the bytes of the five parts that follow: the staged files
# as diff --raw --numstat -z has them, their patch, the same of what is not staged, and the commits since BASE, newest first.
# A list is cut at MOST_LIST bytes and a patch at MOST_PATCH. The user's index is only read.
set -eu
base=$1 list=$2 patch=$3
work=$(mktemp -d .git/cleanroom/changes.XXXXXX)
trap 'rm -rf "$work"' EXIT
options="--no-renames --no-ext-diff --no-textconv --no-color --full-index --ignore-submodules=none"

head=$(git rev-parse -q --verify 'HEAD^{commit}')
branch=$(git symbolic-ref -q --short HEAD) || branch=-
git diff --cached --raw --numstat -z $options | head -c "$list" > "$work/1"
git diff --cached -p -U3 --src-prefix=a/ --dst-prefix=b/ $options | head -c "$patch" > "$work/2"

[ ! -f .git/index ] || cp .git/index "$work/index"
export GIT_INDEX_FILE="$PWD/$work/index"
git ls-files -z -o --exclude-standard | grep -zv '/$' | head -z -n 1000 > "$work/untracked" || :
[ ! -s "$work/untracked" ] || git add -N --pathspec-from-file="$work/untracked" --pathspec-file-nul 2>/dev/null || :
git diff --raw --numstat -z $options | head -c "$list" > "$work/3"
git diff -p -U3 --src-prefix=a/ --dst-prefix=b/ $options | head -c "$patch" > "$work/4"
git log -z -n 200 --format='%H%n%cI%n%an%n%s' "$base..HEAD" > "$work/5" 2>/dev/null || :

sizes=$(stat -c %s "$work/1" "$work/2" "$work/3" "$work/4" "$work/5" | tr '\n' ' ')
echo "$head $branch $sizes"
cat "$work/1" "$work/2" "$work/3" "$work/4" "$work/5"
