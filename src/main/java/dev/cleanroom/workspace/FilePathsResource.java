package dev.cleanroom.workspace;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.git.Trees;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.session.SessionRole;
import io.quarkus.vertx.http.Compressed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.Collection;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/** Every file's path at once: for the tree and for opening by name. */
@Path("/api/v1/sessions/{session}/files/paths")
@RunOnVirtualThread
class FilePathsResource {
    private static final int MAX_PATHS = 200_000; // some MB compressed; a browser filters them as one types

    private final CurrentCaller callers;
    private final SessionAccess access;
    private final SessionTrees sessionTrees;
    private final Trees trees;

    FilePathsResource(CurrentCaller callers, SessionAccess access, SessionTrees sessionTrees, Trees trees) {
        this.callers = callers;
        this.access = access;
        this.sessionTrees = sessionTrees;
        this.trees = trees;
    }

    /** @param paths sorted; tracked or new, without ignored ones @param truncated there are more */
    record Paths(Collection<String> paths, boolean truncated) {}

    @GET
    @Compressed
    public Paths list(@PathParam("session") UUID id) {
        var session = access.require(callers.caller(), id, SessionRole.WATCH);
        return Refusals.told(() -> {
            var found = paths(session);
            return found.size() <= MAX_PATHS
                    ? new Paths(found, false)
                    : new Paths(found.stream().limit(MAX_PATHS).toList(), true);
        });
    }

    private Collection<String> paths(Session session) throws InterruptedException {
        var worktree = sessionTrees.worktree(session);
        return worktree.isPresent()
                ? new GitNames(worktree.get().sandbox()).files(MAX_PATHS + 1)
                : trees.list(session.project(), sessionTrees.newest(session), "").stream()
                        .map(Trees.Entry::path)
                        .collect(Collectors.toCollection(TreeSet::new));
    }
}
