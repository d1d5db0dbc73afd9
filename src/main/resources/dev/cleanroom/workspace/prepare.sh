# Makes a session's worktree, or repairs the git directories of one, in the current directory. The pack with all history
# of HEAD and TREE comes on standard input.
# usage: sh prepare.sh fresh|repair BRANCH HEAD TREE NAME EMAIL ORIGIN PROXY
# fresh: everything here goes first. repair: no file of the worktree is touched.
set -eu
mode=$1 branch=$2 head=$3 tree=$4 name=$5 email=$6 origin=$7 proxy=$8
shadow=.git/cleanroom

if [ "$mode" = fresh ]; then
  chmod -R u+rwX . 2>/dev/null || :
  find . -mindepth 1 -delete
  mkdir -p $shadow
  : > $shadow/making
fi
git --git-dir=.git rev-parse --git-dir >/dev/null 2>&1 || git init -q -b "$branch" .

# The shadow: objects, index and attributes of its own, so that nothing the user does to his repository (gc, amend, filters)
# reaches a checkpoint, and no checkpoint reaches his index, HEAD or refs.
find $shadow -mindepth 1 ! -name making -delete 2>/dev/null || :
git init -q --bare $shadow
git --git-dir=$shadow config core.bare false
git --git-dir=$shadow config gc.auto 0
git --git-dir=$shadow config core.looseCompression 1
git --git-dir=$shadow config core.fsync none
git --git-dir=$shadow config core.splitIndex true
mkdir -p $shadow/info
echo '* -text -filter -ident -eol -working-tree-encoding' > $shadow/info/attributes
git --git-dir=$shadow index-pack --stdin >/dev/null

if ! git --git-dir=.git rev-parse -q --verify 'HEAD^{commit}' >/dev/null 2>&1; then
  mkdir -p .git/objects/pack
  for file in $shadow/objects/pack/pack-*; do
    ln -f "$file" .git/objects/pack/ 2>/dev/null || cp "$file" .git/objects/pack/
  done
  git --git-dir=.git symbolic-ref HEAD "refs/heads/$branch"
  git --git-dir=.git update-ref "refs/heads/$branch" "$head"
  git --git-dir=.git config user.name "$name"
  git --git-dir=.git config user.email "$email"
  git read-tree "$head"
fi
# Origin is the server, which knows by the way whose sandbox asks: also where a command has no http_proxy in its environment.
if ! git --git-dir=.git config --get remote.origin.url >/dev/null; then
  git --git-dir=.git config remote.origin.url "$origin"
  git --git-dir=.git config remote.origin.fetch '+refs/heads/*:refs/remotes/origin/*'
  git --git-dir=.git config "branch.$branch.remote" origin
  git --git-dir=.git config "branch.$branch.merge" "refs/heads/$branch"
  git --git-dir=.git config "http.${origin%/git/*}/.proxy" "$proxy"
fi

git --git-dir=$shadow --work-tree=. read-tree "$tree"
if [ "$mode" = fresh ]; then
  git --git-dir=$shadow --work-tree=. checkout-index -a -f -u -q
  git update-index -q --refresh || :
fi
: > $shadow/complete
rm -f $shadow/making
