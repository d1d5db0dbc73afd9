package dev.cleanroom.workspace;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.FilesAt;
import dev.cleanroom.session.Logged;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.session.SessionEvent.ChangeKind;
import dev.cleanroom.session.SessionEvent.CheckpointTaken;
import dev.cleanroom.session.SessionEvent.Rewound;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionLog;
import dev.cleanroom.session.SessionRole;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;
import java.util.UUID;

/** Sets a session's files back to one of its checkpoints. Conversation, commits and index stay as they are. */
@Path("/api/v1/sessions/{session}/restore")
@RunOnVirtualThread
class RestoreResource {
    private final CurrentCaller callers;
    private final SessionAccess access;
    private final SessionLog log;
    private final SessionWorkspaces workspaces;

    RestoreResource(CurrentCaller callers, SessionAccess access, SessionLog log, SessionWorkspaces workspaces) {
        this.callers = callers;
        this.access = access;
        this.log = log;
        this.workspaces = workspaces;
    }

    /** One of the two. @param promptId to where its turn began @param commit a checkpoint of this session, or its base commit */
    record Wanted(UUID promptId, String commit) {}

    record File(String path, ChangeKind kind) {}

    /** @param previous restoring it undoes this; {@code files}: what became of each, at most 1 000 */
    record Restored(String previous, List<File> files) {}

    @POST
    public Restored restore(@PathParam("session") UUID id, Wanted wanted) {
        var caller = callers.caller();
        var session = access.require(caller, id, SessionRole.DRIVE);
        if (wanted == null || (wanted.promptId() == null) == (wanted.commit() == null)) {
            throw new ProblemException(
                    Kind.INVALID, "session.restore", "Say where to go back to: a \"promptId\" or a \"commit\".");
        }
        var history = log.read(id);
        var commit = wanted.promptId() != null
                ? before(history, session, wanted.promptId())
                : own(history, session, wanted.commit());
        return Refusals.told(() -> {
            var workspace = workspaces.open(id); // may take a while: rights are looked at again afterwards
            access.require(caller, id, SessionRole.DRIVE);
            var edited = log.atRest(
                            id,
                            () -> workspace.restore(
                                    Actor.of(caller),
                                    previous -> new Rewound(wanted.promptId(), commit, previous, null, null),
                                    commit))
                    .edited();
            return new Restored(
                    edited.previous(),
                    workspace.changed(edited).stream()
                            .map(file -> new File(file.path(), file.kind()))
                            .toList());
        });
    }

    /** The newest checkpoint when the prompt's turn began. */
    private static String before(List<Logged> history, Session session, UUID prompt) {
        var begun = history.stream()
                .filter(logged -> logged.event() instanceof TurnStarted started
                        && started.promptId().equals(prompt))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        Kind.NOT_FOUND,
                        "session.prompt-not-found",
                        "No turn of this session began with this prompt. Choose another one."));
        return FilesAt.commit(history, session.baseCommit(), begun.sequence() - 1);
    }

    /** A guest of one session must not bring another one's files here. */
    private static String own(List<Logged> history, Session session, String commit) {
        boolean known = commit.equals(session.baseCommit())
                || history.stream().anyMatch(logged -> switch (logged.event()) {
                    case CheckpointTaken taken -> taken.commit().equals(commit);
                    case Rewound rewound -> commit.equals(rewound.previous());
                    default -> false;
                });
        if (!known) {
            throw new ProblemException(
                    Kind.NOT_FOUND,
                    "session.checkpoint-not-found",
                    "This is no checkpoint of the session. Choose one from its history.");
        }
        return commit;
    }
}
