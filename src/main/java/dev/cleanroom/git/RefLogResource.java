package dev.cleanroom.git;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.account.Caller;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.ProjectAccess;
import dev.cleanroom.project.ProjectStore;
import dev.cleanroom.project.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestQuery;

/** Who moved which ref, the newest first, and the way back. */
@Path("/api/v1/projects/{project}/repository/ref-log")
@RunOnVirtualThread
class RefLogResource {
    private static final int DEFAULT_PAGE = 50;
    private static final int MAX_PAGE = 500;

    /** @param kind {@code person}, {@code session} or {@code server} */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ByView(String kind, String name, UUID personId, UUID tokenId, UUID sessionId, UUID turnId) {}

    /**
     * @param from, to absent: the ref was made, or deleted
     * @param forced whether commits left the ref
     * @param kept whether what it was at is still kept
     * @param undoable whether the ref is still where this put it, too
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record EntryView(
            String id,
            String ref,
            String from,
            String to,
            boolean forced,
            Instant at,
            ByView by,
            boolean kept,
            boolean undoable) {}

    /** @param branch such as {@code recovered/main-1a2b3c4d} */
    record RecoveredView(String branch) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record EntryPage(List<EntryView> items, String next) {}

    private final CurrentCaller current;
    private final ProjectAccess access;
    private final ProjectStore projects;
    private final RefLogStore log;
    private final RefStore refs;
    private final RefUndo undo;

    RefLogResource(
            CurrentCaller current,
            ProjectAccess access,
            ProjectStore projects,
            RefLogStore log,
            RefStore refs,
            RefUndo undo) {
        this.current = current;
        this.access = access;
        this.projects = projects;
        this.log = log;
        this.refs = refs;
        this.undo = undo;
    }

    /** @param ref whole, such as {@code refs/heads/main}; absent: of all */
    @GET
    public EntryPage list(UUID project, @RestQuery String ref, @RestQuery String cursor, @RestQuery Integer limit)
            throws IOException {
        access.require(current.person(), project, Role.VIEWER);
        int size = limit == null ? DEFAULT_PAGE : Math.clamp(limit, 1, MAX_PAGE);
        var entries = log.list(project, ref, cursor == null ? null : id(cursor), size + 1);
        Map<String, String> now = new HashMap<>();
        refs.list(project).forEach(row -> now.put(row.name(), row.state().oid()));
        var page = entries.stream().limit(size).map(entry -> view(entry, now)).toList();
        return new EntryPage(page, entries.size() > size ? page.getLast().id() : null);
    }

    /** Puts the ref back to what it was at. */
    @POST
    @Path("/{entry}/undo")
    public void undo(UUID project, String entry) throws IOException {
        var caller = current.person();
        access.require(caller, project, Role.EDITOR);
        undo.undo(project, find(project, entry), RefAuthor.of(caller), role(project, caller));
    }

    /** Makes a branch where the ref was before, also if others have moved the ref since. */
    @POST
    @Path("/{entry}/recover")
    public RecoveredView recover(UUID project, String entry) throws IOException {
        var caller = current.person();
        access.require(caller, project, Role.EDITOR);
        return new RecoveredView(
                undo.recover(project, find(project, entry), RefAuthor.of(caller), role(project, caller)));
    }

    private Role role(UUID project, Caller caller) {
        return projects.roleOf(project, caller.id()).orElse(Role.VIEWER);
    }

    private RefLogStore.Entry find(UUID project, String entry) throws IOException {
        return log.find(project, id(entry))
                .orElseThrow(() -> new ProblemException(
                        Kind.NOT_FOUND, "git.no-log-entry", "This project's log of refs has no such entry. Reload."));
    }

    private EntryView view(RefLogStore.Entry entry, Map<String, String> now) {
        var author = entry.author();
        return new EntryView(
                Long.toString(entry.id()),
                entry.ref(),
                entry.from().orElse(null),
                entry.to().orElse(null),
                entry.forced(),
                entry.at(),
                new ByView(
                        author.kind().name().toLowerCase(Locale.ROOT),
                        author.name(),
                        author.person().orElse(null),
                        author.token().orElse(null),
                        author.session().orElse(null),
                        author.turn().orElse(null)),
                undo.isPossible(entry),
                Objects.equals(now.get(entry.ref()), entry.to().orElse(null)) && undo.isPossible(entry));
    }

    private static long id(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notOurs) {
            throw new ProblemException(Kind.INVALID, "request.invalid", "Entries have ids of digits only.");
        }
    }
}
