package dev.cleanroom.workspace;

import dev.cleanroom.account.Caller;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.problem.Problem;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.sandbox.Sandbox.FileStat;
import dev.cleanroom.sandbox.Sandbox.WriteCondition;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.session.SessionRole;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** One file's bytes: read by range, written and deleted under the etag that the writer has seen. */
@Path("/api/v1/sessions/{session}/files/content")
@RunOnVirtualThread
class ContentResource {
    private static final int UPLOAD_LIMIT = 32 << 20; // bytes: an upload is in memory once, and four may be at once
    private static final int UPLOADS_AT_ONCE = 4;
    private static final int SMALL_UPLOAD = 1 << 20; // bytes: what any request may hold in memory
    private static final Duration UPLOAD_WAIT = Duration.ofSeconds(5); // for a place; who cannot have one is told
    private static final int UPLOAD_RETRY = 10; // seconds
    private static final long MAX_DISCARDED =
            UPLOAD_LIMIT + (16 << 20); // bytes read and thrown away so that the client sees the refusal
    private static final int READ_AT_ONCE = 1 << 20; // bytes in memory for each reader

    private final CurrentCaller callers;
    private final SessionAccess access;
    private final SessionWorkspaces workspaces;
    private final SessionTrees trees;
    private final CommitFiles commits;
    private final Semaphore uploads = new Semaphore(UPLOADS_AT_ONCE, true);

    ContentResource(
            CurrentCaller callers,
            SessionAccess access,
            SessionWorkspaces workspaces,
            SessionTrees trees,
            CommitFiles commits) {
        this.callers = callers;
        this.access = access;
        this.workspaces = workspaces;
        this.trees = trees;
        this.commits = commits;
    }

    @GET
    public Response read(
            @PathParam("session") UUID id,
            @QueryParam("path") @DefaultValue("") String asked,
            @HeaderParam("Range") String range,
            @HeaderParam("If-None-Match") String known) {
        var session = access.require(callers.caller(), id, SessionRole.WATCH);
        var path = AskedPath.ofFile(asked);
        var wanted = ByteRange.parse(range);
        return Refusals.told(() -> {
            var worktree = trees.worktree(session);
            return worktree.isPresent()
                    ? answer(worktree.get().sandbox(), path, wanted, known)
                    : answer(commits.read(session.project(), trees.newest(session), path), path, wanted, known);
        });
    }

    @PUT
    @Consumes(MediaType.WILDCARD)
    public Response write(
            @PathParam("session") UUID id,
            @QueryParam("path") @DefaultValue("") String asked,
            @HeaderParam("Content-Length") Long length,
            @HeaderParam("If-Match") String match,
            @HeaderParam("If-None-Match") String noneMatch,
            @Context RoutingContext http,
            InputStream body)
            throws IOException {
        var caller = callers.caller();
        access.require(caller, id, SessionRole.DRIVE);
        var path = AskedPath.ofWritable(asked);
        if (length != null && length > UPLOAD_LIMIT) {
            throw tooLarge(http, body);
        }
        var condition = condition(match, noneMatch);
        byte[] start = body.readNBytes(SMALL_UPLOAD);
        if (start.length < SMALL_UPLOAD) {
            return Refusals.told(() -> write(caller, id, path, start, condition));
        }
        if (!Refusals.told(() -> uploads.tryAcquire(UPLOAD_WAIT.toSeconds(), TimeUnit.SECONDS))) {
            return busy(http, body);
        }
        try {
            var whole = new SequenceInputStream(new ByteArrayInputStream(start), body);
            byte[] bytes = whole.readNBytes(UPLOAD_LIMIT + 1);
            if (bytes.length > UPLOAD_LIMIT) {
                throw tooLarge(http, body);
            }
            return Refusals.told(() -> write(caller, id, path, bytes, condition));
        } finally {
            uploads.release();
        }
    }

    @DELETE
    public void delete(
            @PathParam("session") UUID id,
            @QueryParam("path") @DefaultValue("") String asked,
            @HeaderParam("If-Match") String match) {
        var caller = callers.caller();
        access.require(caller, id, SessionRole.DRIVE);
        var path = AskedPath.ofWritable(asked);
        Refusals.told(() -> {
            var workspace = workspaces.open(id);
            var stat = workspace.sandbox().stat(path);
            if (match != null && !stat.map(FileStat::etag).equals(Optional.of(unquoted(match)))) {
                throw new FileProblem(FileProblem.Reason.STALE, path);
            }
            if (stat.isEmpty()) {
                throw new FileProblem(FileProblem.Reason.NOT_FOUND, path + " does not exist.");
            }
            workspace.sandbox().delete(path);
            workspace.savedBy(Actor.of(caller));
            return null;
        });
    }

    private Response write(Caller caller, UUID id, String path, byte[] bytes, WriteCondition condition)
            throws InterruptedException {
        var workspace = workspaces.open(id);
        boolean existed = !(condition instanceof WriteCondition.IsNew)
                && workspace.sandbox().stat(path).isPresent();
        var written = workspace.sandbox().write(path, bytes, condition);
        workspace.savedBy(Actor.of(caller));
        return Response.status(existed ? Response.Status.OK : Response.Status.CREATED)
                .header("ETag", quoted(written.etag()))
                .build();
    }

    private static Response answer(Sandbox sandbox, String path, Optional<ByteRange> wanted, String known)
            throws InterruptedException {
        long guess = wanted.map(ByteRange::first).filter(first -> first >= 0).orElse(0L);
        var first = sandbox.read(path, guess, READ_AT_ONCE);
        var stat = first.stat();
        if (isKnown(stat, known)) {
            return Response.notModified().header("ETag", quoted(stat.etag())).build();
        }
        long start = wanted.map(range -> range.start(stat.size())).orElse(0L);
        long end = wanted.map(range -> range.end(stat.size())).orElse(stat.size());
        if (wanted.isPresent() && start >= stat.size()) {
            return unsatisfiable(stat.size());
        }
        StreamingOutput bytes = target -> {
            byte[] piece = start == first.offset() ? first.bytes() : new byte[0];
            for (long at = start; at < end; ) {
                if (piece.length == 0) {
                    piece = next(sandbox, path, at, stat);
                }
                int count = (int) Math.min(piece.length, end - at);
                target.write(piece, 0, count);
                at += count;
                piece = new byte[0];
            }
        };
        return content(stat, path, wanted.isPresent(), start, end, bytes);
    }

    private static Response answer(CommitFiles.Content file, String path, Optional<ByteRange> wanted, String known) {
        var stat = file.stat();
        if (isKnown(stat, known)) {
            return Response.notModified().header("ETag", quoted(stat.etag())).build();
        }
        long start = wanted.map(range -> range.start(stat.size())).orElse(0L);
        long end = wanted.map(range -> range.end(stat.size())).orElse(stat.size());
        if (wanted.isPresent() && start >= stat.size()) {
            return unsatisfiable(stat.size());
        }
        StreamingOutput bytes = target -> target.write(file.bytes(), (int) start, (int) (end - start));
        return content(stat, path, wanted.isPresent(), start, end, bytes);
    }

    private static Response content(
            FileStat stat, String path, boolean partial, long start, long end, StreamingOutput bytes) {
        var response = Response.status(partial ? Response.Status.PARTIAL_CONTENT : Response.Status.OK)
                .entity(bytes)
                .header("ETag", quoted(stat.etag()))
                .header("Accept-Ranges", "bytes")
                .header("Content-Length", end - start);
        if (partial) {
            response.header("Content-Range", "bytes %d-%d/%d".formatted(start, end - 1, stat.size()));
        }
        return Untrusted.attachment(response, path.substring(path.lastIndexOf('/') + 1))
                .build();
    }

    /** The next piece of the same state of the file; half of one and half of another would be no file at all. */
    private static byte[] next(Sandbox sandbox, String path, long at, FileStat stat) throws IOException {
        try {
            var read = sandbox.read(path, at, READ_AT_ONCE);
            if (!read.stat().etag().equals(stat.etag()) || read.bytes().length == 0) {
                throw new IOException(path + " changed while it was read");
            }
            return read.bytes();
        } catch (InterruptedException stopped) {
            throw new InterruptedIOException("stopped while reading a file");
        }
    }

    private static Response unsatisfiable(long size) {
        return Response.status(Response.Status.REQUESTED_RANGE_NOT_SATISFIABLE)
                .type("application/problem+json")
                .header("Content-Range", "bytes */" + size)
                .entity(new Problem("file.range", 416, "The file has " + size + " bytes; ask for a range within."))
                .build();
    }

    private static boolean isKnown(FileStat stat, String known) {
        return known != null && unquoted(known).equals(stat.etag());
    }

    private static WriteCondition condition(String match, String noneMatch) {
        if (noneMatch != null) {
            if (!noneMatch.strip().equals("*")) {
                throw new ProblemException(
                        Kind.INVALID,
                        "request.invalid",
                        "If-None-Match takes * only here: for a file that must be new.");
            }
            return new WriteCondition.IsNew();
        }
        return match == null ? new WriteCondition.Always() : new WriteCondition.Matches(unquoted(match));
    }

    private static ProblemException tooLarge(RoutingContext http, InputStream body) throws IOException {
        discard(http, body);
        return new ProblemException(
                Kind.TOO_LARGE,
                "file.too-large",
                "A file of more than %d MiB cannot be uploaded. Fetch it from inside the sandbox, or leave it out."
                        .formatted(UPLOAD_LIMIT >> 20));
    }

    private static Response busy(RoutingContext http, InputStream body) throws IOException {
        discard(http, body);
        return Response.status(Response.Status.SERVICE_UNAVAILABLE)
                .type("application/problem+json")
                .header("Retry-After", UPLOAD_RETRY)
                .entity(new Problem(
                        "file.uploads-busy",
                        503,
                        "%d large uploads are under way already. Try again in some seconds."
                                .formatted(UPLOADS_AT_ONCE)))
                .build();
    }

    /** The rest of a short body is read, so that its sender gets to reading; of a long one the connection ends with the answer. */
    private static void discard(RoutingContext http, InputStream body) throws IOException {
        var length = http.request().getHeader("Content-Length");
        boolean hopeless = length != null && Long.parseLong(length) > MAX_DISCARDED;
        if (hopeless || !ends(body)) {
            http.response().putHeader("Connection", "close");
            http.addEndHandler(sent -> http.request().connection().close());
            http.request().handler(discarded -> {}).resume();
        }
    }

    private static boolean ends(InputStream body) throws IOException {
        byte[] piece = new byte[64 << 10];
        long discarded = 0;
        while (discarded <= MAX_DISCARDED) {
            int count = body.read(piece);
            if (count < 0) {
                return true;
            }
            discarded += count;
        }
        return false;
    }

    private static String quoted(String etag) {
        return '"' + etag + '"';
    }

    private static String unquoted(String etag) {
        return etag.strip().replaceFirst("^W/", "").replaceAll("^\"|\"$", "");
    }
}
