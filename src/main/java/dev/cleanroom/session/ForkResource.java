package dev.cleanroom.session;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.ProjectAccess;
import dev.cleanroom.project.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.UUID;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Another session that goes on from any event of this one; both go on by themselves. */
@Path("/api/v1/sessions/{session}/fork")
@RunOnVirtualThread
class ForkResource {
    /** What one person chose for one session does not come along. */
    private static final String BYPASS = "bypassPermissions";

    private static final String FORK = " (fork)";

    private final CurrentCaller current;
    private final SessionAccess access;
    private final ProjectAccess projects;
    private final SessionLog log;
    private final Forks forks;

    ForkResource(CurrentCaller current, SessionAccess access, ProjectAccess projects, SessionLog log, Forks forks) {
        this.current = current;
        this.access = access;
        this.projects = projects;
        this.log = log;
        this.forks = forks;
    }

    /** @param sequence of the newest event to copy, from 0; of a reply its end counts @param title null: the parent's with " (fork)" */
    record Wanted(Long sequence, String title) {}

    /** @param sequence of the newest event that was copied */
    record Made(UUID id, long sequence) {}

    @POST
    @ResponseStatus(201)
    public Made fork(UUID session, Wanted wanted) {
        var caller = current.person();
        var parent = access.require(caller, session, SessionRole.WATCH);
        var project = projects.require(caller, parent.project(), Role.EDITOR);
        var history = log.read(session);
        if (wanted == null
                || wanted.sequence() == null
                || wanted.sequence() < 0
                || wanted.sequence() > history.size()) {
            throw new ProblemException(
                    Kind.INVALID,
                    "session.fork-place",
                    "There is no such place: say the sequence of an event, from 0 to " + history.size() + ".");
        }
        var title = wanted.title() == null || wanted.title().isBlank()
                ? titleOfFork(parent.title())
                : LogText.title(wanted.title());
        var mode = parent.mode().equals(BYPASS)
                ? project.defaultMode().filter(other -> !other.equals(BYPASS)).orElse("default")
                : parent.mode();
        long copied = EffectiveLog.boundary(history, wanted.sequence());
        var fork = forks.fork(
                parent, history.subList(0, (int) copied), copied == history.size(), Actor.of(caller), title, mode);
        return new Made(fork, copied);
    }

    private static String titleOfFork(String parent) {
        int room = LogText.MAX_TITLE - FORK.length();
        if (parent.length() > room) {
            int cut = Character.isHighSurrogate(parent.charAt(room - 2)) ? room - 2 : room - 1;
            return parent.substring(0, cut) + "…" + FORK;
        }
        return (parent + FORK).strip();
    }
}
