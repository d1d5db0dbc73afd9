package dev.cleanroom.workspace;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.sandbox.FileProblem.Reason;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.session.SessionRole;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.resteasy.reactive.ResponseStatus;

/** What people do to files and folders in the tree. Nothing here ever replaces something. */
@Path("/api/v1/sessions/{session}/files")
@RunOnVirtualThread
class FileOperationsResource {
    private static final int MAX_DELETED = 1_000; // paths in one request, each a trip to the runner; folders count once
    private static final Duration COPY_LIMIT = Duration.ofMinutes(5); // a large folder on a slow disk

    private final CurrentCaller callers;
    private final SessionAccess access;
    private final SessionWorkspaces workspaces;

    FileOperationsResource(CurrentCaller callers, SessionAccess access, SessionWorkspaces workspaces) {
        this.callers = callers;
        this.access = access;
        this.workspaces = workspaces;
    }

    record FromTo(@NotNull String from, @NotNull String to) {}

    record Directory(@NotNull String path) {}

    record Deletion(
            @NotNull @Size(min = 1, max = MAX_DELETED) List<@NotNull String> paths) {}

    record Undo(@NotNull String undo) {}

    @POST
    @Path("/move")
    public void move(@PathParam("session") UUID id, @NotNull @Valid FromTo request) {
        var from = AskedPath.ofWritable(request.from());
        var to = AskedPath.ofWritable(request.to());
        if (to.startsWith(from + "/")) {
            throw new ProblemException(
                    Kind.INVALID, "file.path", from + " cannot be moved into itself. Choose another place.");
        }
        change(id, sandbox -> {
            try {
                sandbox.move(from, to);
            } catch (FileProblem problem) {
                throw problem.reason() == Reason.EXISTS ? isThere(to) : problem;
            }
            return null;
        });
    }

    @POST
    @Path("/copy")
    public void copy(@PathParam("session") UUID id, @NotNull @Valid FromTo request) {
        var from = AskedPath.ofWritable(request.from());
        var to = AskedPath.ofWritable(request.to());
        change(id, sandbox -> {
            copy(sandbox, from, to);
            return null;
        });
    }

    @POST
    @Path("/directories")
    @ResponseStatus(201)
    public void makeDirectory(@PathParam("session") UUID id, @NotNull @Valid Directory request) {
        var path = AskedPath.ofWritable(request.path());
        change(id, sandbox -> {
            sandbox.makeDirectory(path);
            return null;
        });
    }

    /** @return what {@link #undelete} takes */
    @POST
    @Path("/delete")
    public Undo delete(@PathParam("session") UUID id, @NotNull @Valid Deletion request) {
        var paths = Trash.outermost(
                request.paths().stream().map(AskedPath::ofWritable).toList());
        return change(id, sandbox -> {
            var trash = new Trash(sandbox);
            var token = trash.take(paths);
            trash.tidyLater(id);
            return new Undo(token);
        });
    }

    @POST
    @Path("/undelete")
    public void undelete(@PathParam("session") UUID id, @NotNull @Valid Undo request) {
        change(id, sandbox -> {
            new Trash(sandbox).putBack(request.undo());
            return null;
        });
    }

    private interface Change<T> {
        T in(Sandbox sandbox) throws InterruptedException;
    }

    private <T> T change(UUID id, Change<T> change) {
        var caller = callers.caller();
        access.require(caller, id, SessionRole.DRIVE);
        return Refusals.told(() -> {
            var workspace = workspaces.open(id);
            var result = change.in(workspace.sandbox());
            workspace.savedBy(Actor.of(caller));
            return result;
        });
    }

    private static FileProblem isThere(String path) {
        return new FileProblem(Reason.EXISTS, path + " is there already. Choose another name.");
    }

    /** Made out of sight and moved when it is whole: nobody sees half a copy, and it never replaces something. */
    private static void copy(Sandbox sandbox, String from, String to) throws InterruptedException {
        if (sandbox.stat(from).isEmpty()) {
            throw new FileProblem(Reason.NOT_FOUND, from + " does not exist.");
        }
        if (sandbox.stat(to).isPresent()) {
            throw isThere(to);
        }
        var trash = new Trash(sandbox);
        var token = trash.newPlace();
        try {
            var copied = Trash.place(token) + "0";
            var argv = List.of("cp", "-a", "-T", "--reflink=auto", "--", "./" + from, copied);
            var result = SandboxCommand.run(sandbox, COPY_LIMIT, Map.of("LC_ALL", "C"), argv, Optional.empty());
            if (result.code() != 0) {
                throw new ProblemException(
                        Kind.UNAVAILABLE, "file.copy-failed", from + " could not be copied: " + result.complaint());
            }
            sandbox.move(copied, to);
        } finally {
            trash.forget(token);
        }
    }
}
