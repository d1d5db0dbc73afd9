package dev.cleanroom.workspace;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.git.Archives;
import dev.cleanroom.git.Diffs;
import dev.cleanroom.git.FileDiff;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.session.SessionEvent.ChangeKind;
import dev.cleanroom.session.SessionRole;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What a session made, against the commit where it began. */
@Path("/api/v1/sessions/{session}")
@RunOnVirtualThread
class DiffResource {
    private final CurrentCaller callers;
    private final SessionAccess access;
    private final SessionTrees trees;
    private final Diffs diffs;
    private final Archives archives;

    DiffResource(CurrentCaller callers, SessionAccess access, SessionTrees trees, Diffs diffs, Archives archives) {
        this.callers = callers;
        this.access = access;
        this.trees = trees;
        this.diffs = diffs;
        this.archives = archives;
    }

    /** @param patch empty for a binary file above 1 MiB; {@code diff.patch} has it */
    record File(String path, ChangeKind kind, int added, int removed, boolean binary, String patch) {}

    record Difference(List<File> files) {}

    @GET
    @Path("diff")
    public Difference diff(@PathParam("session") UUID id) {
        var session = session(id);
        var files = diffs.between(session.project(), Optional.of(session.baseCommit()), current(session));
        return new Difference(files.stream().map(DiffResource::file).toList());
    }

    @GET
    @Path("diff.patch")
    public Response patch(@PathParam("session") UUID id) {
        var session = session(id);
        var commit = current(session);
        StreamingOutput patch =
                target -> diffs.write(session.project(), Optional.of(session.baseCommit()), commit, target);
        return Untrusted.attachment(Response.ok(patch), "session-" + id + ".patch")
                .build();
    }

    @GET
    @Path("archive.zip")
    public Response archive(@PathParam("session") UUID id) {
        var session = session(id);
        var commit = current(session);
        StreamingOutput zip = target -> archives.zip(session.project(), commit, target);
        return Untrusted.attachment(Response.ok(zip), "session-" + id + ".zip").build();
    }

    private Session session(UUID id) {
        return access.require(callers.caller(), id, SessionRole.WATCH);
    }

    private String current(Session session) {
        return Refusals.told(() -> trees.current(session));
    }

    static File file(FileDiff diff) {
        return new File(diff.path(), kind(diff), diff.added(), diff.removed(), diff.binary(), diff.patch());
    }

    static ChangeKind kind(FileDiff diff) {
        return switch (diff.kind()) {
            case ADDED -> ChangeKind.added;
            case MODIFIED -> ChangeKind.modified;
            case DELETED -> ChangeKind.deleted;
        };
    }
}
