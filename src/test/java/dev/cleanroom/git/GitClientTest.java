package dev.cleanroom.git;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import org.eclipse.jgit.internal.storage.dfs.DfsFsck;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What else people do with git's client against any server. Each row is a shell script in a clone in which two commits are
 * pushed and tagged, {@code old} (of 2020) and {@code new} (of 2022); the first command that fails fails it.
 */
@QuarkusTest
class GitClientTest {
    @Inject
    Repositories repositories;

    @TempDir
    Path temporary;

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
            clone since a day                     => git clone -q --shallow-since=2021-01-01 $URL c; is 1 $(count c)
            clone without what a tag reaches      => git push -q origin old:refs/tags/o; git clone -q --shallow-exclude=o $URL c; is 1 $(count c)
            deepen by a number                    => commit newest 2024; git push -q origin main; git clone -q --depth 1 $URL c; git -C c fetch -q --deepen=1; is 2 $(count c); git -C c fetch -q --deepen=2147483647; is 4 $(count c)
            deepen branches that end elsewhere    => git push -q origin old:refs/heads/o; git clone -q --depth 1 --no-single-branch $URL c; git -C c fetch -q --deepen=1; is 3 $(count c); is 2 $(git -C c rev-list --count origin/o)
            no deepening by an older protocol     => git clone -q --depth 1 $URL c; fails git -C c -c protocol.version=0 fetch --deepen=1 2>said; grep -q 'does not support --deepen' said; git -C c -c protocol.version=0 fetch -q --depth 2; is 2 $(count c)
            fetch one commit by its id            => git init -q c; git -C c fetch -q $URL $(git rev-parse old); is $(git rev-parse old) $(git -C c rev-parse FETCH_HEAD)
            fetch one blob of a partial clone     => git clone -q --bare --filter=blob:none $URL c; is new "$(git -C c cat-file -p HEAD:file)"
            filter by depth of the tree           => git clone -q --no-checkout --filter=tree:1 $URL c; git -C c checkout -q; is new "$(cat c/file)"
            fetch and forget what is gone         => git push -q origin HEAD:b; git fetch -q; git push -q $URL :b; git fetch -q --prune; fails git rev-parse -q --verify origin/b
            list by pattern                       => git push -q origin HEAD:a/b HEAD:c/d; is 1 $(git ls-remote origin 'refs/heads/a/*' | wc -l)
            rename a branch                       => git push -q origin HEAD:b; git push -q origin HEAD:c :b; is 1 $(git ls-remote origin 'refs/heads/[bc]' | wc -l)
            names in other scripts                => git push -q origin HEAD:ä/😀.x HEAD:refs/tags/版1; git clone -q --mirror $URL c; git -C c rev-parse -q --verify refs/heads/ä/😀.x; git -C c rev-parse -q --verify refs/tags/版1
            a long name                           => N=$(printf 'n%.0s' $(seq 200)); git push -q origin HEAD:$N; git fetch -q; git rev-parse -q --verify origin/$N
            a name that is a folder of another    => git push -q origin HEAD:f/g; fails git push -q origin HEAD:f
            two names that exclude each other     => fails git push -q --atomic origin HEAD:f/g HEAD:f; is 1 $(git ls-remote -h origin | wc -l)
            a branch and a tag of one name        => git push -q origin HEAD:refs/heads/x old:refs/tags/x; is "$(git rev-parse old)" $(git ls-remote -q origin refs/tags/x | cut -c 1-40)
            a tag moves only when forced          => git push -q origin old:refs/tags/t; fails git push -q origin HEAD:refs/tags/t; git push -q -f origin HEAD:refs/tags/t
            tags of a tag, a tree and a blob      => git tag -a a -m a; git tag -a b -m b a; git tag t HEAD^{tree}; git tag f HEAD:file; git push -q --tags origin; git clone -q --mirror $URL c; is blob $(git -C c cat-file -t f)
            annotated tags follow their commits   => git commit -q --allow-empty -m more; git tag -a v -m v; git push -q --follow-tags origin HEAD; is 2 $(git ls-remote -t origin | wc -l)
            notes                                 => git notes add -m said; git push -q origin refs/notes/commits; git init -q c; git -C c fetch -q $URL refs/notes/*:refs/notes/*; git -C c show-ref -q refs/notes/commits
            a branch without a common ancestor    => git checkout -q --orphan o; git commit -qm o; git push -q origin o; git clone -q -b o $URL c; is 1 $(count c)
            a merge of three                      => for b in x y; do git checkout -qb $b old; echo $b >$b; git add $b; git commit -qm $b; done; git checkout -q main; git merge -q x y; git push -q origin main; is 3 $(git log -1 --format=%P | wc -w)
            odd files                             => mkdir -p 'a b/ü'; echo x >"a b/ü/$(printf 'l\\nb\\377')"; ln -s nowhere link; echo y >-n; chmod +x ./-n; git add -A; git commit -qm odd; git push -q origin main; git clone -q $URL c; is "$(git rev-parse main^{tree})" $(git -C c write-tree); test -x c/-n -a -L c/link
            ends of lines and no filter of ours   => printf 'a\\r\\nb\\n' >crlf; echo '* text' >.gitattributes; git -c core.safecrlf=false add -A; git commit -qm ends; git push -q origin main; git clone -q $URL c; is "$(git rev-parse main:crlf)" $(git -C c rev-parse HEAD:crlf)
            a submodule's commit without it       => git update-index --add --cacheinfo 160000,$(git rev-parse old),sub; git commit -qm sub; git push -q origin main; git clone -q $URL c; is commit $(git -C c ls-tree HEAD sub | cut -d ' ' -f 2)
            an empty tree                         => git rm -qr .; git commit -qm nothing; git push -q origin main; git clone -q $URL c; is 0 $(git -C c ls-files | wc -l)
            nothing where nothing is new          => git push -q origin main; git fetch -q; git pull -q --ff-only
            a lease on what is no longer there    => git push -q origin HEAD:b; git fetch -q; git push -q -f $URL old:b; git commit -q --allow-empty -m more; fails git push -q --force-with-lease origin HEAD:b
            an atomic push whose one ref is stale => git push -q origin HEAD:b; fails git push -q --atomic origin old:refs/heads/b old:refs/heads/n; is 0 $(git ls-remote origin n | wc -l)
            a push that asks what is known        => git commit -q --allow-empty -m more; git -c push.negotiate=true push -q origin main
            a push in a pack that is not thin     => git commit -q --allow-empty -m more; git push -q --no-thin origin main
            a push signed only if that is taken   => git commit -q --allow-empty -m more; git push -q --signed=if-asked origin main
            a history of a thousand commits       => (for i in $(seq 1000); do printf 'commit refs/heads/many\\ncommitter A <a@b> %d +0000\\ndata 1\\nx\\n' $i; done) | git fast-import --quiet; git push -q origin many; git clone -q -b many $URL c; is 1000 $(count c)
            """)
    void isServed(String what, String script) throws Exception {
        var room = new PushRoom(temporary);
        var shell = new ProcessBuilder("sh", "-ec", """
                git config user.name Ada
                git config user.email ada@example.org
                commit() { echo $1 >file; git add file; GIT_COMMITTER_DATE=$2-02-02T00:00:00Z git commit -qm $1; git tag $1; }
                commit old 2020
                commit new 2022
                git push -q origin main
                fails() { if "$@"; then echo "this went well: $*"; exit 1; fi; }
                is() { [ "$1" = "$2" ] || { echo "not $1 but $2"; exit 1; }; }
                count() { git -C $1 rev-list --count HEAD; }
                """ + script.replace("; ", "\n"))
                .directory(room.work.path(".").toFile())
                .redirectErrorStream(true);
        shell.environment().put("URL", room.url(room.ada.token()));
        shell.environment().put("HOME", temporary.toString());
        shell.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        shell.environment().put("GIT_TERMINAL_PROMPT", "0");
        shell.environment().put("LC_ALL", "C.UTF-8");
        var running = shell.start();
        var said = new String(running.getInputStream().readAllBytes());

        assertThat(running.waitFor()).as(said).isZero();
        assertThat(room.clone("checked", "--mirror").run("fsck", "--strict")).isEmpty();
        isWhole(room);
    }

    private void isWhole(PushRoom room) throws IOException {
        try (var repository = repositories.openStored(room.project)) {
            var found = new DfsFsck(repository).check(NullProgressMonitor.INSTANCE);
            assertThat(found.getCorruptObjects()).isEmpty();
            assertThat(found.getMissingObjects()).isEmpty();
        }
    }
}
