package dev.cleanroom.session;

import dev.cleanroom.account.Caller;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.UUID;

/** Pages of session lists. */
@ApplicationScoped
class SessionPages {
    private static final int MAX_LIMIT = 200; // rows of a list in one answer

    private final SessionStore sessions;
    private final SessionAccess access;

    SessionPages(SessionStore sessions, SessionAccess access) {
        this.sessions = sessions;
        this.access = access;
    }

    /** @param cursor null: from the beginning, newest change first */
    SessionView.Page page(
            Caller caller, Collection<UUID> ofProjects, Session.Status status, String text, String cursor, int limit) {
        int offset = offset(cursor);
        int size = Math.clamp(limit, 1, MAX_LIMIT);
        var found = sessions.list(ofProjects, status, text, offset, size + 1);
        var shown = found.stream()
                .limit(size)
                .map(session -> SessionView.of(
                        session, access.role(caller, session.id()).orElse(SessionRole.WATCH)))
                .toList();
        return new SessionView.Page(shown, found.size() > size ? "" + (offset + size) : null);
    }

    private static int offset(String cursor) {
        try {
            return cursor == null ? 0 : Math.max(0, Integer.parseInt(cursor));
        } catch (NumberFormatException e) {
            throw new ProblemException(
                    Kind.INVALID, "session.cursor", "\"cursor\" takes what an earlier answer's \"next\" said.");
        }
    }
}
