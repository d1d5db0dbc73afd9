# A merge in the user's own repository, the current directory, as he would do it himself.
# usage: sh merge.sh begin BRANCH COMMIT   the pack that COMMIT needs comes on standard input
#        sh merge.sh resume BRANCH COMMIT  likewise, in a worktree made anew: its files are those of a merge that had begun
#        sh merge.sh state                 prints the commit that is being merged and a NUL, then what git ls-files -u -z says
#        sh merge.sh take 2|3              paths on standard input, each ended by NUL: ours or theirs, and staged
#        sh merge.sh solved                paths likewise: staged as they are
#        sh merge.sh finish [TRAILER]      commits
#        sh merge.sh abort
# Exit 67: there are changes that are not committed; 68: a merge has begun; 69: none has; 70: marks of a conflict are left in
# the files that are printed.
set -eu
merging() {
  git rev-parse -q --verify MERGE_HEAD
}

case $1 in
begin)
  ! merging >/dev/null || exit 68
  git diff --quiet --ignore-submodules=none HEAD -- || exit 67
  git index-pack --stdin >/dev/null
  git update-ref "refs/remotes/origin/$2" "$3"
  git -c merge.conflictStyle=diff3 -c commit.gpgSign=false merge -q -m "Merge branch '$2'" "refs/remotes/origin/$2" >&2 || {
    merging >/dev/null || exit 1
  }
  ;;
resume)
  git index-pack --stdin >/dev/null
  git update-ref "refs/remotes/origin/$2" "$3"
  ! git merge-base --is-ancestor "$3" HEAD || exit 0
  echo "$3" > .git/MERGE_HEAD
  : > .git/MERGE_MODE
  echo "Merge branch '$2'" > .git/MERGE_MSG
  git read-tree -i -m --aggressive "$(git merge-base HEAD "$3")" HEAD "$3"
  # A file of both sides without marks was joined by git, or solved.
  for stage in 2 3; do
    git ls-files -u -z | grep -z "^[0-9]* [0-9a-f]* $stage	" | cut -z -f 2- > .git/cleanroom/stage$stage || :
  done
  sort -z .git/cleanroom/stage2 .git/cleanroom/stage3 | uniq -z -d \
    | xargs -0 -r grep -LsZE '^(<{7}|>{7})( |$)' -- > .git/cleanroom/solved || :
  git add -A --pathspec-from-file=.git/cleanroom/solved --pathspec-file-nul
  git update-index -q --refresh || :
  ;;
state)
  merging || :
  printf '\0'
  git ls-files -u -z
  ;;
take)
  merging >/dev/null || exit 69
  xargs -0 -r sh -c 'stage=$1; shift
    for path do
      if git cat-file -e ":$stage:$path" 2>/dev/null; then
        git checkout-index -q -f --stage="$stage" -- "$path" && git add -- "$path"
      else
        git rm -q -f -- "$path"
      fi || exit 255
    done' sh "$2"
  ;;
solved)
  merging >/dev/null || exit 69
  cat > .git/cleanroom/solved
  marked=$(xargs -0 -r grep -lsE '^(<{7}|>{7})( |$)' -- < .git/cleanroom/solved) || :
  [ -z "$marked" ] || { printf '%s' "$marked"; exit 70; }
  git add -A --pathspec-from-file=.git/cleanroom/solved --pathspec-file-nul
  ;;
finish)
  merging >/dev/null || exit 69
  git -c commit.gpgSign=false commit -q --no-edit --cleanup=strip ${2:+--trailer "$2"} >&2
  ;;
abort)
  merging >/dev/null || exit 69
  git merge --abort
  ;;
esac
