package dev.cleanroom.workspace;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.account.Caller;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.git.Remotes;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.ProjectAccess;
import dev.cleanroom.project.Role;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.session.SessionRole;
import dev.cleanroom.workspace.UserGit.Change;
import dev.cleanroom.workspace.UserGit.Committed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.jgit.lib.Repository;
import org.jboss.resteasy.reactive.ResponseStatus;

/** What is to be committed in a session, and how it gets into commits and to where the project came from. */
@Path("/api/v1/sessions/{session}/git")
@RunOnVirtualThread
class ChangesResource {
    /** In place of bytes that are no UTF-8: taken as text it would stand in the file. */
    private static final char UNREADABLE = '\uFFFD';

    private static final List<String> EVERYTHING = List.of("."); // as git names it
    private static final int MAX_PATHS = 10_000; // in one request; more come by their folder's path
    private static final int MAX_UNDO = 8 << 20; // bytes of a patch that brings back what was discarded
    private static final int MAX_APPLIED = 4 * MAX_UNDO; // bytes of a request: JSON writes some characters as six
    private static final int MAX_MESSAGE = 100_000; // UTF-16 units; a commit's message is a few lines
    private static final int MAX_BRANCH = 200; // UTF-16 units of a branch's name

    private final CurrentCaller callers;
    private final SessionAccess access;
    private final ProjectAccess projects;
    private final SessionWorkspaces workspaces;
    private final SessionChanges changes;
    private final Remotes remotes;
    private final AuditLog audit;
    private final ObjectMapper json;

    ChangesResource(
            CurrentCaller callers,
            SessionAccess access,
            ProjectAccess projects,
            SessionWorkspaces workspaces,
            SessionChanges changes,
            Remotes remotes,
            AuditLog audit,
            ObjectMapper json) {
        this.callers = callers;
        this.access = access;
        this.projects = projects;
        this.workspaces = workspaces;
        this.changes = changes;
        this.remotes = remotes;
        this.audit = audit;
        this.json = json;
    }

    record Remote(String url, String host) {}

    record Author(String name, String email) {}

    /**
     * @param branch that HEAD is on; absent when detached
     * @param head commit of HEAD; {@code base}: where the session began
     * @param author the caller, as a commit of his would name him
     * @param staged index against HEAD, at most 1 000; {@code unstaged}: files against the index, untracked ones included
     * @param commits since {@code base}, newest first, at most 200
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Status(
            String branch,
            String head,
            String base,
            Remote remote,
            Author author,
            List<Change> staged,
            List<Change> unstaged,
            List<Committed> commits) {}

    /** @param paths files or folders, or {@code patch}: a unified diff, or {@code all}; {@code unstage}: the other way */
    record Staging(List<String> paths, String patch, Boolean all, Boolean unstage) {}

    record Discarding(List<String> paths, String patch) {}

    /** @param patch for {@code apply}; binary files included */
    record Discarded(String patch) {}

    record Applied(String patch) {}

    /** @param branch of the project, made or moved forwards to the commit; @param all stages everything before */
    record NewCommit(String message, String branch, Boolean all) {}

    record Made(String commit, String branch) {}

    /** @param branch at the remote; absent: the session's own name. {@code token}: used once and not kept; absent: the remote's own, for editors */
    record Push(String branch, String token) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Pushed(String remote, String branch, String pullRequestUrl) {}

    @GET
    public Status status(@PathParam("session") UUID id) {
        var caller = callers.caller();
        var session = access.require(caller, id, SessionRole.WATCH);
        var state = Refusals.told(() -> changes.state(session));
        var author = changes.author(caller);
        return new Status(
                state.branch().orElse(null),
                state.head(),
                session.baseCommit(),
                remotes.of(session.project())
                        .map(uri -> new Remote(uri.toString(), uri.getHost()))
                        .orElse(null),
                new Author(author.name(), author.email()),
                state.staged(),
                state.unstaged(),
                state.commits());
    }

    @POST
    @Path("/stage")
    public void stage(@PathParam("session") UUID id, Staging asked) {
        access.require(callers.caller(), id, SessionRole.DRIVE);
        boolean all = asked != null && Boolean.TRUE.equals(asked.all());
        var paths =
                all ? EVERYTHING : chosen(asked == null ? null : asked.paths(), asked == null ? null : asked.patch());
        boolean unstage = Boolean.TRUE.equals(asked.unstage());
        Refusals.told(() -> {
            var git = new UserGit(workspaces.open(id).sandbox());
            if (all || asked.patch() == null) {
                git.stage(paths, unstage);
            } else {
                git.stage(asked.patch(), unstage);
            }
            return null;
        });
    }

    /** Takes unstaged changes back, and says how to bring them back. */
    @POST
    @Path("/discard")
    public Discarded discard(@PathParam("session") UUID id, Discarding asked) {
        var caller = callers.caller();
        access.require(caller, id, SessionRole.DRIVE);
        var paths = chosen(asked == null ? null : asked.paths(), asked == null ? null : asked.patch());
        return Refusals.told(() -> {
            var workspace = workspaces.open(id);
            var git = new UserGit(workspace.sandbox());
            var actor = Actor.of(caller);
            var edited = workspace.edit(actor, "Changes discarded by " + actor.name(), () -> {
                if (asked.patch() == null) {
                    git.discard(paths);
                } else {
                    git.discard(asked.patch());
                }
            });
            var undo = workspace.worktree().patch(edited.now(), edited.previous(), paths, MAX_UNDO);
            if (undo.isEmpty()) {
                workspace.edit(actor, "Nothing discarded", () -> workspace.restore(edited.previous()));
                throw UserGit.discardTooLarge();
            }
            return new Discarded(undo.get());
        });
    }

    /** Brings back what was discarded. A stream, since it may be larger than other requests. */
    @POST
    @Path("/apply")
    public void apply(@PathParam("session") UUID id, InputStream body) throws IOException {
        var caller = callers.caller();
        access.require(caller, id, SessionRole.DRIVE);
        var patch = patch(body);
        Refusals.told(() -> {
            var workspace = workspaces.open(id);
            var complaint = workspace.worktree().apply(patch);
            if (complaint.isPresent()) {
                throw new ProblemException(
                        Kind.CONFLICT,
                        "git.patch-conflict",
                        "This change does not fit any more: the files have changed since. git says: "
                                + complaint.get());
            }
            workspace.savedBy(Actor.of(caller));
            return null;
        });
    }

    @POST
    @Path("/commits")
    @ResponseStatus(201)
    public Made commit(@PathParam("session") UUID id, NewCommit asked) {
        var caller = callers.caller();
        var session = access.require(caller, id, SessionRole.DRIVE);
        if (asked == null || asked.message() == null || asked.message().isBlank()) {
            throw new ProblemException(Kind.INVALID, "git.message", "Write a message that says what the commit does.");
        }
        if (asked.message().length() > MAX_MESSAGE) {
            throw new ProblemException(
                    Kind.INVALID, "git.message", "The message is longer than %d characters.".formatted(MAX_MESSAGE));
        }
        if (asked.branch() != null) {
            requirePerson(caller, "Members move the project's branches.");
            changes.requireBranch(session, asked.branch(), caller);
        }
        return Refusals.told(() -> {
            var made = changes.commit(session, caller, asked.message(), Boolean.TRUE.equals(asked.all()));
            if (asked.branch() != null) {
                changes.move(session, asked.branch(), made, caller);
            }
            return new Made(
                    made, asked.branch() == null ? session.branch().substring("refs/heads/".length()) : asked.branch());
        });
    }

    @POST
    @Path("/push")
    public Pushed push(@PathParam("session") UUID id, Push asked) {
        var caller = callers.caller();
        var session = access.require(caller, id, SessionRole.DRIVE);
        requirePerson(caller, "Members push commits to other places.");
        var wanted = asked == null ? new Push(null, null) : asked;
        var branch = wanted.branch() == null || wanted.branch().isBlank()
                ? session.branch().substring("refs/heads/".length())
                : branch(wanted.branch());
        if (wanted.token() == null || wanted.token().isBlank()) {
            projects.require(caller, session.project(), Role.EDITOR); // the remote's own token is the editors'
        }
        var head = Refusals.told(() -> changes.head(session));
        if (head.equals(session.baseCommit())) {
            throw new ProblemException(
                    Kind.CONFLICT, "git.nothing-committed", "Nothing was committed in this session yet. Commit first.");
        }
        var pushed = remotes.push(session.project(), head, branch, Optional.ofNullable(wanted.token()));
        audit.record(
                caller.name(),
                caller.id(),
                "git.pushed",
                session.project().toString(),
                branch + " to " + pushed.remote());
        return new Pushed(
                pushed.remote().toString(), branch, pushed.pullRequestUrl().orElse(null));
    }

    /** @return the paths that are meant, those of the patch if there is one */
    static List<String> chosen(List<String> paths, String patch) {
        if ((paths == null || paths.isEmpty()) == (patch == null || patch.isBlank())) {
            throw new ProblemException(Kind.INVALID, "git.selection", "Say what: either \"paths\" or a \"patch\".");
        }
        if (patch != null && patch.indexOf(UNREADABLE) >= 0) {
            throw new ProblemException(
                    Kind.INVALID,
                    "git.patch-not-text",
                    "The file is not UTF-8, so a part of it cannot be told from another. Choose the whole file.");
        }
        if (patch != null) {
            var sections = PatchSections.of(patch.getBytes(StandardCharsets.UTF_8), false);
            if (sections.isEmpty()) {
                throw new ProblemException(
                        Kind.INVALID, "git.patch", "This is no patch as git writes it: it has no line \"diff --git\".");
            }
            return List.copyOf(sections.keySet());
        }
        if (paths.size() > MAX_PATHS) {
            throw new ProblemException(
                    Kind.LIMIT, "git.selection", "At most %d paths at once: name their folder.".formatted(MAX_PATHS));
        }
        return paths.stream().map(AskedPath::ofFile).toList();
    }

    private String patch(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(MAX_APPLIED + 1);
        if (bytes.length > MAX_APPLIED) {
            throw new ProblemException(
                    Kind.TOO_LARGE, "git.patch", "The patch is larger than " + (MAX_UNDO >> 20) + " MiB.");
        }
        try {
            var applied = json.readValue(bytes, Applied.class);
            if (applied != null && applied.patch() != null && !applied.patch().isBlank()) {
                return applied.patch();
            }
        } catch (JsonProcessingException noJson) {
            // told below
        }
        throw new ProblemException(Kind.INVALID, "git.patch", "Send {\"patch\": …} with what a discard returned.");
    }

    static String branch(String name) {
        var branch = name.strip();
        if (branch.length() > MAX_BRANCH || !Repository.isValidRefName("refs/heads/" + branch)) {
            throw new ProblemException(
                    Kind.INVALID,
                    "git.branch",
                    "\"" + branch + "\" is no name for a branch. Use letters, digits, - and /.");
        }
        return branch;
    }

    static void requirePerson(Caller caller, String sentence) {
        if (!caller.isPerson()) {
            throw new ProblemException(Kind.FORBIDDEN, "session.members-only", sentence);
        }
    }
}
