package dev.cleanroom.workspace;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.sandbox.SandboxException;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.session.SessionRole;
import dev.cleanroom.workspace.Overwritten.FailedFile;
import dev.cleanroom.workspace.Overwritten.PutBack;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Searches the files of a session's worktree, and replaces what was found. */
@Path("/api/v1/sessions/{session}/search")
@RunOnVirtualThread
class SearchResource {
    private static final int MAX_FILES = 2_000; // of one replacement; each is read and written as a whole

    private static final int MAX_LINES = 10_000; // of one file; more than a search tells

    private final CurrentCaller callers;
    private final SessionAccess access;
    private final SessionWorkspaces workspaces;
    private final ObjectMapper json;

    SearchResource(CurrentCaller callers, SessionAccess access, SessionWorkspaces workspaces, ObjectMapper json) {
        this.callers = callers;
        this.access = access;
        this.workspaces = workspaces;
        this.json = json;
    }

    /** @param limited there may be more matches than were told */
    private record Done(String type, int files, int matches, boolean limited, long tookMs) {}

    private record Failed(String type, String detail) {}

    /** @param lines in which it is to be done, from 1; absent: all */
    record Seen(
            @NotNull String path,
            @NotNull String etag,
            @Size(max = MAX_LINES) Set<@NotNull Integer> lines) {}

    /** A {@link SearchQuery} with the files that it is to be done in, as the search told them. */
    record Replacement(
            @NotNull @Size(max = SearchQuery.MAX_TEXT) String query,
            boolean regex,
            boolean caseSensitive,
            boolean wholeWord,
            @NotNull @Size(max = SearchQuery.MAX_TEXT) String replacement,
            @NotNull @Size(max = MAX_FILES) List<@NotNull @Valid Seen> files) {
        SearchQuery asQuery() {
            return new SearchQuery(query, regex, caseSensitive, wholeWord, List.of(), List.of(), replacement);
        }
    }

    /** @param replaced lines in which something was replaced */
    record ReplacedFile(String path, int replaced, String etag) {}

    /** @param undo what {@link #undo} takes; absent if nothing was replaced */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Replaced(List<ReplacedFile> files, List<FailedFile> failed, String undo) {}

    record Undo(@NotNull String undo) {}

    /** Lines of JSON: a {@link FileMatches} for each file as it is found, and how it ended. */
    @POST
    public Response search(
            @PathParam("session") UUID id, @NotNull @Valid SearchQuery query, @Context RoutingContext http) {
        var caller = callers.caller();
        access.require(caller, id, SessionRole.WATCH);
        boolean mayStart = access.role(caller, id)
                .filter(role -> role.includes(SessionRole.DRIVE))
                .isPresent();
        long began = System.nanoTime();
        var search = Refusals.told(() -> FileSearch.start(searched(id, mayStart).sandbox(), query));
        http.addEndHandler(over -> search.close()); // also when the client hangs up
        StreamingOutput lines = target -> {
            try (search) {
                tell(search, began, target);
            }
        };
        return Response.ok(lines)
                .type("application/x-ndjson")
                .header("Cache-Control", "no-store")
                .build();
    }

    /** Who only watches starts no sandbox. */
    private OpenWorkspace searched(UUID id, boolean mayStart) throws InterruptedException {
        if (mayStart) {
            return workspaces.open(id);
        }
        return workspaces
                .openIfAhead(id)
                .orElseThrow(
                        () -> new ProblemException(
                                Kind.CONFLICT,
                                "search.sandbox-stopped",
                                "The session's sandbox is not running. Somebody who drives starts it by typing; then search again."));
    }

    private void tell(FileSearch search, long began, OutputStream target) throws IOException {
        try {
            var summary = search.run(file -> line(target, file));
            long took = Duration.ofNanos(System.nanoTime() - began).toMillis();
            line(target, new Done("done", summary.files(), summary.matches(), summary.limited(), took));
        } catch (SandboxException failed) {
            line(target, new Failed("problem", failed.getMessage()));
        } catch (InterruptedException stopped) {
            throw new InterruptedIOException("stopped while searching");
        }
    }

    private void line(OutputStream target, Object value) throws IOException {
        target.write(json.writeValueAsBytes(value));
        target.write('\n');
        target.flush();
    }

    @POST
    @Path("/replace")
    public Replaced replace(@PathParam("session") UUID id, @NotNull @Valid Replacement request) {
        var caller = callers.caller();
        access.require(caller, id, SessionRole.DRIVE);
        var query = request.asQuery();
        return Refusals.told(() -> {
            var workspace = workspaces.open(id);
            new Ripgrep(workspace.sandbox(), query).check();
            var overwritten = new Overwritten(workspace.sandbox());
            var done =
                    replace(new FileReplacement(workspace.sandbox(), query, overwritten), request.files(), overwritten);
            workspace.savedBy(Actor.of(caller));
            new Trash(workspace.sandbox()).tidyLater(id);
            return done;
        });
    }

    /** Puts back what a replacement wrote over, where nobody wrote since. */
    @POST
    @Path("/replace/undo")
    public PutBack undo(@PathParam("session") UUID id, @NotNull @Valid Undo request) {
        var caller = callers.caller();
        access.require(caller, id, SessionRole.DRIVE);
        return Refusals.told(() -> {
            var workspace = workspaces.open(id);
            var done = Overwritten.putBack(workspace.sandbox(), request.undo());
            workspace.savedBy(Actor.of(caller));
            return done;
        });
    }

    private static Replaced replace(FileReplacement replacement, List<Seen> files, Overwritten overwritten)
            throws InterruptedException {
        var replaced = new ArrayList<ReplacedFile>();
        var failed = new ArrayList<FailedFile>();
        for (var file : files) {
            try {
                var path = AskedPath.ofWritable(file.path());
                var now = Refusals.told(() -> replacement.in(path, file.etag(), Optional.ofNullable(file.lines())));
                replaced.add(new ReplacedFile(file.path(), now.lines(), now.etag()));
            } catch (ProblemException refused) {
                if (refused.kind() == Kind.UNAVAILABLE) {
                    throw refused;
                }
                failed.add(new FailedFile(file.path(), refused.getMessage()));
            }
        }
        return new Replaced(replaced, failed, overwritten.end().orElse(null));
    }
}
