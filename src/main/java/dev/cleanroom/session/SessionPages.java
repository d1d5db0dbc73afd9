package dev.cleanroom.session;

import dev.cleanroom.account.Caller;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.ProjectStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** Pages of session lists. */
@ApplicationScoped
class SessionPages {
    private static final int MAX_LIMIT = 200; // rows of a list in one answer

    private final SessionStore sessions;
    private final SessionAccess access;
    private final ProjectStore projects;
    private final OpenQuestions questions;

    SessionPages(SessionStore sessions, SessionAccess access, ProjectStore projects, OpenQuestions questions) {
        this.sessions = sessions;
        this.access = access;
        this.projects = projects;
        this.questions = questions;
    }

    /**
     * @param archived whether archived ones are among them
     * @param cursor null: from the beginning, newest change first
     */
    SessionView.Page page(
            Caller caller,
            Collection<UUID> ofProjects,
            Session.Status status,
            String text,
            boolean archived,
            String cursor,
            int limit) {
        int offset = offset(cursor);
        int size = Math.clamp(limit, 1, MAX_LIMIT);
        var found = sessions.list(ofProjects, status, text, archived, offset, size + 1);
        var shown = views(caller, found.stream().limit(size).toList());
        return new SessionView.Page(shown, found.size() > size ? "" + (offset + size) : null);
    }

    SessionView view(Caller caller, Session session) {
        return views(caller, List.of(session)).getFirst();
    }

    private List<SessionView> views(Caller caller, List<Session> found) {
        var names = projects.names(found.stream().map(Session::project).collect(Collectors.toSet()));
        var roles = access.roles(caller, found);
        var waiting = questions.of(found.stream()
                .filter(session -> session.status() == Session.Status.waiting)
                .map(Session::id)
                .toList());
        return found.stream()
                .map(session -> SessionView.of(
                        session,
                        roles.getOrDefault(session.id(), SessionRole.WATCH),
                        names.getOrDefault(session.project(), ""),
                        waiting.get(session.id())))
                .toList();
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
