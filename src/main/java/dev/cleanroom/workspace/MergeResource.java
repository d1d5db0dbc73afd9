package dev.cleanroom.workspace;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.account.Caller;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.git.BranchRules;
import dev.cleanroom.git.Merges;
import dev.cleanroom.git.Merges.Strategy;
import dev.cleanroom.git.Packs;
import dev.cleanroom.git.RefAuthor;
import dev.cleanroom.git.Refs;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.ProjectAccess;
import dev.cleanroom.project.Role;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.session.SessionLog;
import dev.cleanroom.session.SessionRole;
import dev.cleanroom.workspace.WorktreeMerge.Side;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A session's commits into the project's default branch, on the server; and that branch into the session, as a merge in its
 * worktree, where conflicts are solved.
 */
@Path("/api/v1/sessions/{session}/merge")
@RunOnVirtualThread
class MergeResource {
    private static final int MAX_UNCOMMITTED = 100; // paths that are named
    private static final int MAX_MESSAGE = 100_000; // UTF-16 units, as of any commit

    private final CurrentCaller callers;
    private final SessionAccess access;
    private final ProjectAccess projects;
    private final SessionWorkspaces workspaces;
    private final SessionTrees trees;
    private final SessionChanges changes;
    private final SessionLog log;
    private final CommitFiles files;
    private final BranchRules rules;
    private final Merges merges;
    private final Packs packs;
    private final Refs refs;
    private final AuditLog audit;

    MergeResource(
            CurrentCaller callers,
            SessionAccess access,
            ProjectAccess projects,
            SessionWorkspaces workspaces,
            SessionTrees trees,
            SessionChanges changes,
            SessionLog log,
            CommitFiles files,
            BranchRules rules,
            Merges merges,
            Packs packs,
            Refs refs,
            AuditLog audit) {
        this.callers = callers;
        this.access = access;
        this.projects = projects;
        this.workspaces = workspaces;
        this.trees = trees;
        this.changes = changes;
        this.log = log;
        this.files = files;
        this.rules = rules;
        this.merges = merges;
        this.packs = packs;
        this.refs = refs;
        this.audit = audit;
    }

    /** @param kind {@code both-changed}, {@code both-added}, {@code we-deleted} or {@code they-deleted} */
    record Conflicted(String path, String kind) {}

    /** A merge that has begun in the session. @param unsolved by path; empty: it can be finished */
    record Begun(String commit, List<Conflicted> unsolved) {}

    /**
     * @param into the project's default branch; {@code target}: its commit
     * @param head the session's, which is what is merged
     * @param ahead commits that the branch lacks; {@code behind}: that only the branch has; each at most 1 000
     * @param state {@code nothing}, {@code fast-forward}, {@code clean}, {@code conflicts}; {@code uncommitted}: nothing yet
     *     but changes; {@code merging}: the branch is being brought into the session
     * @param conflicts paths that a merge here could not join, at most 1 000
     * @param uncommitted paths that would be left out, at most 100
     * @param squashed what the one commit says unless a message is sent; absent if nothing is ahead
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Status(
            String into,
            String target,
            String head,
            int ahead,
            int behind,
            String state,
            List<String> conflicts,
            List<String> uncommitted,
            String squashed,
            Begun merging) {}

    /** @param strategy {@code fast-forward}, {@code merge} or {@code squash}; {@code expected}: the branch's commit as it was seen */
    record Wanted(String strategy, String message, String expected) {}

    record Merged(String commit) {}

    /** @param head the session's commit now @param unsolved what a person has to solve; empty: all of the branch is in */
    record Brought(String head, List<Conflicted> unsolved) {}

    /** @param take {@code ours} or {@code theirs}: that version of the whole files; absent: the files as they are */
    record Solved(List<String> paths, String take) {}

    @GET
    public Status status(@PathParam("session") UUID id) {
        var session = access.require(callers.caller(), id, SessionRole.WATCH);
        return Refusals.told(() -> {
            var head = changes.head(session);
            var into = refs.defaultBranch(session.project());
            var outlook = merges.outlook(session.project(), into, head);
            var uncommitted = files.changed(session.project(), head, trees.newest(session)).keySet().stream()
                    .limit(MAX_UNCOMMITTED)
                    .toList();
            var begun = begun(session);
            var state = begun.merging().isPresent()
                    ? "merging"
                    : outlook.state() == Merges.State.NOTHING && !uncommitted.isEmpty()
                            ? "uncommitted"
                            : onTheWire(outlook.state());
            return new Status(
                    into,
                    outlook.into(),
                    head,
                    outlook.ahead(),
                    outlook.behind(),
                    state,
                    outlook.conflicts(),
                    uncommitted,
                    outlook.ahead() == 0 ? null : squashed(session, into, head),
                    begun.merging()
                            .map(commit -> new Begun(commit, conflicted(begun)))
                            .orElse(null));
        });
    }

    /** Merges what the session has committed. */
    @POST
    public Merged merge(@PathParam("session") UUID id, Wanted wanted) {
        var caller = callers.caller();
        var session = access.require(caller, id, SessionRole.DRIVE);
        ChangesResource.requirePerson(caller, "Members move the project's branches.");
        projects.require(caller, session.project(), Role.EDITOR);
        var strategy = strategy(wanted);
        var into = refs.defaultBranch(session.project());
        rules.check(
                session.project(),
                projects.role(caller, session.project()),
                Refs.HEADS + into,
                BranchRules.Way.MERGE,
                BranchRules.Change.FORWARD);
        var author = changes.author(caller);
        var head = Refusals.told(() -> changes.head(session));
        var merged = merges.merge(
                session.project(),
                into,
                wanted.expected(),
                head,
                strategy,
                message(wanted).orElseGet(() -> switch (strategy) {
                    case FAST_FORWARD -> ""; // it makes no commit
                    case MERGE -> "Merge: " + title(session).orElse("session " + session.id());
                    case SQUASH -> squashed(session, into, head);
                }),
                new Merges.Author(Worktree.asIdentity(author.name()), author.email()),
                RefAuthor.of(caller));
        audit.record(caller.name(), caller.id(), "git.merged", session.project().toString(), into + " to " + merged);
        return new Merged(merged);
    }

    /** Brings the project's default branch into the session, as {@code git merge} does. */
    @POST
    @Path("/begin")
    public Brought begin(@PathParam("session") UUID id) {
        var caller = callers.caller();
        var session = access.require(caller, id, SessionRole.DRIVE);
        ChangesResource.requirePerson(caller, "Members bring other branches in.");
        var branch = refs.defaultBranch(session.project());
        var commit = refs.resolve(session.project(), Refs.HEADS + branch).orElseThrow(() -> Merges.noBranch(branch));
        return Refusals.told(() -> {
            var workspace = workspaces.open(id); // may take a while: rights are looked at again afterwards
            access.require(caller, id, SessionRole.DRIVE);
            var author = author(caller);
            log.atRest(
                    id,
                    () -> workspace.edit(Actor.of(caller), branch + " brought in by " + caller.name(), () -> {
                        var head = trees.head(session); // the checkpoint before has it
                        new WorktreeMerge(workspace.sandbox())
                                .begin(
                                        branch,
                                        commit,
                                        author,
                                        pack -> packs.send(session.project(), List.of(commit), List.of(head), pack));
                    }));
            var begun = begun(session);
            if (begun.merging().isPresent()) {
                var ref = Checkpoints.mergeRef(session);
                refs.resolve(session.project(), ref)
                        .ifPresentOrElse(
                                old -> refs.update(session.project(), ref, old, commit),
                                () -> refs.create(session.project(), ref, commit));
            }
            return new Brought(trees.head(session), conflicted(begun));
        });
    }

    @POST
    @Path("/solved")
    public void solved(@PathParam("session") UUID id, Solved asked) {
        var caller = callers.caller();
        access.require(caller, id, SessionRole.DRIVE);
        var paths = ChangesResource.chosen(asked == null ? null : asked.paths(), null);
        Refusals.told(() -> {
            var workspace = workspaces.open(id);
            var merge = new WorktreeMerge(workspace.sandbox());
            if (asked.take() == null) {
                merge.solved(paths);
            } else {
                var side = side(asked.take());
                workspace.edit(Actor.of(caller), "Conflict solved by " + caller.name(), () -> merge.take(side, paths));
            }
            return null;
        });
    }

    /** Commits a merge whose conflicts are solved. */
    @POST
    @Path("/finish")
    public Merged finish(@PathParam("session") UUID id) {
        var caller = callers.caller();
        var session = access.require(caller, id, SessionRole.DRIVE);
        return Refusals.told(() -> {
            var workspace = workspaces.open(id);
            var author = author(caller);
            workspace.checkpointAndLog(); // whose change is what is known then
            var trailer = changes.trailer(session, new UserGit(workspace.sandbox()), false);
            workspace.edit(
                    Actor.of(caller),
                    "Merge finished by " + caller.name(),
                    () -> new WorktreeMerge(workspace.sandbox()).finish(author, trailer));
            begun(session);
            return new Merged(trees.head(session));
        });
    }

    /** Goes back to before it began. */
    @POST
    @Path("/abort")
    public void abort(@PathParam("session") UUID id) {
        var caller = callers.caller();
        var session = access.require(caller, id, SessionRole.DRIVE);
        Refusals.told(() -> {
            var workspace = workspaces.open(id);
            log.atRest(
                    id,
                    () -> workspace.edit(
                            Actor.of(caller),
                            "Merge aborted by " + caller.name(),
                            () -> new WorktreeMerge(workspace.sandbox()).abort()));
            return begun(session);
        });
    }

    private WorktreeMerge.State begun(Session session) throws InterruptedException {
        var workspace = trees.worktree(session);
        if (workspace.isEmpty()) {
            return WorktreeMerge.State.NONE;
        }
        var state = new WorktreeMerge(workspace.get().sandbox()).state();
        if (state.merging().isEmpty()) {
            var ref = Checkpoints.mergeRef(session); // it ended, in a terminal maybe
            refs.resolve(session.project(), ref).ifPresent(commit -> refs.delete(session.project(), ref, commit));
        }
        return state;
    }

    private Map<String, String> author(Caller caller) {
        var author = changes.author(caller);
        return UserGit.author(author.name(), author.email());
    }

    private static List<Conflicted> conflicted(WorktreeMerge.State begun) {
        return begun.conflicts().entrySet().stream()
                .map(file -> new Conflicted(file.getKey(), onTheWire(file.getValue())))
                .toList();
    }

    private static String onTheWire(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Strategy strategy(Wanted wanted) {
        if (wanted == null || wanted.strategy() == null || wanted.expected() == null) {
            throw new ProblemException(
                    Kind.INVALID, "git.merge", "Send {\"strategy\", \"expected\"}: how, and the branch's commit.");
        }
        return switch (wanted.strategy()) {
            case "fast-forward" -> Strategy.FAST_FORWARD;
            case "merge" -> Strategy.MERGE;
            case "squash" -> Strategy.SQUASH;
            default ->
                throw new ProblemException(
                        Kind.INVALID, "git.merge", "A strategy is \"fast-forward\", \"merge\" or \"squash\".");
        };
    }

    private static Optional<String> message(Wanted wanted) {
        if (wanted.message() != null && wanted.message().length() > MAX_MESSAGE) {
            throw new ProblemException(
                    Kind.INVALID, "git.message", "The message is longer than %d characters.".formatted(MAX_MESSAGE));
        }
        return Optional.ofNullable(wanted.message()).filter(text -> !text.isBlank());
    }

    /** The subject of the one commit, or the session's title above those of all; without a title the first of them. */
    private String squashed(Session session, String into, String head) {
        var subjects = merges.subjects(session.project(), into, head);
        if (subjects.size() == 1) {
            return subjects.getFirst();
        }
        var first = title(session).or(() -> subjects.stream().findFirst()).orElse("Session " + session.id());
        return subjects.isEmpty() ? first : first + "\n\n- " + String.join("\n- ", subjects);
    }

    private static Optional<String> title(Session session) {
        return session.titled() ? Optional.of(session.title()) : Optional.empty();
    }

    private static Side side(String take) {
        return switch (take) {
            case "ours" -> Side.OURS;
            case "theirs" -> Side.THEIRS;
            default -> throw new ProblemException(Kind.INVALID, "git.selection", "Take \"ours\" or \"theirs\".");
        };
    }
}
