package dev.cleanroom.workspace;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.sandbox.Sandbox.FileStat;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.session.SessionEvent.ChangeKind;
import dev.cleanroom.session.SessionRole;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Lists one directory of a session's worktree. */
@Path("/api/v1/sessions/{session}/files")
@RunOnVirtualThread
class FilesResource {
    private static final int MAX_LISTED = 10_000; // children of one directory; nobody scrolls further

    private final CurrentCaller callers;
    private final SessionAccess access;
    private final SessionTrees trees;
    private final CommitFiles commits;

    FilesResource(CurrentCaller callers, SessionAccess access, SessionTrees trees, CommitFiles commits) {
        this.callers = callers;
        this.access = access;
        this.trees = trees;
        this.commits = commits;
    }

    private static final String IGNORED = "ignored";

    /**
     * @param gitStatus what is not committed, as of the newest checkpoint; of a directory: something in it changed;
     *     {@code ignored}: git leaves it out
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Item(String name, String path, String kind, long size, String gitStatus) {}

    record Items(List<Item> items) {}

    @GET
    public Items list(@PathParam("session") UUID id, @QueryParam("path") @DefaultValue("") String asked) {
        var session = access.require(callers.caller(), id, SessionRole.WATCH);
        var directory = AskedPath.of(asked);
        return Refusals.told(() -> {
            var newest = trees.newest(session);
            var files = children(session, newest, directory);
            var changed = new TreeMap<>(commits.changed(session.project(), trees.head(session), newest));
            var ignored = ignored(session, files);
            return new Items(files.stream()
                    .filter(file -> !file.path().equals(".git"))
                    .map(file -> item(file, changed, ignored))
                    .toList());
        });
    }

    private List<FileStat> children(Session session, String newest, String directory) throws InterruptedException {
        var worktree = trees.worktree(session);
        return worktree.isPresent()
                ? worktree.get().sandbox().list(directory, MAX_LISTED)
                : commits.list(session.project(), newest, directory, MAX_LISTED);
    }

    /** A checkpoint has nothing that git ignores. */
    private Set<String> ignored(Session session, List<FileStat> files) throws InterruptedException {
        var worktree = trees.worktree(session);
        return worktree.isPresent()
                ? new GitNames(worktree.get().sandbox())
                        .ignored(files.stream().map(FileStat::path).toList())
                : Set.of();
    }

    private static Item item(FileStat file, NavigableMap<String, ChangeKind> changed, Set<String> ignored) {
        var name = file.path().substring(file.path().lastIndexOf('/') + 1);
        return new Item(
                name,
                file.path(),
                file.kind().name().toLowerCase(Locale.ROOT),
                file.size(),
                ignored.contains(file.path()) ? IGNORED : status(file, changed));
    }

    private static String status(FileStat file, NavigableMap<String, ChangeKind> changed) {
        var own = changed.get(file.path());
        if (own != null) {
            return own == ChangeKind.deleted ? null : own.name();
        }
        Map.Entry<String, ChangeKind> below = changed.ceilingEntry(file.path() + "/");
        return below != null && below.getKey().startsWith(file.path() + "/") ? ChangeKind.modified.name() : null;
    }
}
