package dev.cleanroom.workspace;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.Commands;
import dev.cleanroom.session.EffectiveLog;
import dev.cleanroom.session.FilesAt;
import dev.cleanroom.session.Logged;
import dev.cleanroom.session.PromptQueue;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.session.SessionEvent.ChangeKind;
import dev.cleanroom.session.SessionEvent.Rewound;
import dev.cleanroom.session.SessionLog;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.session.SessionRole;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.UUID;

/**
 * Sets files, conversation or both back to any place in a session's log, and says beforehand what that changes. A running
 * turn is stopped first; prompts that wait go on waiting. Going to just before the {@code rewound} undoes it.
 */
@Path("/api/v1/sessions/{session}/rewind")
@RunOnVirtualThread
class RewindResource {
    private final CurrentCaller callers;
    private final SessionAccess access;
    private final SessionLog log;
    private final Commands commands;
    private final SessionWorkspaces workspaces;
    private final RewindPreviews previews;

    RewindResource(
            CurrentCaller callers,
            SessionAccess access,
            SessionLog log,
            Commands commands,
            SessionWorkspaces workspaces,
            RewindPreviews previews) {
        this.callers = callers;
        this.access = access;
        this.log = log;
        this.commands = commands;
        this.workspaces = workspaces;
        this.previews = previews;
    }

    /** @param toSequence the newest event that shall count; 0: before everything. At least one of the other two is true */
    record Wanted(Long toSequence, Boolean files, Boolean conversation) {}

    record File(String path, ChangeKind kind) {}

    /**
     * @param sequence of the {@code rewound} event: a rewind to the one before it undoes this
     * @param toSequence the newest event that counts now: of a reply its end
     * @param previous the commit that has what the files were; absent where they stayed
     * @param files what became of each, at most 1 000
     * @param waiting prompts that wait as before
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Done(long sequence, long toSequence, String previous, List<File> files, boolean conversation, int waiting) {}

    /** What a rewind there would change; changes nothing. */
    @GET
    public RewindPreviews.Preview preview(@PathParam("session") UUID id, @QueryParam("to") Long to) {
        var session = access.require(callers.caller(), id, SessionRole.WATCH);
        long place = place(to, log.read(id));
        return Refusals.told(() -> previews.of(session, place));
    }

    @POST
    public Done rewind(@PathParam("session") UUID id, Wanted wanted) {
        var caller = callers.caller();
        var session = access.require(caller, id, SessionRole.DRIVE);
        boolean files = wanted != null && Boolean.TRUE.equals(wanted.files());
        boolean conversation = wanted != null && Boolean.TRUE.equals(wanted.conversation());
        if (!files && !conversation) {
            throw new ProblemException(
                    Kind.INVALID, "session.rewind", "Say what to set back: \"files\", \"conversation\" or both.");
        }
        place(wanted.toSequence(), log.read(id));
        return Refusals.told(() -> {
            var workspace =
                    files ? workspaces.open(id) : null; // may take a while: rights are looked at again afterwards
            access.require(caller, id, SessionRole.DRIVE);
            return log.atRest(
                    id,
                    () -> commands.interrupt(caller, id),
                    () -> rewind(session, Actor.of(caller), wanted.toSequence(), workspace, conversation));
        });
    }

    /** @param workspace null: the files stay */
    private Done rewind(Session session, Actor person, long wanted, OpenWorkspace workspace, boolean conversation)
            throws InterruptedException {
        var history = log.read(session.id());
        long to = EffectiveLog.boundary(history, wanted);
        var said = conversation ? true : null;
        int waiting = PromptQueue.of(history).size();
        if (workspace == null) {
            var rewound = new Rewound(null, null, null, to, said);
            var logged = log.append(session.id(), person, List.of(Entry.of(rewound)));
            return new Done(logged.getFirst().sequence(), to, null, List.of(), true, waiting);
        }
        var commit = FilesAt.commit(history, session.baseCommit(), to);
        var restored = workspace.restore(person, previous -> new Rewound(null, commit, previous, to, said), commit);
        var edited = restored.edited();
        var files = workspace.changed(edited).stream()
                .map(file -> new File(file.path(), file.kind()))
                .toList();
        return new Done(restored.sequence(), to, edited.previous(), files, conversation, waiting);
    }

    private static long place(Long to, List<Logged> history) {
        if (to == null || to < 0 || to > history.size()) {
            throw new ProblemException(
                    Kind.INVALID,
                    "session.rewind-place",
                    "There is no such place: say the sequence of an event, from 0 to " + history.size() + ".");
        }
        return to;
    }
}
