package dev.cleanroom.workspace;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.git.Diffs;
import dev.cleanroom.git.Reverts;
import dev.cleanroom.git.Reverts.Answer;
import dev.cleanroom.git.Reverts.Conflict;
import dev.cleanroom.git.Reverts.Reversal;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.FilesAt;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.session.SessionEvent.ChangeKind;
import dev.cleanroom.session.SessionEvent.CheckpointTaken;
import dev.cleanroom.session.SessionLog;
import dev.cleanroom.session.SessionRole;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One change of a session's files, from the checkpoint before it to its own: shown, and taken back by itself. */
@Path("/api/v1/sessions/{session}/checkpoints/{commit}")
@RunOnVirtualThread
class CheckpointResource {
    private final CurrentCaller callers;
    private final SessionAccess access;
    private final SessionLog log;
    private final SessionWorkspaces workspaces;
    private final SessionTrees trees;
    private final Diffs diffs;
    private final Reverts reverts;

    CheckpointResource(
            CurrentCaller callers,
            SessionAccess access,
            SessionLog log,
            SessionWorkspaces workspaces,
            SessionTrees trees,
            Diffs diffs,
            Reverts reverts) {
        this.callers = callers;
        this.access = access;
        this.log = log;
        this.workspaces = workspaces;
        this.trees = trees;
        this.diffs = diffs;
        this.reverts = reverts;
    }

    /** @param answers to the conflicts of an earlier try @param markers true: text that conflicts is written with git's markers */
    record Wanted(List<Answer> answers, Boolean markers) {}

    record File(String path, ChangeKind kind) {}

    /**
     * @param done false: nothing was written, because of {@code conflicts}
     * @param previous restoring it undoes this; null where nothing was written
     */
    record Undone(boolean done, String previous, List<File> files, List<Conflict> conflicts) {}

    @GET
    @Path("diff")
    public DiffResource.Difference diff(@PathParam("session") UUID id, @PathParam("commit") String commit) {
        var session = access.require(callers.caller(), id, SessionRole.WATCH);
        var files = diffs.between(session.project(), Optional.of(before(session, commit)), commit);
        return new DiffResource.Difference(
                files.stream().map(DiffResource::file).toList());
    }

    /** Takes back what changed here and keeps later changes: a merge, whose base is this checkpoint. */
    @POST
    @Path("undo")
    public Undone undo(@PathParam("session") UUID id, @PathParam("commit") String commit, Wanted asked) {
        var caller = callers.caller();
        var session = access.require(caller, id, SessionRole.DRIVE);
        var wanted = asked == null ? new Wanted(null, null) : asked;
        var before = before(session, commit);
        return Refusals.told(() -> {
            var workspace = workspaces.open(id); // may take a while: rights are looked at again afterwards
            access.require(caller, id, SessionRole.DRIVE);
            return log.atRest(id, () -> {
                var planned = plan(session, before, commit, trees.current(session), wanted);
                return planned.conflicts().isEmpty()
                        ? write(workspace, session, Actor.of(caller), before, commit, wanted)
                        : new Undone(false, null, List.of(), planned.conflicts());
            });
        });
    }

    private Undone write(
            OpenWorkspace workspace, Session session, Actor person, String before, String commit, Wanted wanted)
            throws InterruptedException {
        var edited = workspace.edit(person, "One step undone by " + person.name(), () -> {
            var planned = plan(session, before, commit, trees.newest(session), wanted);
            if (!planned.conflicts().isEmpty()) {
                throw moved();
            }
            if (!planned.patch().isEmpty()
                    && workspace.worktree().apply(planned.patch()).isPresent()) {
                throw moved();
            }
        });
        var files = workspace.changed(edited).stream()
                .map(file -> new File(file.path(), file.kind()))
                .toList();
        return new Undone(true, edited.previous(), files, List.of());
    }

    private static ProblemException moved() {
        return new ProblemException(
                Kind.CONFLICT,
                "session.files-moved",
                "These files were changed at the same moment, and nothing was written. Try again.");
    }

    private Reversal plan(Session session, String before, String after, String now, Wanted wanted) {
        var answers = wanted.answers() == null ? List.<Answer>of() : wanted.answers();
        return reverts.plan(session.project(), before, after, now, answers, Boolean.TRUE.equals(wanted.markers()));
    }

    /** What the files were when the log was told of them before: one that it is told of may be the last of several. */
    private String before(Session session, String commit) {
        var history = log.read(session.id());
        var taken = history.stream()
                .filter(logged -> logged.event() instanceof CheckpointTaken one
                        && one.commit().equals(commit))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        Kind.NOT_FOUND,
                        "session.checkpoint-not-found",
                        "This is no checkpoint of the session. Choose one from its history."));
        return FilesAt.commit(history, session.baseCommit(), taken.sequence() - 1);
    }
}
